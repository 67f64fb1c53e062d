"""Find or make the contact point behind an address, and the person behind a reference."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from consent.db import Rows, Sql, Tx
from consent.db.types import as_id
from consent.errors import Conflict
from consent.ids import new_stream_id
from consent.ledger import keys
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.subjects.addresses import Address

_FIND_TEXT = (
    "SELECT c.id, c.tag, k.wrapped_key, h.seq, h.leaf_hash, h.last_occurred_at, c.sealed_address IS NULL"
    " FROM contact_point c"
    " JOIN stream_key k ON k.organization_id = c.organization_id AND k.stream_id = c.id"
    " JOIN stream_head h ON h.organization_id = c.organization_id AND h.stream_id = c.id"
    " WHERE c.organization_id = :organization_id AND c.channel = :channel AND c.tag64 = :tag64"
)
# Locked until the transaction ends: whoever changes what holds for this address changes it alone.
FIND_CONTACT = Sql(_FIND_TEXT, postgresql=_FIND_TEXT + " FOR UPDATE OF h")
_FIND_MANY = (
    "SELECT c.tag64, c.id, c.tag, k.wrapped_key, h.seq, h.leaf_hash, h.last_occurred_at, c.sealed_address IS NULL FROM "
)
_MANY_PLACES = (
    " WHERE c.organization_id = :organization_id AND c.channel = :channel"
    " AND k.organization_id = c.organization_id AND k.stream_id = c.id"
    " AND h.organization_id = c.organization_id AND h.stream_id = c.id"
)
_FIND_CONTACTS = Sql(
    _FIND_MANY + "json_each(:tags) j CROSS JOIN contact_point c CROSS JOIN stream_key k CROSS JOIN stream_head h"
    f"{_MANY_PLACES} AND c.tag64 = j.value",
    # In the order of tags, so that two who lock the same contact points never wait for each other.
    postgresql=_FIND_MANY + f"contact_point c, stream_key k, stream_head h{_MANY_PLACES} AND c.tag64 = ANY(:tags)"
    " ORDER BY c.tag64 FOR UPDATE OF h",
)
_INSERT_CONTACT = Rows(
    "contact_point",
    ("organization_id", "id", "channel", "tag64", "tag", "sealed_address", "key_version", "created_at"),
)
# What an erasure left of a contact point is a no and a tag; whoever uses the address again tells it anew.
_TELL_AGAIN = Sql(
    "UPDATE contact_point SET sealed_address = :sealed_address"
    " WHERE organization_id = :organization_id AND id = :id AND sealed_address IS NULL"
)
_TAG_OF = Sql("SELECT channel, tag64, tag FROM contact_point WHERE organization_id = :organization_id AND id = :id")
_SELECT_BY_ID = Sql(
    "SELECT c.channel, c.tag64, c.sealed_address, c.key_version, k.wrapped_key, c.id FROM contact_point c"
    " JOIN stream_key k ON k.organization_id = c.organization_id AND k.stream_id = c.id"
    " WHERE c.organization_id = :organization_id AND c.id = :id"
)
_FIND_ID = Sql(
    "SELECT id FROM contact_point WHERE organization_id = :organization_id AND channel = :channel AND tag64 = :tag64"
)
_FIND_PERSON = Sql("SELECT id FROM person WHERE organization_id = :organization_id AND reference_tag = :reference_tag")
_SELECT_PERSON = Sql(
    "SELECT p.sealed_reference, k.wrapped_key FROM person p"
    " JOIN stream_key k ON k.organization_id = p.organization_id AND k.stream_id = p.id"
    " WHERE p.organization_id = :organization_id AND p.id = :id"
)
_INSERT_PERSON = Sql(
    "INSERT INTO person (organization_id, id, reference_tag, sealed_reference, created_at)"
    " VALUES (:organization_id, :id, :reference_tag, :sealed_reference, :created_at)"
)
ADDRESS, REFERENCE = "address", "reference"


@dataclass(frozen=True, slots=True)
class Tagged:
    """An address and the keyed tags under which this organization files it."""

    address: Address
    tag: bytes
    tag64: int


@dataclass(slots=True)
class Contact:
    """A contact point with its stream, locked in this transaction; `is_new` when it was made just now."""

    id: uuid.UUID
    channel: str
    tag64: int
    stream: ledger.Stream
    is_new: bool


@dataclass(frozen=True, slots=True)
class KnownContact:
    """A contact point as read by its id: its address is None once erased."""

    id: uuid.UUID
    channel: str
    tag64: int
    address: str | None
    key: bytes | None


def tagged(keyring: Keyring, organization_id: uuid.UUID, address: Address) -> Tagged:
    """The address with its tag; computed before any transaction."""
    tag = keyring.lookup_tag(organization_id, address.channel, address.value)
    return Tagged(address, tag, tag64_of(tag))


def tag64_of(tag: bytes) -> int:
    """The first 64 bits of a tag as a signed integer, the key of the decision table."""
    return int.from_bytes(tag[:8], "big", signed=True)


def find_parameters(organization_id: uuid.UUID, tagged: Tagged) -> dict[str, object]:
    """What FIND_CONTACT needs."""
    return {
        "organization_id": organization_id,
        "channel": tagged.address.channel,
        "tag64": tagged.tag64,
    }


def contact(tx: Tx, keyring: Keyring, organization_id: uuid.UUID, tagged: Tagged, now: datetime) -> Contact:
    """The contact point of this address, locked; made when nobody knew it."""
    row = tx.one(FIND_CONTACT, find_parameters(organization_id, tagged))
    return contact_from(tx, keyring, organization_id, tagged, row, now)


def find_many(tx: Tx, organization_id: uuid.UUID, channel: str, tags: Sequence[int]) -> dict[int, tuple[object, ...]]:
    """Rows for `contact_from` by short tag, locked until the transaction ends; unknown ones are left out."""
    parameters = {"organization_id": organization_id, "channel": channel, "tags": tx.many_of(tags)}
    return {row[0]: row[1:] for row in tx.all(_FIND_CONTACTS, parameters)}


def contact_from(
    tx: Tx,
    keyring: Keyring,
    organization_id: uuid.UUID,
    tagged: Tagged,
    row: tuple[object, ...] | None,
    now: datetime,
) -> Contact:
    """The contact point behind a row of FIND_CONTACT, or a new one where there is none."""
    channel = tagged.address.channel
    if row is None:
        return _new_contact(tx, keyring, organization_id, tagged, now)
    contact_id, tag, wrapped, seq, leaf_hash, last, erased = row
    if bytes(tag) != tagged.tag:  # type: ignore[call-overload]
        # Two addresses share 64 bits of their tags: about once in 10^12 pairs of a million contacts each.
        raise Conflict("Two addresses share a lookup tag; ask the operator to rotate the lookup key.")
    contact_id = as_id(contact_id)  # type: ignore[arg-type]
    stream = ledger.stream_from(keyring, organization_id, contact_id, wrapped, seq, leaf_hash, last)  # type: ignore[arg-type]
    if erased:
        sealed = _seal_address(stream, organization_id, tagged.address.value)
        tx.later(_TELL_AGAIN, {"organization_id": organization_id, "id": contact_id, "sealed_address": sealed})
    return Contact(contact_id, channel, tagged.tag64, stream, False)


def find(tx: Tx, organization_id: uuid.UUID, tagged: Tagged) -> uuid.UUID | None:
    """The id of the contact point of this address, if anybody knows it."""
    row = tx.one(_FIND_ID, find_parameters(organization_id, tagged))
    return None if row is None else as_id(row[0])


def by_id(tx: Tx, keyring: Keyring, organization_id: uuid.UUID, contact_id: uuid.UUID) -> KnownContact | None:
    """The contact point with its address readable, or None for an id nobody has (or a stranger's)."""
    row = tx.one(_SELECT_BY_ID, {"organization_id": organization_id, "id": contact_id})
    if row is None:
        return None
    channel, tag64, sealed, version, wrapped, _id = row
    if sealed is None or wrapped is None:
        return KnownContact(contact_id, channel, tag64, None, None)
    key = keyring.stream_key(organization_id, bytes(wrapped))
    plain = keys.open_facts(key, bytes(sealed), organization_id, contact_id, ADDRESS, version)
    return KnownContact(contact_id, channel, tag64, plain.decode(), key)


def addresses(
    tx: Tx, keyring: Keyring, organization_id: uuid.UUID, contact_ids: Sequence[uuid.UUID]
) -> dict[uuid.UUID, str]:
    """The addresses of these contact points, in one round trip; those that are erased or unknown are left out."""
    questions = [(_SELECT_BY_ID, {"organization_id": organization_id, "id": one}) for one in contact_ids]
    found = {}
    for rows in tx.gather(*questions) if questions else []:
        for _channel, _tag64, sealed, version, wrapped, contact_id in rows:
            if sealed is not None and wrapped is not None:
                contact, key = as_id(contact_id), keyring.stream_key(organization_id, bytes(wrapped))
                plain = keys.open_facts(key, bytes(sealed), organization_id, contact, ADDRESS, version)
                found[contact] = plain.decode()
    return found


def place_of(tx: Tx, organization_id: uuid.UUID, contact_id: uuid.UUID) -> tuple[str, int] | None:
    """Channel and short tag of a contact point: the key of what holds for it."""
    row = tx.one(_SELECT_BY_ID, {"organization_id": organization_id, "id": contact_id})
    return None if row is None else (row[0], row[1])


def person(tx: Tx, keyring: Keyring, organization_id: uuid.UUID, reference: str, now: datetime) -> uuid.UUID:
    """Our id of the person whom the organization's systems call `reference`; made when new."""
    tag = keyring.lookup_tag(organization_id, "person", reference)
    row = tx.one(_FIND_PERSON, {"organization_id": organization_id, "reference_tag": tag})
    if row is not None:
        return as_id(row[0])
    person_id = new_stream_id()
    stream = ledger.new_stream(tx, keyring, organization_id, person_id)
    sealed = keys.seal_facts(stream.key, reference.encode(), organization_id, person_id, REFERENCE)
    tx.later(
        _INSERT_PERSON,
        {
            "organization_id": organization_id,
            "id": person_id,
            "reference_tag": tag,
            "sealed_reference": sealed,
            "created_at": now,
        },
    )
    return person_id


def references(
    tx: Tx, keyring: Keyring, organization_id: uuid.UUID, persons: Iterable[uuid.UUID]
) -> dict[uuid.UUID, str]:
    """What the organization's systems call these people; erased ones are left out."""
    named = {}
    for person_id in persons:
        row = tx.one(_SELECT_PERSON, {"organization_id": organization_id, "id": person_id})
        if row is not None and row[0] is not None and row[1] is not None:
            key = keyring.stream_key(organization_id, bytes(row[1]))
            named[person_id] = keys.open_facts(key, bytes(row[0]), organization_id, person_id, REFERENCE).decode()
    return named


def find_person(tx: Tx, keyring: Keyring, organization_id: uuid.UUID, reference: str) -> uuid.UUID | None:
    """Our id of this person, if known."""
    tag = keyring.lookup_tag(organization_id, "person", reference)
    row = tx.one(_FIND_PERSON, {"organization_id": organization_id, "reference_tag": tag})
    return None if row is None else as_id(row[0])


def tag_of(tx: Tx, organization_id: uuid.UUID, contact_id: uuid.UUID) -> tuple[str, int, bytes] | None:
    """Channel, short tag and whole tag of a contact point; None for an id nobody has."""
    row = tx.one(_TAG_OF, {"organization_id": organization_id, "id": contact_id})
    return None if row is None else (row[0], row[1], bytes(row[2]))


def without_address(
    tx: Tx, keyring: Keyring, organization_id: uuid.UUID, channel: str, tag: bytes, now: datetime
) -> Contact:
    """A contact point known by its tag alone, with a stream of its own: where a no stands that outlives an erasure."""
    return _insert(tx, keyring, organization_id, channel, tag, None, now)


def _new_contact(tx: Tx, keyring: Keyring, organization_id: uuid.UUID, tagged: Tagged, now: datetime) -> Contact:
    return _insert(tx, keyring, organization_id, tagged.address.channel, tagged.tag, tagged.address.value, now)


def _insert(
    tx: Tx,
    keyring: Keyring,
    organization_id: uuid.UUID,
    channel: str,
    tag: bytes,
    address: str | None,
    now: datetime,
) -> Contact:
    contact_id, tag64 = new_stream_id(), tag64_of(tag)
    stream = ledger.new_stream(tx, keyring, organization_id, contact_id)
    sealed = _seal_address(stream, organization_id, address) if address is not None else None
    place = tx.id(organization_id), tx.id(contact_id), channel, tag64, tag
    tx.later(_INSERT_CONTACT.single, (*place, sealed, keys.KEY_VERSION, tx.at(now)))
    return Contact(contact_id, channel, tag64, stream, True)


def _seal_address(stream: ledger.Stream, organization_id: uuid.UUID, address: str) -> bytes:
    return keys.seal_facts(stream.cipher, address.encode(), organization_id, stream.id, ADDRESS)
