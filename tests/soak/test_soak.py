"""The soaks in small: every outage for some seconds, some kills, some thousand operations; planted faults are found."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.__main__ import PLANTED
from tests.soak import missed, outages, safety
from tests.support import databases
from tests.support.postgres import Server

pytestmark = pytest.mark.timeout(600)

ANSWERED_WITHIN = 10.0  # seconds: what the long run measures against two, here on a machine that does much else


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where an installation lives."""
    place = tmp_path / "installation"
    place.mkdir()
    return place


@pytest.fixture
def server() -> Iterator[Server]:
    """A PostgreSQL server that may be stopped, frozen and killed; its commits are synced, else a kill loses some."""
    made = Server(durable=True)
    yield made
    made.destroy()


def check(result: outages.Result, ways: set[str]) -> None:
    assert result.findings == []
    assert ways < result.phases.keys()
    for name in ways:
        phase = result.phases[name]
        assert phase.texts, name
        assert max(phase.texts) < ANSWERED_WITHIN, name


def test_texts_are_taken_while_the_file_is_locked_read_only_and_full(folder: Path) -> None:
    check(outages.run(folder, 1.5), {"locked", "read-only", "full"})


def test_texts_are_taken_while_postgresql_is_stopped_frozen_and_killed(folder: Path, server: Server) -> None:
    url = databases.create_postgresql(server.url(), "outages")
    check(outages.run(folder, 1.5, server=server, database_url=url), {"stopped", "frozen", "killed"})


def test_after_kills_one_look_at_the_gateways_list_finds_all_it_never_brought(folder: Path) -> None:
    result = missed.run(folder, 3, seed=21)
    assert result.findings == []
    assert result.taken < result.tried
    assert result.found


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_no_yes_begins_after_a_stop_without_a_later_consent(
    folder: Path, database: str, request: pytest.FixtureRequest, worker_id: str
) -> None:
    url, server = "", ""
    if database == "postgresql":
        server = request.getfixturevalue("postgresql_server")
        url = databases.create_postgresql(server, f"safety_{worker_id}")
    try:
        result = safety.run(folder, 600, database_url=url, seed=31)
    finally:
        if server:
            databases.drop_postgresql(server, f"safety_{worker_id}")
    assert result.wrong == 0
    assert result.yeses > 10
    assert result.failed == {}


def test_an_answer_before_the_commit_is_seen_at_the_gate(folder: Path) -> None:
    assert safety.run(folder, 2_000, program=PLANTED, seed=32, to_the_first=True).wrong > 0


@pytest.mark.parametrize(
    ("stops", "allowed", "yes", "wrong"),
    [
        ([], [], (5, 6), 0),
        ([(1, 2)], [], (3, 4), 1),
        ([(1, 4)], [], (3, 5), 0),  # the question began before the STOP was acknowledged
        ([(1, 2)], [(3, 4)], (5, 6), 0),
        ([(3, 4)], [(1, 2)], (5, 6), 1),  # the consent was older
        ([(3, 4)], [(1, 3.5)], (5, 6), 0),  # at the same time: it may be the later one
        ([(1, 2)], [(7, 8)], (5, 6), 1),
        ([(1, 2), (4, 5)], [(2.5, 3)], (6, 7), 1),
    ],
)
def test_what_counts_as_a_wrong_yes(
    stops: list[tuple[float, float]], allowed: list[tuple[float, float]], yes: tuple[float, float], wrong: int
) -> None:
    assert safety.History(stops, allowed, [yes]).wrong() == wrong
