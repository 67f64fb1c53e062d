"""What was sent when to whom, what became of it and what was asked before it goes in its time (`here = "delivery"`).

Three tables hold it: messages that left, what gateways reported of them, and the answers of the gate, which name the
same addresses and times. The ledger's entries stay, and with them consents, every no and all that is counted from them;
the outbox keeps that its work was done, by which nothing is sent twice.
"""

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from consent.db import Database, Sql, Tx
from consent.db.types import as_id, as_instant
from consent.ids import oldest_id
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing
from consent.retention import parts
from consent.retention.batches import AT_ONCE
from consent.retention.part_rules import DELIVERY, Part
from consent.retention.parts import FIRST, Row, Walk
from consent.retention.reckoning import Reckoner

_SMS = "sms"  # gateways report on texts alone

# Each along an index in the order of time, so that what is due stands at the beginning.
_MESSAGES = Sql(
    "SELECT m.channel, m.tag64, m.sent_at, m.id, c.id, d.person_id FROM message_log m"
    " LEFT JOIN contact_point c"
    " ON c.organization_id = m.organization_id AND c.channel = m.channel AND c.tag64 = m.tag64"
    " LEFT JOIN decision d ON d.organization_id = m.organization_id AND d.id = m.decision_id"
    " WHERE m.organization_id = :organization_id AND m.sent_at < :before AND (m.sent_at, m.id) > (:at, :id)"
    " ORDER BY m.sent_at, m.id LIMIT :most"
)
_DECISIONS = Sql(
    "SELECT d.id, d.channel, d.asked_at, c.id, d.person_id FROM decision d LEFT JOIN contact_point c"
    " ON c.organization_id = d.organization_id AND c.channel = d.channel AND c.tag64 = d.tag64"
    " WHERE d.organization_id = :organization_id AND d.id > :id AND d.id < :before_id ORDER BY d.id LIMIT :most"
)
_REPORTS = Sql(
    "SELECT message_tag, status, reported_at FROM delivery_status WHERE organization_id = :organization_id"
    " AND account_id = :account AND reported_at < :before"
    " AND (reported_at, status, message_tag) > (:at, :status, :tag)"
    " ORDER BY reported_at, status, message_tag LIMIT :most"
)
_ACCOUNTS = Sql("SELECT id FROM gateway_account WHERE organization_id = :organization_id ORDER BY id")
_STILL_TOLD_OF = Sql(
    "SELECT j.provider_tag FROM message_log m JOIN job j ON j.organization_id = m.organization_id AND j.id = m.id"
    " WHERE m.organization_id = :organization_id AND m.sent_at <= :until AND j.provider_tag IS NOT NULL"
)
# How a row goes, and the columns that name it.
_GO = "DELETE FROM {table} WHERE organization_id = :organization_id AND {named}"


def _delete(table: str, *key: str) -> tuple[Sql, tuple[str, ...]]:
    return Sql(_GO.format(table=table, named=" AND ".join(f"{one} = :{one}" for one in key))), key


_MESSAGE = _delete("message_log", "channel", "tag64", "sent_at", "id")
_DECISION = _delete("decision", "id")
_REPORT = _delete("delivery_status", "account_id", "message_tag", "status")
_LAST_WENT_IN = Sql(
    "INSERT INTO retention_walk (organization_id, rules, through, changed, delivery_batch)"
    " VALUES (:organization_id, '', :first, 0, :batch) ON CONFLICT (organization_id)"
    " DO UPDATE SET delivery_batch = excluded.delivery_batch"
)


class _Past(NamedTuple):
    """Up to where rows of one table were looked at in this round, in the order of time."""

    at: datetime = datetime.fromisoformat("0001-01-01T00:00:00+00:00")
    id: uuid.UUID = FIRST
    status: str = ""
    tag: bytes = b""


class _Table(NamedTuple):
    """One of the three: its next rows behind a place with the place behind them, and by which columns one goes."""

    read: Callable[[Tx, _Past, datetime], tuple[list[Row], _Past]]
    delete: Sql
    key: tuple[str, ...]
    spared: Callable[[Tx, Sequence[Row]], frozenset[object]] | None = None  # keys of rows that something else keeps


