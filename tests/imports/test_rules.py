"""What a row means against what is on record, case by case, without a database."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from consent.deadlines import zones
from consent.imports import rules, times
from consent.imports.rules import Asked, Fault, Outcome
from consent.imports.times import When
from consent.preferences import numbers
from consent.preferences.models import EVERY_PROGRAM, NOBODY
from consent.preferences.rules import NUMBER, Standing, State

PROGRAM = "alerts"
ZONE = zones.zone("America/Los_Angeles")
AS_OF = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)
FIRST_POLICY = datetime(2026, 1, 1, tzinfo=UTC)
NO_AT = datetime(2026, 11, 10, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
SOMEBODY = UUID(int=7)


def at(moment: datetime) -> When:
    return When(moment, moment)


def held(state: str, moment: datetime = NO_AT, *, key: tuple[str, UUID] = (PROGRAM, NOBODY)) -> State:
    return {key: Standing(state, moment, UUID(int=1), "", "", "", False)}


def outcome(state: str, when: When | None, on_record: State, program: str = PROGRAM, *faults: Fault) -> Outcome:
    asked = Asked(state, program, NOBODY, when, faults)
    return rules.judge(asked, on_record, AS_OF, ZONE, FIRST_POLICY).outcome


STOP = held("withdrawn", key=NUMBER)


@pytest.mark.parametrize(
    ("when", "on_record", "expected"),
    [
        (at(NO_AT), {}, Outcome.GIVES),
        (at(NO_AT + 2 * DAY), STOP, Outcome.GIVES),
        (at(NO_AT + 2 * DAY), held("withdrawn"), Outcome.GIVES),
        (at(NO_AT), STOP, Outcome.REFUSED),  # of the same instant the no wins
        (at(NO_AT - DAY), STOP, Outcome.REFUSED),
        (at(NO_AT - DAY), held("refused"), Outcome.REFUSED),
        (at(NO_AT - DAY), held("withdrawn", key=(PROGRAM, SOMEBODY)), Outcome.REFUSED),
        (at(NO_AT - DAY), held("given", key=NUMBER), Outcome.REFUSED),  # a STOP and a START came since
        (at(NO_AT - DAY), held("withdrawn", key=("offers", NOBODY)), Outcome.GIVES),
        (at(NO_AT - DAY), held("withdrawn", key=(numbers.HOLDER, NOBODY)), Outcome.REFUSED),
        (at(NO_AT + timedelta(hours=1)), STOP, Outcome.QUARANTINED),  # the same day
        (When(NO_AT + DAY, NO_AT + 2 * DAY), STOP, Outcome.QUARANTINED),  # a day, not an instant
        (at(AS_OF + DAY), STOP, Outcome.QUARANTINED),
        (at(AS_OF + DAY), {}, Outcome.QUARANTINED),
        (When(NO_AT, NO_AT + DAY), {}, Outcome.GIVES),
        (at(NO_AT), held("given"), Outcome.UNCHANGED),
        (at(NO_AT - DAY), held("given"), Outcome.OLDER),
        (at(NO_AT + DAY), held("given"), Outcome.GIVES),
        (at(NO_AT - DAY), held("expired"), Outcome.OLDER),
    ],
)
def test_a_yes(when: When, on_record: State, expected: Outcome) -> None:
    assert outcome("given", when, on_record) is expected


def test_a_yes_from_before_the_first_policy_does_not_pass_a_no() -> None:
    old_no = held("withdrawn", FIRST_POLICY - 10 * DAY)
    assert outcome("given", at(FIRST_POLICY - DAY), old_no) is Outcome.QUARANTINED
    assert outcome("given", at(FIRST_POLICY + DAY), old_no) is Outcome.GIVES
    assert outcome("given", at(FIRST_POLICY - DAY), {}) is Outcome.GIVES


def test_a_yes_without_a_time_never_passes() -> None:
    fault = Fault("no-time", "occurred_at", "…")
    assert outcome("given", None, {}, PROGRAM, fault) is Outcome.QUARANTINED
    assert outcome("given", None, STOP, PROGRAM, fault) is Outcome.REFUSED


@pytest.mark.parametrize("state", ["withdrawn", "refused"])
@pytest.mark.parametrize(
    ("when", "on_record", "expected"),
    [
        (at(NO_AT), {}, Outcome.ENDS),
        (None, {}, Outcome.ENDS),
        (None, held("given"), Outcome.ENDS),
        (None, held("given", AS_OF - timedelta(seconds=1)), Outcome.ENDS),
        (None, held("withdrawn"), Outcome.UNCHANGED),
        (at(NO_AT), held("given"), Outcome.ENDS),  # of the same instant the no wins
        (at(NO_AT - DAY), held("given"), Outcome.OLDER),
        (When(NO_AT - DAY, NO_AT + DAY), held("given"), Outcome.ENDS),  # it may have been after it
        (at(NO_AT), held("withdrawn"), Outcome.UNCHANGED),
        (at(NO_AT + DAY), held("withdrawn"), Outcome.ENDS),
        (at(AS_OF + 400 * DAY), held("given"), Outcome.ENDS),
    ],
)
def test_a_no(state: str, when: When | None, on_record: State, expected: Outcome) -> None:
    assert outcome(state, when, on_record) is expected


def test_a_no_to_everything_is_held_against_the_stop_of_the_number() -> None:
    assert outcome("withdrawn", at(NO_AT), STOP, EVERY_PROGRAM) is Outcome.UNCHANGED
    assert outcome("withdrawn", None, STOP, EVERY_PROGRAM) is Outcome.UNCHANGED
    assert outcome("withdrawn", at(NO_AT + DAY), held("given", key=NUMBER), EVERY_PROGRAM) is Outcome.ENDS
    assert outcome("withdrawn", at(NO_AT - DAY), held("given", key=NUMBER), EVERY_PROGRAM) is Outcome.OLDER


def test_only_whose_it_is_and_what_was_said_can_keep_a_no_apart() -> None:
    for field in ("row", "address", "channel", "state"):
        assert outcome("withdrawn", None, {}, PROGRAM, Fault("x", field, "…")) is Outcome.QUARANTINED
    for field in ("occurred_at", "method", "wording", "ip", "person"):
        assert outcome("withdrawn", None, {}, PROGRAM, Fault("x", field, "…")) is Outcome.ENDS


@pytest.mark.parametrize(
    ("text", "zone", "formats", "earliest", "latest"),
    [
        ("2026-05-03T09:30:00-07:00", None, (), "2026-05-03T16:30:00", "2026-05-03T16:30:00"),
        ("2026-05-03T16:30:00Z", "Europe/Paris", (), "2026-05-03T16:30:00", "2026-05-03T16:30:00"),
        ("2026-05-03 09:30", "America/Los_Angeles", (), "2026-05-03T16:30:00", "2026-05-03T16:30:00"),
        ("20260503T093000", "America/Los_Angeles", (), "2026-05-03T16:30:00", "2026-05-03T16:30:00"),
        ("2026-05-03", "America/Los_Angeles", (), "2026-05-03T07:00:00", "2026-05-04T06:59:59.999"),
        ("05/03/2026", "UTC", ("%m/%d/%Y",), "2026-05-03T00:00:00", "2026-05-03T23:59:59.999"),
        ("2026-11-01T01:30:00", "America/Los_Angeles", (), "2026-11-01T08:30:00", "2026-11-01T09:30:00"),
        ("1777825800", None, ("unix",), "2026-05-03T16:30:00", "2026-05-03T16:30:00"),
    ],
)
def test_times(text: str, zone: str | None, formats: tuple[str, ...], earliest: str, latest: str) -> None:
    found = times.read(text, zone, formats)
    assert found == tuple(datetime.fromisoformat(one).replace(tzinfo=UTC) for one in (earliest, latest))


@pytest.mark.parametrize(
    ("text", "zone", "code"),
    [
        ("soon", "UTC", "unreadable-time"),
        ("2026-13-01", "UTC", "unreadable-time"),
        ("2026-05-03T09:30:00", None, "no-zone"),
        ("2026-05-03", None, "no-zone"),
        ("2026-05-03", "Mars/Olympus", "no-zone"),
        ("0001-01-01T00:00:00Z", "UTC", "unreadable-time"),
        ("9999-12-31", "UTC", "unreadable-time"),
    ],
)
def test_what_is_no_time_says_why(text: str, zone: str | None, code: str) -> None:
    with pytest.raises(times.NoTime, match=code):
        times.read(text, zone)
