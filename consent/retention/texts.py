"""Texts of messages go in their time: out of the ledger's facts, out of what was sent, and nothing else with them.

An entry stays with what it was read as (keyword, intent, programs, times) and with its seal; its words go, and with
them what the gateway brought. How long they stay is the promise about the class of data that the organization's file
says they are of (`here = "messages"`); holds and open requests keep them as they keep a record.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime

from consent.db import Database, Sql, Tx
from consent.db.types import as_id, as_instant
from consent.ids import oldest_id
from consent.ledger import bodies
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing, InForce
from consent.retention import parts
from consent.retention.batches import AT_ONCE
from consent.retention.part_rules import MESSAGES, Part
from consent.retention.parts import FIRST, Going, Row
from consent.retention.reckoning import Reckoner

_THROUGH = Sql("SELECT texts_through FROM retention_walk WHERE organization_id = :organization_id")
_WENT_ON = Sql(
    "INSERT INTO retention_walk (organization_id, rules, through, changed, texts_through)"
    " VALUES (:organization_id, '', :first, 0, :through) ON CONFLICT (organization_id)"
    " DO UPDATE SET texts_through = excluded.texts_through"
)
_SAID = Sql(
    "SELECT e.event_id, e.stream_id, e.body FROM ledger_disclosure d CROSS JOIN ledger_event e"
    " WHERE d.organization_id = :organization_id AND d.event_id > :after AND d.event_id < :before"
    " AND d.name = 'message' AND e.organization_id = d.organization_id AND e.event_id = d.event_id"
    " ORDER BY d.event_id LIMIT :most"
)
_SENT = (
    "SELECT id, contact_point_id, queue, done_at FROM job WHERE organization_id = :organization_id AND id {beyond}"
    " AND id < :before AND done_at IS NOT NULL AND contact_point_id IS NOT NULL AND queue IN ('sms', 'email')"
    " AND length(payload) > 0 ORDER BY id LIMIT :most"
)
_SENT_AFTER, _SENT_FROM = Sql(_SENT.format(beyond="> :after")), Sql(_SENT.format(beyond=">= :first"))
_FORGET = "DELETE FROM ledger_disclosure WHERE organization_id = :organization_id AND name = 'message' AND event_id "
_FORGET_SAID = Sql(_FORGET + "= :id", postgresql=_FORGET + "= ANY(:ids)")
_EMPTY = "UPDATE job SET payload = :nothing WHERE organization_id = :organization_id AND id "
_EMPTY_SENT = Sql(_EMPTY + "= :id", postgresql=_EMPTY + "= ANY(:ids)")


def forget(db: Database, keyring: Keyring, governing: Governing, organization_id: uuid.UUID, now: datetime) -> int:
    """Each text whose time is over is gone, but what a hold or an open request keeps; returns how many went."""
    in_force = governing.now(organization_id, now)
    before = Part(MESSAGES, Reckoner(in_force.rulebook), now).over()
    if before is None:
        return 0
    with db.read(organization_id, single=True) as tx:
        row = tx.one(_THROUGH, {"organization_id": organization_id})
    through = FIRST if row is None or row[0] is None else as_id(row[0])
    gone = _forget_said(db, keyring, in_force, through, oldest_id(before), now)
    return gone + _forget_sent(db, keyring, in_force, oldest_id(before), now)


def _forget_said(
    db: Database, keyring: Keyring, in_force: InForce, through: uuid.UUID, before: uuid.UUID, now: datetime
) -> int:
    """Texts in the ledger, the oldest first. What lies behind the first that is kept is looked at again each time."""
    organization_id, gone, whole, more, after = in_force.log.organization_id, 0, True, True, through

    def work(tx: Tx) -> tuple[int, bool, uuid.UUID, bool]:
        walk = parts.walk(MESSAGES, tx, keyring, in_force, now)
        asked = {"organization_id": organization_id, "after": after, "before": before, "most": AT_ONCE}
        rows = tx.all(_SAID, asked)
        texts = [text for row in rows if (text := text_in(row)) is not None]
        going = walk.going(texts)
        _each(tx, _FORGET_SAID, organization_id, going)
        walk.tell(going)
        count = sum(map(len, going.values()))
        clean = whole and count == len(texts)
        last = as_id(rows[-1][0]) if rows else after
        if clean and rows:
            tx.run(_WENT_ON, {"organization_id": organization_id, "first": FIRST, "through": last})
        return count, clean, last, len(rows) == AT_ONCE

    while more:
        count, whole, after, more = db.write(work, organization_id)
        gone += count
    return gone


def _forget_sent(db: Database, keyring: Keyring, in_force: InForce, before: uuid.UUID, now: datetime) -> int:
    """The same words where they lie among what was sent. That it was sent stays."""
    organization_id, gone, after = in_force.log.organization_id, 0, FIRST
    asked = {"organization_id": organization_id, "before": before, "most": AT_ONCE}

    def work(tx: Tx) -> tuple[int, uuid.UUID]:
        walk = parts.walk(MESSAGES, tx, keyring, in_force, now)
        rows = tx.all(_SENT_FROM, {**asked, "first": first})
        going = walk.going(Row((as_id(row[0]),), as_id(row[1]), row[2], as_instant(row[3])) for row in rows)
        _each(tx, _EMPTY_SENT, organization_id, going, nothing=b"")
        walk.tell(going)
        return sum(map(len, going.values())), as_id(rows[-1][0]) if rows else first

    while True:
        with db.read(organization_id, single=True) as tx:  # past all that went long ago, while others write
            found = tx.one(_SENT_AFTER, {**asked, "after": after, "most": 1})
        if found is None:
            return gone
        first = as_id(found[0])
        count, after = db.write(work, organization_id)
        gone += count


def text_in(row: Sequence[object]) -> Row | None:
    """A text somebody sent or was sent; None for a note of staff, which is no message."""
    leaf = bodies.parse(bytes(row[2]))  # type: ignore[call-overload]
    if leaf.source != "webhook" and not leaf.type.startswith("message."):
        return None
    return Row((leaf.id,), leaf.stream, leaf.channel, leaf.recorded_at)


def _each(tx: Tx, sql: Sql, organization_id: uuid.UUID, going: Going, **more: object) -> None:
    ids = [one for some in going.values() for row in some for one in row.key]
    if tx.postgresql:
        tx.run(sql, {"organization_id": organization_id, "ids": ids, **more})
    else:
        tx.many(sql, [{"organization_id": tx.id(organization_id), "id": tx.id(one), **more} for one in ids])
