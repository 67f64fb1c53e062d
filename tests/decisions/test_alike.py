"""An answer is shared only by those whom every minute between would give the same."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from consent.decisions.alike import Alike, is_canonical
from consent.errors import BadInput
from consent.policies.rulebook import Question, Reason, Standing, Verdict
from consent.preferences.models import NOBODY
from consent.subjects.addresses import of_person

HOUR = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
SWITCH = HOUR + timedelta(minutes=30)


def row(at: datetime, event: uuid.UUID, person: uuid.UUID = NOBODY) -> tuple[Any, ...]:
    text = at.replace(tzinfo=None).isoformat(" ", "microseconds")
    return ("texts", person.bytes, "given", text, event.bytes, "privacy", "1", "", 0, "")


class Gate:
    """Allows consents from `since` on, and counts how often it is asked."""

    def __init__(self, since: datetime) -> None:
        self.since, self.asked = since, 0

    def decide(self, _question: Question, standing: Standing) -> Verdict:
        self.asked += 1
        given = [one for one in standing.consents if one.occurred_at >= self.since]
        reasons = tuple(Reason("given", "x", entry=one.event_id) for one in given)
        return Verdict("allow" if given else "deny", reasons)


def answers(gate: Gate, rows: list[tuple[Any, ...]]) -> list[str]:
    alike = Alike(
        Question("texts", "outage", "sms", HOUR),
        gate.decide,
        lambda verdict: " ".join([verdict.answer, *(f"[{one.entry}]" for one in verdict.reasons)]),
    )
    return [alike.answer([one]) for one in rows]


def test_people_of_one_hour_share_the_work_and_keep_their_own_entries() -> None:
    gate, events = Gate(HOUR), [uuid.uuid4() for _ in range(50)]
    found = answers(gate, [row(HOUR + timedelta(minutes=n), event) for n, event in enumerate(events)])
    assert found == [f"allow [{event}]" for event in events]
    assert gate.asked == 2


def test_where_the_answer_turns_within_the_hour_everybody_is_asked_about() -> None:
    gate, event = Gate(SWITCH), uuid.uuid4()
    times = [HOUR, SWITCH - timedelta(microseconds=1), SWITCH, HOUR + timedelta(minutes=59)]
    found = answers(gate, [row(at, event) for at in times])
    assert [one.split()[0] for one in found] == ["deny", "deny", "allow", "allow"]


def test_a_persons_own_word_is_not_taken_for_the_numbers() -> None:
    gate, person = Gate(HOUR), uuid.uuid4()
    answers(gate, [row(HOUR, uuid.uuid4(), person), row(HOUR, uuid.uuid4(), person)])
    assert gate.asked == 2


def test_nobody_on_record_is_worked_out_once() -> None:
    gate = Gate(HOUR)
    alike = Alike(Question("texts", "outage", "sms", HOUR), gate.decide, lambda verdict: verdict.answer)
    assert [alike.answer(None), alike.answer([]), alike.answer(None)] == ["deny"] * 3
    assert gate.asked == 1


@pytest.mark.parametrize(
    "number",
    ["+15095550142", "+442079460000", "+33140000000", "+12025550100", "+18005550199", "+99912345", "+999123456789012"],
)
def test_a_canonical_number_is_what_the_long_way_makes_of_it(number: str) -> None:
    assert is_canonical(number)
    assert of_person("sms", number).value == number


@pytest.mark.parametrize(
    "number",
    ["15095550142", "+1509555014", "+150955501420", "+11095550142", "+15090550142", "+0123456789", "+1234567", "+", "",
     "+15095550142\n", " +15095550142", "+1509555014\u0662", "+1234567890123456"],
)  # fmt: skip
def test_anything_else_goes_the_long_way(number: str) -> None:
    assert not is_canonical(number)
    try:
        of_person("sms", number)
    except BadInput:
        return
