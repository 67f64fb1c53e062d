"""A PostgreSQL database copied in one snapshot, and filled from such a copy.

By COPY over the service's own login, organization by organization, because row security lets nobody see more at once;
so neither pg_dump nor the owner's password is needed, and every organization is a part of its own. The way back is the
owner's: `docs/backup.md`.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from consent.backup.archive import BLOCK, Archive, Kept, Progress
from consent.db import migrations
from consent.db.engine import SERVING_ROLE
from consent.db.readonly import SETTING, WRITES_ALL_THE_SAME
from consent.errors import SetupProblem

KEYS_OUT = "stream_key"  # the table of data keys: kept apart
NOBODYS = "all"  # the part of a table that belongs to no organization
_NOT_OURS = ("alembic_version", KEYS_OUT)
_COLUMNS = (
    "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
    " ORDER BY table_name, ordinal_position"
)
_OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND usename IS NOT NULL"
)
_FORCED = (
    "SELECT relname FROM pg_class WHERE relforcerowsecurity AND relnamespace = 'public'::regnamespace ORDER BY relname"
)


def plain(url: str) -> str:
    """The address as the driver alone understands it."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


class Snapshot:
    """Every table as it was when the transaction began."""

    size = 0  # nobody knows before it is read

    def __init__(self, connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        self._connection = connection
        self.columns: dict[str, list[str]] = {}
        for table, column in connection.execute(_COLUMNS):
            if table not in _NOT_OURS:
                self.columns.setdefault(table, []).append(column)

    def rows(self, text: str) -> list[tuple[Any, ...]]:
        """What the snapshot answers to nobody in particular."""
        return self._connection.execute(text.encode()).fetchall()

    def rows_of(self, organization_id: UUID, text: str) -> list[tuple[Any, ...]]:
        """What it answers to one organization."""
        self._enter(organization_id)
        return self.rows(text)

    def _enter(self, organization_id: UUID) -> None:
        self._connection.execute("SELECT set_config('app.organization', %s, true)", (str(organization_id),))

    def write(self, archive: Archive, progress: Progress) -> None:
        """Every row is in the archive: of each organization apart, and what belongs to none."""
        owned = [table for table, columns in self.columns.items() if "organization_id" in columns]
        for table in self.columns.keys() - set(owned):
            self._copy(archive, table, None, progress)
        for organization_id in self._organizations():
            self._enter(organization_id)
            for table in owned:
                self._copy(archive, table, organization_id, progress)

    def _copy(self, archive: Archive, table: str, organization_id: UUID | None, progress: Progress) -> None:
        columns = sql.SQL(", ").join(map(sql.Identifier, self.columns[table]))
        query = sql.SQL("SELECT {} FROM {}").format(columns, sql.Identifier(table))
        if organization_id is not None:
            query += sql.SQL(" WHERE organization_id = {}").format(sql.Literal(organization_id))
        query = sql.SQL("COPY ({}) TO STDOUT").format(query)
        name = f"tables/{table}/{organization_id or NOBODYS}.copy"
        with archive.part(name) as part, self._connection.cursor() as cursor, cursor.copy(query) as copy:
            for block in copy:
                part.write(block)
                progress(len(block))

    def stream_keys(self) -> Iterator[bytes]:
        """Each data key as a line."""
        for organization_id in self._organizations():
            self._enter(organization_id)
            with self._connection.cursor(name="stream_keys") as cursor:
                cursor.itersize = 2_000
                cursor.execute(
                    "SELECT stream_id, key_version, wrapped_key, destroyed_at FROM stream_key"
                    " WHERE organization_id = %s",
                    (organization_id,),
                )
                for stream_id, version, wrapped, destroyed in cursor:
                    key = wrapped.hex() if wrapped is not None else None
                    at = destroyed.isoformat() if destroyed is not None else None
                    yield json.dumps([organization_id.hex, stream_id.hex, version, key, at]).encode() + b"\n"

    def _organizations(self) -> list[UUID]:
        return [row[0] for row in self.rows("SELECT organization_id FROM organization ORDER BY organization_id")]


@contextmanager
def snapshot(url: str) -> Iterator[Snapshot]:
    """The database as it is now, while others go on writing; a standby serves as well."""
    with psycopg.connect(plain(url), options="-c timezone=UTC -c statement_timeout=0") as connection:
        connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(SERVING_ROLE)))
        connection.commit()
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield Snapshot(connection)
        connection.rollback()


