"""What holds for a contact point with every copy of a do-not-call registry, in one statement; and lists of copies."""

import uuid
from datetime import date
from typing import Any

from consent.db import Sql, Tx
from consent.preferences.models import NOBODY
from consent.preferences.service import STATE_TEXT

# A copy comes as a row beside those of programs; `withdrawn` says that the number stands on it.
_COPIES = (
    " UNION ALL SELECT '*copy.' || CAST(c.number AS {text}), {nobody},"
    " CASE WHEN EXISTS (SELECT 1 FROM do_not_call_listing l WHERE l.organization_id = c.organization_id"
    " AND l.number = c.number AND l.channel = :channel AND l.tag64 = :tag64) THEN 'withdrawn' ELSE 'expired' END,"
    " c.started_at, COALESCE(c.event_id, {nobody}), c.list_name, CAST(c.copied_on AS {text}), c.state, {no}, ''"
    " FROM do_not_call_copy c WHERE c.organization_id = :organization_id AND c.state <> 'replaced'"
)
SELECT_STATE_AND_COPIES = Sql(
    STATE_TEXT + _COPIES.format(text="TEXT", nobody="zeroblob(16)", no="0"),
    postgresql=STATE_TEXT + _COPIES.format(text="text", nobody=f"'{NOBODY}'::uuid", no="false"),
)
_LIST = Sql(
    "SELECT number, list_name, copied_on, state, listed, started_at FROM do_not_call_copy"
    " WHERE organization_id = :organization_id ORDER BY number DESC"
)


def copies(tx: Tx, organization_id: uuid.UUID) -> list[dict[str, Any]]:
    """Every copy of a registry that was loaded, newest first."""
    return [
        {
            "copy": row[0],
            "registry": row[1],
            "copied_on": row[2].isoformat() if isinstance(row[2], date) else row[2],
            "state": row[3],
            "listed": row[4],
        }
        for row in tx.all(_LIST, {"organization_id": organization_id})
    ]
