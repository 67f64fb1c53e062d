"""The one way in: `write(work)` and `read()`, the same on both databases."""

import sqlite3
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa

from consent.db import patience
from consent.db.breaker import Breaker
from consent.db.committer import Committer, NoAnswer
from consent.db.engine import SQLITE_LOCAL, SQLITE_SHARED, make_engine
from consent.db.locks import FileLock, locks_work
from consent.db.pool import Pool
from consent.db.readonly import SETTING, BeingRestored, is_marked, mark_of
from consent.db.sql import Sql
from consent.db.transaction import Tx
from consent.errors import Unavailable

T = TypeVar("T")

# Pages in the write-ahead log before it is copied into the file and begun again: a short log is overwritten in place,
# a long one keeps growing, and growing a file makes each sync several times as slow (docs/performance.md).
CHECKPOINT_PAGES = 1_000
# KiB of the file that each reading connection keeps; there is one for every thread that ever read at once, and what
# it does not keep comes from the system's own cache. The committing connection keeps more (`engine`).
READER_CACHE = 1_024
READERS = 8  # reading connections to a SQLite file: a read takes microseconds, and each connection has a cache
BEGIN, ROLLBACK = Sql("BEGIN"), Sql("ROLLBACK")
ANYTHING = Sql("SELECT 1")

# Seconds for which a file that was in order is believed to be: a mark comes before there is a database to serve, and
# each look for it lets the interpreter's lock go. Whoever writes looks each time.
IN_ORDER_FOR = 1.0

# How long a reading connection waits for a file that somebody else holds; the committing one is waited for with a
# limit of its own (`patience`).
READER_BUSY_MS = 1_000
# 57014 a statement that took too long, 55P03 one that met a lock, 40001 and 40P01 one that met another transaction:
# they say nothing about the database as a whole.
ONE_STATEMENT = ("57014", "55P03", "40001", "40P01")
OF_THE_STATEMENT = ("no such table", "no such column")

# What is raised when the database is away, full, locked or read-only; a driver adds its own.
AWAY: tuple[type[Exception], ...] = (sqlite3.OperationalError, sa.exc.OperationalError)


