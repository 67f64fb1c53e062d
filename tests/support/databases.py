"""Databases for tests: migrated once, copied or refilled for each test."""

from collections.abc import Iterable

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import sql

from consent.db import migrations

# For what only one of the two has; everything else runs on both.
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ON_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)

Rows = dict[str, bytes]  # what COPY gives for each table that has rows
_NO_ROW = 21  # bytes of a binary COPY that holds none
_OPEN: dict[str, psycopg.Connection[tuple[object, ...]]] = {}  # a new connection learns of every table anew: 20 ms


def psycopg_url(url: str) -> str:
    """The same address as the driver alone understands it."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def create_empty(server_url: str, name: str) -> str:
    """A database of this name without any table; one that was left behind is dropped first."""
    with psycopg.connect(psycopg_url(server_url), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return sa.make_url(server_url).set(database=name).render_as_string(hide_password=False)


def create_postgresql(server_url: str, name: str) -> str:
    """An empty database of this name with our schema."""
    url = create_empty(server_url, name)
    migrations.upgrade(url)
    return url


def drop_postgresql(server_url: str, name: str) -> None:
    """The database is gone, whoever is still connected."""
    let_go(sa.make_url(server_url).set(database=name).render_as_string(hide_password=False))
    with psycopg.connect(psycopg_url(server_url), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def copy_out(url: str) -> Rows:
    """Every row of every table."""
    with psycopg.connect(psycopg_url(url)) as connection:
        rows = {}
        for table in _tables(connection):
            with connection.cursor().copy(f'COPY "{table}" TO STDOUT (FORMAT binary)') as copy:
                rows[table] = b"".join(bytes(block) for block in copy)
        return {table: content for table, content in rows.items() if len(content) > _NO_ROW}


def refill(url: str, rows: Rows | None = None) -> None:
    """The tables hold `rows` and nothing else; triggers and foreign keys are not asked (superuser only)."""
    connection = _connected(url)
    try:
        _refill(connection, rows or {})
    except psycopg.OperationalError:
        if not connection.closed:
            raise
        _refill(_connected(url), rows or {})  # whoever had ended all connections ended this one too


def _connected(url: str) -> psycopg.Connection[tuple[object, ...]]:
    if url not in _OPEN or _OPEN[url].closed:
        _OPEN[url] = psycopg.connect(psycopg_url(url), autocommit=True)
    return _OPEN[url]


def let_go(url: str) -> None:
    """No connection of ours is left to that database: it can be copied or dropped."""
    if url in _OPEN:
        _OPEN.pop(url).close()


def _refill(connection: psycopg.Connection[tuple[object, ...]], rows: Rows) -> None:
    with connection.transaction():
        connection.execute("SET LOCAL lock_timeout = '10s'")
        connection.execute("SET LOCAL session_replication_role = replica")
        tables = _tables(connection)
        if tables:
            connection.execute("; ".join(f'DELETE FROM "{table}"' for table in tables))
        for table, content in rows.items():
            with connection.cursor().copy(f'COPY "{table}" FROM STDIN (FORMAT binary)') as copy:
                copy.write(content)


def _tables(connection: psycopg.Connection[tuple[object, ...]]) -> list[str]:
    found: Iterable[tuple[object, ...]] = connection.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' ORDER BY 1"
    )
    return [str(name) for (name,) in found]
