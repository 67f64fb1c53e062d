"""Who visits the pages of an organization, and how much of an address they have shown to be theirs.

The browser holds a cookie of ours, encrypted and authenticated. At level CODE it names a row, so that leaving ends the
visit; at level LINK it is all there is. Looking at pages writes nothing: when the visit was last seen stands in the
cookie, which each answer renews.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid4

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from flask import Response, after_this_request, current_app, request

from consent.db import Database, Sql, Tx
from consent.db.types import as_id, as_instant
from consent.ledger import base64url, keys
from consent.ledger.keys import Keyring
from consent.subjects import service as subjects
from consent.subjects.addresses import Address, as_received, canonical
from consent.verification import rules
from consent.verification.links import Link

ROW = "visit"  # the place in the sealed address's authenticated data
KEY_BYTES = 64  # AES-SIV (RFC 5297) splits it: 256 bits to encrypt, 256 to authenticate
LONGEST_COOKIE = 1000
RENEWED_AFTER = timedelta(minutes=1)

# What `proven` reads, and where it stands; whoever asks for more of such a visit puts it behind the columns.
COLUMNS = "v.kind, v.sealed_address, v.language, v.person_id, v.proven_at, a.id, b.id"
FROM = (
    " FROM visit v"
    " LEFT JOIN contact_point a ON a.organization_id = v.organization_id AND a.tag64 = v.tag64"
    " AND a.channel = CASE v.kind WHEN 'email' THEN 'email' ELSE 'sms' END"
    " LEFT JOIN contact_point b ON b.organization_id = v.organization_id AND b.tag64 = v.voice_tag64"
    " AND b.channel = 'voice'"
    " WHERE v.organization_id = :organization_id AND v.id = :id"
)
_VISIT = Sql(f"SELECT {COLUMNS}{FROM}")


class Level(StrEnum):
    """How the visit came about, and so what it opens."""

    LINK = "link"  # a link in a message: the masked choices of its contact point (S27)
    CODE = "code"  # a code or link that was asked for: everything of the address


@dataclass(frozen=True, slots=True)
class Place:
    """One contact point that a visit covers; `contact_point_id` is None where nothing is on record yet."""

    tagged: subjects.Tagged
    contact_point_id: UUID | None


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit that has not ended. A telephone covers its texts and calls, an e-mail address its mail."""

    id: UUID
    organization_id: UUID
    level: Level
    places: tuple[Place, ...]
    masked: str
    language: str
    person_id: UUID | None
    proven_at: datetime

    def covers(self, contact_point_id: UUID) -> bool:
        """Whether this contact point is one of the visit's."""
        return any(place.contact_point_id == contact_point_id for place in self.places)


@dataclass(frozen=True, slots=True)
class Ticket:
    """What the cookie says: which visit, since when, when it was last seen, and at level LINK for whom."""

    id: UUID
    began_at: datetime
    seen_at: datetime
    contact_point_id: UUID | None = None
    person_id: UUID | None = None
    language: str = ""


def current(db: Database, keyring: Keyring, organization_id: UUID, now: datetime) -> Visit | None:
    """The visit of this request, or None without one that has not ended; the answer renews its cookie."""
    ticket = valid_ticket(keyring, organization_id, now)
    if ticket is None:
        return None
    with db.read(organization_id, single=True) as tx:
        visit = read(tx, keyring, organization_id, ticket)
    if visit is not None:
        seen(keyring, organization_id, ticket, now)
    return visit


def valid_ticket(keyring: Keyring, organization_id: UUID, now: datetime) -> Ticket | None:
    """What the cookie of this request says, unless its time is over."""
    ticket = ticket_of(keyring, organization_id)
    return None if ticket is None or rules.visit_is_over(ticket.began_at, ticket.seen_at, now) else ticket


def seen(keyring: Keyring, organization_id: UUID, ticket: Ticket, now: datetime) -> None:
    """The visit of this ticket is there: the answer renews its cookie from time to time."""
    if now - ticket.seen_at > RENEWED_AFTER:
        _renew(keyring, organization_id, ticket, now)


def ticket_of(keyring: Keyring, organization_id: UUID) -> Ticket | None:
    """What this browser's cookie says, or None for one that we did not make for this organization."""
    kept = request.cookies.get(cookie_name(organization_id), "")
    if not kept or len(kept) > LONGEST_COOKIE or not kept.isascii():
        return None
    try:
        plain = json.loads(_cipher(keyring, organization_id).decrypt(base64url.decode(kept), [ROW.encode()]))
    except (ValueError, InvalidTag):
        return None
    contact, person = plain.get("contact"), plain.get("person")
    return Ticket(
        UUID(plain["id"]),
        datetime.fromtimestamp(plain["began"], UTC),
        datetime.fromtimestamp(plain["seen"], UTC),
        UUID(contact) if contact else None,
        UUID(person) if person else None,
        plain.get("language", ""),
    )


