"""What is new in the ledger and among the decisions, walked through once by each of those who count it.

Each who counts has cursors of its own. What was counted and how far the counting has come are written together; of
two processes that counted the same, the second finds the cursor elsewhere and writes nothing.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from consent.db import Database, Sql, Tx, giving_way
from consent.db.types import as_id, as_instant
from consent.ids import oldest_id
from consent.ledger import bodies
from consent.ledger.bodies import Leaf

BATCH = 500
# Ids follow the time at which they were made, not that of their commit: the newest are left for the next time.
SETTLED_AFTER = timedelta(seconds=90)

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

Key = tuple[str, str, str]
Counted = Counter[Key]
Answer = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Count:
    """Who counts: the names of the two cursors, what one entry or decision is counted as, and where it is kept.

    `keep` adds the count of a key: `:first`, `:second`, `:third` and `:count`.
    """

    ledger: str
    decisions: str
    of_entries: Callable[[Database, UUID, Iterable[Leaf]], Counted]
    of_decision: Callable[[datetime, Answer], Counted]
    keep: Sql


def count(db: Database, organization_id: UUID, how: Count, now: datetime) -> int:
    """Everything sealed or decided since the last time is counted; returns how many entries and decisions were."""
    with db.read(organization_id) as tx:
        logs = [int(row[0]) for row in tx.all(_LOGS, {"organization_id": organization_id})]
    done = 0
    for log_id in logs:
        done += _all_of(partial(_count_log, db, organization_id, how, log_id))
    return done + _all_of(partial(_count_decisions, db, organization_id, how, now))


def _all_of(batch: Callable[[], int]) -> int:
    """Batch after batch until nothing is left; how much there was."""
    done = 0
    while found := batch():
        done += found
    return done


def _count_log(db: Database, organization_id: UUID, how: Count, log_id: int) -> int:
    place: dict[str, object] = {"organization_id": organization_id, "source": how.ledger, "log_id": log_id}
    with db.read(organization_id) as tx:
        seen = _cursor(tx, place)
        after = int.from_bytes(seen, "big") if seen else -1
        rows = tx.all(_SEALED, place | {"after": after, "batch": BATCH})
    if not rows:
        return 0
    leaves = (bodies.read(bytes(body)) for _, body in giving_way.in_turns(rows))
    counted = how.of_entries(db, organization_id, leaves)
    reached = int(rows[-1][0]).to_bytes(8, "big")
    return _store(db, organization_id, how, place | {"reached": reached, "seen": seen}, counted, len(rows))


def _count_decisions(db: Database, organization_id: UUID, how: Count, now: datetime) -> int:
    place: dict[str, object] = {"organization_id": organization_id, "source": how.decisions, "log_id": 0}
    with db.read(organization_id) as tx:
        seen = _cursor(tx, place)
        after = UUID(bytes=seen) if seen else UUID(int=0)
        until = oldest_id(now - SETTLED_AFTER)
        rows = tx.all(_DECIDED, place | {"after": after, "until": until, "batch": BATCH})
    if not rows:
        return 0
    counted: Counted = Counter()
    for _id, asked_at, explained in giving_way.in_turns(rows):
        counted.update(how.of_decision(as_instant(asked_at), json.loads(explained)["answer"]))
    reached = as_id(rows[-1][0]).bytes
    return _store(db, organization_id, how, place | {"reached": reached, "seen": seen}, counted, len(rows))


def _store(
    db: Database, organization_id: UUID, how: Count, place: dict[str, object], counted: Counted, entries: int
) -> int:
    """Add what was counted, unless another process has counted the same meanwhile."""

    def work(tx: Tx) -> int:
        if not tx.run(_MOVE, place):
            return 0
        for (first, second, third), number in sorted(counted.items()):
            key = {"first": first, "second": second, "third": third, "count": number}
            tx.later(how.keep, {"organization_id": organization_id} | key)
        return entries

    return db.write(work, organization_id)


def _cursor(tx: Tx, place: dict[str, object]) -> bytes:
    row = tx.one(_CURSOR, place)
    return b"" if row is None else bytes(row[0])
