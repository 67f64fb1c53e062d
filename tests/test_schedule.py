"""Timed jobs: when each runs next, and that one which fails runs again."""

import threading
from datetime import UTC, datetime
from typing import Any

import pytest

from consent import schedule
from consent.app import House
from consent.schedule import Timed, pause
from tests.support.listing import Provider
from tests.support.valley import NUMBER

NOW = datetime(2026, 11, 21, 10, 22, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    ("when", "seconds"),
    [(0.5, 0.5), ("* * * * *", 20.0), ("23 * * * *", 20.0), ("22 * * * *", 3560.0), ("0 0 * * *", 49040.0)],
)
def test_a_job_waits_some_seconds_or_until_its_time_of_the_clock(when: float | str, seconds: float) -> None:
    assert pause(when, NOW) == seconds


@pytest.mark.parametrize("job", schedule.TIMED, ids=lambda job: job.name)
def test_every_timed_job_runs_over_an_open_house(house: House, job: Timed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "_http", lambda: Provider(NUMBER))
    job.run(house)
    assert pause(job.when, NOW) > 0


def test_a_job_that_failed_runs_again_and_is_named_in_the_log(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    runs: list[int] = []
    again = threading.Event()

    def work(_house: Any) -> None:
        runs.append(1)
        if len(runs) == 1:
            raise ValueError("no luck")
        again.set()

    stop = threading.Event()
    (thread,) = schedule.start(None, stop, [Timed("trying", 0.001, work)])  # type: ignore[arg-type]
    assert again.wait(10)
    stop.set()
    thread.join(10)
    # Where the line goes depends on who set up logging first: to standard error, or through the standard library.
    assert "timed_job_failed" in capsys.readouterr().err + caplog.text
