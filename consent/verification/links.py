"""Links that stand in messages: whom they are for is inside, encrypted and authenticated, and nothing is stored.

A token is AES-SIV (RFC 5297) under a key of the organization: 128 bits say that we made it for this purpose, the same
link is the same token, and a reader of the address learns nothing. Opening one as often as one likes uses nothing up.
"""

import struct
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from consent.ledger import base64url
from consent.ledger.keys import Keyring

PREFERENCES, UNSUBSCRIBE = "preferences", "unsubscribe"
PURPOSES = (PREFERENCES, UNSUBSCRIBE)
_PATHS = {PREFERENCES: "preferences/for", UNSUBSCRIBE: "unsubscribe"}
LONGEST_TOKEN = 400  # characters; a mail's line and an address bar hold it
LONGEST_PART = 64  # bytes of a program's key or a message's reference
KEY_BYTES = 64  # AES-SIV splits it: 256 bits to encrypt, 256 to authenticate
_FORMAT = 1
_HEAD = struct.Struct(">BIBB16s")  # format, seconds since 1970, length of the program, has a person, contact point


@dataclass(frozen=True, slots=True)
class Link:
    """What a link in a message says: whose choices, and of which message."""

    organization_id: UUID
    contact_point_id: UUID
    purpose: str
    person_id: UUID | None
    program: str | None
    reference: str | None
    issued_at: datetime


def make(keyring: Keyring, link: Link) -> str:
    """The token that stands in the address; the second of `issued_at` is kept, not less."""
    program, reference = (link.program or "").encode(), (link.reference or "").encode()
    if link.purpose not in PURPOSES or max(len(program), len(reference)) > LONGEST_PART:
        raise ValueError("a link is for preferences or unsubscribe, and its parts have at most 64 bytes")
    head = _HEAD.pack(
        _FORMAT,
        int(link.issued_at.timestamp()),
        len(program),
        link.person_id is not None,
        link.contact_point_id.bytes,
    )
    person = link.person_id.bytes if link.person_id is not None else b""
    plain = head + person + program + reference
    return base64url.encode(_cipher(keyring, link.organization_id).encrypt(plain, [link.purpose.encode()]))


def read(keyring: Keyring, organization_id: UUID, token: str, purpose: str) -> Link | None:
    """What the token says, or None for one that we did not make for this organization and purpose."""
    if len(token) > LONGEST_TOKEN or not token.isascii():
        return None
    try:
        sealed = base64url.decode(token)
        plain = _cipher(keyring, organization_id).decrypt(sealed, [purpose.encode()])
    except (ValueError, InvalidTag):
        return None
    return _parse(organization_id, purpose, plain)


def address_of(keyring: Keyring, link: Link, public_url: str, slug: str) -> str:
    """The whole address that stands in a message of the organization `slug`."""
    return f"{public_url}/{slug}/{_PATHS[link.purpose]}/{make(keyring, link)}"


def _parse(organization_id: UUID, purpose: str, plain: bytes) -> Link:
    """The link behind bytes that were authentic: made by us, so they have our form."""
    _format, issued, program_length, has_person, contact = _HEAD.unpack_from(plain)
    rest = plain[_HEAD.size :]
    person, rest = (UUID(bytes=rest[:16]), rest[16:]) if has_person else (None, rest)
    program, reference = rest[:program_length].decode(), rest[program_length:].decode()
    return Link(
        organization_id,
        UUID(bytes=contact),
        purpose,
        person,
        program or None,
        reference or None,
        datetime.fromtimestamp(issued, UTC),
    )


def _cipher(keyring: Keyring, organization_id: UUID) -> AESSIV:
    return AESSIV(keyring.key_for(organization_id, "links", KEY_BYTES))
