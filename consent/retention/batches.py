"""Batches of records that one store is asked to dispose of: gathered, made smaller, done with a receipt."""

import hashlib
import json
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from consent.db import Sql, Tx
from consent.db.types import as_id
from consent.ids import new_id
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.retention import batch_rows
from consent.retention.batch_rows import Batch
from consent.retention.looking_again import again
from consent.retention.reckoning import Reckoner
from consent.retention.registering import OWN
from consent.retention.rows import KEPT, TERMS, WHOLE, kept_from, stored_day, terms_from, terms_row
from consent.retention.rules import Terms

AT_ONCE = 100  # records of one batch: its transaction keeps other writers waiting for some milliseconds, 50 at the most
ISOLATED = "isolated-pending-deletion"

_DUE = (
    f"SELECT {KEPT}, {TERMS}, reference FROM held_record WHERE organization_id = :organization_id"  # noqa: S608 - fixed columns
    " AND dispose_on <= :today ORDER BY dispose_on, id LIMIT :most"
)
_CANDIDATES = Sql(_DUE, postgresql=_DUE + " FOR UPDATE SKIP LOCKED")
_RECORD = f"SELECT {WHOLE}, reference FROM held_record WHERE organization_id = :organization_id"  # noqa: S608 - fixed columns
_RECORDS = Sql(_RECORD + " AND id = :id", postgresql=_RECORD + " AND id = ANY(:ids)")
_BACK = Sql(
    "UPDATE held_record SET state = :state, dispose_on = :dispose_on, due_on = :due_on, method = :method,"
    " because = :because, policy_version = :policy_version, rules = :rules, batch_id = NULL"
    " WHERE organization_id = :organization_id AND id = :id AND batch_id = :batch"
)


def _of_each(begins: str) -> Sql:
    """This statement for one record; on PostgreSQL for many at once."""
    of = f"{begins} WHERE organization_id = :organization_id"
    return Sql(of + " AND id = :id", postgresql=of + " AND id = ANY(:ids)")


_DELETE = _of_each("DELETE FROM held_record")
_GOING = _of_each("UPDATE held_record SET state = 'going', dispose_on = NULL, batch_id = :batch")
_APART = _of_each("UPDATE held_record SET state = 'isolated', dispose_on = :until, due_on = :until, method = 'deleted'")
_ASKED_ON = _of_each("UPDATE held_record SET dispose_on = :on")


@dataclass(frozen=True, slots=True)
class Gathered:
    """What one round found: how many records were due by the list, and how many of them went or are going."""

    seen: int
    disposed: int
    going: int


def gather(
    tx: Tx, keyring: Keyring, log: ledger.Log, reckoner: Reckoner, today: date, now: datetime, most: int
) -> Gathered:
    """The next records that are due stand in batches; what is our own alone is gone at once.

    Each is asked again first: what a hold, an open request or another version keeps has its new date instead.
    """
    organization_id = log.organization_id
    asked = {"organization_id": organization_id, "today": stored_day(tx, today), "most": most}
    rows = tx.all(_CANDIDATES, asked)
    groups: dict[tuple[str, str, str, str], list[Any]] = {}
    later, held, disposed, going = [], list[uuid.UUID](), 0, 0
    for row in rows:
        stored, kept = terms_from(row[11:]), kept_from(row)
        if stored.state == "isolated" and reckoner.holds_on(kept, today):
            held.append(kept.id)
            continue
        terms = stored if stored.state == "isolated" else reckoner.terms(kept)
        if terms.stays(today):
            later.append(row)
        else:
            groups.setdefault((row[2], row[5], terms.method or "deleted", terms.because), []).append((row, terms))
    if later:
        again(tx, organization_id, reckoner, later)
    if held:  # a hold may end any day: asked again tomorrow
        _each(tx, _ASKED_ON, organization_id, held, on=stored_day(tx, today + timedelta(days=1)))
    for (store, category, method, because), some in groups.items():
        batch = _batch(reckoner, store, category, method, because, some, now)
        if store == OWN:
            gone_by = reckoner.backups_gone_by(today)
            batch_rows.put(tx, organization_id, batch, now, done=True, gone_by=gone_by)
            _end(tx, keyring, log, reckoner, batch, gone_by, now)
            disposed += batch.count
        else:
            batch_rows.put(tx, organization_id, batch, now)
            _each(tx, _GOING, organization_id, batch.ids, batch=batch.id)
            going += batch.count
    return Gathered(len(rows), disposed, going)


def records(tx: Tx, organization_id: uuid.UUID, batch: Batch) -> list[Any]:
    """Rows of WHOLE and the reference, of those of its records that are still on the list, in their order."""
    place: dict[str, object] = {"organization_id": organization_id}
    if tx.postgresql:
        found = {as_id(row[0]): row for row in tx.all(_RECORDS, place | {"ids": batch.ids})}
        return [found[one] for one in batch.ids if one in found]
    rows = (tx.one(_RECORDS, place | {"id": one}) for one in batch.ids)
    return [row for row in rows if row is not None]


def references(rows: Sequence[Any]) -> list[str]:
    """The store's own keys, behind rows of `records`."""
    return [str(row[17]) for row in rows]


