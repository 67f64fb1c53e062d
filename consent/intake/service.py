"""Take in a mail: recognise a repeat, put what it asks on record from its arrival, and leave the rest to a person."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from consent.db import Sql, Tx
from consent.db.types import as_id
from consent.errors import BadInput, Conflict, NotFound
from consent.ids import new_id, new_stream_id
from consent.intake import queries
from consent.intake.reading import Letter
from consent.intake.rules import Read, Verdict, granted
from consent.ledger import keys
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.policies.rulebook import Rulebook
from consent.privacy_requests import submitting
from consent.privacy_requests.rules import LONGEST_WORDS
from consent.privacy_requests.service import Asked
from consent.privacy_requests.submitting import Sent
from consent.revocations import rules as revocation_rules
from consent.revocations import service as revocations
from consent.subjects import service as subjects

HOW = "email"
WAITING, DONE = "waiting", "done"
NOTHING, STOP = "nothing", "stop"

_INSERT = Sql(
    "INSERT INTO inbound_mail (organization_id, id, message_tag, contact_point_id, entry_id, verdict, asks, request_id,"
    " received_at, arrived_at, sealed, language, state, settled_as) VALUES (:organization_id, :id, :tag,"
    " :contact_point_id, :entry_id, :verdict, :asks, :request_id, :received_at, :now, :sealed, :language, :state, '')"
)
_SEEN = Sql("SELECT id FROM inbound_mail WHERE organization_id = :organization_id AND message_tag = :tag")
_SETTLE = Sql(
    "UPDATE inbound_mail SET state = 'done', settled_at = :now, settled_as = :settled_as, settled_by = :by,"
    " request_id = coalesce(request_id, :request_id)"
    " WHERE organization_id = :organization_id AND id = :id AND state = 'waiting'",
    postgresql="UPDATE inbound_mail SET state = 'done', settled_at = :now, settled_as = :settled_as,"
    " settled_by = :by, request_id = coalesce(request_id, CAST(:request_id AS uuid))"
    " WHERE organization_id = :organization_id AND id = :id AND state = 'waiting'",
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A mail that was read, before any transaction; `letters` acknowledge a request of each wish."""

    letter: Letter = field(repr=False)
    read: Read
    letters: Mapping[str, submitting.Letter] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Hand:
    """Who settles a mail."""

    member_id: uuid.UUID
    name: str = field(repr=False)


def take(
    tx: Tx, keyring: Keyring, log: ledger.Log, rulebook: Rulebook, mail: Prepared, now: datetime
) -> tuple[uuid.UUID, bool]:
    """The mail is on record, and what it asks for holds from the commit on; False where it was before."""
    organization_id, letter, read = log.organization_id, mail.letter, mail.read
    content = json.dumps([letter.message_id, letter.sender and letter.sender.value, letter.subject, letter.text])
    tag = keyring.payload_tag(organization_id, f"mail|{content}".encode())
    seen = tx.one(_SEEN, {"organization_id": organization_id, "tag": tag})
    if seen is not None:
        return as_id(seen[0]), False
    identity, contact = new_id(now), None
    if letter.sender is not None:
        tagged = subjects.tagged(keyring, organization_id, letter.sender)
        contact = subjects.contact(tx, keyring, organization_id, tagged, now)
    stream = contact.stream if contact else ledger.new_stream(tx, keyring, organization_id, new_stream_id())
    entry = ledger.append(tx, log, stream, _event(mail), now)
    request_id = None
    owed = {wish: word for wish in read.wishes if (word := granted(rulebook.requests.openings, wish)) is not None}
    for wish, request_type in owed.items():
        opened = _open(tx, keyring, log, rulebook, mail, (wish, request_type), entry.event_id, now)
        request_id = request_id or opened
    if read.stops:
        _silence(tx, keyring, log, rulebook, mail.letter, "the mail itself", now)
    unread = read.verdict is Verdict.UNKNOWN or len(owed) < len(read.wishes)
    sealed = json.dumps({"subject": letter.subject, "text": letter.text, "notes": letter.notes}).encode()
    row = {
        "organization_id": organization_id,
        "id": identity,
        "tag": tag,
        "contact_point_id": contact.id if contact else None,
        "entry_id": entry.event_id,
        "verdict": str(read.verdict),
        "asks": " ".join(read.wishes)[:32],
        "request_id": request_id,
        "received_at": letter.received_at,
        "now": now,
        "language": read.language or "",
        "state": WAITING if unread else DONE,
    }
    key = contact.stream.key if contact else keyring.key_for(organization_id, queries.SEALED)
    tx.run(_INSERT, row | {"sealed": keys.seal_facts(key, sealed, organization_id, identity, queries.SEALED)})
    return identity, True


