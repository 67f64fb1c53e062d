"""Texts of messages go in their time: out of the ledger's facts, out of what was sent, and nothing else with them.

An entry stays with what it was read as (keyword, intent, programs, times) and with its seal; its words go, and with
them what the gateway brought. How long they stay is the promise about the class of data that the organization's file
says they are of (`here = "messages"`); holds and open requests keep them as they keep a record.
"""

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from consent.db import Database, Sql, Tx
from consent.db.types import as_id, as_instant
from consent.ids import new_id, oldest_id
from consent.ledger import bodies, erasing
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing, InForce
from consent.preferences.models import NOBODY
from consent.retention import batch_rows, batches, hold_rows, looking_again
from consent.retention.batch_rows import Batch
from consent.retention.reckoning import Reckoner
from consent.retention.registering import OWN
from consent.retention.rules import Kept, Terms, Thing
from consent.retention.text_rules import Texts

AT_ONCE = 200  # texts looked at in one transaction: it holds the writers for some milliseconds
FIRST = uuid.UUID(int=0)

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
_SENT = Sql(
    "SELECT id, contact_point_id, queue, done_at FROM job WHERE organization_id = :organization_id AND id > :after"
    " AND id < :before AND done_at IS NOT NULL AND contact_point_id IS NOT NULL AND queue IN ('sms', 'email')"
    " AND length(payload) > 0 ORDER BY id LIMIT :most"
)
_FORGET = "DELETE FROM ledger_disclosure WHERE organization_id = :organization_id AND name = 'message' AND event_id "
_FORGET_SAID = Sql(_FORGET + "= :id", postgresql=_FORGET + "= ANY(:ids)")
_EMPTY = "UPDATE job SET payload = :nothing WHERE organization_id = :organization_id AND id "
_EMPTY_SENT = Sql(_EMPTY + "= :id", postgresql=_EMPTY + "= ANY(:ids)")
_PERSONS = Sql(
    "SELECT DISTINCT person_id FROM preference WHERE organization_id = :organization_id AND contact_point_id = :id"
)


class _Text(NamedTuple):
    """One text: the row it lies in, whose it is, and when it was written down."""

    id: uuid.UUID
    contact_point_id: uuid.UUID
    channel: str
    at: datetime


@dataclass(slots=True)
class _Walk:
    """One look through texts, within one transaction."""

    tx: Tx
    rules: Texts
    reckoner: Reckoner
    asking: frozenset[uuid.UUID]

    def going(self, texts: Iterable[_Text]) -> dict[tuple[str, Terms], list[uuid.UUID]]:
        """Those that go today, by their class and by what says so."""
        found: dict[tuple[str, Terms], list[uuid.UUID]] = {}
        for text in texts:
            for category in self.rules.classes(text.channel):
                terms = self._terms(category, text)
                if terms is not None:
                    found.setdefault((category, terms), []).append(text.id)
                    break
        return found

    def _terms(self, category: str, text: _Text) -> Terms | None:
        """Why it goes as one of this class; None while anything keeps it, on anybody known at its address."""
        thing = Thing(category, None, None, None, text.at)
        if text.contact_point_id in self.asking and self.rules.open_request_keeps(thing):
            return None
        persons: list[uuid.UUID | None] = [None]
        if self.reckoner.holds.by_person:
            place = {"organization_id": self.tx.organization_id, "id": text.contact_point_id}
            persons += [one for (row,) in self.tx.all(_PERSONS, place) if (one := as_id(row)) != NOBODY]
        asked = [self.reckoner.terms(Kept(text.id, one, OWN, None, "", thing)) for one in persons]
        return None if any(one.stays(self.rules.today) for one in asked) else asked[0]


