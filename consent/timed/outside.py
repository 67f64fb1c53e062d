"""What must outlive the database is told outside of it."""

from consent import clock
from consent.backup import opt_outs, upgrading
from consent.house import House
from consent.timed.common import tenants
from consent.web.logs import log

_positions: opt_outs.Positions = {}


def keep_opt_outs(house: House) -> None:
    """Every no that is sealed stands outside the database as well."""
    for organization_id in tenants(house):
        opt_outs.keep_up(house.db, house.keyring, organization_id, _positions)


def destroy_old_keys(house: House) -> None:
    """Keys that were copied before an upgrade are gone after their 35 days."""
    for path in upgrading.forget_old(house.config.data_dir, clock.now()):
        log.info("old_keys_destroyed", file=path.name)
