"""Long work stands still between its pieces, for three times as long as each took."""

import pytest

from consent.db import giving_way


def test_between_two_pieces_others_have_their_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    now, slept, seen = [0.0], list[tuple[int, float]](), list[int]()
    monkeypatch.setattr(giving_way, "monotonic", lambda: now[0])
    monkeypatch.setattr(giving_way, "sleep", lambda seconds: slept.append((len(seen), seconds)))
    for one in giving_way.in_turns(range(2 * giving_way.AT_ONCE + 1)):
        seen.append(one)
        now[0] += 0.001
    assert seen == list(range(2 * giving_way.AT_ONCE + 1))
    assert [place for place, _ in slept] == [giving_way.AT_ONCE, 2 * giving_way.AT_ONCE]
    assert [round(seconds, 6) for _, seconds in slept] == [0.15, 0.15]


def test_of_nothing_nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(giving_way, "sleep", lambda seconds: pytest.fail("waited for nothing"))
    assert list(giving_way.in_turns([])) == []
