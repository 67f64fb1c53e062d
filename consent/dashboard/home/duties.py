"""What waits of incidents, notices, retention and contracts: duties whose day came, drafts, what stays too long.

Each of them reads along an index; incidents are opened one by one, for what an incident asks is not stored but counted.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from consent.dashboard.seats import Seat
from consent.db import Sql, Tx
from consent.deadlines import zone
from consent.deadlines.zones import local_date
from consent.incidents import queries as incidents
from consent.incidents.rules import NEVER, Duty
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


@dataclass(slots=True)
class Waits:
    """How many duties are `overdue`, due `now` or `later`, and the first of each; `report`: nothing else waits."""

    counts: Counter[str] = field(default_factory=Counter)
    first: dict[str, Duty] = field(default_factory=dict)


def when(duty: Duty, now: datetime, where: ZoneInfo) -> str:
    """`overdue` from the very hour on where its clock counts hours, `now` (today, tomorrow or at once) or `later`.

    Nothing for what is done, or asks for nothing now; days are those of that zone.
    """
    if not duty.waits:
        return ""
    if duty.due is None:
        return "now" if duty.state in AT_ONCE else ""
    if duty.is_over(now, where):
        return "overdue"
    return "now" if duty.due <= local_date(now, where) + TOMORROW else "later"


def of_incidents(tx: Tx, keyring: Keyring, here: Seat) -> Waits:
    """What the duties of open incidents ask for."""
    waits, where = Waits(), zone(here.pack.zone)
    found, _ = incidents.page(tx, keyring, here.organization_id, "open", incidents.NEWEST, MOST_OPEN)
    for incident in found:
        duties = incidents.duties(tx, here.rulebook, here.organization_id, incident)
        for one in duties:
            if which := when(one, here.now, where):
                waits.counts[which] += 1
                first = waits.first.setdefault(which, one)
                if (one.ends(where) or NEVER) < (first.ends(where) or NEVER):
                    waits.first[which] = one
        waits.counts["report"] += not any(one.waits for one in duties)
    return waits


def holds_over(tx: Tx, _keyring: Keyring, here: Seat) -> int:
    """How many holds nobody renewed or released, though their last day is over."""
    row = tx.one(_HOLDS, {"organization_id": here.organization_id, "today": stored_day(tx, here.today)})
    return int(row[0]) if row is not None else 0


def contracts(_tx: Tx, _keyring: Keyring, here: Seat) -> int:
    """How many contracts of recipients should have been read again."""
    return sum(one.review_overdue(here.today) for one in here.pack.recipients)
