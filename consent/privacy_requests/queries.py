"""Privacy requests as the API, the command and the person see them."""

import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from consent.db import Sql, Tx
from consent.db.types import as_id, as_instant
from consent.deadlines import zones
from consent.deadlines.zones import local_date
from consent.ledger.bodies import instant
from consent.privacy_requests.rules import OVER

_COLUMNS = (
    "id, request_type, state, how, contact_point_id, entry_id, received_at, coalesce(answer_by, due_on), binding,"
    " steps, place, role, ground, reference, verified_at, acted_at, acknowledged_at, extended_due_on, closed_at,"
    " denied_ground, recheck_on, paused_since, routed_to"
)
_WHERE = (
    " WHERE organization_id = :organization_id AND id > :after AND (:state = '' OR state = :state)"
    " AND (:type = '' OR request_type = :type) AND (:all = 1 OR answer_by <= :due)"
)
_LIST = Sql(
    f"SELECT {_COLUMNS} FROM privacy_request{_WHERE} ORDER BY id LIMIT :most",  # noqa: S608 - fixed columns
    postgresql=f"SELECT {_COLUMNS} FROM privacy_request"  # noqa: S608 - fixed columns
    + _WHERE.replace(":state", "CAST(:state AS text)")
    .replace(":type", "CAST(:type AS text)")
    .replace(":all", "CAST(:all AS integer)")
    .replace(":due", "CAST(:due AS date)")
    + " ORDER BY id LIMIT :most",
)
_OUTCOMES = Sql(
    "SELECT category, outcome, ground, source, recheck_on, keep_until, backup_until, state FROM request_outcome"
    " WHERE organization_id = :organization_id AND request_id = :request_id ORDER BY category"
)
_OF_CONTACT = Sql(
    f"SELECT {_COLUMNS} FROM privacy_request"  # noqa: S608 - fixed columns
    " WHERE organization_id = :organization_id AND contact_point_id = :contact_point_id ORDER BY id DESC"
)
_BY_REFERENCE = Sql(
    f"SELECT {_COLUMNS} FROM privacy_request"  # noqa: S608 - fixed columns
    " WHERE organization_id = :organization_id AND reference = :reference"
)
_BY_ID = Sql(
    f"SELECT {_COLUMNS} FROM privacy_request WHERE organization_id = :organization_id AND id = :id"  # noqa: S608
)
FIRST = uuid.UUID(int=0)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which requests are listed; empty for all. `due_by`: those that are due on that day or before, done or not."""

    state: str = ""
    request_type: str = ""
    due_by: date | None = None


EVERYTHING = Wanted()


def listed(
    tx: Tx, organization_id: uuid.UUID, zone: str, now: datetime, *, after: uuid.UUID = FIRST, most: int = 50,
    wanted: Wanted = EVERYTHING,
) -> tuple[list[dict[str, Any]], uuid.UUID | None]:  # fmt: skip
    """Requests in the order in which they were opened; the second value continues the list."""
    asked = {"organization_id": organization_id, "after": after, "most": most + 1, "state": wanted.state}
    asked |= {"type": wanted.request_type, "all": int(wanted.due_by is None), "due": wanted.due_by}
    rows = tx.all(_LIST, asked)
    shown = [_shown(row, zone, now) for row in rows[:most]]
    return shown, as_id(rows[most - 1][0]) if len(rows) > most else None


def one(tx: Tx, organization_id: uuid.UUID, request_id: uuid.UUID, zone: str, now: datetime) -> dict[str, Any] | None:
    """One of them, or None."""
    row = tx.one(_BY_ID, {"organization_id": organization_id, "id": request_id})
    return None if row is None else _shown(row, zone, now)


def outcomes(tx: Tx, organization_id: uuid.UUID, request_id: uuid.UUID) -> list[dict[str, Any]]:
    """What was decided of each class of data, without words."""
    names = ("category", "outcome", "ground", "source", "recheck_on", "keep_until", "backup_until", "state")
    rows = tx.all(_OUTCOMES, {"organization_id": organization_id, "request_id": request_id})
    return [{name: _said(one) for name, one in zip(names, row, strict=True) if one is not None} for row in rows]


def of_contacts(
    tx: Tx, organization_id: uuid.UUID, contact_point_ids: Iterable[uuid.UUID | None], zone: str, now: datetime
) -> list[dict[str, Any]]:
    """What was asked from these contact points, the newest first."""
    rows = [
        row
        for one in contact_point_ids
        if one is not None
        for row in tx.all(_OF_CONTACT, {"organization_id": organization_id, "contact_point_id": one})
    ]
    return [_shown(row, zone, now) for row in rows]


def by_reference(tx: Tx, organization_id: uuid.UUID, reference: str, zone: str, now: datetime) -> dict[str, Any] | None:
    """The request that is known by this number, or None."""
    row = tx.one(_BY_REFERENCE, {"organization_id": organization_id, "reference": reference})
    return None if row is None else _shown(row, zone, now)


def _shown(row: tuple[Any, ...], zone: str, now: datetime) -> dict[str, Any]:
    due = None if row[7] is None else date.fromisoformat(str(row[7]))
    shown = {
        "id": str(as_id(row[0])),
        "type": row[1],
        "state": row[2],
        "how": row[3],
        "contact_point": str(as_id(row[4])),
        "entry": str(as_id(row[5])),
        "received_at": instant(as_instant(row[6])),
        "due": due.isoformat() if due is not None else None,
        "overdue": row[2] not in OVER and due is not None and local_date(now, zones.zone(zone)) > due,
        "binding": row[8] or None,
        "steps": json.loads(row[9]),
        "verified": row[14] is not None,
    }
    shown |= {
        name: said for name, said in zip(("place", "role", "ground", "reference"), row[10:14], strict=True) if said
    }
    shown |= {
        name: instant(as_instant(at))
        for name, at in (("acted_at", row[15]), ("acknowledged_at", row[16]), ("closed_at", row[18]))
        if at is not None
    }
    later = ("extended_due", "denied_ground", "recheck_on", "paused_since", "routed_to")
    shown |= {name: _said(one) for name, one in zip(later, (row[17], *row[19:]), strict=True) if one is not None}
    return shown


def _said(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
