"""What must outlive the database is told outside of it."""

import uuid

from consent import clock
from consent.backup import copies, old_keys, opt_outs
from consent.errors import NotFound
from consent.gateways.callbacks.calls import Caller
from consent.house import House
from consent.timed.common import tenants
from consent.web.logs import log

_positions: opt_outs.Positions = {}


def keep_opt_outs(house: House) -> None:
    """Every no that is sealed stands outside the database as well."""
    for organization_id in tenants(house):
        opt_outs.keep_up(house.db, house.keyring, organization_id, _positions)


def hand_over_checkpoints(house: House) -> None:
    """Others hold a copy of each log's newest checkpoint that is no older than a day."""
    for organization_id in tenants(house):
        hand_over(house, organization_id)


def hand_over(house: House, organization_id: uuid.UUID, *, at_once: bool = False) -> None:
    """Others hold a copy of the newest checkpoint of this organization's log."""
    now, config = clock.now(), house.config
    try:
        organization = house.governing.now(organization_id, now).rulebook.organization
    except NotFound:
        return  # no policy yet
    messenger = copies.Messenger(house.db, house.keyring, Caller(), config.checkpoints_dir, not config.production)
    for how in copies.hand_over(messenger, organization, organization_id, now, at_once=at_once):
        log.info("checkpoint_handed_over", organization=str(organization_id), how=how)


def destroy_old_keys(house: House) -> None:
    """Keys that were copied before an upgrade are gone when their days are over (backup/rules.py: KEYS_KEPT)."""
    for path in old_keys.destroy_old(house.config.data_dir / old_keys.BEFORE_UPGRADES, clock.now()):
        log.info("old_keys_destroyed", file=path.name)
