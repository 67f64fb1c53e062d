"""Importing consents: a made-up file, the floor that only reads and writes it, and ours that also asks and proves."""

import csv
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from hashlib import sha256
from itertools import islice
from pathlib import Path

import psycopg

from benchmarks import process
from benchmarks.figures import Figure
from benchmarks.floors import sqlite
from benchmarks.ledger import Pair
from benchmarks.service import PROGRAM, SLUG, WORDING, Ready
from consent.imports import mapping as mappings
from consent.imports import reading, running
from consent.imports.service import BATCH

REACH = 0.1
MOST_MIB = 300.0
FIRST_NUMBER = 12015550100
HEADING = ("address", "channel", "program", "state", "occurred_at", "method", "wording_text", "wording_language", "ip")
BODY = b"." * 900

PG_CONTACT = "INSERT INTO contact (number) VALUES (%s) ON CONFLICT (number) DO NOTHING"
PG_FIND = "SELECT number, id FROM contact WHERE number = ANY(%s)"
PG_EVENT = "INSERT INTO event (contact_id, body, hash) VALUES (%s, %b, %b)"
PG_STATE = (
    "INSERT INTO state (contact_id, program, state, since) VALUES (%s, %s, %s, %s)"
    " ON CONFLICT (contact_id, program) DO UPDATE SET state = excluded.state, since = excluded.since"
)


def write(file: Path, first: int, rows: int) -> Path:
    """A file of so many people who agreed, each with a number of its own."""
    said_at = datetime(2026, 3, 1, 17, 0, tzinfo=UTC).isoformat()
    with file.open("w", newline="", encoding="utf-8") as written:
        out = csv.writer(written)
        out.writerow(HEADING)
        out.writerows(
            (f"+{first + place}", "sms", PROGRAM, "given", said_at, "web-form", WORDING, "en", "203.0.113.7")
            for place in range(rows)
        )
    return file


def imported(ready: Ready, database: str, floor_at: str | Path, folder: Path, rounds: int, rows: int) -> Pair:
    """Rows per second: the floor reads the CSV and writes contact, event and state in the same batches."""
    pair = Pair("import of consents", database, REACH)
    for turn in range(rounds):
        file = write(folder / "people.csv", FIRST_NUMBER + turn * rows, rows)
        began = time.perf_counter()
        _floor(floor_at, file)
        pair.floor.append(rows / (time.perf_counter() - began))
        began = time.perf_counter()
        ours(ready, file)
        pair.ours.append(rows / (time.perf_counter() - began))
    return pair


def memory(ready: Ready, database: str, folder: Path, rows: int) -> Figure:
    """The most that the command held while it imported so many rows, in a process of its own."""
    file = write(folder / "people.csv", FIRST_NUMBER + 50_000_000, rows)
    run = process.run(process.consent("import", "consents", str(file), "--organization", SLUG), ready.environment)
    if run.status:
        raise SystemExit("consent import failed")
    return Figure(f"memory of importing {rows:,} rows", database, run.peak_mib, "MiB", MOST_MIB)


def ours(ready: Ready, file: Path) -> None:
    """The file is imported, from looking at it to the entry that it is finished."""
    house, organization_id = ready.house, ready.tenant.id
    mapping, opened = mappings.from_dict({}), reading.from_path(file)
    looked = reading.look(opened, mapping)
    run, new = running.begin(house.db, house.keyring, organization_id, looked, mapping, "bench")
    if not new:
        raise SystemExit("this file was imported before")
    of = running.opened_import(house.db, house.keyring, house.governing, organization_id, run)
    for _ in running.run_rows(house.db, of, opened, looked):
        pass
    done = running.finish(house.db, house.keyring, organization_id, run.id)
    if done.gives != looked.rows:
        raise SystemExit(f"{done.gives} of {looked.rows} rows were recorded")


def _floor(at: str | Path, file: Path) -> None:
    if isinstance(at, str):
        with psycopg.connect(at, autocommit=True) as connection:
            for batch in _batches(file):
                _on_postgresql(connection, batch)
        return
    with closing(sqlite.connect(at)) as lite:
        for batch in _batches(file):
            _on_sqlite(lite, batch)


def _batches(file: Path) -> Iterator[list[list[str]]]:
    with file.open(newline="", encoding="utf-8") as text:
        rows = islice(csv.reader(text), 1, None)
        while batch := list(islice(rows, BATCH)):
            yield batch


def _on_sqlite(lite: sqlite3.Connection, batch: list[list[str]]) -> None:
    lite.execute("BEGIN IMMEDIATE")
    for row in batch:
        found = lite.execute(sqlite.FIND, (row[0],)).fetchone()
        contact = found[0] if found else lite.execute("INSERT INTO contact (number) VALUES (?)", (row[0],)).lastrowid
        lite.execute(sqlite.EVENT, (contact, BODY, _hash(row)))
        lite.execute(sqlite.STATE, (contact, row[2], row[4]))
    lite.execute("COMMIT")


def _on_postgresql(connection: psycopg.Connection[tuple[str, int]], batch: list[list[str]]) -> None:
    with connection.transaction(), connection.cursor() as cursor:
        cursor.executemany(PG_CONTACT, [(row[0],) for row in batch])
        ids = dict(cursor.execute(PG_FIND, ([row[0] for row in batch],)).fetchall())
        cursor.executemany(PG_EVENT, [(ids[row[0]], BODY, _hash(row)) for row in batch])
        cursor.executemany(PG_STATE, [(ids[row[0]], row[2], "given", row[4]) for row in batch])


def _hash(row: list[str]) -> bytes:
    return sha256(BODY + row[0].encode()).digest()
