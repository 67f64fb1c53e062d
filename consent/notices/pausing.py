"""A notice that must not go now stands still: what waits to leave goes back to the list, and leaves when it may again.

What stands against a notice is known further up, as that customers cannot say no just now: whoever sends asks for it.
"""

import uuid
from collections.abc import Callable
from datetime import datetime

from consent.db import Sql, Tx
from consent.db.types import as_id
from consent.notices.queries import Campaign
from consent.outbox import service as outbox
from consent.policies.rulebook import Rulebook

# Why this notice must not go now, in a sentence for staff; None when it may.
Bar = Callable[[Tx, uuid.UUID, Campaign, Rulebook], str | None]

# What a worker holds just now is not among them: it says itself how it ended.
_UNSENT_TEXT = (
    "SELECT r.contact_point_id, j.id FROM notice_recipient r"
    " JOIN job j ON j.organization_id = r.organization_id AND j.id = r.job_id"
    " WHERE r.organization_id = :organization_id AND r.campaign_id = :campaign_id AND r.state = 'waiting'"
    " AND j.done_at IS NULL AND (j.locked_until IS NULL OR j.locked_until < :now)"
)
_UNSENT = Sql(_UNSENT_TEXT, postgresql=f"{_UNSENT_TEXT} FOR UPDATE OF j")
_LISTED_AGAIN = Sql(
    "UPDATE notice_recipient SET state = 'listed', job_id = NULL, queued_at = NULL, wording_sha256 = NULL"
    " WHERE organization_id = :organization_id AND campaign_id = :campaign_id"
    " AND contact_point_id = :contact_point_id AND state = 'waiting'"
)


def hold_up(tx: Tx, organization_id: uuid.UUID, campaign_id: uuid.UUID, now: datetime) -> int:
    """Mails that nobody has begun to send are on the list again, written anew when they may go; how many."""
    place = {"organization_id": organization_id, "campaign_id": campaign_id}
    found = [(as_id(row[0]), as_id(row[1])) for row in tx.all(_UNSENT, place | {"now": now})]
    outbox.take_back(tx, organization_id, [job for _, job in found], now, for_good=False)
    tx.many(_LISTED_AGAIN, [place | {"contact_point_id": contact} for contact, _ in found])
    return len(found)
