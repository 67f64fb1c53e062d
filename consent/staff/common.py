"""Whether a password is one that many have, or one that anybody would guess first. Pure but for its own list.

Lists of leaked passwords hold few of fifteen characters and more; those are nearly all made of the same short pieces:
the most common passwords themselves, repeated or strung together, rows of the keyboard, years, one word with digits.
So the list holds the pieces (common.txt says where they come from), and what consists of them alone is refused.
"""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

LIST = Path(__file__).parent / "common.txt"
FEWEST_OTHERS = 6  # characters that belong to no piece, so that there is something to guess
SHORTEST_WORD = 3
# What people write instead of letters.
SWAPPED = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"})
ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "azertyuiop", "qsdfghjklm", "qwertzuiop", "1234567890",
        "abcdefghijklmnopqrstuvwxyz", "!@#$%^&*()", "1qaz2wsx3edc4rfv5tgb6yhn")  # fmt: skip
words_pattern = re.compile(r"[^\W_]+")


def is_common(password: str) -> bool:
    """Whether it consists of pieces that everybody uses."""
    text = _once(password.casefold())
    return _too_few_others(text, _pieces()) or len(set(text)) < 5


def is_made_of(password: str, own_words: Iterable[str]) -> bool:
    """Whether little is left of it without these words (of an account and its organization) and common pieces."""
    said = {word.casefold() for text in own_words for word in words_pattern.findall(text)}
    return _too_few_others(password.casefold(), _pieces() | {word for word in said if len(word) >= SHORTEST_WORD})


def _once(text: str) -> str:
    """What is repeated over and over, once."""
    return text[: (text + text).find(text, 1)] if text else text


def _too_few_others(text: str, pieces: frozenset[str]) -> bool:
    return min(_others(text, pieces), _others(text.translate(SWAPPED), pieces)) < FEWEST_OTHERS


def _others(text: str, pieces: frozenset[str]) -> int:
    """How many characters stay when as many pieces as possible are taken out: a piece counts one, digits none.

    least[i] is the smallest number of characters of text[:i] that belong to no piece; linear in the text, because
    pieces have a longest length.
    """
    longest = max(map(len, pieces))
    least = [0] * (len(text) + 1)
    for end in range(1, len(text) + 1):
        least[end] = least[end - 1] + (0 if not text[end - 1].isalpha() else 1)
        for start in range(max(0, end - longest), end - SHORTEST_WORD + 1):
            if text[start:end] in pieces:
                least[end] = min(least[end], least[start] + 1)
    return least[-1]


@cache
def _pieces() -> frozenset[str]:
    """The list, and every stretch of a keyboard row in both directions."""
    lines = LIST.read_text("utf-8").splitlines()
    listed = {word for line in lines if not line.startswith("#") for word in line.split()}
    rows = {
        row[start:end]
        for one in ROWS
        for row in (one, one[::-1])
        for start in range(len(row))
        for end in range(start + SHORTEST_WORD, len(row) + 1)
    }
    return frozenset(listed | rows)
