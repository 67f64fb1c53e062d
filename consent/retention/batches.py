"""Batches of records that one store is asked to dispose of: gathered, held by one worker, done with a receipt."""

import hashlib
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from consent.db import Sql, Tx
from consent.db.types import as_id, as_instant
from consent.ids import new_id
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.retention.looking_again import again
from consent.retention.reckoning import Reckoner
from consent.retention.registering import OWN
from consent.retention.rows import KEPT, TERMS, day_of, kept_from, stored_day, terms_from

AT_ONCE = 200  # records of one batch: its transaction holds the writers for some milliseconds
LEASE = timedelta(minutes=2)
ISOLATED = "isolated-pending-deletion"

_DUE = (
    f"SELECT {KEPT}, {TERMS}, reference FROM held_record WHERE organization_id = :organization_id"  # noqa: S608 - fixed columns
    " AND dispose_on <= :today ORDER BY dispose_on, id LIMIT :most"
)
_CANDIDATES = Sql(_DUE, postgresql=_DUE + " FOR UPDATE SKIP LOCKED")
_DELETE = Sql(
    "DELETE FROM held_record WHERE organization_id = :organization_id AND id = :id",
    postgresql="DELETE FROM held_record WHERE organization_id = :organization_id AND id = ANY(:ids)",
)
_GOING = Sql(
    "UPDATE held_record SET state = 'going', dispose_on = NULL, batch_id = :batch"
    " WHERE organization_id = :organization_id AND id = :id",
    postgresql="UPDATE held_record SET state = 'going', dispose_on = NULL, batch_id = :batch"
    " WHERE organization_id = :organization_id AND id = ANY(:ids)",
)
_APART = Sql(
    "UPDATE held_record SET state = 'isolated', dispose_on = :until, due_on = :until, method = 'deleted'"
    " WHERE organization_id = :organization_id AND id = :id",
    postgresql="UPDATE held_record SET state = 'isolated', dispose_on = :until, due_on = :until, method = 'deleted'"
    " WHERE organization_id = :organization_id AND id = ANY(:ids)",
)
_REFERENCE = Sql(
    "SELECT reference FROM held_record WHERE organization_id = :organization_id AND id = :id",
    postgresql="SELECT reference FROM held_record WHERE organization_id = :organization_id AND id = ANY(:ids)",
)
_NAMES = (
    "organization_id", "id", "store", "category", "method", "because", "policy_version", "count", "digest", "records",
    "due_on", "backups_gone_by", "state", "token", "attempts", "run_at", "last_error", "locked_by", "locked_until",
    "first_tried_at", "created_at", "done_at",
)  # fmt: skip
_INSERT = Sql(
    f"INSERT INTO disposal_batch ({', '.join(_NAMES)}) VALUES ({', '.join(f':{one}' for one in _NAMES)})"  # noqa: S608 - fixed columns
)
COLUMNS = (
    "id, store, category, method, because, policy_version, count, digest, records, due_on, backups_gone_by, token,"
    " attempts, state, first_tried_at"
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
_FIND = Sql(f"SELECT {COLUMNS} FROM disposal_batch WHERE organization_id = :organization_id AND id = :id")  # noqa: S608 - likewise
_DONE = Sql(
    "UPDATE disposal_batch SET state = 'done', done_at = :now, receipt = :receipt, records = :empty, last_error = '',"
    " locked_by = NULL, locked_until = NULL WHERE organization_id = :organization_id AND id = :id AND state <> 'done'"
)
_WAITS = Sql(
    "UPDATE disposal_batch SET state = :state, run_at = :run_at, attempts = :attempts, last_error = :error,"
    " token = :token, locked_by = NULL, locked_until = NULL"
    " WHERE organization_id = :organization_id AND id = :id AND state <> 'done'"
)


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
    backups_gone_by: date | None
    token: str = ""
    attempts: int = 0
    state: str = "waiting"
    first_tried_at: datetime | None = None

    @property
    def ids(self) -> list[uuid.UUID]:
        """The ids of its records."""
        return [uuid.UUID(bytes=self.records[at : at + 16]) for at in range(0, len(self.records), 16)]


@dataclass(frozen=True, slots=True)
class Gathered:
    """What one round found: how many records were due by the list, and how many of them went or are going."""

    seen: int
    disposed: int
    going: int


def gather(
    tx: Tx, keyring: Keyring, log: ledger.Log, reckoner: Reckoner, today: date, now: datetime, most: int = AT_ONCE
) -> Gathered:
    """The next records that are due stand in batches; what is our own alone is gone at once.

    Each is asked again first: what a hold, an open request or another version keeps has its new date instead.
    """
    organization_id = log.organization_id
    asked = {"organization_id": organization_id, "today": stored_day(tx, today), "most": most}
    rows = tx.all(_CANDIDATES, asked)
    groups: dict[tuple[str, str, str, str], list[Any]] = {}
    later, disposed, going = [], 0, 0
    for row in rows:
        stored = terms_from(row[11:])
        terms = stored if stored.state == "isolated" else reckoner.terms(kept_from(row))
        if terms.dispose_on is None or terms.dispose_on > today:
            later.append(row)
        else:
            groups.setdefault((row[2], row[5], terms.method or "deleted", terms.because), []).append((row, terms))
    if later:
        again(tx, organization_id, reckoner, later)
    for (store, category, method, because), some in groups.items():
        batch = _batch(reckoner, store, category, method, because, some, now)
        if store == OWN:
            _put(tx, organization_id, batch, "done", now)
            _end(tx, keyring, log, reckoner, batch, now)
            disposed += batch.count
        else:
            _put(tx, organization_id, batch, "waiting", now)
            _each(tx, _GOING, organization_id, batch.ids, batch=batch.id)
            going += batch.count
    return Gathered(len(rows), disposed, going)


def claim(tx: Tx, organization_id: uuid.UUID, me: str, now: datetime, most: int, lease: timedelta) -> list[Batch]:
    """Up to `most` batches that are to be tried, held by `me`."""
    asked = {"organization_id": organization_id, "now": now, "most": most, "me": me, "until": now + lease}
    return [_from(row) for row in tx.all(_CLAIM_READY, asked)]


def find(tx: Tx, organization_id: uuid.UUID, batch_id: uuid.UUID) -> Batch | None:
    """The batch of this id."""
    row = tx.one(_FIND, {"organization_id": organization_id, "id": batch_id})
    return None if row is None else _from(row)


def references(tx: Tx, organization_id: uuid.UUID, batch: Batch) -> list[str]:
    """The store's own keys of its records."""
    if tx.postgresql:
        return [row[0] for row in tx.all(_REFERENCE, {"organization_id": organization_id, "ids": batch.ids})]
    place = {"organization_id": organization_id}
    rows = [tx.one(_REFERENCE, place | {"id": one}) for one in batch.ids]
    return [row[0] for row in rows if row is not None]


def finish(
    tx: Tx, keyring: Keyring, log: ledger.Log, reckoner: Reckoner, batch: Batch, receipt: dict[str, Any], now: datetime
) -> bool:
    """Its records are off the list, or kept apart, and the receipt is on record; False where it was done before."""
    place = {"organization_id": log.organization_id, "id": batch.id, "now": now, "empty": b""}
    if tx.run(_DONE, place | {"receipt": json.dumps(receipt, ensure_ascii=False)}) != 1:
        return False
    _end(tx, keyring, log, reckoner, batch, now)
    return True


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


def _end(tx: Tx, keyring: Keyring, log: ledger.Log, reckoner: Reckoner, batch: Batch, now: datetime) -> None:
    if batch.method == ISOLATED and batch.backups_gone_by is not None:
        _each(tx, _APART, log.organization_id, batch.ids, until=stored_day(tx, batch.backups_gone_by))
    else:
        _each(tx, _DELETE, log.organization_id, batch.ids)
    gone = batch.backups_gone_by
    data = {
        "batch": str(batch.id),
        "store": batch.store,
        "category": batch.category,
        "method": batch.method,
        "count": batch.count,
        "sha256": batch.digest.hex(),
        "rests_on": [*batch.because.split(), *reckoner.methods],
        "backups_gone_by": "" if gone is None else gone.isoformat(),
    }
    stream = ledger.stream(tx, keyring, log.organization_id, log.organization_id)
    cited = reckoner.rulebook.policy_version.cited()
    ledger.append(tx, log, stream, ledger.Event("record.disposed", "system", data=data | cited), now)


def _batch(
    reckoner: Reckoner, store: str, category: str, method: str, because: str, some: Sequence[Any], now: datetime
) -> Batch:
    digest = hashlib.sha256()
    for row, _terms in some:
        digest.update(f"{row[16]}\n".encode())
    due = [terms.due_on for _row, terms in some if terms.due_on is not None]
    first = kept_from(some[0][0])
    gone = reckoner.disposal(first.thing, ()).backups_gone_by
    return Batch(
        new_id(now),
        store,
        category,
        method,
        because,
        reckoner.policy_version,
        len(some),
        digest.digest(),
        b"".join(as_id(row[0]).bytes for row, _terms in some),
        min(due),
        gone,
    )


def _put(tx: Tx, organization_id: uuid.UUID, batch: Batch, state: str, now: datetime) -> None:
    done = state == "done"
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
            "backups_gone_by": stored_day(tx, batch.backups_gone_by),
            "state": state,
            "token": "",
            "attempts": 0,
            "run_at": now,
            "last_error": "",
            "locked_by": None,
            "locked_until": None,
            "first_tried_at": now if done else None,
            "created_at": now,
            "done_at": now if done else None,
        },
    )


def _each(tx: Tx, sql: Sql, organization_id: uuid.UUID, ids: Sequence[uuid.UUID], **more: object) -> None:
    """The statement for each of these records."""
    if tx.postgresql:
        tx.run(sql, {"organization_id": organization_id, "ids": list(ids), **more})
    else:
        place = {"organization_id": tx.id(organization_id)} | more
        tx.many(sql, [place | {"id": one.bytes} for one in ids])


def _from(row: Sequence[Any]) -> Batch:
    due = day_of(row[9])
    assert due is not None
    tried = None if row[14] is None else as_instant(row[14])
    store, category, method, because, policy_version, count = row[1:7]
    digest, records, gone = bytes(row[7]), bytes(row[8]), day_of(row[10])
    return Batch(
        as_id(row[0]), store, category, method, because, policy_version, count, digest, records, due, gone, row[11],
        row[12], row[13], tried,
    )  # fmt: skip
