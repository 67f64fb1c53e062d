"""Receive one text: recognise a repeat, record what it means, silence or renew, and prepare the one reply.

Everything `receive` writes is one transaction; the gateway is answered after its commit.
"""

import json
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from consent.db import Sql, Tx
from consent.db.types import as_id
from consent.gateways.sms.base import InboundMessage
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.outbox import service as outbox
from consent.policies.rulebook import Rulebook
from consent.preferences import rules as preference_rules
from consent.preferences import service as preferences
from consent.preferences import wordings
from consent.sms import masking
from consent.sms.rules import Classified, Intent, classify
from consent.subjects import service as subjects
from consent.subjects.addresses import as_received

SMS = "sms"
TEXTS = ("sms", "mms", "rcs")
ANSWER_WITHIN = timedelta(hours=1)  # an answer to HELP or START that comes later than this only puzzles

_SEEN = Sql(
    "SELECT payload_tag, outcome, event_id FROM inbound WHERE organization_id = :organization_id"
    " AND account_id = :account_id AND message_tag = :message_tag"
)
_INSERT_INBOUND = Sql(
    "INSERT INTO inbound (organization_id, account_id, message_tag, payload_tag, outcome, review, event_id,"
    " contact_point_id, reply, first_seen_at)"
    " VALUES (:organization_id, :account_id, :message_tag, :payload_tag, :outcome, :review, :event_id,"
    " :contact_point_id, :reply, :now)"
)
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
class Account:
    """The gateway account a text came through, as far as receiving cares."""

    organization_id: uuid.UUID
    id: uuid.UUID
    gateway: str
    can_send: bool
    stop_reply_by_us: bool


@dataclass(frozen=True, slots=True)
class Prepared:
    """A text read and tagged before any transaction begins."""

    tagged: subjects.Tagged
    text: str
    masked: tuple[masking.Found, ...]
    classified: Classified
    sender: str  # which of our numbers, by its id; empty when it is none of them
    message: InboundMessage
    message_tag: bytes
    payload_tag: bytes


@dataclass(frozen=True, slots=True)
class Handled:
    """What became of a text; `reply` is a text to be sent on the webhook's own answer, if any."""

    outcome: str
    event_id: uuid.UUID
    repeated: bool
    conflict: bool
    reply: str | None


def prepare(keyring: Keyring, account: Account, rulebook: Rulebook, message: InboundMessage) -> Prepared:
    """Everything that needs no database: the sender's tag, the masked text, its meaning, and the repeat tags."""
    organization_id = account.organization_id
    shown = masking.mask(message.text)
    classified = (
        classify(shown.text, None, message.provider_opt_out_type)
        if message.is_text and not message.echo
        else Classified(Intent.OTHER, "Not a text that a person wrote to us.")
    )
    if classified.intent is Intent.START and message.bearer not in TEXTS:
        # The wording that START agrees to speaks of texts; a STOP counts wherever it comes from.
        classified = Classified(Intent.OTHER, "A START outside text messages agrees to no texts.")
    address = as_received(SMS, message.sender)
    content = json.dumps([message.sender, message.recipient, message.text, [m.url for m in message.media]])
    return Prepared(
        subjects.tagged(keyring, organization_id, address),
        shown.text,
        shown.found,
        classified,
        sender_id(rulebook, message.recipient),
        message,
        keyring.message_tag(organization_id, str(account.id), message.message_id),
        keyring.payload_tag(organization_id, content.encode("utf-8", "surrogatepass")),
    )


def sender_id(rulebook: Rulebook, number: str) -> str:
    """Which of the organization's own senders this number is; empty for a number nobody registered."""
    return next((one.id for one in rulebook.organization.senders if one.number == number), "")


