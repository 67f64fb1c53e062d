"""Consents that were entered for people and that nobody wants any more go by themselves."""

from consent import clock
from consent.dashboard.consents import service
from consent.house import House
from consent.timed.common import tenants


def forget_given_up(house: House) -> None:
    """Draft and file of what was declined, taken back or waited too long are emptied."""
    for organization_id in tenants(house):
        now = clock.now()
        house.db.write(lambda tx, one=organization_id, at=now: service.tidy(tx, one, at), organization_id)  # type: ignore[misc]
