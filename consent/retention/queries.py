"""Reads of what is held: one record with its reasons, lists, what is due."""

import uuid
from datetime import date, datetime
from typing import Any, NamedTuple

from consent.db import Sql, Tx
from consent.db.types import as_id, as_instant
from consent.errors import NotFound
from consent.ledger.bodies import instant
from consent.ledger.keys import Keyring
from consent.policies.questions import Reason
from consent.preferences.page.messages import Disposed
from consent.retention.reckoning import Reckoner
from consent.retention.rows import COLUMNS, day_of, kept_from
from consent.retention.rules import terms_of
from consent.subjects import service as subjects

FIRST = uuid.UUID(int=0)
LAST_DAY = date(9999, 12, 31)

_SELECT = f"SELECT {COLUMNS} FROM held_record WHERE organization_id = :organization_id"  # noqa: S608 - fixed columns
_ONE = Sql(_SELECT + " AND id = :id")
_NARROW = (
    " AND (:category = '' OR category = :category) AND (:store = '' OR store = :store)"
    " AND (:state = '' OR state = :state)"
)
_LIST = Sql(_SELECT + " AND id > :after" + _NARROW + " ORDER BY id LIMIT :most")
_OF_PERSON = Sql(_SELECT + " AND person_id = :person_id AND id > :after" + _NARROW + " ORDER BY id LIMIT :most")
_DUE = Sql(
    _SELECT + " AND dispose_on <= :until AND (dispose_on, id) > (:after_day, :after)" + _NARROW
    + " ORDER BY dispose_on, id LIMIT :most"
)  # fmt: skip


_DELIVERIES_GONE = Sql(
    "SELECT b.done_at, b.category, b.because FROM retention_walk w JOIN disposal_batch b"
    " ON b.organization_id = w.organization_id AND b.id = w.delivery_batch WHERE w.organization_id = :organization_id"
)


class Wanted(NamedTuple):
    """Which records are wanted; an empty word is any."""

    category: str = ""
    store: str = ""
    state: str = ""
    person_id: uuid.UUID | None = None


def one(
    tx: Tx, keyring: Keyring, organization_id: uuid.UUID, record_id: uuid.UUID, reckoner: Reckoner
) -> dict[str, Any]:
    """The record with every reason and the arithmetic of its date, asked anew; NotFound otherwise."""
    row = tx.one(_ONE, {"organization_id": organization_id, "id": record_id})
    if row is None:
        raise NotFound("There is no such record.")
    kept = kept_from(row)
    shown = shown_from(row)
    if kept.person_id is not None:
        shown["person"] = subjects.references(tx, keyring, organization_id, [kept.person_id]).get(kept.person_id)
    disposal = reckoner.disposal(kept.thing, reckoner.holds.on(kept))
    if shown["state"] not in ("going", "isolated"):
        terms = terms_of(disposal)
        shown |= {"state": terms.state, "dispose_on": _iso(terms.dispose_on), "due_on": _iso(terms.due_on)}
        shown |= {"method": terms.method, "because": terms.because.split()}
    return shown | {
        "reasons": [said(reason) for reason in disposal.reasons],
        "steps": list(disposal.steps),
        "keep_until": _iso(disposal.keep_until),
        "held_until": _iso(disposal.held_until),
        "escalate": [said(reason) for reason in disposal.escalate],
        "backups_gone_by": _iso(disposal.backups_gone_by),
    }


def listed(
    tx: Tx, organization_id: uuid.UUID, wanted: Wanted, after: uuid.UUID, most: int
) -> tuple[list[dict[str, Any]], uuid.UUID | None]:
    """Records in the order in which they were registered, and where the next page begins."""
    asked = _narrow(organization_id, wanted) | {"after": after, "most": most + 1}
    if wanted.person_id is not None:
        rows = tx.all(_OF_PERSON, asked | {"person_id": wanted.person_id})
    else:
        rows = tx.all(_LIST, asked)
    return [shown_from(row) for row in rows[:most]], as_id(rows[most - 1][0]) if len(rows) > most else None


def due(
    tx: Tx, organization_id: uuid.UUID, wanted: Wanted, until: date, after: tuple[date, uuid.UUID], most: int
) -> tuple[list[dict[str, Any]], tuple[str, uuid.UUID] | None]:
    """What shall go by that day, first due first, and where the next page begins."""
    asked = _narrow(organization_id, wanted) | {"until": until, "after_day": after[0], "after": after[1]}
    if not tx.postgresql:
        asked |= {"until": until.isoformat(), "after_day": after[0].isoformat()}
    rows = tx.all(_DUE, asked | {"most": most + 1})
    found = [shown_from(row) for row in rows[:most]]
    return found, (found[-1]["dispose_on"], as_id(rows[most - 1][0])) if len(rows) > most else None


def shown_from(row: Any) -> dict[str, Any]:
    """A record as the API shows it, behind a row of COLUMNS."""
    kept = kept_from(row)
    return {
        "id": str(kept.id),
        "category": kept.thing.category,
        "store": kept.store,
        "reference": row[11],
        "collected_at": instant(kept.thing.collected_at),
        "purpose": kept.purpose,
        "source": row[12],
        "role": kept.thing.role,
        "jurisdiction": kept.thing.place,
        "site": kept.site,
        "use": kept.thing.use,
        "events": {name: instant(at) for name, at in kept.thing.events},
        "state": row[13],
        "dispose_on": _iso(day_of(row[14])),
        "due_on": _iso(day_of(row[15])),
        "method": row[16],
        "because": row[17].split(),
        "policy_version": row[18],
        "batch": None if row[19] is None else str(as_id(row[19])),
        "registered_at": instant(as_instant(row[20])),
    }


def said(reason: Reason) -> dict[str, str]:
    """A reason as the API shows it."""
    named = (("commitment", reason.commitment), ("law", reason.law), ("clause", reason.clause))
    return {"code": reason.code, "text": reason.text} | {name: value for name, value in named if value}


def _narrow(organization_id: uuid.UUID, wanted: Wanted) -> dict[str, object]:
    return {
        "organization_id": organization_id,
        "category": wanted.category,
        "store": wanted.store,
        "state": wanted.state,
    }


def _iso(day: date | datetime | None) -> str | None:
    return None if day is None else day.isoformat()


def deliveries_gone(tx: Tx, organization_id: uuid.UUID) -> Disposed | None:
    """The last time that something went of what was sent when to whom; two reads by key."""
    row = tx.one(_DELIVERIES_GONE, {"organization_id": organization_id})
    return None if row is None else Disposed(as_instant(row[0]), row[1], tuple(row[2].split()))