def forget(db: Database, keyring: Keyring, governing: Governing, organization_id: uuid.UUID, now: datetime) -> int:
    """Each text whose time is over is gone, but what a hold or an open request keeps; returns how many went."""
    in_force = governing.now(organization_id, now)
    before = Texts(Reckoner(in_force.rulebook), now).over()
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
    """Texts in the ledger, the oldest first. What lies behind the first that is kept is looked at again tomorrow."""
    organization_id, gone, whole, more, after = in_force.log.organization_id, 0, True, True, through

    def work(tx: Tx) -> tuple[int, bool, uuid.UUID, bool]:
        walk = _walk(tx, keyring, in_force, now)
        asked = {"organization_id": organization_id, "after": after, "before": before, "most": AT_ONCE}
        rows = tx.all(_SAID, asked)
        texts = [text for row in rows if (text := _said(row)) is not None]
        going = walk.going(texts)
        _each(tx, _FORGET_SAID, organization_id, going)
        for (category, terms), ids in going.items():
            _tell(tx, keyring, in_force, walk, category, terms, ids, now)
        count = sum(len(ids) for ids in going.values())
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
    organization_id, gone, more, after = in_force.log.organization_id, 0, True, FIRST

    def work(tx: Tx) -> tuple[int, uuid.UUID, bool]:
        walk = _walk(tx, keyring, in_force, now)
        rows = tx.all(_SENT, {"organization_id": organization_id, "after": after, "before": before, "most": AT_ONCE})
        going = walk.going(_Text(as_id(row[0]), as_id(row[1]), row[2], as_instant(row[3])) for row in rows)
        _each(tx, _EMPTY_SENT, organization_id, going, nothing=b"")
        for (category, terms), ids in going.items():
            _tell(tx, keyring, in_force, walk, category, terms, ids, now)
        return sum(len(ids) for ids in going.values()), as_id(rows[-1][0]) if rows else after, len(rows) == AT_ONCE

    while more:
        count, after, more = db.write(work, organization_id)
        gone += count
    return gone


def _walk(tx: Tx, keyring: Keyring, in_force: InForce, now: datetime) -> _Walk:
    organization_id = in_force.log.organization_id
    # Locked before the holds are read: who places one is before this transaction or behind it.
    ledger.stream(tx, keyring, organization_id, organization_id)
    erasing.overwrite_deleted(tx)
    reckoner = hold_rows.reckoner(tx, in_force.rulebook, now)
    asking = frozenset(looking_again.asking_at(tx, organization_id))
    return _Walk(tx, Texts(Reckoner(in_force.rulebook), now), reckoner, asking)


def _said(row: Sequence[object]) -> _Text | None:
    """A text somebody sent or was sent; None for a note of staff, which is no message."""
    leaf = bodies.parse(bytes(row[2]))  # type: ignore[call-overload]
    if leaf.source != "webhook" and not leaf.type.startswith("message."):
        return None
    return _Text(leaf.id, leaf.stream, leaf.channel, leaf.recorded_at)


def _tell(
    tx: Tx, keyring: Keyring, in_force: InForce, walk: _Walk, category: str, terms: Terms, ids: Sequence[uuid.UUID],
    now: datetime,
) -> None:  # fmt: skip
    """That they went, by which promise, stands in the ledger and on the page of what went."""
    digest = hashlib.sha256("".join(f"{one}\n" for one in ids).encode()).digest()
    due = terms.due_on
    assert due is not None
    batch = Batch(
        new_id(now), OWN, category, terms.method or "deleted", terms.because, walk.reckoner.policy_version, len(ids),
        digest, b"", due,
    )  # fmt: skip
    gone_by = walk.reckoner.backups_gone_by(walk.rules.today)
    batch_rows.put(tx, in_force.log.organization_id, batch, now, done=True, gone_by=gone_by)
    batches.tell(tx, keyring, in_force.log, walk.reckoner, batch, gone_by, now)


def _each(
    tx: Tx, sql: Sql, organization_id: uuid.UUID, going: dict[tuple[str, Terms], list[uuid.UUID]], **more: object
) -> None:
    ids = [one for some in going.values() for one in some]
    if tx.postgresql:
        tx.run(sql, {"organization_id": organization_id, "ids": ids, **more})
    else:
        tx.many(sql, [{"organization_id": tx.id(organization_id), "id": one.bytes, **more} for one in ids])
