"""When a version begins and ends, at the instant itself and beside it."""

from datetime import UTC, datetime, timedelta

import pytest

from consent.policies import rules
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


def test_without_a_promised_lead_time_a_successor_may_begin_at_once() -> None:
    assert rules.first_possible(valley()[1][0], NOON, "America/Los_Angeles") == NOON
