"""Privacy requests as the API and the command show them."""

import json
import uuid
from datetime import date, datetime
from typing import Any

from consent.db import Sql, Tx
from consent.db.types import as_id, as_instant
from consent.deadlines import zones
from consent.deadlines.zones import local_date
from consent.ledger.bodies import instant

_LIST = Sql(
    "SELECT id, request_type, state, how, contact_point_id, entry_id, received_at, due_on, binding, steps"
    " FROM privacy_request WHERE organization_id = :organization_id AND id > :after ORDER BY id LIMIT :most"
)
_OVER = ("fulfilled", "denied", "revoked", "expired")
FIRST = uuid.UUID(int=0)


def listed(
    tx: Tx, organization_id: uuid.UUID, zone: str, now: datetime, *, after: uuid.UUID = FIRST, most: int = 50
) -> tuple[list[dict[str, Any]], uuid.UUID | None]:
    """Requests in the order in which they were opened; the second value continues the list."""
    rows = tx.all(_LIST, {"organization_id": organization_id, "after": after, "most": most + 1})
    shown = [_shown(row, zone, now) for row in rows[:most]]
    return shown, as_id(rows[most - 1][0]) if len(rows) > most else None


def _shown(row: tuple[Any, ...], zone: str, now: datetime) -> dict[str, Any]:
    due = None if row[7] is None else date.fromisoformat(str(row[7]))
    return {
        "id": str(as_id(row[0])),
        "type": row[1],
        "state": row[2],
        "how": row[3],
        "contact_point": str(as_id(row[4])),
        "entry": str(as_id(row[5])),
        "received_at": instant(as_instant(row[6])),
        "due": due.isoformat() if due is not None else None,
        "overdue": row[2] not in _OVER and due is not None and local_date(now, zones.zone(zone)) > due,
        "binding": row[8] or None,
        "steps": json.loads(row[9]),
    }