def others_are_connected(url: str) -> bool:
    """Whether anybody else uses this database now."""
    with psycopg.connect(plain(url)) as connection:
        return connection.execute(_OTHERS).fetchone() != (0,)


def is_empty(url: str) -> bool:
    """Whether a backup may be put there: no table of ours, or no organization in it."""
    with psycopg.connect(plain(url)) as connection:
        if connection.execute("SELECT to_regclass('public.organization') IS NULL").fetchone() == (True,):
            return True
        return connection.execute("SELECT count(*) FROM organization").fetchone() == (0,)


def take_no_changes(url: str, yes: bool) -> None:
    """From the next connection on the whole database is read-only, or takes changes again; the owner's to say."""
    with psycopg.connect(plain(url), autocommit=True, options=WRITES_ALL_THE_SAME) as connection:
        name = sql.Identifier(connection.info.dbname)
        to = sql.SQL("SET {} = on" if yes else "RESET {}").format(sql.Identifier(SETTING))
        connection.execute(sql.SQL("ALTER DATABASE {} {}").format(name, to))


def put_back(url: str, kept: Kept, keys: Iterator[bytes], progress: Progress) -> None:
    """The database holds what was copied and nothing else, at this program's schema; the rows come in one transaction.

    It takes no changes from anybody else from the first moment on.
    """
    take_no_changes(url, True)
    writable = with_options(url, WRITES_ALL_THE_SAME)
    revision = kept.manifest["revision"]
    if migrations.current(writable) not in (None, revision):
        raise SetupProblem("The database has tables of another release already. Name an empty database.")
    migrations.upgrade(writable, revision)
    options = f"{WRITES_ALL_THE_SAME} -c timezone=UTC -c statement_timeout=0"
    with psycopg.connect(plain(url), options=options) as connection:
        forced = [str(row[0]) for row in connection.execute(_FORCED)]
        _force(connection, forced, "NO FORCE")  # the owner fills the tables of every organization
        for name in sorted(kept.manifest["parts"]):
            _fill(connection, kept, name, progress)
        with (
            connection.cursor() as cursor,
            cursor.copy(
                "COPY stream_key (organization_id, stream_id, key_version, wrapped_key, destroyed_at) FROM STDIN"
            ) as copy,
        ):
            for line in keys:
                organization_id, stream_id, version, key, destroyed = json.loads(line)
                wrapped = bytes.fromhex(key) if key is not None else None
                copy.write_row((UUID(organization_id), UUID(stream_id), version, wrapped, destroyed))
        _force(connection, forced, "FORCE")
    migrations.upgrade(writable)


def _force(connection: psycopg.Connection[tuple[Any, ...]], tables: list[str], how: str) -> None:
    for table in tables:
        text = f"ALTER TABLE {{}} {how} ROW LEVEL SECURITY"
        connection.execute(sql.SQL(text).format(sql.Identifier(table)))


def _fill(connection: psycopg.Connection[tuple[Any, ...]], kept: Kept, name: str, progress: Progress) -> None:
    table = name.split("/")[1]
    columns = sql.SQL(", ").join(map(sql.Identifier, kept.manifest["tables"][table]))
    query = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), columns)
    with kept.open(name) as part, connection.cursor() as cursor, cursor.copy(query) as copy:
        while block := part.read(BLOCK):
            copy.write(block)
            progress(len(block))


def with_options(url: str, options: str) -> str:
    """The same address with options for the server in it, for whoever connects by address alone."""
    return make_url(url).update_query_dict({"options": options}).render_as_string(hide_password=False)
