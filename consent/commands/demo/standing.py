"""How a change of a policy stands: what is published, who gets the notice, what is out, who agreed again."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from consent.db import Sql, Tx
from consent.house import House
from consent.ledger import bodies
from consent.notices import queries as notices
from consent.notices.queries import Count
from consent.policies import queries

_ENTRIES = Sql("SELECT body FROM ledger_event WHERE organization_id = :organization_id ORDER BY event_id")


@dataclass(frozen=True, slots=True)
class Standing:
    """How one change stands at an instant; what has not happened yet is None, "" or 0."""

    published_at: datetime | None = None
    begins: datetime | None = None
    in_force: bool = False
    drafted_at: datetime | None = None
    approved_at: datetime | None = None
    state: str = ""  # of the notice: listing, draft, sending, done or cancelled
    counts: Sequence[Count] = ()
    told: tuple[datetime, datetime] | None = None  # when the first and the last mail went out
    posted: Sequence[str] = ()
    again: int = 0  # yeses under this version of people who had said yes under an earlier one

    def in_state(self, *states: str) -> int:
        """How many contact points of the notice stand at one of these."""
        return sum(one.count for one in self.counts if one.state in states)


def standing(house: House, organization_id: uuid.UUID, policy: str, version: str, now: datetime) -> Standing:
    """How the change to this version stands."""
    with house.db.read(organization_id) as tx:
        known = queries.published(tx, organization_id)
        found = next((one for one in known if (one.policy, one.version) == (policy, version)), None)
        if found is None:
            return Standing()
        published = Standing(found.announced_at, found.effective_at, found.effective_at <= now)
        campaign = next((one for one in notices.every(tx, organization_id) if one.version_id == found.id), None)
        if campaign is None:
            return published
        return Standing(
            published.published_at, published.begins, published.in_force, campaign.created_at, campaign.approved_at,
            campaign.state, notices.counts(tx, organization_id, campaign.id),
            notices.told_between(tx, organization_id, campaign.id), sorted(campaign.posted),
            _again(tx, organization_id, policy, version) if published.in_force else 0,
        )  # fmt: skip


def _again(tx: Tx, organization_id: uuid.UUID, policy: str, version: str) -> int:
    """How many yeses are tied to this version, of people who had said yes to the same under an earlier one."""
    before, found = set(), 0
    for (body,) in tx.stream(_ENTRIES, {"organization_id": organization_id}):
        leaf = bodies.parse(bytes(body))
        if leaf.type != "consent.given" or leaf.data.get("policy") != policy:
            continue
        said = (leaf.stream, leaf.purposes)
        if leaf.data.get("policy_version") == version:
            found += said in before
        else:
            before.add(said)
    return found
