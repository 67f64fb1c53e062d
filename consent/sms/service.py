"""Receive one text: recognise a repeat, record what it means, silence or renew, and prepare the one reply.

Everything `receive` writes is one transaction; the gateway is answered after its commit.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from consent.db import Rows, Sql, Tx
from consent.db.types import as_id
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.outbox import message_log
from consent.outbox import service as outbox
from consent.policies.rulebook import Rulebook
from consent.preferences import service as preferences
from consent.preferences import wordings
from consent.privacy_requests.service import Opened
from consent.revocations import service as revocations
from consent.sms import asking
from consent.sms.answers import answer, reply_to
from consent.sms.arrivals import SMS, Account, Prepared, prepare, sender_id
from consent.sms.confirming import agreed_in, confirmation_of
from consent.sms.events import event_of
from consent.sms.narrowing import narrowing_of, with_question
from consent.sms.rules import Classified, Intent
from consent.subjects import service as subjects

__all__ = ["SMS", "Account", "Handled", "Prepared", "prepare", "receive", "sender_id"]

ANSWER_WITHIN = timedelta(hours=1)  # an answer to HELP or START that comes later than this only puzzles

_SEEN = Sql(
    "SELECT payload_tag, outcome, event_id FROM inbound WHERE organization_id = :organization_id"
    " AND account_id = :account_id AND message_tag = :message_tag"
)
_INSERT_INBOUND = Rows(
    "inbound",
    (
        "organization_id", "account_id", "message_tag", "payload_tag", "outcome", "review", "event_id",
        "contact_point_id", "reply", "first_seen_at",
    ),
)  # fmt: skip
_INSERT_CONFLICT = Sql(
    "INSERT INTO inbound_conflict (organization_id, account_id, message_tag, payload_tag, event_id, seen_at)"
    " VALUES (:organization_id, :account_id, :message_tag, :payload_tag, :event_id, :now)"
    " ON CONFLICT DO NOTHING"
)
_REVIEW = Sql(
    "UPDATE inbound SET review = 'open' WHERE organization_id = :organization_id"
    " AND account_id = :account_id AND message_tag = :message_tag"
)


@dataclass(frozen=True, slots=True)
class Handled:
    """What became of a text; `reply` is a text to be sent on the webhook's own answer, if any."""

    outcome: str
    event_id: uuid.UUID
    repeated: bool
    conflict: bool
    reply: str | None


def receive(
    tx: Tx,
    keyring: Keyring,
    log: ledger.Log,
    rulebook: Rulebook,
    account: Account,
    text: Prepared,
    now: datetime,
    arrived: datetime | None = None,
) -> Handled:
    """The text is recorded once, whatever arrives again; what it asks for holds from the commit on.

    `arrived`: it came earlier than now and waited. An answer that would be too late by then is not sent.
    """
    organization_id = account.organization_id
    repeat: dict[str, object] = {
        "organization_id": tx.id(organization_id),
        "account_id": tx.id(account.id),
        "message_tag": text.message_tag,
        "payload_tag": text.payload_tag,
        "now": tx.at(now),
    }
    place = subjects.find_parameters(organization_id, text.tagged) | {"organization_id": repeat["organization_id"]}
    # The contact point is locked first: what is read after it cannot change before our commit.
    questions = [(subjects.FIND_CONTACT, place), (_SEEN, repeat), (preferences.SELECT_STATE, place)]
    if text.classified.intent is Intent.STOP:
        before_it = {"before": tx.at(text.message.received_at or now), "sender": text.sender}
        questions.append((message_log.LAST_OF_SENDER, place | before_it))
    found, seen, rows, *sent = tx.gather(*questions)
    if seen:
        return _again(tx, repeat, seen[0], text.payload_tag)
    contact = subjects.contact_from(tx, keyring, organization_id, text.tagged, found[0] if found else None, now)
    before = preferences.state_from(rows)
    last = message_log.last_from(sent[0][0]) if sent and sent[0] else None
    narrowing = narrowing_of(tx, organization_id, text, contact, now)
    confirmation = None if narrowing is not None else confirmation_of(tx, organization_id, rulebook, text, contact, now)
    event = (
        narrowing
        or confirmation
        or with_question(rulebook, account, text, before, event_of(rulebook, text, before, last, now), now)
    )
    entry = ledger.append(tx, log, contact.stream, event, now)
    after = preferences.record(tx, organization_id, SMS, contact.tag64, before, entry, "webhook")
    if entry.type == "consent.renewed":
        for program in event.purposes:
            words, language = rulebook.keyword_wording(program, text.classified.language)
            wordings.keep(tx, organization_id, words, language, now)
    if text.classified.intent is Intent.STOP:
        outbox.cancel_waiting(tx, organization_id, contact.id, event.purposes, now)
    opened = _leave_to_people(tx, keyring, log, rulebook, text.classified, contact, entry, now)
    kind, wording = reply_to(
        rulebook, account, text, before, after, asks="question" in event.data, agreed=agreed_in(confirmation)
    )
    if wording is None and (told := asking.answer_of(rulebook, text, after, opened)) is not None:
        kind, wording = "request", told
    inline, unread = None, text.classified.intent in (Intent.OTHER, Intent.AMBIGUOUS)
    if wording is not None:
        within = rulebook.stop_confirmed_within if kind == "stop" else ANSWER_WITHIN
        expires_at = (arrived or now) + within
        if expires_at > now:
            inline = answer(tx, account, contact, text, entry, kind, wording, now, expires_at)
        else:
            wording = None
    tx.later(
        _INSERT_INBOUND.single,
        (
            repeat["organization_id"],
            repeat["account_id"],
            text.message_tag,
            text.payload_tag,
            str(text.classified.intent),
            "none" if narrowing is not None or confirmation is not None or not unread else "open",
            tx.id(entry.event_id),
            tx.id(contact.id),
            kind if wording is not None else "",
            repeat["now"],
        ),
    )
    return Handled(str(text.classified.intent), entry.event_id, False, False, inline)


def _again(tx: Tx, repeat: dict[str, object], seen: tuple[object, ...], payload_tag: bytes) -> Handled:
    """A repeat changes nothing; another text under a known id is kept for a person and changes nothing else."""
    known_tag, outcome, event_id = seen
    event = as_id(event_id)  # type: ignore[arg-type]
    conflict = bytes(known_tag) != payload_tag  # type: ignore[call-overload]
    if conflict:
        tx.later(_INSERT_CONFLICT, repeat | {"event_id": event})
        tx.later(_REVIEW, repeat)
    return Handled(str(outcome), event, True, conflict, None)


def _leave_to_people(
    tx: Tx,
    keyring: Keyring,
    log: ledger.Log,
    rulebook: Rulebook,
    said: Classified,
    contact: subjects.Contact,
    entry: ledger.Entry,
    now: datetime,
) -> Opened | None:
    """What no machine can finish waits for somebody: other channels (T-08), a wrong number, a new request (T-17)."""
    if said.intent is Intent.STOP and said.everything:
        revocations.open_task(tx, keyring, log, rulebook, "everything", contact, entry, now)
    if said.intent is Intent.STOP and said.wrong_number:
        revocations.open_task(tx, keyring, log, rulebook, "wrong-number", contact, entry, now)
    return asking.open_requests(tx, log, rulebook, said, contact, entry, now)
