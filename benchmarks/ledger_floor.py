"""The floor under `ledger verify`: read the stored bytes of every leaf and hash them, nothing else."""

import sqlite3
import time
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg

BATCH = 10_000
BODIES = "SELECT body FROM ledger_event"


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
