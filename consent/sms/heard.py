"""When a gateway account was last heard, to the minute: an index over all texts would cost each of them a page."""

import uuid
from datetime import datetime, timedelta

from consent.db import Sql, Tx

EXACT = timedelta(minutes=1)
# A row that begins here is due at once: nobody has looked at the account's lists yet.
_HEARD = Sql(
    "INSERT INTO gateway_progress (organization_id, account_id, next_at, found, error, heard_at)"
    " VALUES (:organization_id, :account_id, :now, 0, '', :now)"
    " ON CONFLICT (organization_id, account_id) DO UPDATE SET heard_at = :now"
    " WHERE gateway_progress.heard_at IS NULL OR gateway_progress.heard_at < :now"
)


class Heard:
    """What this process has noted. Several processes note the same; the newest stands."""

    def __init__(self) -> None:
        self._noted: dict[uuid.UUID, datetime] = {}

    def note(self, tx: Tx, organization_id: uuid.UUID, account_id: uuid.UUID, now: datetime) -> None:
        """Written with the text, unless it was within the last minute. If it fails, the next minute's tells it."""
        noted = self._noted.get(account_id)
        if noted is not None and now - noted < EXACT:
            return
        self._noted[account_id] = now
        tx.later(_HEARD, {"organization_id": organization_id, "account_id": account_id, "now": now})
