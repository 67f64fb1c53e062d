"""What the clock calls: count, off the hot paths, what each commitment left behind."""

import json
from collections import Counter
from datetime import datetime, timedelta
from uuid import UUID

from consent.db import Database, Sql, Tx
from consent.db.types import as_id, as_instant
from consent.errors import NotFound
from consent.ids import oldest_id
from consent.ledger import bodies
from consent.policies import service as policies
from consent.policies.version import PolicyVersionPack
from consent.review import rules

BATCH = 500
# Ids follow the time at which they were made, not that of their commit: the newest are left for the next time.
SETTLED_AFTER = timedelta(seconds=90)

LEDGER, DECISIONS = "ledger", "decisions"

_LOGS = Sql("SELECT log_id FROM ledger_log WHERE organization_id = :organization_id ORDER BY log_id")
_CURSOR = Sql(
    "SELECT after FROM evidence_cursor"
    " WHERE organization_id = :organization_id AND source = :source AND log_id = :log_id"
)
# One statement looks and moves: of two who counted the same, the second finds the cursor elsewhere and moves nothing.
_MOVE = Sql(
    "INSERT INTO evidence_cursor (organization_id, source, log_id, after)"
    " VALUES (:organization_id, :source, :log_id, :reached)"
    " ON CONFLICT (organization_id, source, log_id) DO UPDATE SET after = excluded.after"
    " WHERE evidence_cursor.after = :seen"
)
_SEALED = Sql(
    "SELECT l.leaf_index, e.body FROM ledger_leaf l"
    " JOIN ledger_event e ON e.organization_id = l.organization_id AND e.event_id = l.event_id"
    " WHERE l.organization_id = :organization_id AND l.log_id = :log_id AND l.leaf_index > :after"
    " ORDER BY l.leaf_index LIMIT :batch"
)
_DECIDED = Sql(
    "SELECT id, asked_at, explained FROM decision WHERE organization_id = :organization_id"
    " AND id > :after AND id < :until ORDER BY id LIMIT :batch"
)
_ADD = Sql(
    "INSERT INTO evidence_count (organization_id, commitment, day, code, count)"
    " VALUES (:organization_id, :commitment, :day, :code, :count)"
    " ON CONFLICT (organization_id, commitment, day, code) DO UPDATE SET count = evidence_count.count + excluded.count"
)

Counted = Counter[tuple[str, str, str]]  # commitment, day, code


def count_evidence(db: Database, organization_id: UUID, now: datetime) -> int:
    """Everything sealed or decided since the last time is counted; returns how many entries and decisions were."""
    with db.read(organization_id) as tx:
        logs = [int(row[0]) for row in tx.all(_LOGS, {"organization_id": organization_id})]
    done = 0
    for log_id in logs:
        while found := _count_log(db, organization_id, log_id):
            done += found
    while found := _count_decisions(db, organization_id, now):
        done += found
    return done


def _count_log(db: Database, organization_id: UUID, log_id: int) -> int:
    place: dict[str, object] = {"organization_id": organization_id, "source": LEDGER, "log_id": log_id}
    with db.read(organization_id) as tx:
        seen = _cursor(tx, place)
        after = int.from_bytes(seen, "big") if seen else -1
        rows = tx.all(_SEALED, place | {"after": after, "batch": BATCH})
        if not rows:
            return 0
        counted: Counted = Counter()
        bound: dict[tuple[object, object], tuple[PolicyVersionPack, ...]] = {}
        for _index, body in rows:
            leaf = bodies.parse(bytes(body))
            key = (leaf.data.get("policy_version"), leaf.occurred_at.date())
            if key not in bound:
                bound[key] = _versions(tx, organization_id, leaf.occurred_at)
            day = leaf.recorded_at.date().isoformat()
            for commitment, code in rules.evidence_of_entry(
                bound[key], leaf.type, leaf.channel, leaf.purposes, leaf.data
            ):
                counted[commitment, day, code] += 1
    return _store(db, place, seen, int(rows[-1][0]).to_bytes(8, "big"), counted, len(rows))


def _count_decisions(db: Database, organization_id: UUID, now: datetime) -> int:
    place: dict[str, object] = {"organization_id": organization_id, "source": DECISIONS, "log_id": 0}
    with db.read(organization_id) as tx:
        seen = _cursor(tx, place)
        after = UUID(bytes=seen) if seen else UUID(int=0)
        until = oldest_id(now - SETTLED_AFTER)
        rows = tx.all(_DECIDED, place | {"after": after, "until": until, "batch": BATCH})
    if not rows:
        return 0
    counted: Counted = Counter()
    for _id, asked_at, explained in rows:
        day = as_instant(asked_at).date().isoformat()
        for commitment, code in rules.evidence_of_decision(json.loads(explained)["answer"]):
            counted[commitment, day, code] += 1
    return _store(db, place, seen, as_id(rows[-1][0]).bytes, counted, len(rows))


def _store(db: Database, place: dict[str, object], seen: bytes, reached: bytes, counted: Counted, entries: int) -> int:
    """Add what was counted, unless another process has counted the same meanwhile."""

    def work(tx: Tx) -> int:
        if not tx.run(_MOVE, place | {"reached": reached, "seen": seen}):
            return 0
        for (commitment, day, code), count in sorted(counted.items()):
            tx.later(_ADD, place | {"commitment": commitment, "day": day, "code": code, "count": count})
        return entries

    organization_id = place["organization_id"]
    return db.write(work, organization_id if isinstance(organization_id, UUID) else None)


def _cursor(tx: Tx, place: dict[str, object]) -> bytes:
    row = tx.one(_CURSOR, place)
    return b"" if row is None else bytes(row[0])


def _versions(tx: Tx, organization_id: UUID, at: datetime) -> tuple[PolicyVersionPack, ...]:
    """The versions that bound at that instant; none before the first was published."""
    try:
        return policies.rulebook_at(tx, organization_id, at).versions
    except NotFound:
        return ()
