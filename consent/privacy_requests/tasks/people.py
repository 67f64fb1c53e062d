"""Whose data a request is about: the address that asked, the people on record there, and what finds their rows."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from consent.db import Sql, Tx
from consent.db.types import as_id, as_instant
from consent.gateways.stores.base import Reached, Subject
from consent.gateways.stores.own import Marks
from consent.ledger.keys import Keyring
from consent.preferences import browsers
from consent.preferences import service as preferences
from consent.preferences.browsers import Owners
from consent.preferences.page import holder, standing
from consent.subjects import service as subjects
from consent.verification import codes, visits

_REQUEST = Sql(
    "SELECT contact_point_id, received_at FROM privacy_request WHERE organization_id = :organization_id AND id = :id"
)
_REQUESTS = Sql("SELECT id FROM privacy_request WHERE organization_id = :organization_id AND contact_point_id = :id")
# A browser reaches nobody, and neither does what an erasure left of a contact point.
_REACHES = Sql(
    "SELECT 1 FROM contact_point WHERE organization_id = :organization_id AND id = :id"
    " AND channel <> 'web' AND sealed_address IS NOT NULL"
)


@dataclass(frozen=True, slots=True)
class Place:
    """A contact point whose address can still be read."""

    id: uuid.UUID
    channel: str
    tag64: int
    tag: bytes = field(repr=False)
    address: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Person:
    """Whose data it is: their contact points, the one that asked last, and the people who are on record there alone.

    Among the contact points are browsers in which nobody else chose by name. `besides` are other places where these
    people said something by name: a browser of several, and what an earlier erasure left.
    """

    organization_id: uuid.UUID
    places: tuple[Place, ...] = field(repr=False)
    persons: tuple[uuid.UUID, ...]
    references: tuple[str, ...] = field(repr=False)
    requests: tuple[uuid.UUID, ...]
    address_tags: tuple[bytes, ...] = field(repr=False)
    besides: tuple[Place, ...] = field(default=(), repr=False)

    @property
    def histories(self) -> int:
        """How many streams go when this person goes (S39)."""
        return len(self.places) + len(self.persons)

    @property
    def subject(self) -> Subject:
        """As stores are told."""
        at = [one for one in self.places[:-1] if one.channel != browsers.WEB] + list(self.places[-1:])
        reached = tuple(dict.fromkeys(Reached(one.channel, one.address) for one in at))
        return Subject(reached, self.references)

    def marks(self, place: Place | None = None, persons: Sequence[uuid.UUID] = ()) -> Marks:
        """What finds the rows of one contact point, or of people; without either, of everything."""
        if place is None and not persons:
            places, persons = self.places, self.persons
        else:
            places = (place,) if place is not None else ()
        ids = tuple(one.id for one in places)
        return Marks(
            contacts=ids,
            persons=tuple(persons),
            streams=(*ids, *persons),
            requests=self.requests if places else (),
            tags=tuple(one.tag64 for one in places),
            address_tags=self.address_tags if places else (),
        )


def of_request(tx: Tx, keyring: Keyring, organization_id: uuid.UUID, request_id: uuid.UUID) -> Person | None:
    """Who asked; None for a request nobody has, or one whose person is erased already."""
    row = tx.one(_REQUEST, {"organization_id": organization_id, "id": request_id})
    return None if row is None else of_contact(tx, keyring, organization_id, as_id(row[0]), as_instant(row[1]))


def histories(tx: Tx, keyring: Keyring, organization_id: uuid.UUID, request_id: uuid.UUID) -> int:
    """How many streams an erasure that this request asks for ends; one where nothing can be opened any more."""
    person = of_request(tx, keyring, organization_id, request_id)
    return person.histories if person is not None else 1


def of_contact(
    tx: Tx, keyring: Keyring, organization_id: uuid.UUID, contact_id: uuid.UUID, asked_at: datetime | None = None
) -> Person | None:
    """Whoever holds this contact point, with the other channels of the same address; None once it is erased.

    Who has given the address up since is nobody here, unless it changed hands only after `asked_at`.
    """
    known = subjects.by_id(tx, keyring, organization_id, contact_id)
    if known is None or known.address is None:
        return None
    kind = "email" if known.channel == "email" else "phone"
    alike = visits.places_of(kind, known.address) if known.channel in ("email", "sms", "voice") else ()
    found = {contact_id} | {
        one
        for address in alike
        if (one := subjects.find(tx, organization_id, subjects.tagged(keyring, organization_id, address)))
    }
    tags = [tag for one in found if (tag := subjects.tag_of(tx, organization_id, one)) is not None]
    states = [preferences.read(tx, organization_id, channel, tag64) for channel, tag64, _ in tags]
    ends = {who: at for who, at in holder.ends_of(states).items() if asked_at is None or at < asked_at}
    named = standing.named_in(states, ends)
    called = browsers.called(tx, keyring, organization_id, [known.address], ends)
    persons = _reached_nowhere_else(tx, organization_id, named | called.keys(), found)
    owners: Owners = {**called, **dict.fromkeys(named if len(named) == 1 else set(persons) - called.keys())}
    chose_in = browsers.of_owners(tx, keyring, organization_id, owners)
    found |= {one.contact_point_id for one in chose_in if one.people <= owners.keys()}
    places = tuple(
        place
        for one in (*sorted(found - {contact_id}), contact_id)
        if (place := _place(tx, keyring, organization_id, one)) is not None
    )
    return Person(
        organization_id,
        places,
        persons,
        tuple(subjects.references(tx, keyring, organization_id, persons).values()),
        tuple(
            as_id(row[0])
            for one in places
            for row in tx.all(_REQUESTS, {"organization_id": organization_id, "id": one.id})
        ),
        (codes.tag(keyring, organization_id, kind, known.address),),
        _besides(tx, organization_id, persons, found),
    )


def of_stream(tx: Tx, organization_id: uuid.UUID, stream_id: uuid.UUID) -> Person:
    """What a stream whose address nobody can read any more is known by: a contact point by its tag, else a person."""
    tag = subjects.tag_of(tx, organization_id, stream_id)
    if tag is None:
        besides = _besides(tx, organization_id, (stream_id,), set())
        return Person(organization_id, (), (stream_id,), (), (), (), besides)
    place = {"organization_id": organization_id, "id": stream_id}
    requests = tuple(as_id(row[0]) for row in tx.all(_REQUESTS, place))
    return Person(organization_id, (Place(stream_id, *tag, ""),), (), (), requests, ())


def _place(tx: Tx, keyring: Keyring, organization_id: uuid.UUID, contact_id: uuid.UUID) -> Place | None:
    known, tag = (
        subjects.by_id(tx, keyring, organization_id, contact_id),
        subjects.tag_of(tx, organization_id, contact_id),
    )
    if known is None or known.address is None or tag is None:
        return None
    return Place(contact_id, known.channel, known.tag64, tag[2], known.address)


def _reached_nowhere_else(
    tx: Tx, organization_id: uuid.UUID, named: Iterable[uuid.UUID], here: set[uuid.UUID]
) -> tuple[uuid.UUID, ...]:
    """Those of them who go; who can be reached elsewhere as well stays known there."""
    return tuple(
        one
        for one in sorted(named)
        if not any(
            _is_reached_at(tx, organization_id, one, place)
            for place in browsers.places(tx, organization_id, one)
            if place[2] not in here
        )
    )


def _is_reached_at(tx: Tx, organization_id: uuid.UUID, person_id: uuid.UUID, place: browsers.PLACE) -> bool:
    """Not at an address that nobody can read any more, nor at one that they have given up since they spoke there."""
    channel, tag64, contact_id = place
    if tx.one(_REACHES, {"organization_id": organization_id, "id": contact_id}) is None:
        return False
    return person_id in standing.known_at([preferences.read(tx, organization_id, channel, tag64)])


def _besides(tx: Tx, organization_id: uuid.UUID, going: Sequence[uuid.UUID], here: set[uuid.UUID]) -> tuple[Place, ...]:
    """Where else something of those who go is on record by name: it loses the name, and the no in it stays."""
    found = {place for one in going for _, _, place in browsers.places(tx, organization_id, one)} - here
    tags = {one: subjects.tag_of(tx, organization_id, one) for one in sorted(found)}
    return tuple(Place(one, *tag, "") for one, tag in tags.items() if tag is not None)
