"""What becomes of a number, folded: consents end with it, every no stays, and the order of arrival does not matter."""

import itertools
import uuid
from datetime import UTC, datetime, timedelta

import pytest

from consent.preferences import numbers, rules
from consent.preferences.models import NOBODY
from consent.preferences.rules import NUMBER, Fact, State

START = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
ANNA, BERT = uuid.uuid4(), uuid.uuid4()
BOOKS = "books"


def fact(
    type: str, day: int, *, person: uuid.UUID | None = None, programs: tuple[str, ...] = (BOOKS,), **data: object
) -> Fact:
    if person is not None:
        data["person"] = str(person)
    found = rules.fact_of(type, {"sender": "main"} | data, programs, START + timedelta(days=day), uuid.uuid4(), "", "")
    assert found is not None
    return found


def became(kind: str, day: int, person: uuid.UUID | None = None) -> Fact:
    return fact("number.reported", day, person=person, programs=(), kind=kind)


def folded(*facts: Fact) -> State:
    """The state; it is the same in whatever order the facts come."""
    state = rules.fold(facts)
    assert all(rules.fold(order) == state for order in itertools.permutations(facts))
    return state


@pytest.mark.parametrize("kind", sorted(numbers.ENDING))
def test_t_07_a_number_that_went_elsewhere_takes_no_consent_along(kind: str) -> None:
    state = folded(fact("consent.given", 0), became(kind, 3))
    assert state[BOOKS, NOBODY].state == "expired"
    assert state[numbers.HOLDER, NOBODY].detail == kind


@pytest.mark.parametrize("kind", sorted(numbers.ENDING))
def test_t_07_a_later_consent_counts(kind: str) -> None:
    state = folded(fact("consent.given", 0), became(kind, 3), fact("consent.given", 4))
    assert state[BOOKS, NOBODY].state == "given"


def test_a_consent_of_the_same_instant_is_over() -> None:
    assert folded(fact("consent.given", 3), became("reassigned", 3))[BOOKS, NOBODY].state == "expired"


def test_t_07_a_stop_stays_and_a_start_brings_back_nothing_of_the_holder_before() -> None:
    gone = (fact("consent.given", 0), fact("suppression.set", 1), became("reassigned", 2))
    assert folded(*gone)[NUMBER].state == "withdrawn"
    after = folded(*gone, fact("consent.renewed", 3))
    assert after[BOOKS, NOBODY].state == "withdrawn"
    assert after[NUMBER].state == "given"


def test_a_refusal_stays() -> None:
    state = folded(fact("consent.refused", 0), fact("consent.withdrawn", 1, programs=("news",)), became("recycled", 2))
    assert (state[BOOKS, NOBODY].state, state["news", NOBODY].state) == ("refused", "withdrawn")


def test_who_gives_a_new_number_leaves_the_others_of_the_house_theirs() -> None:
    state = folded(
        fact("consent.given", 0, person=ANNA), fact("consent.given", 0, person=BERT), became("changed", 2, ANNA)
    )
    assert (state[BOOKS, ANNA].state, state[BOOKS, BERT].state) == ("expired", "given")
    assert (numbers.HOLDER, NOBODY) not in state


@pytest.mark.parametrize("kind", sorted(numbers.UNREACHABLE))
def test_a_number_that_gets_no_texts_keeps_its_consents_until_it_texts_itself(kind: str) -> None:
    deaf = folded(fact("consent.given", 0), became(kind, 2))
    assert (deaf[BOOKS, NOBODY].state, deaf[numbers.REACH, NOBODY].detail) == ("given", kind)
    assert (numbers.REACH, NOBODY) not in folded(became(kind, 2), fact("consent.renewed", 3))


def test_confirming_a_number_lifts_what_spoke_against_it_and_gives_no_consent_back() -> None:
    state = folded(fact("consent.given", 0), became("disconnected", 1), became("landline", 2), became("confirmed", 3))
    assert {state[key, NOBODY].state for key in (BOOKS, numbers.HOLDER, numbers.REACH)} == {"expired"}


def test_a_number_the_database_calls_reassigned_is() -> None:
    asked = fact("number.queried", 5, programs=(), answer="yes", consent_date="2026-06-01")
    state = folded(fact("consent.given", 0), asked)
    assert state[BOOKS, NOBODY].state == "expired"
    assert (state[numbers.HOLDER, NOBODY].state, state[numbers.HOLDER, NOBODY].detail) == ("withdrawn", "reassigned")


@pytest.mark.parametrize("answer", ["no", "no-data"])
def test_other_answers_are_only_remembered(answer: str) -> None:
    asked = fact("number.queried", 5, programs=(), answer=answer, consent_date="2026-06-01")
    state = folded(fact("consent.given", 0), asked)
    assert state[BOOKS, NOBODY].state == "given"
    assert state[numbers.QUERIED, NOBODY].detail == f"{answer} 2026-06-01"


def test_a_request_not_to_be_called_stands_by_itself() -> None:
    state = folded(fact("consent.given", 0), fact("do_not_call.requested", 1, programs=()))
    assert state[BOOKS, NOBODY].state == "given"
    assert state[numbers.DO_NOT_CALL, NOBODY].state == "withdrawn"
