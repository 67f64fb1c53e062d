"""The fold of a STOP that its answer narrowed: the same in any order, and never more than was there before."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from uuid import UUID

import pytest

from consent.preferences import rules
from consent.preferences.models import NOBODY

AT = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)
ALERTS, OFFERS, NEWS = "alerts", "offers", "news"
EVERY = (ALERTS, NEWS, OFFERS)
STOP, ANSWER = UUID(int=50), UUID(int=51)


def told(
    type: str, seconds: int, programs: tuple[str, ...], event_id: UUID, sender: str = "main", **data: object
) -> rules.Fact:
    """An event so many seconds after the STOP."""
    facts = {"sender": sender} | data
    fact = rules.fact_of(type, facts, programs, AT + timedelta(seconds=seconds), event_id, "webhook", "sms")
    assert fact is not None
    return fact


def stop(seconds: int = 0, event_id: UUID = STOP) -> rules.Fact:
    return told("consent.withdrawn", seconds, EVERY, event_id, scope="channel", intent="stop")


def answer(*programs: str, seconds: int = 5, event_id: UUID = ANSWER, sender: str = "main") -> rules.Fact:
    return told("consent.narrowed", seconds, programs, event_id, sender, narrows=str(STOP))


GIVEN = [told("consent.given", -9, (ALERTS,), UUID(int=1)), told("consent.given", -8, (OFFERS,), UUID(int=2))]


def standing(*more: rules.Fact) -> dict[str, str]:
    """What holds for each program, the same in whatever order it is told."""
    states = [rules.fold(order) for order in permutations([*GIVEN, *more])]
    assert all(one == states[0] for one in states)
    return {key[0]: one.state for key, one in states[0].items() if key[1] == NOBODY}


def test_what_the_answer_names_stays_stopped_and_the_rest_is_as_it_was() -> None:
    assert standing(stop(), answer(OFFERS)) == {ALERTS: "given", OFFERS: "withdrawn"}
    assert standing(stop()) == {ALERTS: "withdrawn", OFFERS: "withdrawn", "*": "withdrawn"}


@pytest.mark.parametrize("seconds", [-1, 1, 9])
def test_another_stop_is_as_wide_as_it_was(seconds: int) -> None:
    wide = standing(stop(), answer(OFFERS), stop(seconds, UUID(int=60)))
    assert wide == {ALERTS: "withdrawn", OFFERS: "withdrawn", "*": "withdrawn"}


def test_an_earlier_stop_is_not_undone() -> None:
    earlier = told("consent.withdrawn", -2, (ALERTS,), UUID(int=40), scope="programs", intent="stop")
    assert standing(earlier, stop(), answer(OFFERS)) == {ALERTS: "withdrawn", OFFERS: "withdrawn"}


def test_two_answers_end_what_either_names() -> None:
    both = standing(stop(), answer(OFFERS), answer(ALERTS, seconds=7, event_id=UUID(int=52)))
    assert both == {ALERTS: "withdrawn", OFFERS: "withdrawn"}


@pytest.mark.parametrize("none", [answer(OFFERS, sender="short"), answer("unknown")])
def test_an_answer_to_another_number_or_about_nothing_leaves_the_stop_wide(none: rules.Fact) -> None:
    assert standing(stop(), none)["*"] == "withdrawn"


def test_a_number_that_changed_hands_gets_no_consent_back() -> None:
    gone = told("number.reported", 2, (), UUID(int=41), kind="reassigned")
    assert standing(stop(), gone, answer(OFFERS))[ALERTS] == "expired"
