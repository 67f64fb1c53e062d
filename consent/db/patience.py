"""How long this thread waits for a database that does not answer. Requests are in a hurry; jobs and commands are not.

A frozen server answers nothing and closes nothing. Whoever waits for it without a limit keeps a thread from everybody
else, and a gateway waits for its answer no longer than some seconds.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

LONGEST = 40.0  # seconds for one answer, beyond the server's own limits: they do not end a wait for a standby (A6)
LEAST = 0.001
# Seconds of waiting for the database: of a webhook in all, which is answered from the spool after that, within two
# seconds; of a question at the gate, in one wait; at every other door, in one wait.
WEBHOOK = 1.2
GATE = 2.0
DOOR = 5.0


class _Held(threading.local):
    each: float | None = None  # seconds for one wait
    total: float | None = None  # seconds for all waits that are still to come


_held = _Held()


def in_a_hurry() -> bool:
    """Whether somebody outside waits for what this thread does."""
    return _held.each is not None or _held.total is not None


def left() -> float | None:
    """Seconds that this thread may wait now; None when nobody hurries it."""
    if _held.total is None:
        return _held.each
    longest = max(_held.total, LEAST)
    return longest if _held.each is None else min(longest, _held.each)


def longest() -> float:
    """The same where no wait may be endless."""
    seconds = left()
    return LONGEST if seconds is None else seconds


def spent(since: float) -> None:
    """What was waited since then (of the monotonic clock) is gone."""
    if _held.total is not None:
        _held.total -= time.monotonic() - since


def hurry(each: float | None) -> None:
    """From here on this thread waits for no single answer longer than this; None: nobody hurries it any more."""
    _held.each, _held.total = each, None


@contextmanager
def bounded(total: float) -> Iterator[None]:
    """Everything in here together waits no longer than so many seconds."""
    before = _held.total
    _held.total = total if before is None else min(total, before)
    try:
        yield
    finally:
        _held.total = before


@contextmanager
def unhurried() -> Iterator[None]:
    """Nobody hurries what is done in here: work that is long by its nature, and shows its progress."""
    before = _held.each, _held.total
    _held.each = _held.total = None
    try:
        yield
    finally:
        _held.each, _held.total = before
