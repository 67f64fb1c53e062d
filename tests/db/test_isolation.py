"""What the databases themselves refuse: rows of another organization, and changes to what is append-only."""

import sqlite3
import uuid
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from flask.testing import FlaskClient
from psycopg import sql
from sqlmodel import SQLModel

from consent import tables  # noqa: F401  (the complete metadata)
from consent.db.engine import SERVING_ROLE
from consent.house import House
from consent.organizations import service as organizations
from tests.support import journey
from tests.support.databases import ON_POSTGRESQL, ON_SQLITE, psycopg_url
from tests.support.time import Time
from tests.support.twilio import Twilio
from tests.support.valley import Tenant

TENANT_TABLES = sorted(name for name, table in SQLModel.metadata.tables.items() if "organization_id" in table.columns)
PUBLIC = {name for name, t in SQLModel.metadata.tables.items() if t.info.get("row_security") == "public_read"}
APPEND_ONLY = [n for n in TENANT_TABLES if SQLModel.metadata.tables[n].info.get("protection") == "append_only"]
NO_UPDATE = [n for n in TENANT_TABLES if SQLModel.metadata.tables[n].info.get("protection") == "no_update"]
STRANGER = uuid.UUID("0199c0de-0000-7000-8000-00000000beef")

Connection = psycopg.Connection[tuple[Any, ...]]


@pytest.fixture
def lived(house: House, client: FlaskClient, valley: Tenant, twilio: Twilio, time: Time) -> Tenant:
    """Valley after a day on which every table got rows."""
    time.go(minutes=5)
    journey.live(house, client, valley, twilio, time.now())
    return valley


@pytest.fixture
def owner(lived: Tenant, database_url: str) -> Iterator[Connection]:
    """A superuser, who sees everything."""
    with psycopg.connect(psycopg_url(database_url), autocommit=True) as connection:
        yield connection


@pytest.fixture
def stranger(lived: Tenant, database_url: str) -> Iterator[Connection]:
    """The serving role, speaking for another organization."""
    with psycopg.connect(psycopg_url(database_url), autocommit=True) as connection:
        connection.execute(f"SET ROLE {SERVING_ROLE}")
        connection.execute("SELECT set_config('app.organization', %s, false)", (str(STRANGER),))
        yield connection


def rows(connection: Connection, table: str) -> int:
    found = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
    assert found is not None
    return int(found[0])


@ON_POSTGRESQL
def test_the_serving_role_sees_no_row_of_another_organization(owner: Connection, stranger: Connection) -> None:
    held = {table: rows(owner, table) for table in TENANT_TABLES}
    assert [table for table, count in held.items() if count == 0] == []
    seen = {table: rows(stranger, table) for table in TENANT_TABLES}
    assert {table for table, count in seen.items() if count} == PUBLIC


@ON_POSTGRESQL
def test_the_serving_role_sees_nothing_before_it_says_for_whom(owner: Connection, database_url: str) -> None:
    with psycopg.connect(psycopg_url(database_url), autocommit=True) as connection:
        connection.execute(f"SET ROLE {SERVING_ROLE}")
        seen = {table for table in TENANT_TABLES if rows(connection, table)}
    assert seen == PUBLIC


@ON_POSTGRESQL
def test_the_serving_role_sees_all_of_its_own_organization(
    owner: Connection, stranger: Connection, lived: Tenant
) -> None:
    stranger.execute("SELECT set_config('app.organization', %s, false)", (str(lived.id),))
    for table in TENANT_TABLES:
        assert rows(stranger, table) == rows(owner, table), table


@ON_POSTGRESQL
def test_the_serving_role_cannot_write_for_another_organization(owner: Connection, stranger: Connection) -> None:
    for table in TENANT_TABLES:
        one = owner.execute(sql.SQL("SELECT * FROM {} LIMIT 1").format(sql.Identifier(table))).fetchone()
        assert one is not None
        statement = sql.SQL("INSERT INTO {} VALUES ({})").format(
            sql.Identifier(table), sql.SQL(",").join([sql.Placeholder()] * len(one))
        )
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
            stranger.execute(statement, one)


@ON_POSTGRESQL
def test_the_serving_role_changes_and_deletes_nothing_of_another_organization(
    owner: Connection, stranger: Connection
) -> None:
    before = {table: rows(owner, table) for table in TENANT_TABLES}
    for table in TENANT_TABLES:
        name = sql.Identifier(table)
        for statement in (
            sql.SQL("UPDATE {} SET organization_id = organization_id").format(name),
            sql.SQL("DELETE FROM {}").format(name),
        ):
            try:
                assert stranger.execute(statement).rowcount == 0, table
            except psycopg.errors.InsufficientPrivilege:
                assert table in APPEND_ONLY + NO_UPDATE
    assert {table: rows(owner, table) for table in TENANT_TABLES} == before


@ON_POSTGRESQL
def test_the_serving_role_cannot_touch_what_is_append_only_even_of_its_own(stranger: Connection, lived: Tenant) -> None:
    stranger.execute("SELECT set_config('app.organization', %s, false)", (str(lived.id),))
    for table in APPEND_ONLY + NO_UPDATE:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            stranger.execute(sql.SQL("UPDATE {} SET organization_id = organization_id").format(sql.Identifier(table)))
    for table in APPEND_ONLY:
        for verb in ("DELETE FROM {}", "TRUNCATE {}"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                stranger.execute(sql.SQL(verb).format(sql.Identifier(table)))


@ON_POSTGRESQL
def test_not_even_the_owner_changes_what_is_append_only(owner: Connection) -> None:
    for table in APPEND_ONLY + NO_UPDATE:
        with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
            owner.execute(sql.SQL("UPDATE {} SET organization_id = organization_id").format(sql.Identifier(table)))
    for table in APPEND_ONLY:
        for verb in ("DELETE FROM {}", "TRUNCATE {}"):
            with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
                owner.execute(sql.SQL(verb).format(sql.Identifier(table)))


@ON_SQLITE
def test_the_file_refuses_changes_to_what_is_append_only(lived: Tenant, database_url: str) -> None:
    raw = sqlite3.connect(database_url.removeprefix("sqlite:///"))
    for table in TENANT_TABLES:
        assert raw.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0], table
    for table in APPEND_ONLY + NO_UPDATE:
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            raw.execute(f'UPDATE "{table}" SET organization_id = organization_id')
    for table in APPEND_ONLY:
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            raw.execute(f'DELETE FROM "{table}"')
    raw.close()


def test_a_key_opens_its_own_door_alone(house: House, valley: Tenant) -> None:
    with house.db.read() as tx:
        found = organizations.key_at_door(tx, valley.key)
        assert found is not None
        assert found.organization_id == valley.id
        assert organizations.key_at_door(tx, valley.key + "x") is None
