"""What every test may stand on: both databases, a house with Valley in it, its app and client, a clock, a gateway."""

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consent import clock
from consent.app import create_app
from consent.db import migrations, patience
from consent.db.locks import FileLock
from consent.decisions.outgoing import may_go
from consent.house import House
from consent.outbox import jobs as outbox_jobs
from consent.sms import delivery
from consent.web.logs import security_event
from tests.support import databases, sharing, together
from tests.support import lent as lending
from tests.support import valley as at_valley
from tests.support.postgres import Server
from tests.support.sending import SendingGateway
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.twilio import Twilio
from tests.support.valley import Tenant

sharing.share_what_is_read()
gc.disable()
TESTS_OF_GARBAGE = 100  # an application that nobody uses any more is kept alive by its own circles: a MiB or two each
_RUN = count(1)

FOUNDED = datetime(2026, 11, 21, 16, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A founded Valley: its keys in `folder`, its rows in a file or as COPY gave them."""

    folder: Path
    tenant: Tenant
    rows: databases.Rows | None = None


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> together.Together | None:
    """Where several workers share the tests by group, we say which belong together."""
    return together.Together(config, log) if config.getoption("dist") == "loadgroup" else None


def pytest_collection_finish() -> None:
    """What was loaded by now stays: garbage is never looked for in it."""
    gc.collect()
    gc.freeze()


def pytest_runtest_teardown() -> None:
    """Garbage is looked for once in so many tests; by the interpreter's own count it took a quarter of their time."""
    if next(_RUN) % TESTS_OF_GARBAGE == 0:
        gc.collect()


@pytest.fixture(autouse=True)
def _push_request_context() -> Iterator[None]:
    """Instead of pytest-flask's: no request context stays open around a test, so teardown is that of production."""
    yield


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy from."""
    file = tmp_path_factory.mktemp("sqlite") / "empty.db"
    migrations.upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a PostgreSQL server is, as a superuser: the one of TEST_POSTGRES_URL, else one of our own."""
    if url := os.environ.get("TEST_POSTGRES_URL"):
        yield url
        return
    server = Server()
    try:
        yield server.url()
    finally:
        server.destroy()


@pytest.fixture(scope="session")
def postgresql_url(postgresql_server: str, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[str]:
    """A migrated database of this worker alone."""
    name = f"consent_{worker_id}_{os.getpid()}"
    lock = FileLock(tmp_path_factory.getbasetemp().parent / "postgresql.lock")
    with lock:  # the serving role belongs to the whole server
        url = databases.create_postgresql(postgresql_server, name)
    yield url
    databases.drop_postgresql(postgresql_server, name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database at the newest schema; the house serves as a role that owns nothing."""
    filled = "prepared" in request.fixturenames  # Valley will be put there in any case
    if request.param == "sqlite":
        file = tmp_path / "consent.sqlite3"
        if not filled:
            shutil.copy(request.getfixturevalue("sqlite_template"), file)
        yield f"sqlite:///{file}"
        return
    url = request.getfixturevalue("postgresql_url")
    if not filled:
        databases.refill(url)
    yield url


@pytest.fixture(scope="session")
def valley_on_sqlite(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """Valley, founded once."""
    folder = tmp_path_factory.mktemp("valley-sqlite")
    shutil.copy(sqlite_template, folder / "consent.sqlite3")
    return _prepare(folder, f"sqlite:///{folder / 'consent.sqlite3'}")


@pytest.fixture(scope="session")
def valley_on_postgresql(postgresql_url: str, tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """Valley, founded once; its rows are put back for each test."""
    databases.refill(postgresql_url)
    prepared = _prepare(tmp_path_factory.mktemp("valley-postgresql"), postgresql_url)
    return Prepared(prepared.folder, prepared.tenant, databases.copy_out(postgresql_url))


def _prepare(folder: Path, url: str) -> Prepared:
    house = House.open(at_valley.settings(at_valley.new_data_dir(folder), url))
    try:
        tenant = at_valley.found_tenant(house, FOUNDED)
        with house.db.engine.connect() as connection:
            if not house.db.is_postgresql:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        house.db.close()
    return Prepared(folder, tenant)


@pytest.fixture
def prepared(request: pytest.FixtureRequest, database_url: str) -> Prepared:
    """The database of this test, with Valley in it."""
    if database_url.startswith("sqlite"):
        found: Prepared = request.getfixturevalue("valley_on_sqlite")
        shutil.copy(found.folder / "consent.sqlite3", database_url.removeprefix("sqlite:///"))
    else:
        found = request.getfixturevalue("valley_on_postgresql")
        databases.refill(database_url, found.rows)
    return found


@pytest.fixture
def now() -> datetime:
    """The instant at which tests happen."""
    return NOW


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    """The clock of the house; a millisecond passes with each look."""
    held = Time(NOW)
    monkeypatch.setattr(clock, "now", held.now)
    return held


@pytest.fixture
def house(
    prepared: Prepared, database_url: str, tmp_path: Path, time: Time, monkeypatch: pytest.MonkeyPatch
) -> Iterator[House]:
    """An open house in which Valley lives, on each database in turn; no security line was written before."""
    monkeypatch.setattr(security_event, "_written", {})
    data_dir = tmp_path / "var"
    data_dir.mkdir()
    at_valley.copy_keys(prepared.folder, data_dir)
    for name in ("WEBHOOK", "GATE", "DOOR"):  # a busy machine is no outage
        monkeypatch.setattr(patience, name, 60.0)
    opened = House.open(at_valley.settings(data_dir, database_url))
    yield opened
    opened.close()


@pytest.fixture
def valley(prepared: Prepared) -> Tenant:
    """The organization of the house: its id, an API key with every scope, a Twilio account and its number."""
    return prepared.tenant


@pytest.fixture(scope="session")
def lent(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> lending.Lent:
    """The application of this worker, made before any test changed anything."""
    folder = tmp_path_factory.mktemp("lent")
    house = House.open(at_valley.settings(at_valley.new_data_dir(folder), f"sqlite:///{sqlite_template}"))
    try:
        return lending.Lent(house)
    finally:
        house.close()


@pytest.fixture
def app(house: House, lent: lending.Lent) -> Flask:
    """The application over the house."""
    return lent.to(house) if lent.fits(house) else sharing.share(create_app(house))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Somebody who calls the application."""
    return app.test_client()


@pytest.fixture
def twilio(client: FlaskClient, valley: Tenant) -> Twilio:
    """Twilio, which signs what it brings to Valley's webhook."""
    return valley.gateway(client)


@pytest.fixture
def systems(client: FlaskClient, valley: Tenant) -> Systems:
    """Valley's own systems, with a key that may everything."""
    return Systems(client, valley)


@pytest.fixture
def sending() -> SendingGateway:
    """A gateway that keeps what it should send."""
    return SendingGateway()


@pytest.fixture
def deliver(house: House, valley: Tenant, sending: SendingGateway) -> Callable[[], list[str]]:
    """Sends what is due in the outbox and tells all texts sent so far."""
    carrier = outbox_jobs.Carrier(
        house.db,
        house.keyring,
        None,  # type: ignore[arg-type]  # the fake gateway makes no calls
        lambda tx, job, whither, now: may_go(tx, house.governing, job, whither, now),
        lambda *told: delivery.refused(house.db, house.keyring, house.governing, *told),
        sending.load,
        "tests",
    )

    def run() -> list[str]:
        while outbox_jobs.deliver(carrier, valley.id, clock.now):
            pass
        return sending.texts

    return run
