"""Batches as they are stored, read back, held by one worker, and tried again later."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from consent.db import Sql, Tx
from consent.db.types import as_id, as_instant
from consent.retention.rows import day_of, stored_day

LEASE = timedelta(minutes=2)

_NAMES = (
    "organization_id", "id", "store", "category", "method", "because", "policy_version", "count", "digest", "records",
    "due_on", "backups_gone_by", "state", "token", "attempts", "run_at", "last_error", "locked_by", "locked_until",
    "first_tried_at", "created_at", "done_at",
)  # fmt: skip
_INSERT = Sql(
    f"INSERT INTO disposal_batch ({', '.join(_NAMES)}) VALUES ({', '.join(f':{one}' for one in _NAMES)})"  # noqa: S608 - fixed columns
)
COLUMNS = (
    "id, store, category, method, because, policy_version, count, digest, records, due_on, token, attempts, state,"
    " first_tried_at"
)
_READY = (
    "SELECT id FROM disposal_batch WHERE organization_id = :organization_id AND state IN ('waiting', 'sent')"
    " AND run_at <= :now AND (locked_until IS NULL OR locked_until < :now) ORDER BY run_at LIMIT :most"
)
_CLAIM = (
    "UPDATE disposal_batch SET locked_by = :me, locked_until = :until, first_tried_at = coalesce(first_tried_at, :now)"
    " WHERE organization_id = :organization_id AND id IN ({ready}) RETURNING "
)
_CLAIM_READY = Sql(
    _CLAIM.format(ready=_READY) + COLUMNS,
    postgresql=_CLAIM.format(ready=_READY + " FOR UPDATE SKIP LOCKED") + COLUMNS,
)
_BY_ID = f"SELECT {COLUMNS} FROM disposal_batch WHERE organization_id = :organization_id AND id = :id"  # noqa: S608 - fixed columns
_FIND = Sql(_BY_ID)
_LOCK = Sql(_BY_ID, postgresql=_BY_ID + " FOR UPDATE")
# Nobody has acted on it, or whoever holds it asks before acting; a store that took it may be done already.
_OPEN = (
    _BY_ID + " AND (state = 'by_hand' OR (state = 'waiting' AND token = ''))"
    " AND (locked_until IS NULL OR locked_until < :now OR locked_by = :me)"
)
_LOCK_OPEN = Sql(_OPEN, postgresql=_OPEN + " FOR UPDATE")
_DONE = Sql(
    "UPDATE disposal_batch SET state = 'done', done_at = :now, receipt = :receipt, records = :empty, last_error = '',"
    " backups_gone_by = :gone_by, locked_by = NULL, locked_until = NULL"
    " WHERE organization_id = :organization_id AND id = :id"
)
_WAITS = Sql(
    "UPDATE disposal_batch SET state = :state, run_at = :run_at, attempts = :attempts, last_error = :error,"
    " token = :token, locked_by = NULL, locked_until = NULL"
    " WHERE organization_id = :organization_id AND id = :id AND state <> 'done'"
)
_SMALLER = Sql(
    "UPDATE disposal_batch SET count = :count, records = :records, digest = :digest"
    " WHERE organization_id = :organization_id AND id = :id"
)
_NONE_LEFT = Sql("DELETE FROM disposal_batch WHERE organization_id = :organization_id AND id = :id")


@dataclass(frozen=True, slots=True)
class Batch:
    """Records that one store disposes of at once."""

    id: uuid.UUID
    store: str
    category: str
    method: str
    because: str
    policy_version: str
    count: int
    digest: bytes
    records: bytes
    due_on: date
    token: str = ""
    attempts: int = 0
    state: str = "waiting"
    first_tried_at: datetime | None = None

    @property
    def ids(self) -> list[uuid.UUID]:
        """The ids of its records."""
        return [uuid.UUID(bytes=self.records[at : at + 16]) for at in range(0, len(self.records), 16)]


def packed(ids: Sequence[uuid.UUID]) -> bytes:
    """Ids as a batch keeps them."""
    return b"".join(one.bytes for one in ids)


def claim(tx: Tx, organization_id: uuid.UUID, me: str, now: datetime, most: int, lease: timedelta) -> list[Batch]:
    """Up to `most` batches that are to be tried, held by `me`."""
    asked = {"organization_id": organization_id, "now": now, "most": most, "me": me, "until": now + lease}
    return [_from(row) for row in tx.all(_CLAIM_READY, asked)]


def find(tx: Tx, organization_id: uuid.UUID, batch_id: uuid.UUID) -> Batch | None:
    """The batch of this id."""
    row = tx.one(_FIND, {"organization_id": organization_id, "id": batch_id})
    return None if row is None else _from(row)


def locked(tx: Tx, organization_id: uuid.UUID, batch_id: uuid.UUID) -> Batch | None:
    """The batch of this id, nobody else's until the transaction ends."""
    row = tx.one(_LOCK, {"organization_id": organization_id, "id": batch_id})
    return None if row is None else _from(row)


