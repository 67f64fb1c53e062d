"""People and contact points: found by keyed tags, kept encrypted, never shared between organizations."""

import uuid
from datetime import datetime

import pytest

from consent.db import Sql
from consent.house import House
from consent.subjects import service
from consent.subjects.addresses import canonical
from tests.support.systems import Systems
from tests.support.valley import PERSON, Tenant

ROWS = Sql("SELECT tag, sealed_address FROM contact_point WHERE organization_id = :organization_id")
OTHER = uuid.UUID("0199c0de-0000-7000-8000-00000000beef")


@pytest.fixture
def tagged(house: House, valley: Tenant) -> service.Tagged:
    return service.tagged(house.keyring, valley.id, canonical("sms", PERSON))


def make(house: House, valley: Tenant, tagged: service.Tagged, now: datetime) -> service.Contact:
    return house.db.write(lambda tx: service.contact(tx, house.keyring, valley.id, tagged, now), valley.id)


def test_a_contact_point_is_made_with_its_first_event_and_found_ever_after(
    house: House, valley: Tenant, systems: Systems, tagged: service.Tagged, now: datetime
) -> None:
    with house.db.read(valley.id) as tx:
        assert service.find(tx, valley.id, tagged) is None
    made = uuid.UUID(systems.consent()["contact_point"])
    again = make(house, valley, tagged, now)
    assert (again.is_new, again.id, again.stream.id) == (False, made, made)
    with house.db.read(valley.id) as tx:
        assert service.find(tx, valley.id, tagged) == made


def test_the_address_is_readable_by_id_and_nowhere_in_clear(
    house: House, valley: Tenant, tagged: service.Tagged, now: datetime
) -> None:
    contact = make(house, valley, tagged, now)
    with house.db.read(valley.id) as tx:
        known = service.by_id(tx, house.keyring, valley.id, contact.id)
        rows = tx.all(ROWS, {"organization_id": valley.id})
    assert known is not None
    assert known.address == PERSON
    assert all(PERSON.encode() not in bytes(value) for row in rows for value in row)
    assert PERSON[1:] not in repr(tagged) + repr(tagged.address)


def test_the_same_number_is_another_contact_on_another_channel(
    house: House, valley: Tenant, tagged: service.Tagged, now: datetime
) -> None:
    voice = service.tagged(house.keyring, valley.id, canonical("voice", PERSON))
    assert make(house, valley, tagged, now).id != make(house, valley, voice, now).id


def test_an_id_of_one_organization_is_nothing_to_another(
    house: House, valley: Tenant, tagged: service.Tagged, now: datetime
) -> None:
    contact = make(house, valley, tagged, now)
    with house.db.read(OTHER) as tx:
        assert service.by_id(tx, house.keyring, OTHER, contact.id) is None
        assert service.find(tx, OTHER, tagged) is None
        assert service.place_of(tx, OTHER, contact.id) is None


def test_a_person_is_made_once_and_found_by_reference(house: House, valley: Tenant, now: datetime) -> None:
    made = [
        house.db.write(lambda tx: service.person(tx, house.keyring, valley.id, "customer-1", now), valley.id)
        for _ in range(2)
    ]
    assert made[0] == made[1]
    with house.db.read(valley.id) as tx:
        assert service.find_person(tx, house.keyring, valley.id, "customer-1") == made[0]
        assert service.find_person(tx, house.keyring, valley.id, "customer-2") is None
        assert service.references(tx, house.keyring, valley.id, made[:1]) == {made[0]: "customer-1"}
