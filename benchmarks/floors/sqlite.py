"""SQLite at its fastest with durable commits: one committing thread, group commit, a file lock per group."""

import fcntl
import os
import sqlite3
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from queue import Empty, SimpleQueue

GROUP = 128
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "busy_timeout=10000",
    "temp_store=MEMORY",
    "cache_size=-16384",
)

TABLES = """
CREATE TABLE contact (id INTEGER PRIMARY KEY, number TEXT NOT NULL UNIQUE);
CREATE TABLE event (id INTEGER PRIMARY KEY, contact_id INTEGER NOT NULL, body BLOB NOT NULL, hash BLOB NOT NULL);
CREATE TABLE state (contact_id INTEGER NOT NULL, program TEXT NOT NULL, state TEXT NOT NULL, since TEXT NOT NULL,
                    PRIMARY KEY (contact_id, program)) WITHOUT ROWID;
CREATE TABLE outbox (id INTEGER PRIMARY KEY, contact_id INTEGER NOT NULL, text TEXT NOT NULL, due TEXT NOT NULL);
CREATE TABLE choice (contact_id INTEGER NOT NULL, program TEXT NOT NULL, state TEXT NOT NULL, since TEXT NOT NULL,
                     PRIMARY KEY (contact_id, program)) WITHOUT ROWID;
CREATE TABLE decision (id INTEGER PRIMARY KEY, number TEXT NOT NULL, body BLOB NOT NULL, at TEXT NOT NULL);
"""

FIND = "SELECT id FROM contact WHERE number = ?"
EVENT = "INSERT INTO event (contact_id, body, hash) VALUES (?, ?, ?)"
STATE = (
    "INSERT INTO state (contact_id, program, state, since) VALUES (?, ?, 'withdrawn', ?) "
    "ON CONFLICT (contact_id, program) DO UPDATE SET state = excluded.state, since = excluded.since"
)
OUTBOX = "INSERT INTO outbox (contact_id, text, due) VALUES (?, ?, ?)"
DECISION = "INSERT INTO decision (number, body, at) VALUES (?, ?, ?)"
LOOK_UP = (
    "SELECT s.state, s.since FROM contact c JOIN state s ON s.contact_id = c.id WHERE c.number = ? AND s.program = ?"
)
CHOICES = "SELECT h.program, h.state, h.since FROM contact c JOIN choice h ON h.contact_id = c.id WHERE c.number = ?"
PROGRAMS = tuple(f"program-{n}" for n in range(10))  # those of a page

Work = Callable[[sqlite3.Connection], object]

sqlite3.register_adapter(bytes, bytes)  # else the driver looks for adapters of it at each parameter


class _Waiting:
    __slots__ = ("done", "error", "work")

    def __init__(self, work: Work) -> None:
        self.work = work
        self.error: BaseException | None = None
        self.done = threading.Lock()  # the cheapest thing a thread can sleep on
        self.done.acquire()


class Store:
    """The floor's tables in one SQLite file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._queue: SimpleQueue[_Waiting] = SimpleQueue()
        self._own = threading.local()
        threading.Thread(target=self._serve, name="committer", daemon=True).start()

    def stop(self, number: str, body: bytes, digest: bytes, text: str, now: str, program: str) -> None:
        """Event, state and outbox are on stable storage, in one commit."""

        def work(connection: sqlite3.Connection) -> None:
            found = connection.execute(FIND, (number,)).fetchone()
            if found is not None:
                contact = found[0]
                connection.execute(EVENT, (contact, body, digest))
                connection.execute(STATE, (contact, program, now))
                connection.execute(OUTBOX, (contact, text, now))

        self._write(work)

    def store_decision(self, number: str, body: bytes, now: str) -> None:
        """One row is on stable storage."""
        self._write(lambda connection: connection.execute(DECISION, (number, body, now)))

    def look_up(self, number: str, program: str) -> tuple[str, str] | None:
        """State and since when, by two indexes."""
        row: tuple[str, str] | None = self._reader().execute(LOOK_UP, (number, program)).fetchone()
        return row

    def choices(self, number: str) -> list[tuple[str, str, str]]:
        """Ten programs with what holds, by two indexes."""
        rows: list[tuple[str, str, str]] = self._reader().execute(CHOICES, (number,)).fetchall()
        return rows

    def _write(self, work: Work) -> None:
        waiting = _Waiting(work)
        self._queue.put(waiting)
        waiting.done.acquire()
        if waiting.error is not None:
            raise waiting.error

    def _reader(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._own, "connection", None)
        if connection is None:
            connection = self._own.connection = connect(self._path)
            connection.execute("PRAGMA query_only=ON")
        return connection

    def _serve(self) -> None:
        connection = connect(self._path)
        lock = os.open(self._path.with_name(self._path.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        while True:
            group = [self._queue.get()]
            try:
                while len(group) < GROUP:
                    group.append(self._queue.get_nowait())
            except Empty:
                pass
            fcntl.flock(lock, fcntl.LOCK_EX)
            try:
                connection.execute("BEGIN IMMEDIATE")
                for waiting in group:
                    waiting.work(connection)
                connection.execute("COMMIT")
            except sqlite3.Error as error:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                for waiting in group:
                    waiting.error = error
            finally:
                fcntl.flock(lock, fcntl.LOCK_UN)
            for waiting in group:
                waiting.done.release()


def prepare(path: Path, numbers: Sequence[str], program: str, now: str) -> None:
    """A file with the tables, every number and its consent."""
    connection = connect(path)
    connection.executescript(TABLES)
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO contact (id, number) VALUES (?, ?)", enumerate(numbers, 1))
    connection.executemany(
        "INSERT INTO state VALUES (?, ?, 'given', ?)", ((n, program, now) for n in range(1, len(numbers) + 1))
    )
    connection.executemany(
        "INSERT INTO choice VALUES (?, ?, 'given', ?)",
        ((n, one, now) for n in range(1, len(numbers) + 1) for one in PROGRAMS),
    )
    connection.execute("COMMIT")
    connection.execute("ANALYZE")
    connection.close()


def count(path: Path, table: str) -> int:
    """How many rows `table` holds."""
    connection = connect(path)
    rows: int = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    connection.close()
    return rows


def connect(path: Path) -> sqlite3.Connection:
    """A connection that commits durably and starts no transaction by itself."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    for pragma in PRAGMAS:
        connection.execute("PRAGMA " + pragma)
    return connection
