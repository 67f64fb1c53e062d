"""The end of a stream: its facts and its key are gone, its entries stay and prove nothing about anybody (ledger A11).

That it was erased is told three times: by the last entry of the stream, by a row of the database, and by a file outside
the database, so that a restored backup is erased again.
"""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from consent.db import Sql, Tx
from consent.db.locks import FileLock
from consent.ledger import outside
from consent.ledger import service as ledger
from consent.ledger.bodies import instant
from consent.ledger.keys import Keyring
from consent.ledger.streams import EVENTS_OF_STREAM

DONE = "erasure.done"
SHRED = "shred"  # the mode of A11 in which nothing is kept back

_KEY = Sql("SELECT wrapped_key FROM stream_key WHERE organization_id = :organization_id AND stream_id = :stream_id")
_HEAD = Sql(
    "SELECT seq, leaf_hash, last_occurred_at FROM stream_head"
    " WHERE organization_id = :organization_id AND stream_id = :stream_id"
)
_NOTED = Sql("SELECT 1 FROM erasure_journal WHERE organization_id = :organization_id AND stream_id = :stream_id")
_FORGET_FACTS = Sql(
    "DELETE FROM ledger_disclosure WHERE organization_id = :organization_id"  # noqa: S608 - fixed parts
    f" AND event_id IN {EVENTS_OF_STREAM}"
)
_FORGET_TEXTS = Sql(
    "DELETE FROM ledger_disclosure WHERE organization_id = :organization_id"  # noqa: S608 - fixed parts
    f" AND name = 'message' AND event_id IN {EVENTS_OF_STREAM}"
)
_COUNT = Sql(
    "SELECT count(*), coalesce(sum(CASE WHEN d.name = 'message' THEN 1 ELSE 0 END), 0)"  # noqa: S608 - fixed parts
    f" FROM ledger_disclosure d WHERE d.organization_id = :organization_id AND d.event_id IN {EVENTS_OF_STREAM}"
)
_DESTROY_KEY = Sql(
    "UPDATE stream_key SET wrapped_key = NULL, destroyed_at = :now"
    " WHERE organization_id = :organization_id AND stream_id = :stream_id"
)
_NOTE = Sql(
    "INSERT INTO erasure_journal (organization_id, stream_id, case_id, done_at)"
    " VALUES (:organization_id, :stream_id, :case_id, :now)"
    " ON CONFLICT (organization_id, stream_id, case_id) DO NOTHING"
)
# A file keeps what was deleted until the space is used again; while this is on, it is overwritten at once.
_OVERWRITE = Sql("PRAGMA secure_delete=ON", postgresql="SELECT 1")


@dataclass(frozen=True, slots=True)
class Erased:
    """A stream that was erased, or has to be: for which case, and when that was decided. `part`: only this of it."""

    stream_id: uuid.UUID
    case_id: uuid.UUID
    at: datetime
    part: str = ""


def is_erased(tx: Tx, organization_id: uuid.UUID, stream_id: uuid.UUID) -> bool:
    """Whether this database has erased the stream; also where there never was one.

    A backup that was put back with newer keys lacks the key of whom it still holds: that alone is no erasure.
    """
    place = {"organization_id": organization_id, "stream_id": stream_id}
    row = tx.one(_KEY, place)
    return row is None or (row[0] is None and tx.one(_NOTED, place) is not None)


def facts_held(tx: Tx, organization_id: uuid.UUID, stream_id: uuid.UUID) -> tuple[int, int]:
    """How many rows of personal facts the stream has, and how many of them are texts of messages."""
    row = tx.one(_COUNT, {"organization_id": organization_id, "stream_id": stream_id})
    return (0, 0) if row is None else (int(row[0]), int(row[1]))


def overwrite_deleted(tx: Tx) -> None:
    """What this transaction deletes is overwritten in the file (SQLite)."""
    tx.all(_OVERWRITE, {})


def forget_texts(tx: Tx, organization_id: uuid.UUID, stream_id: uuid.UUID) -> int:
    """The texts of the stream's messages are gone and everything else of it stays; returns how many there were."""
    overwrite_deleted(tx)
    return tx.run(_FORGET_TEXTS, {"organization_id": organization_id, "stream_id": stream_id})


