"""Somebody reads a text that no rule understood and says what it meant; the first answer counts."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from consent.db import Sql, Tx
from consent.db.types import as_id, as_instant
from consent.errors import Conflict, NotFound
from consent.ledger import bodies
from consent.ledger import queries as ledger_queries
from consent.ledger import service as ledger
from consent.ledger.bodies import instant
from consent.ledger.keys import Keyring
from consent.outbox import message_log
from consent.outbox import service as outbox
from consent.policies.rulebook import Rulebook
from consent.preferences import service as preferences
from consent.sms.arrivals import SMS
from consent.sms.events import answered, scope_of
from consent.subjects import service as subjects
from consent.subjects.addresses import masked
from consent.web.messages import N_

STOP = "stop"
OUTCOMES = (STOP, "other", "help")
FIRST = (datetime(1970, 1, 1, tzinfo=UTC), uuid.UUID(int=0))  # where the list begins

_OPEN = Sql(
    "SELECT event_id, contact_point_id, outcome, first_seen_at FROM inbound"
    " WHERE organization_id = :organization_id AND review = 'open'"
    " AND (first_seen_at > :since OR (first_seen_at = :since AND event_id > :after))"
    " ORDER BY first_seen_at, event_id LIMIT :most"
)
_BODY = Sql("SELECT body FROM ledger_event WHERE organization_id = :organization_id AND event_id = :event_id")
_KEEP = Sql(
    "INSERT INTO sms_review (organization_id, event_id, entry_id, outcome, decided_at)"
    " VALUES (:organization_id, :event_id, :entry_id, :outcome, :now)"
)
_DONE = Sql(
    "UPDATE inbound SET review = 'done' WHERE organization_id = :organization_id AND event_id = :event_id"
    " AND review = 'open'"
)
_DECIDED = Sql(
    "SELECT outcome, decided_at FROM sms_review WHERE organization_id = :organization_id AND event_id = :event_id"
    " ORDER BY decided_at DESC LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody says a text meant."""

    event_id: uuid.UUID
    outcome: str
    by: str
    reason: str


def waiting(
    tx: Tx,
    keyring: Keyring,
    organization_id: uuid.UUID,
    *,
    most: int,
    since: datetime = FIRST[0],
    after: uuid.UUID = FIRST[1],
) -> tuple[list[dict[str, Any]], tuple[datetime, uuid.UUID] | None]:
    """Texts that nobody has read, oldest first, with their words; the second value continues the list."""
    asked = {"organization_id": organization_id, "since": since, "after": after, "most": most + 1}
    rows = tx.all(_OPEN, asked)
    shown = []
    for event_id, contact_id, outcome, seen_at in rows[:most]:
        facts = {one.name: one.value for one in ledger_queries.facts(tx, keyring, organization_id, as_id(event_id))}
        contact = subjects.by_id(tx, keyring, organization_id, as_id(contact_id))
        shown.append(
            {
                "id": str(as_id(event_id)),
                "contact_point": str(as_id(contact_id)),
                "masked": masked(SMS, contact.address) if contact is not None and contact.address else None,
                "received_at": instant(as_instant(seen_at)),
                "intent": outcome,
                "held": outcome == "ambiguous",
                "text": facts.get("msg_text"),
            }
        )
    if len(rows) <= most:
        return shown, None
    return shown, (as_instant(rows[most - 1][3]), as_id(rows[most - 1][0]))


def decide(
    tx: Tx,
    keyring: Keyring,
    log: ledger.Log,
    rulebook_at: Callable[[datetime], Rulebook],
    decision: Decision,
    now: datetime,
) -> ledger.Entry:
    """What the text meant is settled: a stop counts from the moment it was written, anything else lifts the hold.

    Whoever comes second is told what was decided; nothing is changed then.
    """
    leaf = _text(tx, log.organization_id, decision.event_id)
    stream = ledger.stream(tx, keyring, log.organization_id, leaf.stream)
    asked = {"organization_id": log.organization_id, "event_id": decision.event_id}
    if tx.run(_DONE, asked) == 0:
        _tell(tx, asked)
    return _settle(tx, log, stream, rulebook_at(leaf.occurred_at), leaf, decision, now)


