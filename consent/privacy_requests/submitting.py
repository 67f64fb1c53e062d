"""What a sent form does, in one transaction: act at once where that is owed, open or join, and say so by mail or text.

A text goes only to who has shown that the number is theirs, and to no number that refused texts.
"""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from consent.db import Tx
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.outbox import mail
from consent.outbox import service as outbox
from consent.policies.rulebook import Rulebook
from consent.preferences import rules as preference_rules
from consent.preferences import service as preferences
from consent.preferences import settings
from consent.privacy_requests import service
from consent.privacy_requests.service import Asked, Opened
from consent.privacy_requests.sorts import SALE, USE
from consent.subjects import service as subjects
from consent.verification import limits
from consent.verification.sending import Texting

# The gate knows such texts by this kind (decisions.outgoing); one that comes much later only puzzles.
TEXT, TEXTED_WITHIN = "acknowledgement", timedelta(hours=1)
# What stands in a letter until the request has its number.
REFERENCE, CODE = "%REFERENCE%", "%CODE%"
ACTS = {SALE: settings.refuse_sale, USE: settings.limit_use}


@dataclass(frozen=True, slots=True)
class Letter:
    """The acknowledgement in the person's language, but for number and code."""

    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)
    short: str = field(default="", repr=False)  # as a text


@dataclass(frozen=True, slots=True)
class Sent:
    """A form as it was sent: what is asked, from which addresses, by whom, and the answer that goes there.

    `texting` is where a text comes from; None where none may go, since nobody has shown that the number is theirs.
    """

    asked: Asked
    places: tuple[subjects.Tagged, ...]
    letter: Letter | None = None
    ip: str | None = None
    person_id: uuid.UUID | None = None
    texting: Texting | None = None


def submit(tx: Tx, keyring: Keyring, log: ledger.Log, rulebook: Rulebook, sent: Sent, now: datetime) -> Opened:
    """The request is on record and acknowledged; what can be done at once holds from the commit on."""
    act = ACTS.get(sent.asked.request_type)
    if act is not None:
        how = settings.How(
            sent.asked.source, "privacy request", None, sent.person_id, {"ip": sent.ip} if sent.ip else {}
        )
        for place in sent.places:
            settings.record(tx, keyring, log, rulebook, place, [act()], how, now)
    contact = subjects.contact(tx, keyring, log.organization_id, sent.places[0], now)
    opened = service.open(tx, log, rulebook, contact, sent.asked, now)
    if opened.is_new and (told := _told(tx, keyring, log.organization_id, contact, sent, opened, now)):
        service.acknowledged(tx, log, contact, opened.id, sent.asked.source, told, now)
    return opened


def _told(
    tx: Tx, keyring: Keyring, organization_id: uuid.UUID, contact: subjects.Contact, sent: Sent, opened: Opened,
    now: datetime,
) -> str:  # fmt: skip
    """By which way its arrival is confirmed, empty for none: who has shown nothing yet gets few mails."""
    place = sent.places[0]
    if sent.letter is None:
        return ""
    if contact.channel == "email":
        known = sent.asked.verified_at is not None
        if not known and not limits.mail_is_due(
            tx, keyring, organization_id, sent.asked.request_type, place.address, now
        ):
            return ""
        _write(tx, keyring, organization_id, contact, place, sent.letter, opened, now)
        return "mail"
    if sent.texting is None or contact.channel != "sms":
        return ""
    return "text" if _text(tx, organization_id, contact, place, sent.texting, sent.letter, opened, now) else ""


def _text(
    tx: Tx,
    organization_id: uuid.UUID,
    contact: subjects.Contact,
    place: subjects.Tagged,
    texting: Texting,
    letter: Letter,
    opened: Opened,
    now: datetime,
) -> bool:
    """Did it go? Not to a number that refused texts."""
    if not preference_rules.takes_texts(preferences.read(tx, organization_id, contact.channel, place.tag64)):
        return False
    payload = {
        "account": str(texting.account_id),
        "from": texting.number,
        "to": place.address.value,
        "text": letter.short.replace(REFERENCE, opened.reference),
        "sender": texting.sender,
        "tag64": str(place.tag64),
    }
    draft = outbox.Draft(outbox.SMS, TEXT, f"request:{opened.id}", payload, contact.id, expires_at=now + TEXTED_WITHIN)
    outbox.enqueue(tx, organization_id, contact.stream.key, draft, now)
    return True


def _write(
    tx: Tx,
    keyring: Keyring,
    organization_id: uuid.UUID,
    contact: subjects.Contact,
    place: subjects.Tagged,
    letter: Letter,
    opened: Opened,
    now: datetime,
) -> None:
    code = service.follow_code(keyring, organization_id, opened.reference)

    def complete(said: str) -> str:
        return said.replace(REFERENCE, opened.reference).replace(CODE, code)

    mail.write(
        tx,
        keyring,
        organization_id,
        contact.stream.key,
        place.address,
        mail.Mail(letter.subject, complete(letter.text), complete(letter.html)),
        now,
        kind="mail.request",
        contact_point_id=contact.id,
        unique_key=f"request:{opened.id}",
    )
