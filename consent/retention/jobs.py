"""What the clock calls: records are looked at again after a hold or a new version, and missed limits are noticed."""

import uuid
from datetime import datetime

from consent.db import Database, Sql, Tx
from consent.db.types import as_id
from consent.ids import new_id
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing, InForce
from consent.retention import clocks, hold_rows, holds, looking_again, taking_back
from consent.retention.reckoning import Reckoner
from consent.retention.rows import day_of, stored_day

FIRST = uuid.UUID(int=0)
ROUNDS = 40  # transactions of one round: 20,000 records, then others have their turn

_WALK = Sql("SELECT rules, through, finished_at FROM retention_walk WHERE organization_id = :organization_id")
_BEGIN = Sql(
    "INSERT INTO retention_walk (organization_id, rules, through, changed) VALUES (:organization_id, :rules, :first, 0)"
    " ON CONFLICT (organization_id) DO UPDATE SET rules = excluded.rules, through = excluded.through, changed = 0,"
    " finished_at = NULL"
)
_WENT_ON = Sql(
    "UPDATE retention_walk SET through = :through, changed = changed + :changed, finished_at = :finished_at"
    " WHERE organization_id = :organization_id"
)
_APART_UNTIL = Sql(
    "UPDATE held_record SET dispose_on = :until, due_on = :until WHERE organization_id = :organization_id"
    " AND state = 'isolated' AND dispose_on IS NULL"
)
_LATE = Sql(
    "SELECT store, category, due_on, min(because), count(*) FROM held_record WHERE organization_id = :organization_id"
    " AND dispose_on < :today AND due_on < :today AND state <> 'isolated' GROUP BY store, category, due_on"
)
_LATE_BATCHES = Sql(
    "SELECT store, category, due_on, min(because), sum(count) FROM disposal_batch"
    " WHERE organization_id = :organization_id AND state IN ('waiting', 'sent', 'by_hand') AND due_on < :today"
    " GROUP BY store, category, due_on"
)
_KNOWN = Sql(
    'SELECT store, category, due_on, id, "left" FROM retention_miss WHERE organization_id = :organization_id'
    " AND closed_at IS NULL"
)
_INSERT = Sql(
    'INSERT INTO retention_miss (organization_id, id, store, category, due_on, because, count, "left", found_at,'
    " entry_id)"
    " VALUES (:organization_id, :id, :store, :category, :due_on, :because, :count, :count, :now, :entry_id)"
    ' ON CONFLICT (organization_id, store, category, due_on) DO UPDATE SET "left" = excluded."left", closed_at = NULL'
)
_LEFT = Sql(
    'UPDATE retention_miss SET "left" = :left, closed_at = :closed_at'
    " WHERE organization_id = :organization_id AND id = :id"
)


def look_again(db: Database, keyring: Keyring, governing: Governing, organization_id: uuid.UUID, now: datetime) -> int:
    """Holds that were placed or ended, events of people of whom much is held, and a rulebook that changed, are in the
    dates; returns how many moved by that rulebook.
    """
    in_force = governing.now(organization_id, now)
    rulebook = in_force.rulebook
    for _round in range(ROUNDS):
        with db.read(organization_id, single=True) as tx:
            waiting = holds.pending(tx, organization_id)
        if waiting is None:
            break
        hold_id = waiting
        db.write(
            lambda tx, hold_id=hold_id: holds.apply(tx, organization_id, rulebook, hold_id, now),  # type: ignore[misc]
            organization_id,
        )
    for _round in range(ROUNDS):
        with db.read(organization_id, single=True) as tx:
            if not clocks.waiting(tx, organization_id):
                break
        db.write(lambda tx: _go_on(tx, keyring, in_force, now), organization_id)
    moved = 0
    with db.read(organization_id, single=True) as tx:
        row = tx.one(_WALK, {"organization_id": organization_id})
    if row is not None and row[0] == Reckoner(rulebook).rules and row[2] is not None:
        return 0
    for _round in range(ROUNDS):
        more, count = db.write(lambda tx: _walk(tx, in_force, organization_id, now), organization_id)
        moved += count
        if not more:
            break
    return moved


