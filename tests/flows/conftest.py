"""The five organizations in one house, founded once for each database and put back for each test."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from consent.house import House
from tests.conftest import FOUNDED, Prepared
from tests.support import databases
from tests.support import valley as at_valley
from tests.support.organizations import FIVE, Five, found_shipped
from tests.support.valley import Tenant


@dataclass(frozen=True, slots=True)
class PreparedFive(Prepared):
    """A house of five: `tenant` is Valley."""

    tenants: tuple[Tenant, ...] = ()


def _prepare(folder: Path, url: str) -> PreparedFive:
    house = House.open(at_valley.settings(at_valley.new_data_dir(folder), url))
    try:
        tenants = tuple(found_shipped(house, slug, FOUNDED) for slug in FIVE)
        with house.db.engine.connect() as connection:
            if not house.db.is_postgresql:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        house.db.close()
    rows = databases.copy_out(url) if house.db.is_postgresql else None
    return PreparedFive(folder, tenants[0], rows, tenants)


@pytest.fixture(scope="session")
def five_on_sqlite(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> PreparedFive:
    """All five, founded once."""
    folder = tmp_path_factory.mktemp("five-sqlite")
    shutil.copy(sqlite_template, folder / "consent.sqlite3")
    return _prepare(folder, f"sqlite:///{folder / 'consent.sqlite3'}")


@pytest.fixture(scope="session")
def five_on_postgresql(postgresql_url: str, tmp_path_factory: pytest.TempPathFactory) -> PreparedFive:
    """All five, founded once; their rows are put back for each test."""
    databases.refill(postgresql_url)
    return _prepare(tmp_path_factory.mktemp("five-postgresql"), postgresql_url)


@pytest.fixture
def prepared_five(request: pytest.FixtureRequest, database_url: str) -> PreparedFive:
    """The database of this test, with all five in it."""
    on = "five_on_sqlite" if database_url.startswith("sqlite") else "five_on_postgresql"
    found: PreparedFive = request.getfixturevalue(on)
    if found.rows is None:
        shutil.copy(found.folder / "consent.sqlite3", database_url.removeprefix("sqlite:///"))
    else:
        databases.refill(database_url, found.rows)
    return found


@pytest.fixture
def five(prepared_five: PreparedFive, client: FlaskClient) -> Five:
    """Valley, 1VALET, Valtt, Voxvalley and Smartt, each with its own systems."""
    return Five.of(client, prepared_five.tenants)
