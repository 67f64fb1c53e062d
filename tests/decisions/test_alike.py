"""An answer is shared only by those whom every moment between would give the same."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from consent.decisions.alike import Alike, are_canonical, entry_texts, is_canonical, newest_of, written
from consent.errors import BadInput
from consent.policies.rulebook import Question, Reason, Standing, Verdict
from consent.preferences.brief import Brief, together
from consent.preferences.models import NOBODY
from consent.subjects.addresses import of_person

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
TURN = NOON + timedelta(days=3)
EVENT = uuid.UUID(int=5)
Rows = list[tuple[Any, ...]]


def brief(rows: Rows) -> Brief:
    """The rows as they are read, in whatever order the database found them."""
    tags, events, times, what = [[one[place] for one in rows] for place in range(4)]
    return together(Brief(tags, events, times, what))


def row(
    tag: int, at: datetime, event: uuid.UUID = EVENT, program: str = "texts", said: str = "given",
    person: uuid.UUID = NOBODY, detail: str = "",
) -> tuple[Any, ...]:  # fmt: skip
    """One row of what holds."""
    text = at.replace(tzinfo=None).isoformat(" ", "microseconds")
    return tag, event.bytes, text, (program, "" if person == NOBODY else person.hex, said, "1", detail)


class Gate:
    """Allows consents from `since` on, and counts how often it is asked."""

    def __init__(self, since: datetime = NOON) -> None:
        self.since, self.asked = since, 0
        self.alike = Alike(Question("texts", "outage", "sms", NOON), self.decide, self.write)

    def decide(self, _question: Question, standing: Standing) -> Verdict:
        self.asked += 1
        given = [one for one in standing.consents if one.occurred_at >= self.since and one.state == "given"]
        reasons = [Reason("given", "x", entry=one.event_id) for one in given]
        if standing.stopped is not None:
            return Verdict("deny", (Reason("stopped", "x", entry=standing.stopped.event_id),))
        return Verdict("allow" if given else "deny", tuple(reasons))

    def write(self, verdict: Verdict) -> str:
        return " ".join([verdict.answer, *(f"[{one.entry}]" for one in verdict.reasons)])

    def answers(self, rows: Rows) -> dict[int, str]:
        """What each tag is answered; those that are to be asked apart are left out."""
        found, _ = self.alike.answers(brief(rows))
        return dict(zip(found, [one.decode() for one in written(list(found.values()))], strict=True))


def test_between_two_with_the_same_answer_nobody_is_asked_about_and_all_keep_their_own_entries() -> None:
    gate, events = Gate(), [uuid.uuid4() for _ in range(50)]
    ages = [0, 49, *range(1, 49)]
    found = gate.answers([row(tag, NOON + timedelta(hours=age), events[tag]) for tag, age in enumerate(ages)])
    assert found == {tag: f"allow [{event}]" for tag, event in enumerate(events)}
    assert gate.asked == 2


def test_where_the_answer_turns_everybody_gets_their_own() -> None:
    gate = Gate(TURN)
    times = [NOON, TURN + timedelta(days=2), TURN, TURN - timedelta(microseconds=1), NOON + timedelta(days=1)]
    found = gate.answers([row(tag, at) for tag, at in enumerate(times)])
    assert [one.split()[0] for one in found.values()] == ["deny", "allow", "allow", "deny", "deny"]
    assert gate.asked == 4


def test_an_answer_that_turned_and_turned_back_is_not_reached_over() -> None:
    gate = Gate()
    window = (TURN, TURN + timedelta(days=1))
    gate.alike._decide = lambda _question, standing: Verdict(
        "deny" if window[0] <= standing.consents[0].occurred_at < window[1] else "allow", ()
    )
    times = [NOON, TURN + timedelta(hours=3), TURN + timedelta(days=2), TURN + timedelta(hours=4), NOON]
    found = gate.answers([row(tag, at) for tag, at in enumerate(times)])
    assert list(found.values()) == ["allow", "deny", "allow", "deny", "allow"]


def test_another_month_is_asked_about_anew() -> None:
    gate = Gate()
    gate.answers([row(1, NOON), row(2, NOON + timedelta(days=31)), row(3, NOON + timedelta(days=5))])
    assert gate.asked == 3


@pytest.mark.parametrize(
    "other",
    [{"said": "withdrawn"}, {"program": "*"}, {"person": uuid.UUID(int=9)}, {"detail": "moved"}],
)
def test_whoever_stands_otherwise_is_asked_about(other: dict[str, Any]) -> None:
    gate = Gate()
    gate.answers([row(1, NOON), row(2, NOON, **other)])
    assert gate.asked == 2


def test_the_rows_of_one_stop_are_shared_as_one() -> None:
    gate, events = Gate(), [uuid.uuid4() for _ in range(9)]
    rows = [
        row(tag, NOON, event, program, "withdrawn") for tag, event in enumerate(events) for program in ("*", "texts")
    ]
    assert gate.answers(rows) == {tag: f"deny [{event}]" for tag, event in enumerate(events)}
    assert gate.asked == 1


def test_one_stop_that_several_people_share_is_one_too() -> None:
    gate, events = Gate(), [uuid.uuid4() for _ in range(4)]
    people = [NOBODY, uuid.UUID(int=8), uuid.UUID(int=9)]
    rows = [row(tag, NOON, event, "texts", "given", who) for tag, event in enumerate(events) for who in people]
    assert gate.answers(rows) == {tag: f"allow{f' [{event}]' * 3}" for tag, event in enumerate(events)}
    assert gate.asked == 1


def test_rows_of_one_event_and_different_times_are_not_one() -> None:
    gate, other = Gate(TURN), uuid.UUID(int=8)
    late, later = TURN + timedelta(hours=1), TURN + timedelta(hours=2)
    times = [(TURN, TURN), (later, later), (NOON, late)]
    rows = [one for tag, (a, b) in enumerate(times) for one in (row(tag, a), row(tag, b, person=other))]
    assert gate.answers(rows) == {0: f"allow{f' [{EVENT}]' * 2}", 1: f"allow{f' [{EVENT}]' * 2}", 2: f"allow [{EVENT}]"}


def test_rows_of_several_events_are_each_worked_out() -> None:
    gate, later = Gate(), uuid.UUID(int=6)
    rows = [
        one
        for tag in range(3)
        for one in (row(tag, NOON, EVENT), row(tag, NOON + timedelta(days=1), later, "*language"))
    ]
    assert gate.answers(rows) == dict.fromkeys(range(3), f"allow [{EVENT}]")
    assert gate.asked == 3


def test_rows_are_found_together_in_whatever_order_they_come() -> None:
    gate = Gate()
    rows = [row(2, NOON, program="*", said="withdrawn"), row(1, NOON), row(2, NOON, said="withdrawn")]
    assert gate.answers(rows) == {1: f"allow [{EVENT}]", 2: f"deny [{EVENT}]"}


def test_whose_messages_have_to_be_counted_is_left_to_be_asked_apart() -> None:
    gate = Gate()
    alone, beside = row(1, NOON, program="*frequency.texts"), row(2, NOON, program="*frequency.texts")
    rows = [alone, beside, row(2, NOON), row(3, NOON, program="*frequency.other")]
    found, apart = gate.alike.answers(brief(rows))
    assert (set(found), apart) == ({3}, {1, 2})


def test_nobody_on_record_is_worked_out_once() -> None:
    gate = Gate()
    assert [written([(gate.alike.unknown, EVENT.bytes)]) for _ in range(3)] == [[b"deny"]] * 3
    assert gate.asked == 1
    assert gate.alike.answers(brief([])) == ({}, set())


def test_ids_are_written_as_python_writes_them() -> None:
    ids = [uuid.uuid4() for _ in range(20)]
    wanted = [str(one).encode() for one in ids]
    assert entry_texts([one.bytes for one in ids]) == wanted
    assert entry_texts([]) == []


def test_the_newest_entry_is_told_and_none_that_is_none() -> None:
    old, new = uuid.UUID(int=9), uuid.UUID(int=3)
    rows = [row(1, NOON, old), row(1, NOON + timedelta(seconds=1), new), row(2, NOON, NOBODY), row(3, NOON, old)]
    assert newest_of(brief([*rows, row(3, NOON, new)])) == {1: new.bytes, 3: old.bytes}


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
    assert not are_canonical(["+15095550101", number])
    try:
        of_person("sms", number)
    except BadInput:
        return


def test_many_numbers_are_canonical_when_each_is() -> None:
    numbers = ["+15095550142", "+442079460000", "+12025550100"]
    assert are_canonical(numbers)
    assert are_canonical(numbers[:1])


@pytest.mark.parametrize(
    "texts",
    [[], ["+15095550142,+15095550143"], ["+15095550142,", "+15095550143"], ["+15095550142", "", "+15095550143"],
     ["+15095550142,+15095550143", ""]],
)  # fmt: skip
def test_no_text_passes_for_two_numbers(texts: list[str]) -> None:
    assert not are_canonical(texts)
