"""People are told of what changes, at the pace that was chosen, and no version begins before they were."""

from consent import clock
from consent.errors import NotFound
from consent.house import House
from consent.notices import jobs
from consent.timed.common import tenants


def tell_people(house: House) -> None:
    """Campaigns of notices are where they can be by now."""
    teller = jobs.Teller(house.db, house.keyring, house.governing, house.config.public_url)
    for organization_id in tenants(house):
        try:
            jobs.tell(teller, organization_id, clock.now())
        except NotFound:
            continue  # an organization without a policy in force has nobody to tell of a change
