"""What is kept goes in its time: dates follow the rules, what is due is disposed of, what was missed is told."""

import uuid
from random import SystemRandom

from consent import clock
from consent.gateways.stores.base import Store
from consent.house import House
from consent.privacy_requests.tasks import accounts
from consent.retention import disposing, following, jobs
from consent.retention.disposing import Runner
from consent.timed.common import ME, tenants
from consent.timed.requests import store_wires
from consent.web.logs import log


def look_again(house: House) -> None:
    """Records have the dates of the rules and holds of now."""
    for organization_id in tenants(house):
        moved = jobs.look_again(house.db, house.keyring, house.governing, organization_id, clock.now())
        if moved:
            log.info("records_looked_at_again", organization=str(organization_id), moved=moved)


def follow_consents(house: House) -> None:
    """What people withdrew or gave anew has started and stopped the clocks that hang on it."""
    for organization_id in tenants(house):
        following.follow_consents(house.db, house.keyring, house.governing, organization_id, clock.now())


def dispose(house: House) -> None:
    """What is due is gone, or with its store."""
    for organization_id in tenants(house):
        done = disposing.run(runner(house), organization_id, clock.now)
        if done.disposed or done.failed:
            counted = {"disposed": done.disposed, "waiting": done.waiting, "by_hand": done.by_hand}
            log.info("records_disposed", organization=str(organization_id), **counted)


def notice_missed_limits(house: House) -> None:
    """A limit that passed with records still there is an incident on record."""
    for organization_id in tenants(house):
        found = jobs.notice_missed(house.db, house.keyring, house.governing, organization_id, clock.now())
        if found:
            log.error("retention_limits_missed", organization=str(organization_id), limits=found)


def runner(house: House) -> Runner:
    """What disposing needs of this house."""
    wires = store_wires(house)

    def open_store(organization_id: uuid.UUID, name: str) -> Store | None:
        with house.db.read(organization_id) as tx:
            known = accounts.every(tx, house.keyring, organization_id)
        return next((one.store(wires) for one in known if one.name == name), None)

    return Runner(house.db, house.keyring, house.governing, open_store, SystemRandom().random, ME)
