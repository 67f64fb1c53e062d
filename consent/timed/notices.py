"""People are told of what changes, at the pace that was chosen, and no version begins before they were."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from consent import clock
from consent.errors import NotFound
from consent.house import House
from consent.notices import jobs
from consent.timed.common import tenants


def tell_people(house: House) -> None:
    """Campaigns of notices are where they can be by now."""
    _for_each(house, jobs.tell)


def look_back(house: House) -> None:
    """Notices that came back after a server had taken them are marked."""
    _for_each(house, jobs.look_back)


def _for_each(house: House, do: Callable[[jobs.Teller, UUID, datetime], None]) -> None:
    teller = jobs.Teller(house.db, house.keyring, house.governing, house.config.public_url)
    for organization_id in tenants(house):
        try:
            do(teller, organization_id, clock.now())
        except NotFound:
            continue  # an organization without a policy in force has nobody to tell of a change
