"""Reads the corpus files and counts what the rules make of them."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from consent.sms.rules import classify

FOLDER = Path(__file__).parent
HEADER = "intent\tlanguage\tkind\ttext"
_ESCAPES = {"\\n": "\n", "\\t": "\t", "\\\\": "\\"}


@dataclass(frozen=True)
class Line:
    """One text, and what a person says it asks for."""

    intent: str
    language: str
    kind: str
    text: str

    @property
    def held_out(self) -> bool:
        """A third of our own lines, by hash: the rules were not tuned on them."""
        return hashlib.sha256(self.text.encode()).digest()[0] % 3 == 0

    @property
    def read_as(self) -> str:
        """What the rules make of it."""
        return str(classify(self.text).intent)


def lines(name: str) -> list[Line]:
    """Every line of a corpus file; refused where the header differs."""
    head, *rest = (FOLDER / name).read_text(encoding="utf-8").rstrip("\n").split("\n")
    if head != HEADER:
        raise ValueError(f"{name} begins with another header")
    return [Line(*_cells(one)) for one in rest]


def _cells(line: str) -> tuple[str, str, str, str]:
    intent, language, kind, text = line.split("\t")
    return intent, language, kind, re.sub(r"\\[nt\\]", lambda found: _ESCAPES[found[0]], text)


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    part: int
    whole: int

    @property
    def percent(self) -> float:
        """100 where there is nothing to count."""
        return 100 * self.part / self.whole if self.whole else 100.0

    def __str__(self) -> str:
        return f"{self.percent:.1f} % ({self.part}/{self.whole})" if self.whole else "-"


@dataclass(frozen=True)
class Figures:
    """What a part of the corpus shows; shares are of its own lines."""

    keywords: Share  # stops by keyword that were read as a stop
    sentences: Share  # stops in sentences that were read as a stop
    suppressed: Share  # all stops after which nothing more is sent: read as stop, or as ambiguous
    false_stops: Share  # others that were read as a stop
    read_as_start: int  # stops that were read as a start
    exact: Share  # lines of any intent that were read as labelled


def figures(part: Iterable[Line]) -> Figures:
    """Counts one part of the corpus."""
    counted = Counter((one.intent, one.kind, one.read_as) for one in part)

    def share(intent: str, kind: str | None, *read: str) -> Share:
        mine = {key: times for key, times in counted.items() if key[0] == intent and kind in (None, key[1])}
        return Share(sum(times for key, times in mine.items() if key[2] in read), sum(mine.values()))

    return Figures(
        share("stop", "keyword", "stop"),
        share("stop", "sentence", "stop"),
        share("stop", None, "stop", "ambiguous"),
        share("other", None, "stop"),
        share("stop", None, "start").part,
        Share(sum(times for key, times in counted.items() if key[0] == key[2]), sum(counted.values())),
    )
