"""People are told of what changes, at the pace that was chosen, and no version begins before they were."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from consent import clock
from consent.carrier import failing
from consent.errors import NotFound
from consent.house import House
from consent.notices import jobs
from consent.timed.common import for_each

_needs_none: jobs.NeedsNone = {}


def tell_people(house: House) -> None:
    """Campaigns of notices are where they can be by now."""
    _for_each(house, "tell-people", jobs.tell)


def look_back(house: House) -> None:
    """Notices that came back after a server had taken them are marked."""
    _for_each(house, "look-back", jobs.look_back)


def _for_each(house: House, name: str, do: Callable[[jobs.Teller, UUID, datetime], None]) -> None:
    teller = jobs.Teller(
        house.db, house.keyring, house.governing, house.config.public_url, failing.against_sending, _needs_none
    )

    def one(organization_id: UUID) -> None:
        try:
            do(teller, organization_id, clock.now())
        except NotFound:
            return  # an organization without a policy in force has nobody to tell of a change

    for_each(house, name, one)
