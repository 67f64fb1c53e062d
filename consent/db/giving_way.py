"""Long work beside short answers: a process has one interpreter for all of them, and a machine few cores."""

from collections.abc import Iterator, Sequence
from time import monotonic, sleep
from typing import TypeVar

T = TypeVar("T")

# Whoever counts waits for nobody, but keeps the interpreter for 5 ms at a time once somebody else wants it. So it looks
# at no more than can be looked at in about that time, and then stands still for so many times as long as it took:
# longer while people ask something of this process. A process that serves nobody cannot know, and has cores to share.
AT_ONCE = 50
STANDS_STILL, WHILE_ASKED = 10.0, 30.0
LATELY = 1.0  # seconds

_asked_at = -LATELY


def asked() -> None:
    """Somebody asks something of this process now."""
    global _asked_at
    _asked_at = monotonic()


def few_at_once(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """The items, some at a time; whoever asks for the next stands still before, and others have their turn.

    Nobody holds a transaction meanwhile: the database's log would grow behind it.
    """
    for start in range(0, len(items), AT_ONCE):
        began = monotonic()
        yield items[start : start + AT_ONCE]
        if start + AT_ONCE < len(items):
            now = monotonic()
            sleep((WHILE_ASKED if now - _asked_at < LATELY else STANDS_STILL) * (now - began))


def in_turns(items: Sequence[T]) -> Iterator[T]:
    """The items one by one, likewise."""
    for few in few_at_once(items):
        yield from few
