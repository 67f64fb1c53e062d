"""A house that is backed up, destroyed and put back: on each database, over the commands."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import make_url

from consent.backup import opt_outs
from consent.cli import main
from consent.config import Config
from consent.house import House
from consent.ledger import jobs as ledger_jobs
from consent.privacy_requests.tasks.shredding import Shredder
from consent.timed.requests import every_table
from tests.support import databases
from tests.support import valley as at_valley
from tests.support.houses import Opens
from tests.support.time import Time
from tests.support.valley import Tenant

Run = Callable[..., Result]


@dataclass(slots=True)
class Site(Opens):
    """An installation and the place where its backups lie."""

    config: Config
    folder: Path
    tenant: Tenant
    time: Time
    run: Run
    house: House | None = None

    def seal(self) -> None:
        """As the timed jobs do: sealed, published, and every no outside."""
        house = self.open()
        ledger_jobs.seal_organization(house.db, house.keyring, self.tenant.id, self.time.now())
        opt_outs.keep_up(house.db, house.keyring, self.tenant.id, {})

    def shredder(self) -> Shredder:
        """What erases."""
        house = self.open()
        return Shredder(house.db, house.keyring, self.config.data_dir, every_table, house.spooling.spool)

    def back_up(self, name: str = "one") -> tuple[Path, Path]:
        """A backup and its keys."""
        done = self.run("backup", str(self.folder / f"{name}.backup"), "--keys", str(self.folder / "keys"), "--json")
        assert done.exit_code == 0, done.output
        told: dict[str, Any] = json.loads(done.stdout)
        return Path(told["backup"]), Path(told["keys"])

    def destroy(self) -> None:
        """The database is gone; the data folder is still there."""
        self.close()
        if self.config.database_url.startswith("sqlite"):
            for file in Path(self.config.database_url.removeprefix("sqlite:///")).parent.glob("consent.sqlite3*"):
                file.unlink()
        else:
            databases.create_empty(_server(self.config.database_url), _name(self.config.database_url))

    def begin(self, backup: Path, keys: Path) -> Result:
        """`consent restore begin`."""
        return self.run("restore", "begin", str(backup), "--keys", str(keys))

    def finish(self, *more: str) -> Result:
        """`consent restore finish`, without asking a gateway that is not there."""
        return self.run("restore", "finish", "--without-gateways", *more)


def _name(url: str) -> str:
    return str(make_url(url).database)


def _server(url: str) -> str:
    return make_url(url).set(database="postgres").render_as_string(hide_password=False)


@pytest.fixture
def own_database(database_url: str, prepared: Any, worker_id: str) -> Iterator[str]:
    """The database of this test with Valley in it; on PostgreSQL one that may be dropped."""
    if database_url.startswith("sqlite"):
        yield database_url
        return
    name = f"restore_{worker_id}_{os.getpid()}"
    server = _server(database_url)
    databases.let_go(database_url)
    with psycopg.connect(databases.psycopg_url(server), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')  # type: ignore[arg-type]
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{_name(database_url)}"')  # type: ignore[arg-type]
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    databases.drop_postgresql(server, name)


@pytest.fixture
def site(
    own_database: str, prepared: Any, tmp_path: Path, time: Time, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Site]:
    """Valley's installation, with places for backups and for keys."""
    data_dir, folder = tmp_path / "var", tmp_path / "kept"
    data_dir.mkdir()
    (folder / "keys").mkdir(parents=True)
    at_valley.copy_keys(prepared.folder, data_dir)
    for name, value in (
        ("CONSENT_DATA_DIR", str(data_dir)),
        ("CONSENT_DATABASE_URL", own_database),
        ("CONSENT_PUBLIC_URL", at_valley.PUBLIC_URL),
    ):
        monkeypatch.setenv(name, value)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(main, list(arguments))

    made = Site(at_valley.settings(data_dir, own_database), folder, prepared.tenant, time, run)
    yield made
    made.close()
    shutil.rmtree(folder)
