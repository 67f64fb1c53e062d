"""Long work beside short answers: a process has one interpreter for all of them."""

from collections.abc import Iterator, Sequence
from time import monotonic, sleep
from typing import TypeVar

T = TypeVar("T")

# Whoever counts waits for nobody, but keeps the interpreter for 5 ms at a time once somebody else wants it. So it looks
# at no more than can be looked at in about that time, and then stands still for so many times as long as it took.
AT_ONCE = 50
STANDS_STILL = 3.0


def in_turns(items: Sequence[T]) -> Iterator[T]:
    """The items one by one; after some of them whoever asks for the next stands still, and others have their turn.

    Nobody holds a transaction meanwhile: the database's log would grow behind it.
    """
    for start in range(0, len(items), AT_ONCE):
        began = monotonic()
        yield from items[start : start + AT_ONCE]
        if start + AT_ONCE < len(items):
            sleep(STANDS_STILL * (monotonic() - began))
