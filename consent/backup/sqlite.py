"""A SQLite file copied while others write to it, and put in place from a copy."""

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import UUID

from consent.backup.archive import BLOCK, Archive, Kept, Progress
from consent.db import migrations
from consent.db.readonly import mark_of, sync_folder, write_mark
from consent.errors import SetupProblem

PART = "database.sqlite3"
PAGES = 4096  # copied between two looks at the progress

_KEYS = "SELECT organization_id, stream_id, key_version, wrapped_key, destroyed_at FROM stream_key"
_INSERT = (
    "INSERT INTO stream_key (organization_id, stream_id, key_version, wrapped_key, destroyed_at) VALUES (?, ?, ?, ?, ?)"
)


class Copied:
    """A copy of the whole file at one instant, out of which the data keys were taken."""

    def __init__(self, file: Path, keys: Path) -> None:
        self._file, self._keys = file, keys

    def rows(self, text: str) -> list[tuple[Any, ...]]:
        """What the copy answers."""
        with closing(sqlite3.connect(f"file:{self._file}?mode=ro", uri=True)) as connection:
            return connection.execute(text).fetchall()

    def rows_of(self, _organization_id: UUID, text: str) -> list[tuple[Any, ...]]:
        """As `rows`: a file knows no row security."""
        return self.rows(text)

    def write(self, archive: Archive, progress: Progress) -> None:
        """The file is in the archive."""
        with self._file.open("rb") as source, archive.part(PART) as part:
            while block := source.read(BLOCK):
                part.write(block)
                progress(len(block))

    def stream_keys(self) -> Iterator[bytes]:
        """Each data key as a line."""
        with self._keys.open("rb") as lines:
            yield from lines

    @property
    def columns(self) -> dict[str, list[str]]:
        """None: the file holds its own schema."""
        return {}

    @property
    def size(self) -> int:
        """Bytes that `write` will report."""
        return self._file.stat().st_size


@contextmanager
def copied(file: Path, beside: Path) -> Iterator[Copied]:
    """The file as it is now, copied by SQLite itself into a private file in the folder `beside`; gone afterwards."""
    if not file.exists():
        raise SetupProblem(f"There is no database {file}.")
    copy, keys = (beside / f".{os.getpid()}.{name}" for name in ("copy", "keys"))
    try:
        for one in (copy, keys):
            os.close(os.open(one, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(copy)) as target:
            # Held open, so that every page is of this instant however much is written meanwhile.
            source.execute("BEGIN")
            source.execute("SELECT count(*) FROM sqlite_master").fetchall()
            source.backup(target, pages=PAGES)
            target.execute("PRAGMA journal_mode=DELETE")
            _take_keys_out(target, keys)
        yield Copied(copy, keys)
    finally:
        for one in (copy, keys, copy.with_name(copy.name + "-journal")):
            one.unlink(missing_ok=True)


def _take_keys_out(copy: sqlite3.Connection, to: Path) -> None:
    copy.execute("PRAGMA secure_delete=ON")
    with to.open("wb") as lines:
        for organization_id, stream_id, version, wrapped, destroyed in copy.execute(_KEYS):
            key = wrapped.hex() if wrapped is not None else None
            lines.write(json.dumps([organization_id.hex(), stream_id.hex(), version, key, destroyed]).encode() + b"\n")
    copy.execute("DELETE FROM stream_key")
    copy.commit()


def is_empty(file: Path) -> bool:
    """Whether a backup may be put there."""
    return not file.exists() or file.stat().st_size == 0


def put_back(file: Path, kept: Kept, keys: Iterator[bytes], facts: dict[str, Any], progress: Progress) -> None:
    """The file is the one that was copied, at this program's schema, with its keys, marked as being restored.

    It gets its name last: whatever fails before leaves nothing.
    """
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        fd = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(fd, "wb") as out, kept.open(PART) as part:
            while block := part.read(BLOCK):
                out.write(block)
                progress(len(block))
        with closing(sqlite3.connect(draft)) as connection:
            connection.executemany(_INSERT, map(_row, keys))
            connection.commit()
            said = connection.execute("PRAGMA quick_check").fetchone()
        if said != ("ok",):
            raise SetupProblem("The database in the backup does not pass SQLite's own check. Use another backup.")
        migrations.upgrade(f"sqlite:///{draft}")
        with closing(sqlite3.connect(draft)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.execute("PRAGMA journal_mode=DELETE")
        fd = os.open(draft, os.O_RDONLY)
        os.fsync(fd)
        os.close(fd)
        write_mark(mark_of(file), facts)
        for left in ("-wal", "-shm", "-journal"):  # of a file that is gone: SQLite would apply them to this one
            file.with_name(file.name + left).unlink(missing_ok=True)
        draft.replace(file)
        sync_folder(file.parent)
    finally:
        for one in (draft, *(draft.with_name(draft.name + left) for left in ("-wal", "-shm", "-journal", ".lock"))):
            with suppress(OSError):
                one.unlink(missing_ok=True)


def _row(line: bytes) -> tuple[Any, ...]:
    organization_id, stream_id, version, key, destroyed = json.loads(line)
    wrapped = bytes.fromhex(key) if key is not None else None
    return bytes.fromhex(organization_id), bytes.fromhex(stream_id), version, wrapped, destroyed
