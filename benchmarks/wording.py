"""Reading what a text asks for, over the whole corpus: keywords, sentences and what is neither."""

import statistics
import time

from benchmarks.figures import Figure
from consent.sms.rules import classify
from tests.corpus.reading import lines

READ_WITHIN_US = 100.0  # ten thousand texts a second on one core
ROUNDS = 5


def figures() -> list[Figure]:
    """The processor time of one text, the median of five rounds; nothing is kept between them."""
    texts = [one.text for one in lines("own.tsv")]
    for text in texts:
        classify(text)
    taken = []
    for _ in range(ROUNDS):
        began = time.process_time()
        for text in texts:
            classify(text)
        taken.append((time.process_time() - began) / len(texts) * 1e6)
    return [Figure(f"reading one of {len(texts)} texts", "-", statistics.median(taken), "us", READ_WITHIN_US)]