def notice_missed(
    db: Database, keyring: Keyring, governing: Governing, organization_id: uuid.UUID, now: datetime
) -> int:
    """Each limit that passed while records were still there is an incident on record; returns how many are new."""
    in_force = governing.now(organization_id, now)
    return db.write(lambda tx: _notice(tx, keyring, in_force, organization_id, now), organization_id)


def _go_on(tx: Tx, keyring: Keyring, in_force: InForce, now: datetime) -> bool:
    return clocks.go_on(tx, keyring, in_force.log, hold_rows.reckoner(tx, in_force.rulebook, now), now)


def _walk(tx: Tx, in_force: InForce, organization_id: uuid.UUID, now: datetime) -> tuple[bool, int]:
    """Some more records have the dates of today's rules; whether there are more, and how many moved."""
    plain = Reckoner(in_force.rulebook)
    row = tx.one(_WALK, {"organization_id": organization_id})
    after = FIRST if row is None or row[0] != plain.rules else as_id(row[1])
    if row is None or row[0] != plain.rules:
        tx.run(_BEGIN, {"organization_id": organization_id, "rules": plain.rules, "first": FIRST})
        if (gone_by := plain.backups_gone_by(plain.today(now))) is not None:
            tx.run(_APART_UNTIL, {"organization_id": organization_id, "until": stored_day(tx, gone_by)})
    asked = {"organization_id": organization_id, "after": after, "most": looking_again.AT_ONCE}
    rows = tx.all(looking_again.NEXT, asked)
    reckoner = hold_rows.reckoner(tx, in_force.rulebook, now)
    changed = looking_again.again(tx, organization_id, reckoner, rows, all_rules=True)
    taking_back.take_back(tx, organization_id, reckoner, rows, now)
    more = len(rows) == looking_again.AT_ONCE
    went = {"organization_id": organization_id, "changed": changed, "through": as_id(rows[-1][0]) if rows else after}
    tx.run(_WENT_ON, went | {"finished_at": None if more else now})
    return more, changed


def _notice(tx: Tx, keyring: Keyring, in_force: InForce, organization_id: uuid.UUID, now: datetime) -> int:
    today = Reckoner(in_force.rulebook).today(now)
    asked = {"organization_id": organization_id, "today": stored_day(tx, today)}
    late: dict[tuple[str, str, str], list[object]] = {}
    for row in (*tx.all(_LATE, asked), *tx.all(_LATE_BATCHES, asked)):
        found = late.setdefault((row[0], row[1], str(row[2])), [row[3], 0])
        found[1] = int(str(found[1])) + int(row[4])
    known = {
        (row[0], row[1], str(row[2])): (as_id(row[3]), row[4])
        for row in tx.all(_KNOWN, {"organization_id": organization_id})
    }
    for key, (miss_id, left) in known.items():
        still = int(str(late[key][1])) if key in late else 0
        if still != left:
            closed = None if still else now
            tx.run(_LEFT, {"organization_id": organization_id, "id": miss_id, "left": still, "closed_at": closed})
    new = [key for key in late if key not in known]
    for key in new:
        _miss(tx, keyring, in_force, organization_id, key, str(late[key][0]), int(str(late[key][1])), now)
    return len(new)


def _miss(
    tx: Tx, keyring: Keyring, in_force: InForce, organization_id: uuid.UUID, key: tuple[str, str, str], because: str,
    count: int, now: datetime,
) -> None:  # fmt: skip
    miss_id, (store, category, due) = new_id(now), key
    data = {"miss": str(miss_id), "store": store, "category": category, "due_on": due, "count": count}
    cited = in_force.rulebook.policy_version.cited()
    stream = ledger.stream(tx, keyring, organization_id, organization_id)
    event = ledger.Event("retention.missed", "system", data={**data, "rests_on": because.split(), **cited})
    entry = ledger.append(tx, in_force.log, stream, event, now)
    row = {"organization_id": organization_id, "id": miss_id, "store": store, "category": category}
    row |= {"due_on": stored_day(tx, day_of(due)), "because": because, "count": count, "now": now}
    tx.run(_INSERT, row | {"entry_id": entry.event_id})
