"""Timed jobs: when each runs next, and that one which fails runs again."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from consent import schedule
from consent.house import House
from consent.schedule import Timed, pause
from consent.timed import arriving, sending
from tests.support.listing import Provider
from tests.support.valley import NUMBER

# As much of a house as the schedule itself asks for.
IN_ORDER: Any = SimpleNamespace(db=SimpleNamespace(restoring=lambda: False))
NOW = datetime(2026, 11, 21, 10, 22, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    ("when", "seconds"),
    [(0.5, 0.5), ("* * * * *", 20.0), ("23 * * * *", 20.0), ("22 * * * *", 3560.0), ("0 0 * * *", 49040.0)],
)
def test_a_job_waits_some_seconds_or_until_its_time_of_the_clock(when: float | str, seconds: float) -> None:
    assert pause(when, NOW) == seconds


@pytest.mark.parametrize("job", schedule.TIMED, ids=lambda job: job.name)
def test_every_timed_job_runs_over_an_open_house(house: House, job: Timed, monkeypatch: pytest.MonkeyPatch) -> None:
    for doors in (arriving, sending):
        monkeypatch.setattr(doors, "http", lambda: Provider(NUMBER))
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
    (thread,) = schedule.start(IN_ORDER, stop, [Timed("trying", 0.001, work)])
    assert again.wait(10)
    stop.set()
    thread.join(10)
    # Where the line goes depends on who set up logging first: to standard error, or through the standard library.
    assert "timed_job_failed" in capsys.readouterr().err + caplog.text


def test_what_seldom_runs_begins_one_after_the_other_and_never_before_what_is_asked_all_the_time() -> None:
    begun: list[str] = []
    all_begun = threading.Event()

    def work(name: str) -> Callable[[Any], None]:
        def begin(_house: Any) -> None:
            begun.append(name)
            if len(begun) == 3:
                all_begun.set()

        return begin

    jobs = [Timed(name, when, work(name)) for name, when in (("yearly", "0 0 1 1 *"), ("rare", 600.0), ("often", 4.0))]
    stop = threading.Event()
    threads = schedule.start(IN_ORDER, stop, jobs)
    assert all_begun.wait(10)
    stop.set()
    for thread in threads:
        thread.join(10)
    assert begun == ["often", "yearly", "rare"]


def test_nothing_runs_while_the_database_is_being_restored() -> None:
    asked, ran = threading.Semaphore(0), threading.Event()
    restored = iter([True, True, True, False])

    def restoring() -> bool:
        asked.release()
        return next(restored, False)

    house: Any = SimpleNamespace(db=SimpleNamespace(restoring=restoring))
    stop = threading.Event()

    def work(_house: Any) -> None:
        assert asked.acquire(blocking=False) and next(restored, None) is None  # all three looks were over before
        ran.set()
        stop.set()

    (thread,) = schedule.start(house, stop, [Timed("trying", 0.001, work)])
    assert ran.wait(10)
    thread.join(10)
