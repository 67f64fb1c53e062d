"""What held at an instant that is over: the fold of what the ledger held then."""

from datetime import datetime
from uuid import UUID

from consent.db import Sql, Tx
from consent.preferences import rules
from consent.preferences.rules import State
from consent.preferences.service import facts_of

_BODIES = Sql(
    "SELECT body FROM ledger_event WHERE organization_id = :organization_id AND stream_id = :stream_id"
    " AND recorded_at <= :until ORDER BY log_id, stream_seq"
)


def state_at(tx: Tx, organization_id: UUID, contact_point_id: UUID, until: datetime) -> State:
    """What held for a contact point by everything recorded until then, whatever was recorded since."""
    asked = {"organization_id": organization_id, "stream_id": contact_point_id, "until": until}
    return rules.fold(facts_of(bytes(row[0]) for row in tx.all(_BODIES, asked)))
