"""What else a restore must not undo: what was ended, and what is held. It is followed like every no, and told outside.

No address is in it. Of a hold the line says what the hold reaches, which its entry in the log does not.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from consent.db import Sql, Tx
from consent.db.types import as_id, as_instant
from consent.ledger.bodies import instant

KEY_REVOKED = "key.revoked"
STAFF = frozenset({"staff.disabled", "staff.enabled", "staff.role_changed"})
HELD, RELEASED = frozenset({"retention.hold_placed", "retention.hold_renewed"}), "retention.hold_released"
FOLLOWED = frozenset({KEY_REVOKED, RELEASED}) | STAFF | HELD

_HOLD = Sql(
    "SELECT kind, ground, record_id, person_id, query, since, until, renewals, reached FROM retention_hold"
    " WHERE organization_id = :organization_id AND id = :id"
)


def told(tx: Tx, organization_id: UUID, type: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """What the line says: what the entry says and, of a hold, its row as it is now."""
    row = tx.one(_HOLD, {"organization_id": organization_id, "id": UUID(data["hold"])}) if type in HELD else None
    if row is None:
        return dict(data)
    kind, ground, record, person, query, since, until, renewals, reached = row
    return {
        "hold": data["hold"],
        "kind": kind,
        "ground": ground,
        "record": "" if record is None else str(as_id(record)),
        "person": "" if person is None else str(as_id(person)),
        "query": query or "",
        "since": instant(as_instant(since)),
        "until": "" if until is None else str(until),
        "renewals": renewals,
        "reached": int(reached),
    }
