"""What is kept goes in its time: dates follow the rules, what is due is disposed of, what was missed is told."""

import uuid
from collections.abc import Callable
from contextlib import suppress
from random import SystemRandom

from consent import clock
from consent.errors import NotFound
from consent.gateways.stores.base import Store
from consent.house import House
from consent.incidents import missed
from consent.privacy_requests.tasks import accounts
from consent.retention import deliveries, disposing, following, jobs, texts, warning
from consent.retention.disposing import Runner
from consent.timed.common import ME, for_each
from consent.timed.requests import store_wires
from consent.web.logs import log


def look_again(house: House) -> None:
    """Records have the dates of the rules and holds of now."""

    def one(organization_id: uuid.UUID) -> None:
        moved = jobs.look_again(house.db, house.keyring, house.governing, organization_id, clock.now())
        if moved:
            log.info("records_looked_at_again", organization=str(organization_id), moved=moved)

    _for_each(house, "look-again", one)


def follow_consents(house: House) -> None:
    """What people withdrew or gave anew has started and stopped the clocks that hang on it."""
    _for_each(
        house,
        "follow-consents",
        lambda one: following.follow_consents(house.db, house.keyring, house.governing, one, clock.now()),
    )


def dispose(house: House) -> None:
    """What is due is gone, or with its store."""

    def one(organization_id: uuid.UUID) -> None:
        done = disposing.run(runner(house), organization_id, clock.now)
        if done.disposed or done.failed:
            counted = {"disposed": done.disposed, "waiting": done.waiting, "by_hand": done.by_hand}
            log.info("records_disposed", organization=str(organization_id), **counted)

    _for_each(house, "dispose", one)


def forget_texts(house: House) -> None:
    """The words of messages whose time is over are gone."""

    def one(organization_id: uuid.UUID) -> None:
        gone = texts.forget(house.db, house.keyring, house.governing, organization_id, clock.now())
        if gone:
            log.info("texts_forgotten", organization=str(organization_id), texts=gone)

    _for_each(house, "forget-texts", one)


def forget_deliveries(house: House) -> None:
    """What was sent when to whom is gone where its time is over."""

    def one(organization_id: uuid.UUID) -> None:
        gone = deliveries.forget(house.db, house.keyring, house.governing, organization_id, clock.now())
        if gone:
            log.info("deliveries_forgotten", organization=str(organization_id), rows=gone)

    _for_each(house, "forget-deliveries", one)


def notice_missed_limits(house: House) -> None:
    """A limit that passed with records still there is an incident on record, and stands in an open file."""

    def one(organization_id: uuid.UUID) -> None:
        found = jobs.notice_missed(house.db, house.keyring, house.governing, organization_id, clock.now())
        if found:
            log.error("retention_limits_missed", organization=str(organization_id), limits=found)
        missed.open_files(house.db, house.keyring, house.governing, organization_id, clock.now())

    _for_each(house, "notice-missed-limits", one)


def warn_of_limits(house: House) -> None:
    """Whoever has to see to it knows of limits that come near."""
    url = f"{house.config.staff_address}/staff/retention"
    _for_each(
        house,
        "warn-of-limits",
        lambda one: warning.warn(house.db, house.keyring, house.governing, one, url, clock.now()),
    )


def _for_each(house: House, job: str, do: Callable[[uuid.UUID], object]) -> None:
    def one(organization_id: uuid.UUID) -> None:
        with suppress(NotFound):  # an organization without a policy in force keeps nothing by a rule yet
            do(organization_id)

    for_each(house, job, one)


def runner(house: House) -> Runner:
    """What disposing needs of this house."""
    wires = store_wires(house)

    def open_store(organization_id: uuid.UUID, name: str) -> Store | None:
        with house.db.read(organization_id) as tx:
            known = accounts.every(tx, house.keyring, organization_id)
        return next((one.store(wires) for one in known if one.name == name), None)

    return Runner(house.db, house.keyring, house.governing, open_store, SystemRandom().random, ME)
