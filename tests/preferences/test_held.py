"""A text that somebody has read holds nothing back, however its time and that of the answer compare."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from consent.preferences import rules

AT = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)
HELD, ANSWER = UUID(int=7), UUID(int=8)


def told(type: str, at: datetime, event_id: UUID, **data: object) -> rules.Fact:
    """An event as the fold sees it."""
    fact = rules.fact_of(type, data, (), at, event_id, "webhook", "sms")
    assert fact is not None
    return fact


@pytest.mark.parametrize("later", [-1, 0, 1])
def test_an_answer_lifts_the_hold_whichever_came_first(later: int) -> None:
    held = told("suppression.held", AT, HELD)
    answer = told("suppression.released", AT + timedelta(seconds=later), ANSWER, settles=str(HELD))
    assert rules.held(rules.fold([held])) is not None
    assert rules.fold([held, answer]) == rules.fold([answer, held]) == {}


def test_an_answer_to_one_text_leaves_the_other_waiting() -> None:
    answer = told("suppression.released", AT + timedelta(seconds=1), ANSWER, settles=str(HELD))
    other = told("suppression.held", AT, UUID(int=9))
    waiting = rules.held(rules.fold([other, answer, told("suppression.held", AT, HELD)]))
    assert waiting is not None
    assert waiting.event_id == UUID(int=9)
