"""From when an announced version may hold, by the notices that are out and those that are still to go."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from consent.db import Database, Sql, Tx
from consent.db.types import as_id
from consent.errors import ConsentError
from consent.ledger.keys import Keyring
from consent.notices import queries, rules, service
from consent.notices.queries import Campaign
from consent.policies import postponing
from consent.web.logs import log

_AHEAD = Sql(
    "SELECT c.id FROM notice_campaign c JOIN policy_version p"
    " ON p.organization_id = c.organization_id AND p.id = c.version_id"
    " WHERE c.organization_id = :organization_id AND c.state <> 'cancelled' AND p.effective_at > :now"
    " AND p.withdrawn_event_id IS NULL ORDER BY c.created_at, c.id"
)
LATE = "the last notice goes out later than the promised days before it"


@dataclass(frozen=True, slots=True)
class FirstDay:
    """When a version may begin at the earliest, from when it begins as it stands, and how that was counted."""

    begins: datetime
    earliest: datetime | None
    steps: tuple[str, ...]

    @property
    def is_late(self) -> bool:
        """Does it begin too early as it stands?"""
        return self.earliest is not None and self.begins < self.earliest


def first_day(tx: Tx, organization_id: uuid.UUID, campaign: Campaign, now: datetime) -> FirstDay | None:
    """By what is out and what is left; None for a campaign without a version, or one that no days were promised of."""
    found = service.case_of(tx, organization_id, campaign, now)
    if found is None:
        return None
    turn, case = found
    duties = case.notices.duties(turn.change)
    if not any(one.lead is not None for one in duties):
        return None
    counts = queries.counts(tx, organization_id, campaign.id)
    # What goes to another mailbox once more was told in time to the first one: it moves no day.
    left = sum(one.count for one in counts if one.state in ("listed", "waiting") and one.reason != queries.INSTEAD)
    told = queries.told_between(tx, organization_id, campaign.id)
    open_ways = [way for way in campaign.ways if way in rules.BY_A_PERSON and way not in campaign.posted]
    pending = left > 0 or bool(open_ways) or (campaign.state in ("listing", "draft") and bool(case.mailing))
    nobody = campaign.state == "done" and told is None
    given = rules.given_at(duties, turn.version.announced_at, campaign.posted.values(), told or (), nobody=nobody)
    if not given and not pending:
        return None
    last = [rules.last_at(now, left, campaign.per_minute)] if pending else []
    counted = case.notices.earliest(turn.change, [*given, *last])
    return FirstDay(turn.version.effective_at, counted.at, counted.steps)


def guard(db: Database, keyring: Keyring, organization_id: uuid.UUID, now: datetime) -> list[uuid.UUID]:
    """No version begins before the promised days after its last notice: what would is put off. Returns whose did."""
    with db.read(organization_id) as tx:
        rows = tx.all(_AHEAD, {"organization_id": organization_id, "now": now})
        ahead = [queries.one(tx, organization_id, as_id(row[0])) for row in rows]
        late = [
            (one, found.earliest)
            for one in ahead
            if (found := first_day(tx, organization_id, one, now)) is not None and found.is_late
        ]
    return [one.id for one, to in late if to is not None and _put_off(db, keyring, organization_id, one, to, now)]


def _put_off(
    db: Database, keyring: Keyring, organization_id: uuid.UUID, campaign: Campaign, to: datetime, now: datetime
) -> bool:
    version_id = campaign.version_id
    if version_id is None:
        return False
    try:
        return db.write(
            lambda tx: postponing.postpone(tx, keyring, organization_id, version_id, to, LATE, now) is not None,
            organization_id,
        )
    except ConsentError as error:
        log.error("version_cannot_be_put_off", organization=str(organization_id), why=error.detail)
        return False