def forget(db: Database, keyring: Keyring, governing: Governing, organization_id: uuid.UUID, now: datetime) -> int:
    """Each row whose time is over is gone, but what a hold or an open request keeps; returns how many went.

    Every transaction takes AT_ONCE rows at the most and tells of them: stopped between two, nothing is told twice.
    """
    in_force = governing.now(organization_id, now)
    before = Part(DELIVERY, Reckoner(in_force.rulebook), now).over()
    if before is None:
        return 0
    with db.read(organization_id, single=True) as tx:
        accounts = [as_id(row[0]) for row in tx.all(_ACCOUNTS, {"organization_id": organization_id})]
    # Messages before their reports: a report stays as long as what it tells of.
    gone = 0
    for table in (_Table(_messages, *_MESSAGE), *map(_reports_of, accounts), _Table(_decisions, *_DECISION)):
        past, more = _Past(), True

        def work(tx: Tx, table: _Table = table) -> tuple[int, _Past, bool]:
            walk = parts.walk(DELIVERY, tx, keyring, in_force, now)
            rows, behind = table.read(tx, past, before)  # noqa: B023 - it is over before the loop goes on
            return _forget(walk, table, rows), behind, len(rows) == AT_ONCE

        while more:
            count, past, more = db.write(work, organization_id)
            gone += count
    return gone


def _forget(walk: Walk, table: _Table, rows: Sequence[Row]) -> int:
    """Those of the rows that go are gone, and told of."""
    going = walk.going(rows)
    if going and table.spared is not None:
        spared = table.spared(walk.tx, [row for some in going.values() for row in some])
        left = {because: [row for row in some if row.key not in spared] for because, some in going.items()}
        going = {because: some for because, some in left.items() if some}
    gone = [row for some in going.values() for row in some]
    place: dict[str, object] = {"organization_id": walk.tx.id(walk.in_force.log.organization_id)}
    walk.tx.many(table.delete, [place | dict(zip(table.key, row.key, strict=True)) for row in gone])
    for batch in walk.tell(going):
        place = {"organization_id": walk.tx.organization_id, "first": FIRST, "batch": batch.id}
        walk.tx.run(_LAST_WENT_IN, place)
    return len(gone)


def _messages(tx: Tx, past: _Past, before: datetime) -> tuple[list[Row], _Past]:
    found = tx.all(_MESSAGES, _asked(tx, before) | {"at": past.at, "id": past.id})
    rows = [Row(tuple(one[:4]), _id(one[4]), one[0], as_instant(one[2]), _id(one[5])) for one in found]
    return rows, _Past(rows[-1].at, as_id(found[-1][3])) if rows else past


def _decisions(tx: Tx, past: _Past, before: datetime) -> tuple[list[Row], _Past]:
    found = tx.all(_DECISIONS, _asked(tx, before) | {"id": past.id, "before_id": oldest_id(before)})
    rows = [Row((one[0],), _id(one[3]), one[1], as_instant(one[2]), _id(one[4])) for one in found]
    return rows, past._replace(id=as_id(found[-1][0])) if rows else past


def _reports_of(account: uuid.UUID) -> _Table:
    """What one account of a gateway reported."""

    def read(tx: Tx, past: _Past, before: datetime) -> tuple[list[Row], _Past]:
        asked = {"account": account, "at": past.at, "status": past.status, "tag": past.tag}
        found = tx.all(_REPORTS, _asked(tx, before) | asked)
        rows = [Row((tx.id(account), bytes(one[0]), one[1]), None, _SMS, as_instant(one[2])) for one in found]
        return rows, _Past(rows[-1].at, FIRST, found[-1][1], bytes(found[-1][0])) if rows else past

    return _Table(read, *_REPORT, _of_what_is_kept)


def _of_what_is_kept(tx: Tx, reports: Sequence[Row]) -> frozenset[object]:
    """Those of the reports whose message still stands in the log, although its own time is over: something keeps it."""
    until = {"organization_id": tx.organization_id, "until": max(one.at for one in reports)}
    kept = {bytes(tag) for (tag,) in tx.all(_STILL_TOLD_OF, until)}
    return frozenset(one.key for one in reports if one.key[1] in kept)


def _asked(tx: Tx, before: datetime) -> dict[str, object]:
    return {"organization_id": tx.organization_id, "before": before, "most": AT_ONCE}


def _id(value: bytes | uuid.UUID | None) -> uuid.UUID | None:
    return None if value is None else as_id(value)