def locked_open(tx: Tx, organization_id: uuid.UUID, batch_id: uuid.UUID, now: datetime, me: str) -> Batch | None:
    """The same; None where its store has it, or somebody other than `me` is asking the store at this moment."""
    row = tx.one(_LOCK_OPEN, {"organization_id": organization_id, "id": batch_id, "now": now, "me": me})
    return None if row is None else _from(row)


def wait(
    tx: Tx,
    organization_id: uuid.UUID,
    batch: Batch,
    state: str,
    run_at: datetime,
    attempts: int,
    error: str,
    token: str,
) -> None:
    """It is tried again at `run_at`, or waits for a person."""
    said = {"state": state, "run_at": run_at, "attempts": attempts, "error": error[:64], "token": token}
    tx.run(_WAITS, {"organization_id": organization_id, "id": batch.id} | said)


def end(
    tx: Tx, organization_id: uuid.UUID, batch_id: uuid.UUID, receipt: str, gone_by: date | None, now: datetime
) -> None:
    """It is done, by this receipt; the ids of its records are forgotten."""
    done: dict[str, object] = {"receipt": receipt, "gone_by": stored_day(tx, gone_by), "now": now, "empty": b""}
    tx.run(_DONE, {"organization_id": organization_id, "id": batch_id} | done)


def shrink(tx: Tx, organization_id: uuid.UUID, batch_id: uuid.UUID, ids: Sequence[uuid.UUID], digest: bytes) -> None:
    """These records alone are left in it; without any there is no batch."""
    place = {"organization_id": organization_id, "id": batch_id}
    if ids:
        tx.run(_SMALLER, place | {"count": len(ids), "records": packed(ids), "digest": digest})
    else:
        tx.run(_NONE_LEFT, place)


def put(
    tx: Tx, organization_id: uuid.UUID, batch: Batch, now: datetime, *, done: bool = False,
    gone_by: date | None = None, by_hand: str = "",
) -> None:  # fmt: skip
    """It waits for its store, or was done at once, or waits for a person: `by_hand` says why in a word."""
    tx.later(
        _INSERT,
        {
            "organization_id": organization_id,
            "id": batch.id,
            "store": batch.store,
            "category": batch.category,
            "method": batch.method,
            "because": batch.because,
            "policy_version": batch.policy_version,
            "count": batch.count,
            "digest": batch.digest,
            "records": b"" if done else batch.records,
            "due_on": stored_day(tx, batch.due_on),
            "backups_gone_by": stored_day(tx, gone_by),
            "state": "done" if done else "by_hand" if by_hand else "waiting",
            "token": "",
            "attempts": 0,
            "run_at": now,
            "last_error": by_hand[:64],
            "locked_by": None,
            "locked_until": None,
            "first_tried_at": now if done else None,
            "created_at": now,
            "done_at": now if done else None,
        },
    )


def _from(row: Sequence[Any]) -> Batch:
    due = day_of(row[9])
    assert due is not None
    tried = None if row[13] is None else as_instant(row[13])
    store, category, method, because, policy_version, count = row[1:7]
    digest, records = bytes(row[7]), bytes(row[8])
    return Batch(
        as_id(row[0]), store, category, method, because, policy_version, count, digest, records, due, row[10], row[11],
        row[12], tried,
    )  # fmt: skip