def take_out(
    tx: Tx, organization_id: uuid.UUID, reckoner: Reckoner, batch: Batch, stay: Mapping[uuid.UUID, Terms]
) -> None:
    """These of its records have their new dates and are in no batch; it is locked and has not gone to its store."""
    going = [row for row in records(tx, organization_id, batch) if as_id(row[0]) not in stay]
    left = [as_id(row[0]) for row in going]
    batch_rows.shrink(tx, organization_id, batch.id, left, _digest(left, references(going)))
    place: dict[str, object] = {"organization_id": tx.id(organization_id), "batch": tx.id(batch.id)}
    place |= {"policy_version": reckoner.policy_version, "rules": reckoner.rules}
    tx.many(_BACK, [place | {"id": tx.id(one)} | terms_row(tx, terms) for one, terms in stay.items()])


def split(
    tx: Tx, organization_id: uuid.UUID, batch_id: uuid.UUID, strange: Collection[str], why: str, now: datetime
) -> bool:
    """Those of its records wait for a person in a batch of their own, so that the others go; False where none would.

    Its store has done nothing yet.
    """
    batch = batch_rows.locked(tx, organization_id, batch_id)
    rows = records(tx, organization_id, batch) if batch is not None and batch.state != "done" else []
    apart = [row for row in rows if str(row[17]) in strange]
    going = [row for row in rows if str(row[17]) not in strange]
    if batch is None or not apart or not going:
        return False
    left, named = ([as_id(row[0]) for row in some] for some in (going, apart))
    batch_rows.shrink(tx, organization_id, batch.id, left, _digest(left, references(going)))
    digest, ids = _digest(named, references(apart)), batch_rows.packed(named)
    other = replace(batch, id=new_id(now), count=len(named), digest=digest, records=ids)
    batch_rows.put(tx, organization_id, other, now, by_hand=why)
    _each(tx, _GOING, organization_id, named, batch=other.id)
    return True


def finish(
    tx: Tx, keyring: Keyring, log: ledger.Log, reckoner: Reckoner, batch_id: uuid.UUID, receipt: dict[str, Any],
    now: datetime, *, by_hand: bool = False,
) -> Batch | None:  # fmt: skip
    """Its records are off the list, or kept apart, and the receipt is on record; None where it was done before.

    `by_hand`: None as well where it does not wait for a person.
    """
    batch = batch_rows.locked(tx, log.organization_id, batch_id)
    if batch is None or batch.state == "done" or (by_hand and batch.state != "by_hand"):
        return None
    gone_by = reckoner.backups_gone_by(reckoner.today(now))
    said = json.dumps({"store": batch.store} | receipt, ensure_ascii=False)
    batch_rows.end(tx, log.organization_id, batch.id, said, gone_by, now)
    _end(tx, keyring, log, reckoner, batch, gone_by, now, receipt["count"])
    return batch


def _end(
    tx: Tx, keyring: Keyring, log: ledger.Log, reckoner: Reckoner, batch: Batch, gone_by: date | None, now: datetime,
    found: int | None = None,
) -> None:  # fmt: skip
    """`found` is how many of them the store says were there; what is our own alone goes with its record."""
    if batch.method == ISOLATED:  # where no backup period is settled, nothing says when it can go for good
        _each(tx, _APART, log.organization_id, batch.ids, until=stored_day(tx, gone_by))
    else:
        _each(tx, _DELETE, log.organization_id, batch.ids)
    tell(tx, keyring, log, reckoner, batch, gone_by, now, found)


def tell(
    tx: Tx, keyring: Keyring, log: ledger.Log, reckoner: Reckoner, batch: Batch, gone_by: date | None, now: datetime,
    found: int | None = None,
) -> None:  # fmt: skip
    """The ledger says that they went, how many, and by which promises and laws."""
    data: dict[str, object] = {
        "batch": str(batch.id),
        "store": batch.store,
        "category": batch.category,
        "method": batch.method,
        "count": batch.count,
        "sha256": batch.digest.hex(),
        "rests_on": [*batch.because.split(), *reckoner.methods],
        "backups_gone_by": "" if gone_by is None else gone_by.isoformat(),
    }
    if found is not None:
        data["found"] = found
    stream = ledger.stream(tx, keyring, log.organization_id, log.organization_id)
    cited = reckoner.rulebook.policy_version.cited()
    ledger.append(tx, log, stream, ledger.Event("record.disposed", "system", data=data | cited), now)


def _batch(
    reckoner: Reckoner, store: str, category: str, method: str, because: str, some: Sequence[Any], now: datetime
) -> Batch:
    due = [terms.due_on for _row, terms in some if terms.due_on is not None]
    named = [as_id(row[0]) for row, _terms in some]
    digest, ids = _digest(named, [row[16] for row, _terms in some]), batch_rows.packed(named)
    return Batch(
        new_id(now), store, category, method, because, reckoner.policy_version, len(some), digest, ids, min(due)
    )


def _digest(ids: Sequence[uuid.UUID], references: Sequence[str]) -> bytes:
    """What stays of them: SHA-256, each on a line behind the random id of its record, which goes with it.

    A plain hash of a reference would find again what was made anonymous (T-57).
    """
    lines = (f"{one} {reference}\n" for one, reference in zip(ids, references, strict=True))
    return hashlib.sha256("".join(lines).encode()).digest()


def _each(tx: Tx, sql: Sql, organization_id: uuid.UUID, ids: Sequence[uuid.UUID], **more: object) -> None:
    """The statement for each of these records."""
    if tx.postgresql:
        tx.run(sql, {"organization_id": organization_id, "ids": list(ids), **more})
    else:
        place = {"organization_id": tx.id(organization_id)} | more
        tx.many(sql, [place | {"id": one.bytes} for one in ids])
