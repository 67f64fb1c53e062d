"""Killed under load, the service loses and doubles nothing; and the harness sees a service that does."""

from pathlib import Path

import pytest

from tests.crash import killing
from tests.crash.__main__ import PLANTED
from tests.support import databases

KILLS = 5
pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the installation lives."""
    place = tmp_path / "installation"
    place.mkdir()
    return place


def test_nothing_acknowledged_is_lost_or_doubled_on_sqlite(folder: Path) -> None:
    result = killing.run(folder, KILLS, seed=11)
    assert result.findings == []
    assert result.acknowledged == result.tried > KILLS


def test_nothing_acknowledged_is_lost_or_doubled_on_postgresql(
    folder: Path, postgresql_server: str, worker_id: str
) -> None:
    name = f"crash_{worker_id}"
    url = databases.create_postgresql(postgresql_server, name)
    try:
        result = killing.run(folder, KILLS, database_url=url, seed=12)
    finally:
        databases.drop_postgresql(postgresql_server, name)
    assert result.findings == []
    assert result.acknowledged == result.tried > KILLS


def test_an_answer_before_the_commit_is_found_out(folder: Path) -> None:
    result = killing.run(folder, 4, program=PLANTED, seed=13)
    assert any(finding.startswith("acknowledged and lost") for finding in result.findings)