class Database:
    """A database and how to read and write it; made once per process, after any fork."""

    def __init__(self, url: str, *, connections: int = 16, wait: float = 5.0, finishing: bool = False) -> None:
        """`finishing`: for whoever finishes a restore, and may write while nobody else does."""
        self.url = url
        self.file = Path(sa.make_url(url).database or "") if url.startswith("sqlite") else None
        self.shared_folder = self.file is not None and not locks_work(self.file.parent)
        lite = SQLITE_SHARED if self.shared_folder else SQLITE_LOCAL
        self.engine = make_engine(url, sqlite_mode=lite, writes_all_the_same=finishing)
        self._mark = "" if self.file is None or finishing else str(mark_of(self.file))
        self._in_order_until = 0.0
        self._read_only: bool | None = False if finishing else None  # PostgreSQL; None: nobody has connected yet
        self._pool = Pool(self._connect, connections if self.file is None else READERS, wait)
        self.writing, self.reading = Breaker(), Breaker()
        self._committer: Committer | None = None
        self._away = AWAY
        if self.file is not None:
            lock = None if self.shared_folder else FileLock(self.file.with_name(self.file.name + ".lock"))
            self._committer = Committer(self._connect_writer, lock, self._bar)
            self._write = self._committer.write
        else:
            # Loaded here: the driver takes nine MiB of a process, and a file needs none of it.
            from consent.db import postgresql

            self._away += postgresql.AWAY
            self._write = partial(postgresql.write, self._pool)

    @property
    def is_postgresql(self) -> bool:
        """Whether this is PostgreSQL (else SQLite)."""
        return self.file is None

    def write(self, work: Callable[[Tx], T], organization_id: uuid.UUID | None = None) -> T:
        """Run `work(tx)` in one transaction and return its result once it is on stable storage.

        `work` may be run again after a conflict, so it does nothing but read and write through `tx`.
        """
        self._ask(self.writing)
        if self._read_only and self.restoring():
            raise BeingRestored
        try:
            result: T = self._write(work, organization_id)
        except NoAnswer:
            self.writing.failed()
            raise
        except self._away as error:
            self._failed(self.writing, error)
            if self._read_only:
                raise BeingRestored from error
            raise Unavailable("The database cannot be written right now; a retry is safe.") from error
        self.writing.worked()
        return result

    def _bar(self) -> None:
        """Asked once for a group of writes, with the file's lock held (SQLite)."""
        if self._is_marked():
            raise BeingRestored

    def _is_marked(self) -> bool:
        found = bool(self._mark) and is_marked(self._mark)
        if not found:
            self._in_order_until = time.monotonic() + IN_ORDER_FOR
        return found

    def restoring(self) -> bool:
        """Whether the database was put back from a backup and is not in order yet: it may lack what somebody refused.

        Raises Unavailable where nobody can tell.
        """
        if self.file is not None:
            return time.monotonic() > self._in_order_until and self._is_marked()
        if self._read_only is not False:
            self._pool.close()  # each connection tells what held when it was made
            with self.read(single=True) as tx:
                tx.one(ANYTHING, {})
        return bool(self._read_only)

    @contextmanager
    def read(self, organization_id: uuid.UUID | None = None, *, single: bool = False) -> Iterator[Tx]:
        """A consistent view for reading; what is written inside is refused or lost.

        `single` promises to ask once (one `one`, `all` or `gather`): no BEGIN and no ROLLBACK are sent then.
        """
        self._ask(self.reading)
        try:
            connection = self._pool.take()
        except self._away as error:
            self._failed(self.reading, error)
            raise Unavailable("The database cannot be reached right now.") from error
        broken = True
        try:
            tx = Tx(connection, organization_id, single=single)
            begun = not self.is_postgresql and not single
            if begun:
                tx.run(BEGIN, {})
            try:
                yield tx
            finally:
                tx.finish()
                if begun:
                    tx.run(ROLLBACK, {})
                elif self.is_postgresql:
                    tx.end("ROLLBACK")
            broken = False
            self.reading.worked()
        except self._away as error:
            self._failed(self.reading, error)
            raise Unavailable("The database cannot be read right now.") from error
        finally:
            self._pool.give_back(connection, broken=broken)

    def empty_log(self) -> None:
        """What was deleted and overwritten is no longer in the file's write-ahead log either (SQLite)."""
        if self._committer is not None:
            self._committer.empty_log()

    def close(self) -> None:
        """Finish queued writes and close every connection."""
        if self._committer is not None:
            self._committer.close()
        self._pool.close()
        self.engine.dispose()

    def _ask(self, breaker: Breaker) -> None:
        """Unavailable at once for whoever is in a hurry while the last that was heard is a failure."""
        if breaker.is_open and patience.in_a_hurry() and not breaker.admits():
            raise Unavailable("The database is away; a retry is safe.", retry_after=2)

    def _failed(self, breaker: Breaker, error: Exception) -> None:
        cause = getattr(error, "orig", None) or error  # what SQLAlchemy wrapped
        if getattr(cause, "sqlstate", None) in ONE_STATEMENT or any(one in str(cause) for one in OF_THE_STATEMENT):
            return
        breaker.failed()
        if self.is_postgresql:
            self._pool.close()  # connections of the same server are as dead as this one

    def _connect(self) -> sa.Connection:
        connection = self.engine.connect()
        if self.file is not None:
            driver: Any = connection.connection.driver_connection
            driver.execute("PRAGMA query_only=ON")
            driver.execute(f"PRAGMA busy_timeout={READER_BUSY_MS}")
            driver.execute(f"PRAGMA cache_size=-{READER_CACHE}")
            driver.execute("PRAGMA wal_autocheckpoint=0")
        else:
            told: Any = connection.connection.driver_connection
            self._read_only = told.info.parameter_status(SETTING) == "on"
        return connection

    def _connect_writer(self) -> sa.Connection:
        connection = self.engine.connect()
        driver: Any = connection.connection.driver_connection
        driver.execute(f"PRAGMA wal_autocheckpoint={CHECKPOINT_PAGES}")
        return connection
