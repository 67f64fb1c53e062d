"""Long work stands still between its pieces, the longer while somebody asks something."""

from time import monotonic

import pytest
from flask.testing import FlaskClient

from consent.db import giving_way


def test_between_two_pieces_others_have_their_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    now, slept, seen = [100.0], list[tuple[int, float]](), list[int]()
    monkeypatch.setattr(giving_way, "monotonic", lambda: now[0])
    monkeypatch.setattr(giving_way, "_asked_at", 0.0)
    monkeypatch.setattr(giving_way, "sleep", lambda seconds: slept.append((len(seen), seconds)))
    for one in giving_way.in_turns(range(2 * giving_way.AT_ONCE + 1)):
        seen.append(one)
        now[0] += 0.001
    assert seen == list(range(2 * giving_way.AT_ONCE + 1))
    assert [place for place, _ in slept] == [giving_way.AT_ONCE, 2 * giving_way.AT_ONCE]
    assert [round(seconds, 6) for _, seconds in slept] == [0.5, 0.5]


def test_while_somebody_asks_it_stands_still_the_longer(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    slept = list[float]()
    monkeypatch.setattr(giving_way, "sleep", slept.append)
    monkeypatch.setattr(giving_way, "_asked_at", -1e9)
    now = monotonic()
    monkeypatch.setattr(giving_way, "monotonic", lambda: now)
    client.get("/healthz")
    began = now
    for _ in giving_way.in_turns(range(giving_way.AT_ONCE + 1)):
        now = began + 0.001
    assert [round(one, 6) for one in slept] == [0.03]


def test_of_nothing_nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(giving_way, "sleep", lambda seconds: pytest.fail("waited for nothing"))
    assert list(giving_way.in_turns([])) == []
