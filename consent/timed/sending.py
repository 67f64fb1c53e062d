"""What waits goes out: texts, mails, webhooks, words to agents and to gateways."""

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from random import SystemRandom
from typing import Any

from consent import clock
from consent.changes import jobs as changes_jobs
from consent.db import Tx
from consent.decisions.outgoing import is_answer, may_go
from consent.drp import jobs as drp_jobs
from consent.errors import ConsentError
from consent.gateways import email
from consent.gateways.callbacks.calls import Caller
from consent.gateways.email.file import File
from consent.house import House
from consent.numbers import mail as mail_facts
from consent.outbox import jobs as outbox_jobs
from consent.outbox import mailing
from consent.outbox.attempts import MayGo
from consent.outbox.leave import Leave, Whither
from consent.outbox.service import Claimed
from consent.revocations import jobs as revocation_jobs
from consent.sms import delivery
from consent.timed.common import ME, http, tenants

UNTIL_DRAINED = timedelta(seconds=2)  # what is held for a STOP in the spool is asked about again after this


def deliver(house: House) -> None:
    """What is due in the outbox was tried; not while a STOP may still wait to be put on record."""
    carrier = carrier_of(house)
    for organization_id in tenants(house):
        while not house.spooling.spool.waiting() and outbox_jobs.deliver(carrier, organization_id, clock.now):
            pass


def carrier_of(house: House) -> outbox_jobs.Carrier:
    """Who sends texts for every organization here."""
    return outbox_jobs.Carrier(
        house.db,
        house.keyring,
        http(),
        leave(house),
        lambda *told: delivery.refused(house.db, house.keyring, house.governing, *told),
        house.load_gateway,
        ME,
    )


def post(house: House) -> None:
    """What is due in the outbox as mail was tried; a slow mail server keeps no text waiting."""
    postman = postman_of(house)
    for organization_id in tenants(house):
        while mailing.deliver(postman, organization_id, clock.now):
            pass


def postman_of(house: House, now: Callable[[], datetime] | None = None) -> mailing.Postman:
    """Who sends mail for every organization here; `now` where the present is not that of the system."""
    present = now or clock.now

    def bounced(job: Claimed, contact_point_id: uuid.UUID, why: str, now: datetime) -> None:
        in_force = house.governing.now(job.organization_id, now)
        returned = mail_facts.Returned(contact_point_id, job.id, job.created_at, why)

        def work(tx: Tx) -> None:
            mail_facts.bounced(tx, house.keyring, in_force.log, in_force.rulebook, returned, "system", now)

        house.db.write(work, job.organization_id)

    def load(name: str, settings: Mapping[str, Any]) -> email.Mailer:
        return email.load(name, settings, house.config.environment)

    return mailing.Postman(
        house.db, house.keyring, leave(house), bounced, load, lambda org: developers_mail(house, org, present()), ME
    )


def developers_mail(house: House, organization_id: uuid.UUID, now: datetime) -> email.Mailer | None:
    """In development, mails of an organization without an account lie where /dev/outbox shows them."""
    if house.config.production:
        return None
    try:
        organization = house.governing.now(organization_id, now).rulebook.organization
    except ConsentError:
        return None  # nobody knows yet who such a mail is from
    path = str(house.config.data_dir / "dev-mails.jsonl")
    return File({"from_address": organization.email, "from_name": organization.name, "path": path})


def leave(house: House) -> MayGo:
    """Who is asked right before each send: a STOP may have been put aside since the round began."""
    spool = house.spooling.spool

    def ask(tx: Tx, job: Claimed, whither: Whither, now: datetime) -> Leave:
        answer = may_go(tx, house.governing, job, whither, now)
        held = not is_answer(job) and spool.waiting()
        return Leave("wait", now + UNTIL_DRAINED) if held and answer.answer == "go" else answer

    return ask


def tell(house: House) -> None:
    """Webhooks that have something new were told."""
    development = not house.config.production
    teller = changes_jobs.Teller(house.db, house.keyring, Caller().post, development, SystemRandom().random, ME)
    changes_jobs.tell(teller, tenants(house), clock.now)


def tell_agents(house: House) -> None:
    """Agents of the Data Rights Protocol were told what changed of what they asked."""
    development = not house.config.production
    teller = drp_jobs.Teller(house.db, house.keyring, Caller().post, house.config.public_url, development)
    for organization_id in tenants(house):
        drp_jobs.tell(teller, organization_id, clock.now)


def ask_for_blocks(house: House) -> None:
    """Gateways were asked to block who said no elsewhere."""
    blocker = revocation_jobs.Blocker(house.db, house.keyring, http(), house.load_gateway, ME)
    for organization_id in tenants(house):
        while revocation_jobs.ask(blocker, organization_id, clock.now):
            pass
