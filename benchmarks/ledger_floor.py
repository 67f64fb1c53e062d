"""The floors under the ledger: write bodies and heads by the raw driver; read every body and hash it."""

import sqlite3
import time
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.floors import sqlite

BATCH = 10_000
BODIES = "SELECT body FROM ledger_event"
BODY = b"." * 900
NOW = "2026-01-05T12:00:00+00:00"

PG_EVENT = "INSERT INTO event (contact_id, body, hash) VALUES (%s, %b, %b)"
PG_HEAD = (
    "INSERT INTO state (contact_id, program, state, since) VALUES (%s, 'head', '1', %s)"
    " ON CONFLICT (contact_id, program) DO UPDATE SET state = excluded.state, since = excluded.since"
)


class SqliteWriter:
    """Event and head rows in groups, one durable commit each."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite.connect(path)
        self._next = 1_000_000_000

    def write(self, events: int) -> None:
        """So many events and heads are on stable storage."""
        first, self._next = self._next, self._next + events
        self._connection.execute("BEGIN IMMEDIATE")
        for stream in range(first, first + events):
            self._connection.execute(sqlite.EVENT, (stream, BODY, _hash_of(stream)))
            self._connection.execute(sqlite.STATE, (stream, "head", NOW))
        self._connection.execute("COMMIT")

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()


class PostgresqlWriter:
    """The same over one connection, all of a group in one pipeline."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url, prepare_threshold=1)
        self._next = 1_000_000_000

    def write(self, events: int) -> None:
        """So many events and heads are on stable storage."""
        first, self._next = self._next, self._next + events
        with self._connection.transaction(), self._connection.cursor() as cursor:
            cursor.executemany(PG_EVENT, [(s, BODY, _hash_of(s)) for s in range(first, first + events)])
            cursor.executemany(PG_HEAD, [(s, NOW) for s in range(first, first + events)])

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()


def writer(database: str | Path) -> SqliteWriter | PostgresqlWriter:
    """The floor under append on this database."""
    return PostgresqlWriter(database) if isinstance(database, str) else SqliteWriter(database)


def read_and_hash(database: str | Path) -> tuple[int, float]:
    """How many leaves were read and hashed, and in how many seconds."""
    began = time.perf_counter()
    count = _on_postgresql(database) if isinstance(database, str) else _on_sqlite(database)
    return count, time.perf_counter() - began


def _on_sqlite(path: Path) -> int:
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return _hash(connection.execute(BODIES))
    finally:
        connection.close()


def _on_postgresql(url: str) -> int:
    with psycopg.connect(url) as connection, connection.cursor("leaves", binary=True) as cursor:
        cursor.itersize = BATCH
        return _hash(cursor.execute(BODIES))


def _hash(rows: Iterable[tuple[Any, ...]]) -> int:
    count = 0
    for (body,) in rows:
        sha256(b"\x00" + body).digest()
        count += 1
    return count


def _hash_of(stream: int) -> bytes:
    return sha256(BODY + stream.to_bytes(8, "big")).digest()
