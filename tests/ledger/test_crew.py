"""Several processes find what one finds: the same report, whatever was changed."""

import sqlite3
from pathlib import Path

import pytest

from consent.ledger import crew, verify
from consent.ledger.crew import Crew
from tests.ledger.house import ORGANIZATION, House


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A sealed ledger of three pages and a bit."""
    house = House.build(tmp_path_factory.mktemp("crew"))
    house.happen(3_200)
    house.seal()
    return house


CHANGES = [
    "UPDATE ledger_leaf SET leaf_hash = zeroblob(32) WHERE leaf_index = 0",
    "UPDATE ledger_leaf SET leaf_hash = zeroblob(32) WHERE leaf_index IN (700, 3199)",
    "UPDATE ledger_event SET body = replace(CAST(body AS TEXT), 'stop', 'help') WHERE stream_seq = 500",
    "DELETE FROM ledger_leaf WHERE leaf_index = 2049",
    "DELETE FROM ledger_leaf WHERE leaf_index = 3199",
    "UPDATE ledger_leaf SET leaf_index = -1 WHERE leaf_index = 3199",
    "UPDATE stream_head SET seq = seq - 1",
]


class Here(Crew):
    """The orders of a crew, carried out in this process: what is asked and answered is the same."""

    def __init__(self, url: str) -> None:
        self.url = url

    def __exit__(self, *_: object) -> None:
        return None

    def looks(self, organization_id, log, size):  # type: ignore[no-untyped-def]
        for start in range(0, size, 1_024):
            end = min(start + 1_024, size)
            yield crew.look(self.url, organization_id, log.log_id, log.origin, start, end)


def findings(house: House, helpers: Crew | None) -> set[str]:
    with house.db.read(ORGANIZATION) as tx:
        report = verify.verify(tx, house.keyring, ORGANIZATION, house.now, log_only=True, crew=helpers)
    return {str(finding) for finding in report.findings}


@pytest.mark.parametrize("change", [None, *CHANGES])
def test_a_crew_reports_what_one_process_reports(ground: House, tmp_path: Path, change: str | None) -> None:
    source = sqlite3.connect(ground.data_dir / "ledger.db")
    source.execute("VACUUM INTO ?", (str(tmp_path / "ledger.db"),))
    source.close()
    (tmp_path / "keys").symlink_to(ground.data_dir / "keys")
    (tmp_path / "outside").symlink_to(ground.data_dir / "outside")
    house = House.at(tmp_path)
    if change is not None:
        raw = sqlite3.connect(tmp_path / "ledger.db")
        raw.execute(change)
        raw.commit()
        raw.close()
    alone = findings(house, None)
    assert findings(house, Here(house.db.url)) == alone
    assert bool(alone) is (change is not None)
    crew._opened.pop(house.db.url).close()
    house.db.close()


def test_helper_processes_do_the_same(ground: House) -> None:
    with Crew(ground.db.url, 2) as helpers:
        assert findings(ground, helpers) == set()