def settle(
    tx: Tx, keyring: Keyring, log: ledger.Log, rulebook: Rulebook, identity: uuid.UUID, outcome: str, by: Hand,
    now: datetime, letters: Mapping[str, submitting.Letter] | None = None,
) -> None:  # fmt: skip
    """A person has read it: it asks for nothing, for silence, or for the wish that `outcome` names.

    What it asks for counts from its arrival. Conflict where somebody settled it before; nobody can read a yes into it.
    """
    organization_id = log.organization_id
    mail = queries.one(tx, keyring, organization_id, identity)
    if mail is None:
        raise NotFound("There is no such mail.")
    if mail.state == DONE:
        raise Conflict("Somebody has read this mail before you.", settled_as=mail.settled_as)
    request_id, request_type = None, granted(rulebook.requests.openings, outcome)
    if outcome != NOTHING and mail.sender is None:
        raise BadInput("Nobody can be told from this mail: enter what it asks by hand.", field="outcome")
    if outcome == STOP:
        _silence(tx, keyring, log, rulebook, mail.letter, by.name, now)
    elif outcome != NOTHING:
        if request_type is None:
            raise BadInput("No promise and no law gives this here.", field="outcome")
        read = Read(Verdict.REQUEST, (outcome,), language=mail.language or None)
        prepared = Prepared(mail.letter, read, letters or {})
        request_id = _open(tx, keyring, log, rulebook, prepared, (outcome, request_type), mail.entry_id, now, by.name)
    place = {"organization_id": organization_id, "id": identity, "now": now, "by": by.member_id}
    if tx.run(_SETTLE, place | {"settled_as": outcome[:16], "request_id": request_id}) != 1:
        raise Conflict("Somebody has read this mail before you.")
    stream = ledger.stream(
        tx,
        keyring,
        organization_id,
        mail.contact_point_id if mail.sender and mail.contact_point_id else organization_id,
    )
    data: dict[str, object] = {"mail": str(identity), "outcome": outcome}
    ledger.append(tx, log, stream, ledger.Event("mail.read", "staff", "email", (), data, None, {"staff": by.name}), now)


def _event(mail: Prepared) -> ledger.Event:
    letter, read = mail.letter, mail.read
    data: dict[str, object] = {"verdict": str(read.verdict), "asks": list(read.wishes), "stops": read.stops}
    if letter.notes:
        data["left_out"] = len(letter.notes)
    facts = {"address": letter.sender.value} if letter.sender is not None else {}
    words = f"{letter.subject}\n\n{letter.text}".strip()
    return ledger.Event("mail.received", "api", "email", (), data, letter.received_at, facts, words)


def _open(
    tx: Tx, keyring: Keyring, log: ledger.Log, rulebook: Rulebook, mail: Prepared, asked: tuple[str, str],
    entry_id: uuid.UUID, now: datetime, entered_by: str | None = None,
) -> uuid.UUID:  # fmt: skip
    """A request is under way, dated at the arrival of the mail, and acknowledged; nobody has shown who asks."""
    assert mail.letter.sender is not None
    wish, request_type = asked
    words = mail.letter.own_words.strip() or mail.letter.subject
    request = Asked(
        request_type,
        HOW,
        mail.letter.received_at,
        entry_id,
        source="api" if entered_by is None else "staff",
        words=words[:LONGEST_WORDS] or None,
        entered_by=entered_by,
        language=mail.read.language,
        acted_at=now if wish in submitting.ACTS else None,
    )
    place = subjects.tagged(keyring, log.organization_id, mail.letter.sender)
    letter = mail.letters.get(wish)
    return submitting.submit(tx, keyring, log, rulebook, Sent(request, (place,), letter), now).id


def _silence(
    tx: Tx, keyring: Keyring, log: ledger.Log, rulebook: Rulebook, letter: Letter, entered_by: str, now: datetime
) -> None:
    """A no by mail is a no: it holds for everything that this address reaches (47 CFR 64.1200(a)(10), any way)."""
    assert letter.sender is not None
    words = letter.own_words.strip()[:LONGEST_WORDS] or letter.subject
    draft = revocation_rules.Draft(letter.sender.value, (), letter.received_at, HOW, entered_by, (), words or None)
    places = revocations.tagged(keyring, log.organization_id, draft)
    revocations.enter(tx, keyring, log, rulebook, draft, places, "api", now)