def hand_out(response: Response, keyring: Keyring, organization_id: UUID, ticket: Ticket) -> None:
    """The browser holds this visit from here on, and no other of the organization."""
    said = {"id": ticket.id.hex, "began": ticket.began_at.timestamp(), "seen": ticket.seen_at.timestamp()}
    if ticket.contact_point_id is not None:
        said |= {"contact": ticket.contact_point_id.hex, "language": ticket.language}
        said |= {"person": ticket.person_id.hex} if ticket.person_id is not None else {}
    sealed = _cipher(keyring, organization_id).encrypt(json.dumps(said).encode(), [ROW.encode()])
    response.set_cookie(
        cookie_name(organization_id),
        base64url.encode(sealed),
        secure=_secure(),
        httponly=True,
        samesite="Lax",
        path="/",
    )


def take_back(response: Response, organization_id: UUID) -> None:
    """The browser holds no visit of this organization."""
    name = cookie_name(organization_id)
    response.delete_cookie(name, path="/", secure=_secure(), httponly=True, samesite="Lax")


def by_link(link: Link, language: str, now: datetime) -> Ticket:
    """A visit at level LINK: the choices of the link's contact point, and nothing else."""
    return Ticket(uuid4(), now, now, link.contact_point_id, link.person_id, language)


def cookie_name(organization_id: UUID) -> str:
    """Each organization has a cookie of its own; its prefix binds it to this host (S17)."""
    return f"{'__Host-' if _secure() else ''}visit-{organization_id.hex[:12]}"


def places_of(kind: str, address: str) -> tuple[Address, ...]:
    """The addresses that control of this telephone or mailbox covers."""
    channels = ("email",) if kind == "email" else ("sms", "voice")
    return tuple(canonical(channel, address) for channel in channels)


def read(tx: Tx, keyring: Keyring, organization_id: UUID, ticket: Ticket) -> Visit | None:
    """The visit of this ticket; None where it has ended."""
    if ticket.contact_point_id is not None:
        return _linked(tx, keyring, organization_id, ticket, ticket.contact_point_id)
    row = tx.one(_VISIT, {"organization_id": organization_id, "id": ticket.id})
    return None if row is None else proven(keyring, organization_id, ticket, row)


def proven(keyring: Keyring, organization_id: UUID, ticket: Ticket, row: Sequence[Any]) -> Visit:
    """The visit behind a row of COLUMNS."""
    kind, sealed, language, person, proven_at, first, second = row
    key = keyring.key_for(organization_id, ROW)
    address = keys.open_facts(key, bytes(sealed), organization_id, ticket.id, ROW).decode()
    addresses = places_of(kind, address)
    known = (first, second)[: len(addresses)]
    return Visit(
        ticket.id,
        organization_id,
        Level.CODE,
        tuple(
            Place(subjects.tagged(keyring, organization_id, one), as_id(contact) if contact is not None else None)
            for one, contact in zip(addresses, known, strict=True)
        ),
        addresses[0].masked,
        language,
        as_id(person) if person is not None else None,
        as_instant(proven_at),
    )


def _linked(tx: Tx, keyring: Keyring, organization_id: UUID, ticket: Ticket, contact_id: UUID) -> Visit | None:
    """The visit of a link; None where its contact point has been erased since."""
    contact = subjects.by_id(tx, keyring, organization_id, contact_id)
    if contact is None or contact.address is None:
        return None
    tagged = subjects.tagged(keyring, organization_id, as_received(contact.channel, contact.address))
    return Visit(
        ticket.id,
        organization_id,
        Level.LINK,
        (Place(tagged, contact.id),),
        tagged.address.masked,
        ticket.language,
        ticket.person_id,
        ticket.began_at,
    )


def _renew(keyring: Keyring, organization_id: UUID, ticket: Ticket, now: datetime) -> None:
    later = Ticket(ticket.id, ticket.began_at, now, ticket.contact_point_id, ticket.person_id, ticket.language)

    @after_this_request
    def renewed(response: Response) -> Response:
        name = cookie_name(organization_id)
        if not any(one.startswith(f"{name}=") for one in response.headers.getlist("Set-Cookie")):
            hand_out(response, keyring, organization_id, later)
        return response


def _secure() -> bool:
    return bool(current_app.config["SESSION_COOKIE_SECURE"])


def _cipher(keyring: Keyring, organization_id: UUID) -> AESSIV:
    return _cipher_of(keyring.key_for(organization_id, "cookies", KEY_BYTES))


@lru_cache(maxsize=64)  # an organization has one; making it takes longer than opening a cookie
def _cipher_of(key: bytes) -> AESSIV:
    return AESSIV(key)
