"""Reads of what the review keeps: how often each commitment left evidence."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from consent.db import Sql, Tx

RECENT = timedelta(days=30)

_COUNTS = Sql(
    "SELECT commitment, code, sum(count) FROM evidence_count WHERE organization_id = :organization_id"
    " AND day >= :since GROUP BY commitment, code ORDER BY commitment, code"
)


def evidence(tx: Tx, organization_id: UUID, now: datetime) -> Mapping[str, dict[str, int]]:
    """For each commitment how many pieces of evidence of each code the last thirty days brought."""
    since = (now - RECENT).date().isoformat()
    found: dict[str, dict[str, int]] = {}
    for commitment, code, count in tx.all(_COUNTS, {"organization_id": organization_id, "since": since}):
        found.setdefault(str(commitment), {})[str(code)] = int(count)
    return found