def correct(
    tx: Tx,
    keyring: Keyring,
    log: ledger.Log,
    rulebook_at: Callable[[datetime], Rulebook],
    decision: Decision,
    now: datetime,
) -> ledger.Entry:
    """A text that was read as something else is a stop after all, from the moment it was written.

    There is no way back from a stop: what it ended comes back by the person alone.
    """
    leaf = _text(tx, log.organization_id, decision.event_id)
    stream = ledger.stream(tx, keyring, log.organization_id, leaf.stream)
    found = tx.one(_DECIDED, {"organization_id": log.organization_id, "event_id": decision.event_id})
    if found is None:
        raise NotFound(N_("Nobody has read this text yet."))
    if found[0] == STOP or decision.outcome != STOP:
        raise Conflict(N_("A stop stays a stop: only the person can take it back. Nothing was changed."))
    return _settle(tx, log, stream, rulebook_at(leaf.occurred_at), leaf, decision, now)


def would_end(
    tx: Tx, organization_id: uuid.UUID, rulebook_at: Callable[[datetime], Rulebook], event_id: uuid.UUID
) -> tuple[str, ...]:
    """The programs that this text ends if it is a stop."""
    leaf = _text(tx, organization_id, event_id)
    _, tag64 = _place(tx, organization_id, leaf.stream)
    return _reach(tx, organization_id, rulebook_at(leaf.occurred_at), leaf, tag64)[0]


def _text(tx: Tx, organization_id: uuid.UUID, event_id: uuid.UUID) -> bodies.Leaf:
    row = tx.one(_BODY, {"organization_id": organization_id, "event_id": event_id})
    if row is None:
        raise NotFound("There is no such text.")
    return bodies.parse(bytes(row[0]))


def _place(tx: Tx, organization_id: uuid.UUID, stream_id: uuid.UUID) -> tuple[str, int]:
    """Channel and short tag; no other entry than a text has a sender's contact point."""
    contact = subjects.place_of(tx, organization_id, stream_id)
    if contact is None:
        raise NotFound("There is no such text.")
    return contact


def _settle(
    tx: Tx,
    log: ledger.Log,
    stream: ledger.Stream,
    rulebook: Rulebook,
    leaf: bodies.Leaf,
    decision: Decision,
    now: datetime,
) -> ledger.Entry:
    organization_id = log.organization_id
    channel, tag64 = _place(tx, organization_id, stream.id)
    before = preferences.read(tx, organization_id, channel, tag64)
    event = _event(tx, organization_id, rulebook, leaf, tag64, decision, now)
    entry = ledger.append(tx, log, stream, event, now)
    preferences.record(tx, organization_id, channel, tag64, before, entry, "staff")
    if decision.outcome == STOP:
        outbox.cancel_waiting(tx, organization_id, stream.id, event.purposes, now)
    kept = {"event_id": decision.event_id, "entry_id": entry.event_id, "outcome": decision.outcome, "now": now}
    tx.later(_KEEP, {"organization_id": organization_id} | kept)
    return entry


def _tell(tx: Tx, asked: dict[str, uuid.UUID]) -> None:
    """Refuse, with what somebody else has decided."""
    found = tx.one(_DECIDED, asked)
    if found is None:
        raise NotFound("This text waits for nobody to read it.")
    when = instant(as_instant(found[1]))
    raise Conflict(f'Somebody has read this text already: "{found[0]}", on {when}. Nothing was changed.')


def _event(
    tx: Tx,
    organization_id: uuid.UUID,
    rulebook: Rulebook,
    leaf: bodies.Leaf,
    tag64: int,
    decision: Decision,
    now: datetime,
) -> ledger.Event:
    unclear = leaf.data.get("intent") == "ambiguous"
    facts = {"staff": decision.by, "reason": decision.reason}
    data: dict[str, object] = {"settles": str(decision.event_id), "outcome": decision.outcome}
    if decision.outcome != STOP:
        type_ = "suppression.released" if unclear else "message.reviewed"
        after = max(now, leaf.occurred_at + timedelta(milliseconds=1))
        return ledger.Event(type_, "staff", SMS, (), data, after, facts)
    purposes, scope = _reach(tx, organization_id, rulebook, leaf, tag64)
    data |= scope | {
        "method": "ambiguous-review" if unclear else "review",
        "why": "Somebody has read the text and found that it says stop.",
        "sender": str(leaf.data.get("sender", "")),
        **rulebook.policy_version.cited(),
    }
    return ledger.Event("consent.withdrawn", "staff", SMS, purposes, data, leaf.occurred_at, facts)


def _reach(
    tx: Tx, organization_id: uuid.UUID, rulebook: Rulebook, leaf: bodies.Leaf, tag64: int
) -> tuple[tuple[str, ...], dict[str, object]]:
    """What a stop by this text ends, by what was sent to the number before it."""
    sender = str(leaf.data.get("sender", ""))
    last = message_log.last_sent(tx, organization_id, SMS, tag64, leaf.occurred_at, sender)
    return scope_of(rulebook, sender, answered(rulebook, last, leaf.occurred_at))