def receive(
    tx: Tx, keyring: Keyring, log: ledger.Log, rulebook: Rulebook, account: Account, text: Prepared, now: datetime
) -> Handled:
    """The text is recorded once, whatever arrives again; what it asks for holds from the commit on."""
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
    found, seen, rows = tx.gather((subjects.FIND_CONTACT, place), (_SEEN, repeat), (preferences.SELECT_STATE, place))
    if seen:
        return _again(tx, repeat, seen[0], text.payload_tag)
    contact = subjects.contact_from(tx, keyring, organization_id, text.tagged, found[0] if found else None, now)
    before = preferences.state_from(rows)
    event = _event(rulebook, text, before)
    entry = ledger.append(tx, log, contact.stream, event, now)
    after = preferences.record(tx, organization_id, SMS, contact.tag64, before, entry, "webhook")
    if entry.type == "consent.renewed":
        for program in event.purposes:
            words, language = rulebook.keyword_wording(program, text.classified.language)
            wordings.keep(tx, organization_id, words, language, now)
    if text.classified.intent is Intent.STOP:
        outbox.cancel_waiting(tx, organization_id, contact.id, event.purposes, now)
    kind, wording = _reply(rulebook, account, text, before, after)
    inline = None
    if wording is not None:
        within = rulebook.stop_confirmed_within if kind == "stop" else ANSWER_WITHIN
        inline = _answer(tx, account, contact, text, entry, kind, wording, now, now + within)
    tx.later(
        _INSERT_INBOUND,
        repeat
        | {
            "outcome": str(text.classified.intent),
            "review": "open" if text.classified.intent in (Intent.OTHER, Intent.AMBIGUOUS) else "none",
            "event_id": tx.id(entry.event_id),
            "contact_point_id": tx.id(contact.id),
            "reply": kind if wording is not None else "",
        },
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


def _event(rulebook: Rulebook, text: Prepared, before: preference_rules.State) -> ledger.Event:
    """The one ledger event of this text. Its type says what we did with it."""
    said, message = text.classified, text.message
    method = "keyword" if said.keyword else "gateway" if message.provider_opt_out_type else "words"
    data: dict[str, object] = {
        "intent": str(said.intent),
        "gateway": message.gateway,
        "sender": text.sender,
        "policy": rulebook.policy_version.policy,
        "policy_version": rulebook.policy_version.version,
        "policy_sha256": rulebook.policy_version.sha256,
    }
    if said.keyword:
        data["keyword"] = said.keyword
    if text.masked:
        data["masked"] = [{"kind": str(one.kind), "at": one.start, "length": one.length} for one in text.masked]
    type_, purposes = "message.received", tuple[str, ...]()
    if said.intent is Intent.STOP:
        type_, purposes = "consent.withdrawn", rulebook.stop_scope(text.sender)
        data |= {"scope": "channel", "method": method}
    elif said.intent is Intent.START:
        purposes = rulebook.renewable_by_start(text.sender)
        keyword_programs = rulebook.keyword_programs(text.sender)
        agreed = [(program, *rulebook.keyword_wording(program, said.language)) for program in purposes]
        data |= {
            "method": method,
            "wordings": [[program, language, wordings.hash_text(words)] for program, words, language in agreed],
        }
        if keyword_programs:
            data["keyword_programs"] = list(keyword_programs)
        if _renews(text, before, keyword_programs):
            type_ = "consent.renewed"
    facts = {
        "address": text.tagged.address.value,
        "provider_msg_id": message.message_id,
        # A gateway's address is not the person's: none is recorded, and this is why.
        "ip_absent_reason": "sent by text message" if type_ == "consent.renewed" else None,
    }
    return ledger.Event(type_, "webhook", SMS, purposes, data, message.received_at, facts, text.text)


def _renews(text: Prepared, before: preference_rules.State, keyword_programs: tuple[str, ...]) -> bool:
    """Whether a START now gives something back: what a STOP to this sender took, or a program joined by keyword."""
    return bool(keyword_programs) or any(
        standing.stopped and standing.sender == text.sender and key != preference_rules.NUMBER
        for key, standing in before.items()
    )


def _reply(
    rulebook: Rulebook,
    account: Account,
    text: Prepared,
    before: preference_rules.State,
    after: preference_rules.State,
) -> tuple[str, str | None]:
    """Which answer is ours to give, and its wording; None where silence is right."""
    said = text.classified
    if text.message.echo or text.message.provider_opt_out_type is not None:
        return "", None  # the gateway has answered already
    if said.intent is Intent.STOP:
        if not account.stop_reply_by_us or _is_stopped(before) or not _is_stopped(after):
            return "", None
        return "stop", rulebook.reply("stop", None, said.language)
    if said.intent is Intent.HELP:
        return "help", rulebook.reply("help", None, said.language)
    if said.intent is Intent.START:
        renewed = any(
            standing.state == "given" and before.get(key) != standing
            for key, standing in after.items()
            if key != preference_rules.NUMBER
        )
        kind = "start" if renewed else "how_to_opt_in"
        if not renewed and any(key != preference_rules.NUMBER and one.state == "given" for key, one in after.items()):
            kind = "start"  # they have it already: confirm what holds
        return kind, rulebook.reply(kind, None, said.language)
    return "", None


def _is_stopped(state: preference_rules.State) -> bool:
    standing = state.get(preference_rules.NUMBER)
    return standing is not None and standing.state == "withdrawn"


def _answer(
    tx: Tx,
    account: Account,
    contact: subjects.Contact,
    text: Prepared,
    entry: ledger.Entry,
    kind: str,
    wording: str,
    now: datetime,
    expires_at: datetime,
) -> str | None:
    """The reply waits in the outbox; where the account cannot send, it goes out with the webhook's answer."""
    if not account.can_send:
        return wording
    payload = {
        "account": str(account.id),
        "from": text.message.recipient,
        "to": text.tagged.address.value,
        "text": wording,
        "sender": text.sender,
        "answers": str(entry.event_id),
    }
    draft = outbox.Draft(
        outbox.SMS,
        f"reply.{kind}",
        None,
        payload,
        contact.id,
        expires_at=expires_at,
        id=entry.event_id,  # an answer has the id of the text it answers, so there is never a second one
    )
    outbox.enqueue(tx, account.organization_id, contact.stream.key, draft, now)
    return None
