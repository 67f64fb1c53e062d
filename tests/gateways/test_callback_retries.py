"""When a webhook is tried again; literals worked by hand."""

from datetime import UTC, datetime, timedelta

import pytest

from consent.gateways.callbacks import retries
from consent.gateways.callbacks.retries import Verdict

NOW = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (200, Verdict.DELIVERED),
        (204, Verdict.DELIVERED),
        (299, Verdict.DELIVERED),
        (301, Verdict.FAILED),
        (307, Verdict.FAILED),
        (400, Verdict.FAILED),
        (404, Verdict.FAILED),
        (410, Verdict.GONE),
        (500, Verdict.FAILED),
    ],
)
def test_only_2xx_is_a_delivery_and_only_410_the_end(status: int, verdict: Verdict) -> None:
    assert retries.verdict(status) is verdict


@pytest.mark.parametrize(
    ("failures", "chance", "seconds"),
    [(1, 0.5, 5), (1, 0.0, 4), (1, 1.0, 6), (2, 0.5, 300), (3, 0.0, 1440), (9, 0.5, 86400), (50, 0.5, 86400)],
)
def test_each_failure_waits_longer_give_or_take_a_fifth(failures: int, chance: float, seconds: int) -> None:
    assert retries.next_try(failures, NOW, chance, 500, None) == NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("status", "asked", "seconds"),
    [(503, 60.0, 60), (429, 60.0, 60), (503, 1.0, 5), (503, 10**6, 86400), (500, 60.0, 5), (None, 60.0, 5)],
)
def test_who_asks_us_to_wait_is_heard_within_a_day(status: int | None, asked: float, seconds: int) -> None:
    assert retries.next_try(1, NOW, 0.5, status, asked) == NOW + timedelta(seconds=seconds)


def test_the_tries_reach_over_three_days() -> None:
    spans = [(retries.next_try(n, NOW, 0.5, None, None) - NOW) for n in range(1, len(retries.DELAYS) + 1)]
    assert sum(spans[:-1], timedelta()) < retries.GIVEN_UP_AFTER < sum(spans, timedelta())


def test_three_days_of_failure_are_the_end() -> None:
    assert not retries.is_given_up(NOW, NOW + timedelta(days=3, seconds=-1))
    assert retries.is_given_up(NOW, NOW + timedelta(days=3))
