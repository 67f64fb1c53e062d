"""The hours of sales messages: by every clock the person may live by, first minute inside, last one outside."""

from datetime import UTC, datetime

import pytest

from consent.deadlines import zone
from consent.policies.answers.hours import Hours
from consent.policies.packs import load_law
from tests.policies.answers.companies import organization
from tests.policies.house import POLICIES

LAW = tuple(one for one in load_law(POLICIES / "law") if one.in_force_from is not None)
SEATTLE, NEW_YORK, DALLAS = "America/Los_Angeles", "America/New_York", "America/Chicago"


def hours(*ids: str) -> Hours:
    return Hours(organization("VSH"), [one for one in LAW if one.id in ids])


def local(text: str, name: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone(name)).astimezone(UTC)


@pytest.mark.parametrize(
    ("at", "answer"),
    [
        ("2026-11-20T07:59", "deny"),
        ("2026-11-20T08:00", "allow"),
        ("2026-11-20T19:59", "allow"),
        ("2026-11-20T20:00", "deny"),
    ],
)
def test_the_opening_minute_is_inside_and_the_closing_one_outside(at: str, answer: str) -> None:
    verdict = hours("US-WA-QH").may_go("sms", local(at, SEATTLE), [SEATTLE])
    assert verdict.answer == answer
    assert {one.law for one in verdict.reasons} == (set() if answer == "allow" else {"US-WA-QH"})


def test_every_zone_the_person_may_be_in_must_be_open() -> None:
    at = local("2026-11-20T19:30", SEATTLE)  # 22:30 in New York
    assert hours("US-WA-QH").may_go("sms", at, [SEATTLE]).answer == "allow"
    assert hours("US-WA-QH").may_go("sms", at, [SEATTLE, NEW_YORK]).answer == "deny"


def test_where_nobody_knows_the_zone_nothing_goes() -> None:
    assert hours("US-WA-QH").may_go("sms", local("2026-11-20T12:00", SEATTLE), []).answer == "deny"


@pytest.mark.parametrize(("at", "answer"), [("2026-11-21T09:00", "allow"), ("2026-11-22T11:59", "deny")])
def test_a_sunday_may_have_hours_of_its_own(at: str, answer: str) -> None:
    assert hours("US-TX-QH").may_go("sms", local(at, DALLAS), [DALLAS]).answer == answer


def test_the_next_opening_is_named_across_a_closed_day() -> None:
    late = local("2026-11-21T21:30", DALLAS)  # Saturday evening; on Sunday it opens at noon
    assert hours("US-TX-QH").next_allowed("sms", late, [DALLAS]) == local("2026-11-22T12:00", DALLAS)


def test_rules_of_places_where_the_person_is_not_say_nothing() -> None:
    at = local("2026-11-20T20:30", SEATTLE)
    assert hours("US-WA-QH").may_go("sms", at, [SEATTLE], "US-OR").answer == "allow"
    assert hours("US-WA-QH").may_go("sms", at, [SEATTLE], "US").answer == "deny"  # it may be Washington
