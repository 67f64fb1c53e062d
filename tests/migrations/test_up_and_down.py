"""Every revision goes up and down, with data in the tables."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from alembic.script import ScriptDirectory

from consent.app import create_app
from consent.db import Database, Sql, migrations
from consent.house import House
from consent.ledger.findings import Report
from consent.ledger.verify import verify
from consent.resources import folder
from tests.migrations import schemas
from tests.support import journey
from tests.support.databases import psycopg_url
from tests.support.time import Time
from tests.support.valley import Tenant, found_tenant, new_data_dir, settings


def test_down_and_up_again_with_data_gives_the_same_schema(
    new_database: Callable[[], str], tmp_path: Path, time: Time
) -> None:
    url = new_database()
    migrations.upgrade(url)
    schema = schemas.read(url)
    live(url, tmp_path / "var", time)
    revisions = [one.revision for one in ScriptDirectory(str(folder("migrations"))).walk_revisions()]
    for below in [*revisions[1:], "base"]:
        migrations.downgrade(url, below)
        assert migrations.current(url) == (None if below == "base" else below)
    assert schemas.read(url) == set()
    migrations.upgrade(url)
    assert schemas.read(url) == schema
    live(url, tmp_path / "again", time)


def test_going_up_twice_changes_nothing(new_database: Callable[[], str]) -> None:
    url = new_database()
    migrations.upgrade(url)
    schema = schemas.read(url)
    migrations.upgrade(url)
    assert schemas.read(url) == schema


def test_an_empty_or_older_database_is_told_from_a_current_one(new_database: Callable[[], str]) -> None:
    url = new_database()
    assert "run: consent db upgrade" in migrations.differences(url)[0]
    migrations.upgrade(url)
    assert migrations.current(url) == migrations.head()


def test_entries_are_the_same_and_in_their_order_when_their_table_was_made_anew(
    new_database: Callable[[], str], tmp_path: Path, time: Time
) -> None:
    url = new_database()
    migrations.upgrade(url)
    tenant = live(url, tmp_path / "var", time)
    before, told = entries(url), verified(url, tmp_path / "var", tenant, time)
    migrations.downgrade(url, "0035")
    assert any("uq_ledger_event_organization_id_leaf_hash" in str(fact) for fact in schemas.read(url))
    assert entries(url) == before
    migrations.upgrade(url)
    assert not any("leaf_hash" in str(fact) and "uq" in str(fact).lower() for fact in schemas.read(url))
    assert entries(url) == before and len(before) > 10
    after = verified(url, tmp_path / "var", tenant, time)
    assert (after.leaves, after.findings) == (told.leaves, told.findings) and after.leaves >= 10
    for change in ("DELETE FROM ledger_event", "UPDATE ledger_event SET log_id = log_id"):
        with pytest.raises((sqlite3.IntegrityError, psycopg.errors.RaiseException), match="append-only"):
            raw(url, change)
    assert entries(url) == before


def entries(url: str) -> list[tuple[object, ...]]:
    """Every entry, on SQLite in the order in which rows were written."""
    order = "rowid" if url.startswith("sqlite") else "event_id"
    columns = "event_id, log_id, stream_id, stream_seq, body, leaf_hash, recorded_at"
    return raw(url, f"SELECT {columns} FROM ledger_event ORDER BY {order}")


def raw(url: str, statement: str) -> list[tuple[object, ...]]:
    """What the owner of the database is answered."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as lite:
            return list(lite.execute(statement))
    with psycopg.connect(psycopg_url(url)) as connection:
        cursor = connection.execute(statement.encode())
        return list(cursor) if cursor.description else []


def verified(url: str, data_dir: Path, tenant: Tenant, time: Time) -> Report:
    """What `ledger verify` says of everything but the present state."""
    house = House.open(settings(data_dir, url))
    try:
        with house.db.read(tenant.id) as tx:
            return verify(tx, house.keyring, tenant.id, time.now())
    finally:
        house.db.close()


def live(url: str, data_dir: Path, time: Time) -> Tenant:
    """A house is founded there and has a day."""
    house = House.open(settings(new_data_dir(data_dir), url))
    try:
        tenant = found_tenant(house, time.now())
        client = create_app(house).test_client()
        time.at += timedelta(minutes=5)
        journey.live(house, client, tenant, tenant.gateway(client), time.now())
    finally:
        house.db.close()
    return tenant


def test_a_new_file_and_its_log_are_for_the_owners_eyes(tmp_path: Path) -> None:
    file = tmp_path / "consent.sqlite3"
    migrations.upgrade(f"sqlite:///{file}")
    db = Database(f"sqlite:///{file}")
    try:
        db.write(lambda tx: tx.run(Sql("UPDATE alembic_version SET version_num = version_num"), {}))
        made = sorted(tmp_path.glob("consent.sqlite3*"))
        assert f"{file}-wal" in [str(one) for one in made]
        assert {one.stat().st_mode & 0o077 for one in made} == {0}
    finally:
        db.close()
