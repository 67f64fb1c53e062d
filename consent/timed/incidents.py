"""Whoever must hear of an incident hears of it."""

from contextlib import suppress
from uuid import UUID

from consent import clock
from consent.errors import NotFound
from consent.house import House
from consent.incidents import jobs, warning
from consent.timed.common import for_each
from consent.web.logs import log


def tell_of_incidents(house: House) -> None:
    """The people of incidents whose telling has begun have their letters in the outbox; those that left are noted."""
    herald = jobs.Herald(house.db, house.keyring, house.governing)

    def one(organization_id: UUID) -> None:
        if letters := jobs.tell(herald, organization_id, clock.now()):
            log.info("letters_about_incidents", organization=str(organization_id), letters=letters)

    for_each(house, "tell-of-incidents", one)


def warn_of_incidents(house: House) -> None:
    """Whoever looks after them knows of duties of incidents that end soon."""
    url = f"{house.config.staff_address}/staff/incidents"

    def one(organization_id: UUID) -> None:
        with suppress(NotFound):  # an organization without a policy in force owes nothing by a rule yet
            warning.warn(house.db, house.keyring, house.governing, organization_id, url, clock.now())

    for_each(house, "warn-of-incidents", one)
