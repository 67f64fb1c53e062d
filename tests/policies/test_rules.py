"""When a version begins and ends, at the instant itself and beside it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from consent.policies import rules
from consent.policies.kinds.notices import settled_material
from consent.policies.models import Status
from tests.policies.house import valley

NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("now", "status"),
    [
        (NOON - TICK, Status.ANNOUNCED),
        (NOON, Status.IN_FORCE),
        (NOON + timedelta(days=1) - TICK, Status.IN_FORCE),
        (NOON + timedelta(days=1), Status.SUPERSEDED),
    ],
)
def test_a_version_changes_its_status_at_the_instant_itself(now: datetime, status: Status) -> None:
    assert rules.status_at(NOON, NOON + timedelta(days=1), now) is status


def test_a_version_without_a_successor_stays_in_force() -> None:
    assert rules.status_at(NOON, None, NOON + timedelta(days=10_000)) is Status.IN_FORCE


def test_of_several_versions_the_last_to_have_begun_binds() -> None:
    begun = [NOON, NOON + timedelta(days=1), NOON + timedelta(days=2)]
    assert [rules.in_force_at(begun, NOON + timedelta(days=d)) for d in (-1, 0, 0.5, 1, 1.9, 2, 9)] == [
        *(0, 0, 0, 1, 1, 2, 2),
    ]


@pytest.mark.parametrize(
    ("day", "zone", "instant"),
    [
        ("2025-01-02", "America/Los_Angeles", datetime(2025, 1, 2, 8, tzinfo=UTC)),
        ("2025-07-02", "America/Los_Angeles", datetime(2025, 7, 2, 7, tzinfo=UTC)),
        ("2025-01-02", "Asia/Kolkata", datetime(2025, 1, 1, 18, 30, tzinfo=UTC)),
    ],
)
def test_a_day_begins_at_its_midnight_in_the_zone(day: str, zone: str, instant: datetime) -> None:
    assert rules.midnight(datetime.fromisoformat(day).date(), zone) == instant


@dataclass(frozen=True)
class Said:
    """A promise about notice of changes, as far as lead times ask it."""

    parameters: dict[str, Any]
    decided: dict[str, Any]
    id: str = "VAL-24"
    kind: str = "notice-of-change"


VALTT = Said({"applies_to": "material-change", "period": "P30D", "bound": "at-least"}, {"material": ["purposes"]})
SMARTT = Said({"trigger": "purpose-differs-from-collection", "lead_time": "unset"}, {"lead_time": "P30D"}, "SMT-35")
MATERIAL, MINOR, PURPOSE = rules.Nature(True, False), rules.Nature(False, False), rules.Nature(False, True)


def test_without_a_promised_lead_time_a_successor_may_begin_at_once() -> None:
    assert rules.first_possible(valley()[1][0].commitments, NOON, "America/Los_Angeles", MATERIAL) == NOON


@pytest.mark.parametrize(
    ("announced", "begins"),
    [
        # Announced on 31 January 2024: the 30 full days are 1 February to 1 March (a leap year).
        (datetime(2024, 1, 31, 20, 0, tzinfo=UTC), datetime(2024, 3, 2, 5, 0, tzinfo=UTC)),
        # 04:30 UTC is still the evening of 30 January in New York.
        (datetime(2024, 1, 31, 4, 30, tzinfo=UTC), datetime(2024, 3, 1, 5, 0, tzinfo=UTC)),
        (datetime(2023, 1, 31, 20, 0, tzinfo=UTC), datetime(2023, 3, 3, 5, 0, tzinfo=UTC)),
    ],
)
def test_val_24_thirty_full_days_pass_between_announcement_and_beginning(announced: datetime, begins: datetime) -> None:
    assert rules.first_possible([VALTT], announced, "America/New_York", MATERIAL) == begins


def test_val_24_binds_material_changes_alone() -> None:
    assert rules.first_possible([VALTT], NOON, "UTC", MINOR) == NOON


def test_smt_35_a_new_purpose_waits_and_other_changes_do_not() -> None:
    assert rules.first_possible([SMARTT], NOON, "UTC", PURPOSE) == datetime(2027, 1, 1, tzinfo=UTC)
    assert rules.first_possible([SMARTT], NOON, "UTC", MATERIAL) == NOON


def test_of_several_promises_the_longest_notice_binds() -> None:
    longer = Said({"lead_time": "P60D"}, {})
    assert rules.first_possible([VALTT, longer], NOON, "UTC", MATERIAL) == datetime(2027, 1, 31, tzinfo=UTC)


def test_who_must_classify_and_what_is_material_comes_from_the_promises() -> None:
    assert rules.must_be_classified([SMARTT, VALTT]) is VALTT
    assert rules.must_be_classified([SMARTT]) is None
    assert settled_material([VALTT, SMARTT]) == {"purposes"}


def test_promised_business_days_leave_weekends_and_holidays_out() -> None:
    ten = Said({"period": "P10D", "period_basis": "business-day"}, {})
    # From Tuesday 1 December 2026 the tenth business day is Tuesday the 15th.
    first = rules.first_possible([ten], NOON, "UTC", MATERIAL, ["US"])
    assert first == datetime(2026, 12, 16, tzinfo=UTC)


def test_promised_hours_end_at_their_instant() -> None:
    hours = Said({"period": "PT72H", "period_basis": "elapsed"}, {})
    assert rules.first_possible([hours], NOON, "UTC", MATERIAL) == NOON + timedelta(hours=72)
