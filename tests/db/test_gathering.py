"""Who is committed together with whom (SQLite)."""

import time
from collections.abc import Callable
from queue import SimpleQueue

import pytest

from consent.db import committer
from consent.db.committer import Waiting, gather

Queue = SimpleQueue[Waiting | None]


def waiting() -> Waiting:
    return Waiting(lambda tx: None, None)


@pytest.fixture
def queue() -> Queue:
    found: Queue = SimpleQueue()
    found.put(waiting())
    return found


def on_look(monkeypatch: pytest.MonkeyPatch, seen: Callable[[], None]) -> list[float]:
    """What happens while the committing thread waits; the list tells how often it did."""
    looks: list[float] = []

    def sleep(seconds: float) -> None:
        looks.append(seconds)
        seen()

    monkeypatch.setattr(time, "sleep", sleep)
    return looks


def test_a_writer_alone_waits_for_nobody(monkeypatch: pytest.MonkeyPatch, queue: Queue) -> None:
    looks = on_look(monkeypatch, lambda: queue.put(waiting()))
    group, going = gather(queue, 1)
    assert (len(group), going, looks) == (1, True, [])


def test_those_who_wrote_at_once_lately_are_committed_together_again(
    monkeypatch: pytest.MonkeyPatch, queue: Queue
) -> None:
    on_look(monkeypatch, lambda: queue.put(waiting()))
    assert len(gather(queue, 3)[0]) == 3


def test_nobody_waits_for_writers_who_left(monkeypatch: pytest.MonkeyPatch, queue: Queue) -> None:
    looks = on_look(monkeypatch, lambda: None)
    assert len(gather(queue, 8)[0]) == 1
    assert len(looks) == 1


def test_who_still_waits_at_the_end_is_committed(monkeypatch: pytest.MonkeyPatch, queue: Queue) -> None:
    on_look(monkeypatch, lambda: queue.put(None))
    group, going = gather(queue, 8)
    assert (len(group), going) == (1, False)


def test_a_group_has_a_largest_size(queue: Queue) -> None:
    for _ in range(committer.GROUP + 5):
        queue.put(waiting())
    assert len(gather(queue, 1)[0]) == committer.GROUP
