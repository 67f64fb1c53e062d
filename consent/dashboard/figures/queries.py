"""Reads of the figures that were counted by day."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from consent.db import Sql, Tx

_PARTS = Sql(
    "SELECT part, sum(count) FROM daily_figure WHERE organization_id = :organization_id AND figure = :figure"
    " AND day >= :since AND day <= :until GROUP BY part ORDER BY part"
)


def parts(tx: Tx, organization_id: UUID, figure: str, since: date, until: date) -> Mapping[str, int]:
    """How many of each part from the first day to the last, both included."""
    asked = {"organization_id": organization_id, "figure": figure}
    rows = tx.all(_PARTS, asked | {"since": since.isoformat(), "until": until.isoformat()})
    return {str(part): int(count) for part, count in rows}
