"""The local spool: what must not be lost while the database is away waits here, encrypted, on stable storage.

A SQLite file of its own beside the keys. Every row is synced before `append` returns. Whether anything waits is told
by a mark in the folder, for every process of this machine and without asking the file: the mark stands while nothing
waits, and is taken away, which needs no space, before the first row is written.
"""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from consent.db import patience
from consent.db.database import Database
from consent.db.durable import is_durable
from consent.db.flag import Flag
from consent.db.locks import FileLock
from consent.db.sql import Sql
from consent.db.transaction import Tx
from consent.db.types import as_instant, stored_text
from consent.errors import Unavailable

APPEND_SECONDS = 0.6  # a gateway waits: what is not on the disk by then is answered 503
RESERVE = 16 * 1024 * 1024  # bytes of the file that are there before they are needed: the disk may be full
LOG_RESERVE = 5 * 1024 * 1024  # of its write-ahead log, which is copied back after 4 MiB
MOST_UNPROVED = 1_000  # rows that nobody has proved yet, in number …
MOST_UNPROVED_BYTES = 16 * 1024 * 1024  # … and in bytes
NONCE = 12
RETRY_AFTER = 10

_CREATE = Sql(
    "CREATE TABLE IF NOT EXISTS spooled (seq INTEGER PRIMARY KEY AUTOINCREMENT, id BLOB NOT NULL,"
    " arrived_at TEXT NOT NULL, lane INTEGER NOT NULL, proved INTEGER NOT NULL, sealed BLOB NOT NULL,"
    " tries INTEGER NOT NULL DEFAULT 0, error TEXT NOT NULL DEFAULT '', aside INTEGER NOT NULL DEFAULT 0)"
)
_INSERT = Sql(
    "INSERT INTO spooled (id, arrived_at, lane, proved, sealed) VALUES (:id, :arrived_at, :lane, :proved, :sealed)"
)
_UNPROVED = Sql("SELECT count(*), coalesce(sum(length(sealed)), 0) FROM spooled WHERE proved = 0 AND aside = 0")
_NEXT = Sql(
    "SELECT seq, id, arrived_at, lane, proved, tries, sealed FROM spooled WHERE aside = 0 AND seq > :after"
    " ORDER BY seq LIMIT :most"
)
_INDEX = Sql("CREATE INDEX IF NOT EXISTS ix_spooled_lane ON spooled (lane) WHERE aside = 0")
_HOLDS = Sql("SELECT 1 FROM spooled WHERE aside = 0 AND lane IN (:lane, 0) LIMIT 1")
_ANY = Sql("SELECT 1 FROM spooled WHERE aside = 0 LIMIT 1")
_ASIDE = Sql("SELECT seq, id, arrived_at, sealed FROM spooled WHERE aside = 1")
_OVERWRITE = Sql("PRAGMA secure_delete=ON")
_DELETE = Sql("DELETE FROM spooled WHERE seq = :seq")
_FAILED = Sql("UPDATE spooled SET tries = tries + 1, error = :error, aside = :aside WHERE seq = :seq")
_BACK = Sql("UPDATE spooled SET tries = 0, aside = 0 WHERE aside = 1")
_FIGURES = Sql(
    "SELECT coalesce(sum(aside = 0), 0), coalesce(sum(aside), 0), min(CASE WHEN aside = 0 THEN arrived_at END)"
    " FROM spooled"
)
_FILL = Sql("INSERT INTO spooled (id, arrived_at, lane, proved, sealed) VALUES (x'', '', 0, 1, zeroblob(:size))")
_UNFILL = Sql("DELETE FROM spooled WHERE id = x''")


@dataclass(frozen=True, slots=True)
class Spooled:
    """One thing that waits; `content` is None when it cannot be opened."""

    seq: int
    arrived_at: datetime
    lane: int  # what has the same lane stays in order; 0: in order with everything
    proved: bool
    tries: int
    content: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Figures:
    """How much waits, how much was set aside, and since when the oldest waits."""

    waiting: int
    aside: int
    oldest: datetime | None