def erase(
    tx: Tx, keyring: Keyring, log: ledger.Log, stream_id: uuid.UUID, case_id: uuid.UUID, now: datetime
) -> ledger.Entry | None:
    """The stream ends with `erasure.done`; its facts and its data key are gone. None when they were gone before.

    The outside journal (`note_outside`) is written before: better erased twice than forgotten once.
    """
    place = {"organization_id": log.organization_id, "stream_id": stream_id}
    if is_erased(tx, log.organization_id, stream_id):
        return None
    overwrite_deleted(tx)
    stream = _open(tx, keyring, log.organization_id, stream_id)
    event = ledger.Event(DONE, "system", data={"case": str(case_id), "mode": SHRED})
    entry = ledger.append(tx, log, stream, event, now)
    tx.run(_FORGET_FACTS, place)
    tx.run(_DESTROY_KEY, place | {"now": now})
    tx.run(_NOTE, place | {"case_id": case_id, "now": now})
    return entry


def _open(tx: Tx, keyring: Keyring, organization_id: uuid.UUID, stream_id: uuid.UUID) -> ledger.Stream:
    """The stream, locked; that of a person has a key and, until now, no entry.

    Of one whose key is gone already nothing is sealed any more: its last entry has no facts.
    """
    place = {"organization_id": organization_id, "stream_id": stream_id}
    head, row = tx.one(_HEAD, place), tx.one(_KEY, place)
    assert row is not None
    if row[0] is None:
        return ledger.Stream(stream_id, b"") if head is None else ledger.stream_at(stream_id, b"", *head)
    if head is not None:
        return ledger.stream(tx, keyring, organization_id, stream_id)
    return ledger.Stream(stream_id, keyring.stream_key(organization_id, bytes(row[0])))


def note_outside(data_dir: Path, organization_id: uuid.UUID, erased: Erased) -> None:
    """The outside store knows that this stream is erased, on stable storage; noting it twice changes nothing."""
    path = _file(data_dir, organization_id, erased)
    is_new = not path.exists()
    if erased.part or is_new:  # a stream ends once; of one that goes on a part may go again and again
        said = {"stream": str(erased.stream_id), "case": str(erased.case_id), "at": instant(erased.at)}
        outside.write(path, json.dumps(said | ({"part": erased.part} if erased.part else {})) + "\n")
    counted = _counted(data_dir, organization_id)
    if is_new or not counted.exists():
        lock = FileLock(counted.with_name("erased.lock"))
        try:
            with lock:  # counted anew each time would be slow; a number that is too small hides one that is missing
                before = int(counted.read_text("ascii")) + is_new if counted.exists() else 0
                outside.write(counted, f"{before or _found(data_dir, organization_id)}\n")
        finally:
            lock.close()


def missing_outside(data_dir: Path, organization_id: uuid.UUID) -> int:
    """How many erasures the outside store knows of by their number, and not by their files."""
    counted = _counted(data_dir, organization_id)
    known = int(counted.read_text("ascii")) if counted.exists() else 0
    return max(known - _found(data_dir, organization_id), 0)


def _found(data_dir: Path, organization_id: uuid.UUID) -> int:
    return sum(1 for _one in _folder(data_dir, organization_id).glob("*/*.json"))


def noted_outside(data_dir: Path, organization_id: uuid.UUID) -> Iterator[Erased]:
    """Every stream the outside store says is erased: what a restore erases again."""
    for path in sorted(_folder(data_dir, organization_id).glob("*/*.json")):
        said = json.loads(path.read_text("utf-8"))
        at = datetime.fromisoformat(said["at"])
        yield Erased(uuid.UUID(said["stream"]), uuid.UUID(said["case"]), at, said.get("part", ""))


def _file(data_dir: Path, organization_id: uuid.UUID, erased: Erased) -> Path:
    name, part = str(erased.stream_id), f".{erased.part}" if erased.part else ""
    return _folder(data_dir, organization_id) / name[:2] / f"{name}{part}.json"


def _folder(data_dir: Path, organization_id: uuid.UUID) -> Path:
    return data_dir / "outside" / str(organization_id) / "erasures"


def _counted(data_dir: Path, organization_id: uuid.UUID) -> Path:
    """How many files the journal has, beside it: without the journal the number is still there."""
    return _folder(data_dir, organization_id).with_name("erased")
