"""What must outlive the database is told outside of it."""

from consent.backup import opt_outs
from consent.house import House
from consent.timed.common import tenants

_positions: opt_outs.Positions = {}


def keep_opt_outs(house: House) -> None:
    """Every no that is sealed stands outside the database as well."""
    for organization_id in tenants(house):
        opt_outs.keep_up(house.db, house.keyring, organization_id, _positions)
