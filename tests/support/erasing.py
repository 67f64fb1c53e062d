"""Somebody is erased as the last task of a deletion does it."""

from uuid import UUID

from consent.house import House
from consent.privacy_requests.tasks import people
from consent.privacy_requests.tasks.shredding import Shredder, erase_all
from consent.subjects import service as subjects
from consent.subjects.addresses import of_person
from consent.timed.requests import every_table
from tests.support.systems import Systems
from tests.support.time import Time

CASE = UUID(int=9)


def erased_of(house: House, systems: Systems, address: str, time: Time, channel: str = "email") -> UUID:
    """Nothing of whoever has this address can be opened here any more; the id of what was their contact point."""
    organization_id = systems.tenant.id
    place = subjects.tagged(house.keyring, organization_id, of_person(channel, address))
    with house.db.read(organization_id) as tx:
        contact_id = subjects.find(tx, organization_id, place)
        person = people.of_contact(tx, house.keyring, organization_id, contact_id) if contact_id else None
    assert contact_id is not None and person is not None
    shredder = Shredder(house.db, house.keyring, house.config.data_dir, every_table, house.spooling.spool)
    erase_all(shredder, person, CASE, time.now())
    return contact_id