class Spool:
    """The spool of this machine; nothing is made on disk before it is needed or `prepare` is called."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self.folder = folder
        self.file = folder / "spool.sqlite3"
        self._nothing = Flag(str(folder / "nothing-waits"))
        self._key = AESGCM(key)
        self._opening = threading.Lock()
        self._db: Database | None = None

    def waiting(self) -> bool:
        """Whether anything waits that was acknowledged and is not on record yet."""
        return not self._nothing.stands() and self._may_be_there()

    def usable(self) -> bool:
        """Whether something could be kept here now, as far as one can tell without keeping it."""
        try:
            self._opened()
        except Unavailable:
            return False
        return True

    def prepare(self) -> None:
        """The file is there with room in it. Raises Unavailable where nothing that is kept would last."""
        db = self._opened()
        if self.file.stat().st_size < RESERVE:
            db.write(lambda tx: tx.run(_FILL, {"size": RESERVE}))
        else:
            db.write(lambda tx: tx.run(_FILL, {"size": LOG_RESERVE}))
        db.write(lambda tx: tx.run(_UNFILL, {}))
        self._mark(db)

    def append(self, content: bytes, arrived_at: datetime, *, lane: int, proved: bool) -> None:
        """It is on stable storage; Unavailable when it is not."""
        row_id, at = os.urandom(16), stored_text(arrived_at)
        nonce = os.urandom(NONCE)
        row = {
            "id": row_id,
            "arrived_at": at,
            "lane": lane,
            "proved": int(proved),
            "sealed": nonce + self._key.encrypt(nonce, content, _place(row_id, at)),
        }

        def keep(tx: Tx) -> None:
            if not proved:
                _make_sure_of_room(tx)
            self._nothing.take_away()
            tx.run(_INSERT, row)

        with patience.unhurried(), patience.bounded(APPEND_SECONDS):
            self._opened().write(keep)

    def holds(self, lane: int) -> bool:
        """Whether something waits that this lane must not overtake."""
        with self._opened().read(single=True) as tx:
            return tx.one(_HOLDS, {"lane": lane}) is not None

    def next(self, most: int, after: int = 0) -> list[Spooled]:
        """The oldest that wait, in order of arrival."""
        with self._opened().read(single=True) as tx:
            rows = tx.all(_NEXT, {"most": most, "after": after})
        return [
            Spooled(seq, as_instant(at), lane, bool(proved), tries, self._open(sealed, row_id, at))
            for seq, row_id, at, lane, proved, tries, sealed in rows
        ]

    def done(self, rows: Sequence[int]) -> None:
        """These are on record; the mark is back when they were the last."""

        db = self._opened()
        if rows:
            db.write(lambda tx: tx.many(_DELETE, [{"seq": seq} for seq in rows]))
        self._mark(db)

    def failed(self, seq: int, error: str, *, aside: bool) -> None:
        """One more try is counted; set aside, it waits for a person and for nobody else."""

        db = self._opened()
        db.write(lambda tx: tx.run(_FAILED, {"seq": seq, "error": error[:200], "aside": int(aside)}))
        if aside:
            self._mark(db)

    def bring_back(self) -> int:
        """What was set aside is tried again; how many."""

        def back(tx: Tx) -> int:
            found = tx.run(_BACK, {})
            if found:
                self._nothing.take_away()
            return found

        return self._opened().write(back) if self.file.exists() else 0

    def forget_aside(self, is_theirs: Callable[[bytes], bool]) -> int:
        """What was set aside and is somebody's is gone; what still waits to be recorded is not touched."""
        if not self.file.exists():
            return 0

        def forget(tx: Tx) -> int:
            rows = tx.all(_ASIDE, {})
            opened = ((seq, self._open(sealed, row_id, at)) for seq, row_id, at, sealed in rows)
            theirs = [seq for seq, content in opened if content is not None and is_theirs(content)]
            tx.all(_OVERWRITE, {})
            tx.many(_DELETE, [{"seq": seq} for seq in theirs])
            return len(theirs)

        gone = self._opened().write(forget)
        if gone:
            self._opened().empty_log()
        return gone

    def figures(self) -> Figures:
        """What is in it now."""
        if not self.file.exists():
            return Figures(0, 0, None)
        with self._opened().read(single=True) as tx:
            row = tx.one(_FIGURES, {})
        waiting, aside, oldest = row if row is not None else (0, 0, None)
        return Figures(waiting, aside, as_instant(oldest) if oldest else None)

    @contextmanager
    def held(self) -> Iterator[bool]:
        """Whether this process is the one that works it off; for as long as the block lasts."""
        lock = FileLock(self.folder / "drain.lock")
        try:
            yield lock.try_hold()
        finally:
            lock.close()

    def close(self) -> None:
        """No file is held open."""
        with self._opening:
            if self._db is not None:
                self._db.close()
                self._db = None

    def _opened(self) -> Database:
        if self._db is not None:
            return self._db
        with self._opening:
            if self._db is None:
                try:
                    self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                    if not is_durable(self.folder):
                        raise Unavailable("The data folder lies in memory: nothing that is kept there would last.")
                    db = Database(f"sqlite:///{self.file}")
                except OSError:
                    raise Unavailable(
                        "The folder of the local spool cannot be written.", retry_after=RETRY_AFTER
                    ) from None
                try:
                    db.write(_found)
                    self._mark(db)
                except Unavailable:
                    db.close()
                    raise
                self._db = db
        return self._db

    def _may_be_there(self) -> bool:
        try:
            os.stat(self.file)  # noqa: PTH116
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError:  # nobody can tell: the careful side
            return True
        return True

    def _mark(self, db: Database) -> None:
        """The mark tells what the file holds. Told with the writers' lock held, so nobody appends meanwhile."""
        db.write(lambda tx: self._tell(db, tx))

    def _tell(self, db: Database, tx: Tx) -> None:
        """Only what is committed counts as gone: a commit that fails brings back what its works took away."""
        with db.read(single=True) as committed:
            gone = committed.one(_ANY, {}) is None
        if gone and tx.one(_ANY, {}) is None:
            self._nothing.put_up()
        else:
            self._nothing.take_away()

    def _open(self, sealed: bytes, row_id: bytes, at: str) -> bytes | None:
        try:
            return self._key.decrypt(sealed[:NONCE], sealed[NONCE:], _place(row_id, at))
        except (InvalidTag, ValueError):
            return None


def _found(tx: Tx) -> None:
    tx.run(_CREATE, {})
    tx.run(_INDEX, {})


def _make_sure_of_room(tx: Tx) -> None:
    """Strangers cannot fill the disk while nobody can be asked who they are."""
    count, size = tx.one(_UNPROVED, {}) or (0, 0)
    if count >= MOST_UNPROVED or size >= MOST_UNPROVED_BYTES:
        raise Unavailable("Too many calls wait that nobody could check yet.", retry_after=RETRY_AFTER)


def _place(row_id: bytes, at: str) -> bytes:
    """What binds a row's ciphertext to the row and to the instant of its arrival."""
    return b"spool|1|" + row_id + at.encode()
