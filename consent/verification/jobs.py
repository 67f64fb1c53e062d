"""What the clock calls: codes, links and visits that are over are forgotten."""

import uuid
from datetime import datetime, timedelta

from consent.db import Database, Sql, Tx
from consent.ids import oldest_id
from consent.verification import rules

_FORGET_CHALLENGES = Sql("DELETE FROM challenge WHERE organization_id = :organization_id AND created_at < :before")
_FORGET_FORMS = Sql("DELETE FROM form_sent WHERE organization_id = :organization_id AND sent_at < :before")
_FORGET_VISITS = Sql("DELETE FROM visit WHERE organization_id = :organization_id AND proven_at < :before")
# Settled messages hold the address, encrypted; ids are in the order of time, so only the last day is gone through.
_FORGET_MESSAGES = Sql(
    "DELETE FROM job WHERE organization_id = :organization_id AND id >= :first AND id < :last"
    " AND kind IN ('code', 'mail.code') AND done_at IS NOT NULL"
)
LOOKED_BACK = timedelta(days=1)


def forget(db: Database, organization_id: uuid.UUID, now: datetime) -> int:
    """Nothing is left of what is over; returns how many rows that were."""
    return db.write(lambda tx: _forget(tx, organization_id, now), organization_id)


def _forget(tx: Tx, organization_id: uuid.UUID, now: datetime) -> int:
    """What is over is gone: asks that no limit counts any more with their messages, and visits past their end.

    Returns how many rows there were.
    """
    counted_from = now - max(rules.COUNTED_FOR, rules.HOLDS_FOR)
    asked = {"organization_id": organization_id, "before": counted_from}
    sent = {"organization_id": organization_id, "first": oldest_id(now - LOOKED_BACK), "last": oldest_id(counted_from)}
    visited = {"organization_id": organization_id, "before": now - rules.AT_MOST}
    over = ((_FORGET_CHALLENGES, asked), (_FORGET_FORMS, asked), (_FORGET_MESSAGES, sent), (_FORGET_VISITS, visited))
    return sum(tx.run(sql, which) for sql, which in over)
