"""Privacy requests as the API, the command and the person see them."""

import json
import uuid
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from consent.db import Sql, Tx
from consent.db.types import as_id, as_instant
from consent.deadlines import zones
from consent.deadlines.zones import local_date
from consent.ledger.bodies import instant
from consent.privacy_requests.rules import OVER

_COLUMNS = (
    "id, request_type, state, how, contact_point_id, entry_id, received_at, due_on, binding, steps, place, role,"
    " ground, reference, verified_at, acted_at"
)
_LIST = Sql(
    f"SELECT {_COLUMNS} FROM privacy_request"  # noqa: S608 - fixed columns
    " WHERE organization_id = :organization_id AND id > :after ORDER BY id LIMIT :most"
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


def listed(
    tx: Tx, organization_id: uuid.UUID, zone: str, now: datetime, *, after: uuid.UUID = FIRST, most: int = 50
) -> tuple[list[dict[str, Any]], uuid.UUID | None]:
    """Requests in the order in which they were opened; the second value continues the list."""
    rows = tx.all(_LIST, {"organization_id": organization_id, "after": after, "most": most + 1})
    shown = [_shown(row, zone, now) for row in rows[:most]]
    return shown, as_id(rows[most - 1][0]) if len(rows) > most else None


def one(tx: Tx, organization_id: uuid.UUID, request_id: uuid.UUID, zone: str, now: datetime) -> dict[str, Any] | None:
    """One of them, or None."""
    row = tx.one(_BY_ID, {"organization_id": organization_id, "id": request_id})
    return None if row is None else _shown(row, zone, now)


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
    if row[15] is not None:
        shown["acted_at"] = instant(as_instant(row[15]))
    return shown
