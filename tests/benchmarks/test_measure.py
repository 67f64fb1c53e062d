"""Ratios are taken within a round; what is not reached is said."""

import pytest

from benchmarks import table
from benchmarks.load import Load
from benchmarks.measure import Outcome, Path, Side, Turn


def turn(rate: float, p99: float = 10.0, failed: int = 0, unwritten: int = 0) -> Turn:
    load = Load(
        seconds=1.0,
        answered=int(rate),
        failed=failed,
        p50_ms=1.0,
        p99_ms=p99,
        max_ms=p99,
        client_cpu_seconds=0.1,
    )
    return Turn(load, server_cpu_seconds=0.9, unwritten=unwritten)


def outcome(floor: list[Turn], ours: list[Turn]) -> Outcome:
    nobody: Side = None  # type: ignore[assignment]  # figures only: nothing is driven here
    return Outcome(Path("webhook", "sqlite", 8, nobody, nobody, reach=0.5, p99_reach=2.0), floor, ours)


def test_the_ratio_is_that_of_neighbours_in_time() -> None:
    drifting = outcome([turn(1000), turn(100), turn(500)], [turn(600), turn(60), turn(300)])
    assert drifting.ratios() == [0.6, 0.6, 0.6]


def test_what_reaches_everything_passes() -> None:
    good = outcome([turn(1000)] * 3, [turn(500, p99=20.0)] * 3)
    assert good.shortfalls() == []
    assert table.row(good)[-1] == "pass"


@pytest.mark.parametrize(
    ("ours", "said"),
    [
        (turn(499), "rate 0.50 of the floor"),
        (turn(900, p99=21.0), "p99 2.10 times"),
        (turn(900, failed=1), "ours: 3 requests failed"),
        (turn(900, unwritten=1), "ours: 3 answers without a row"),
    ],
)
def test_each_way_to_fall_short_is_named(ours: Turn, said: str) -> None:
    found = outcome([turn(1000)] * 3, [ours] * 3).shortfalls()
    assert len(found) == 1
    assert found[0].startswith(said)


def test_a_path_that_does_not_exist_yet_is_no_miss() -> None:
    assert table.row(outcome([turn(1000)] * 3, []))[-1] == "no path yet"


def test_the_load_generators_share_is_its_part_of_all_processor_time() -> None:
    assert table.client_share([outcome([turn(1000)], [])]) == pytest.approx(0.1)


def test_the_table_shows_median_and_spread() -> None:
    shown = table.row(outcome([turn(1000), turn(2000), turn(3000)], [turn(500), turn(2000), turn(1500)]))
    assert shown[3] == "2,000 (1,000-3,000)"
    assert shown[5] == "0.50 (0.50-1.00)"
