"""What waits of incidents, notices, retention and contracts: duties whose day came, drafts, what stays too long.

Each of them reads along an index; incidents are opened one by one, for what an incident asks is not stored but counted.
"""

from collections import Counter
from datetime import date, timedelta

from consent.dashboard.seats import Seat
from consent.db import Sql, Tx
from consent.incidents import queries as incidents
from consent.incidents.rules import Duty
from consent.ledger.keys import Keyring
from consent.retention.rows import stored_day

MOST_OPEN = 200  # incidents looked at, the newest first; so many at once are a list to read, not a number
TOMORROW = timedelta(days=1)  # a clock of 24 hours (2013/611/EU) ends there
AT_ONCE = ("as-soon-as-possible", "assess-first", "to-decide")  # such a duty has no day, and is no less pressing for it

DRAFTS = Sql(
    "SELECT count(*) FROM (SELECT 1 FROM notice_campaign WHERE organization_id = :organization_id AND state = 'draft'"
    " LIMIT :most) counted"
)
MISSED = Sql(
    "SELECT count(*) FROM (SELECT 1 FROM retention_miss WHERE organization_id = :organization_id"
    " AND closed_at IS NULL LIMIT :most) counted"
)
DISPOSALS = Sql(
    "SELECT count(*) FROM (SELECT 1 FROM disposal_batch WHERE organization_id = :organization_id"
    " AND state = 'by_hand' LIMIT :most) counted"
)
_HOLDS = Sql(
    "SELECT count(*) FROM retention_hold WHERE organization_id = :organization_id AND released_at IS NULL"
    " AND until < :today"
)


def when(duty: Duty, today: date) -> str:
    """`overdue`, `now` (today, tomorrow or at once) or `later`; nothing for what is done, or asks for nothing now."""
    if not duty.waits:
        return ""
    if duty.due is None:
        return "now" if duty.state in AT_ONCE else ""
    return "overdue" if duty.due < today else "now" if duty.due <= today + TOMORROW else "later"


def of_incidents(tx: Tx, keyring: Keyring, here: Seat) -> Counter[str]:
    """Duties of open incidents that are `overdue`, due `now` or `later`; `report`: incidents in which none waits."""
    counts = Counter[str]()
    found, _ = incidents.page(tx, keyring, here.organization_id, "open", incidents.NEWEST, MOST_OPEN)
    for incident in found:
        duties = incidents.duties(tx, here.rulebook, here.organization_id, incident)
        counts.update(which for one in duties if (which := when(one, here.today)))
        counts["report"] += not any(one.waits for one in duties)
    return counts


def holds_over(tx: Tx, _keyring: Keyring, here: Seat) -> int:
    """How many holds nobody renewed or released, though their last day is over."""
    row = tx.one(_HOLDS, {"organization_id": here.organization_id, "today": stored_day(tx, here.today)})
    return int(row[0]) if row is not None else 0


def contracts(_tx: Tx, _keyring: Keyring, here: Seat) -> int:
    """How many contracts of recipients should have been read again."""
    return sum(one.review_overdue(here.today) for one in here.pack.recipients)
