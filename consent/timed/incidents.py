"""Whoever must hear of an incident hears of it."""

from uuid import UUID

from consent import clock
from consent.house import House
from consent.incidents import jobs
from consent.timed.common import for_each
from consent.web.logs import log


def tell_of_incidents(house: House) -> None:
    """The people of incidents whose telling has begun have their letters in the outbox; those that left are noted."""
    herald = jobs.Herald(house.db, house.keyring, house.governing)

    def one(organization_id: UUID) -> None:
        if letters := jobs.tell(herald, organization_id, clock.now()):
            log.info("letters_about_incidents", organization=str(organization_id), letters=letters)

    for_each(house, "tell-of-incidents", one)
