"""Privacy requests go on by themselves: dates, stores, answers, certificates."""

import os
import uuid
from datetime import timedelta
from functools import partial
from random import SystemRandom

from sqlalchemy import MetaData

from consent import clock
from consent.deadlines import zone
from consent.gateways.callbacks.calls import Caller
from consent.gateways.stores.base import Store
from consent.gateways.stores.webhook import Wires
from consent.house import House
from consent.policies.answers.request_files import kept_for
from consent.privacy_requests import escalating
from consent.privacy_requests import jobs as request_jobs
from consent.privacy_requests.answers import answering, downloads
from consent.privacy_requests.answers import jobs as answer_jobs
from consent.privacy_requests.tasks import accounts as store_accounts
from consent.privacy_requests.tasks import carrying, leases
from consent.privacy_requests.tasks import jobs as task_jobs
from consent.privacy_requests.tasks.shredding import Shredder
from consent.retention import on_requests
from consent.timed.common import ME, for_each, tenants
from consent.timed.outside import hand_over
from consent.web.logs import log


def escalate_requests(house: House) -> None:
    """Whoever must know that a request nears its date or is late was told, once for each stage."""
    queue = f"{house.config.staff_address}/staff/requests"

    def one(organization_id: uuid.UUID) -> None:
        organization = house.governing.now(organization_id, clock.now()).rulebook.organization
        told = escalating.escalate(house.db, house.keyring, organization_id, organization, queue, clock.now())
        if told:
            log.warning("requests_near_their_dates", organization=str(organization_id), requests=told)

    for_each(house, "escalate-requests", one)


def look_after_requests(house: House) -> None:
    """Deferrals whose day has come are open again, what nobody verified is over, old files are reduced."""

    def one(organization_id: uuid.UUID) -> None:
        now, place = clock.now(), (house.db, house.keyring, house.governing, organization_id)
        rulebook = house.governing.now(organization_id, now).rulebook
        settled = rulebook.organization.requests
        request_jobs.reopen_deferred(*place, now)
        request_jobs.expire_unverified(*place, settled.unverified_after, now)
        kept = kept_for(rulebook.promises, settled.kept_for)
        request_jobs.reduce_files(house.db, organization_id, kept, zone(rulebook.organization.zone), now)

    for_each(house, "look-after-requests", one)


def mail_certificates(house: House) -> None:
    """Certificates that the log has sealed since wait in the outbox."""

    def one(organization_id: uuid.UUID) -> None:
        now = clock.now()
        pack = house.governing.now(organization_id, now).rulebook.organization
        answer_jobs.mail_certificates(house.db, house.keyring, organization_id, pack, house.config.public_url, now)

    for_each(house, "mail-certificates", one)


def give_answers(house: House) -> None:
    """Approved requests for data have their answers."""
    lasts = timedelta(days=house.config.answer_days)
    answerer = answering.Answerer(
        house.db, house.keyring, house.governing, house.config.public_url, lasts, partial(_stores_that_answer, house)
    )
    for_each(house, "give-answers", lambda one: answering.go_on(answerer, one, clock.now()))


def _stores_that_answer(house: House, organization_id: uuid.UUID) -> tuple[list[Store], tuple[str, ...]]:
    """The stores that say what they hold, and the names of those that only a person can look into."""
    wires = store_wires(house)
    with house.db.read(organization_id) as tx:
        known = store_accounts.every(tx, house.keyring, organization_id)
    return [one.store(wires) for one in known if one.kind != "manual"], tuple(
        one.name for one in known if one.kind == "manual"
    )


def tidy_answers(house: House) -> None:
    """Answers whose time is over, and those of people who were erased, are gone."""
    for_each(house, "tidy-answers", lambda one: downloads.tidy(house.db, house.keyring, one, clock.now()))


def carry_out(house: House) -> None:
    """Approved erasures are with the stores, tasks that are due were tried, what all have answered is closed."""
    busy = [one for one in tenants(house) if _is_to_be_carried_out(house, one)]
    if not busy:  # as nearly always: keys, wires and stores are left alone
        return
    wires = store_wires(house)
    shredder = Shredder(house.db, house.keyring, house.config.data_dir, every_table, house.spooling.spool)
    runner = task_jobs.Runner(
        shredder, wires, house.governing, SystemRandom().random, ME, house.config.staff_address, on_requests.held
    )
    carrier = carrying.Carrier(house.db, house.keyring, house.governing, house.config.public_url, on_requests.held)

    def one(organization_id: uuid.UUID) -> None:
        hand_over(house, organization_id, at_once=True)  # before anybody is erased (ledger A9)
        carrying.go_on(carrier, organization_id, clock.now())
        while task_jobs.run(runner, organization_id, clock.now):
            pass
        carrying.go_on(carrier, organization_id, clock.now())

    for_each(house, "carry-out", one, busy)


def _is_to_be_carried_out(house: House, organization_id: uuid.UUID) -> bool:
    """Is anything to be begun, tried or closed here? Two look-ups along indexes."""
    with house.db.read(organization_id) as tx:
        return carrying.is_any(tx, organization_id) or leases.is_due(tx, organization_id, clock.now())


def store_wires(house: House) -> Wires:
    """How stores are reached from here."""
    return Wires(Caller().ask, clock.now, house.config.public_url, os.environ, not house.config.production)


def every_table() -> MetaData:
    """The metadata with every table in it: what a web process serves with knows some of them only."""
    import consent.tables  # loaded when something is to be erased: nothing else of a process needs them all

    return consent.tables.METADATA
