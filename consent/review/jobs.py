"""What the clock calls: count, off the hot paths, what each commitment left behind."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from consent.db import Database, Sql
from consent.errors import NotFound
from consent.ledger.bodies import Leaf
from consent.policies import service as policies
from consent.policies.version import PolicyVersionPack
from consent.review import rules, walking
from consent.review.walking import Answer, Counted

_ADD = Sql(
    "INSERT INTO evidence_count (organization_id, commitment, day, code, count)"
    " VALUES (:organization_id, :first, :second, :third, :count)"
    " ON CONFLICT (organization_id, commitment, day, code) DO UPDATE SET count = evidence_count.count + excluded.count"
)


def count_evidence(db: Database, organization_id: UUID, now: datetime) -> int:
    """Everything sealed or decided since the last time is counted; returns how many entries and decisions were."""
    return walking.count(db, organization_id, EVIDENCE, now)


def _of_entries(db: Database, organization_id: UUID, leaves: Iterable[Leaf]) -> Counted:
    counted: Counted = Counter()
    bound: dict[tuple[object, object], tuple[PolicyVersionPack, ...]] = {}
    found: dict[object, tuple[rules.Evidence, ...]] = {}  # most entries say what others say, of somebody else
    for leaf in leaves:
        key = (leaf.data.get("policy_version"), leaf.occurred_at.date())
        if key not in bound:
            bound[key] = _versions(db, organization_id, leaf.occurred_at)
        said = {name: leaf.data[name] for name in rules.READ if name in leaf.data}
        alike = (key, leaf.type, leaf.channel, leaf.purposes, str(said))
        if alike not in found:
            found[alike] = tuple(rules.evidence_of_entry(bound[key], leaf.type, leaf.channel, leaf.purposes, said))
        day = leaf.recorded_at.date().isoformat()
        for commitment, code in found[alike]:
            counted[commitment, day, code] += 1
    return counted


def _of_decision(asked_at: datetime, answer: Answer) -> Counted:
    day = asked_at.date().isoformat()
    return Counter((commitment, day, code) for commitment, code in rules.evidence_of_decision(answer))


def _versions(db: Database, organization_id: UUID, at: datetime) -> tuple[PolicyVersionPack, ...]:
    """The versions that bound at that instant; none before the first was published."""
    with db.read(organization_id) as tx:
        try:
            return policies.rulebook_at(tx, organization_id, at).versions
        except NotFound:
            return ()


EVIDENCE = walking.Count("ledger", "decisions", _of_entries, _of_decision, _ADD)
