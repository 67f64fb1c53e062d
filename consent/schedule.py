"""Every timed job and when it runs."""

import os
import socket
import threading
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from random import SystemRandom
from typing import Any

from cronsim import CronSim
from sqlalchemy import MetaData

from consent import clock
from consent.app import House
from consent.changes import jobs as changes_jobs
from consent.dashboard.figures import jobs as figure_jobs
from consent.db import Tx
from consent.deadlines import zone
from consent.decisions.outgoing import is_answer, may_go
from consent.drp import jobs as drp_jobs
from consent.errors import ConsentError
from consent.gateways import email
from consent.gateways.callbacks.calls import Caller
from consent.gateways.email.file import File
from consent.gateways.sms import calls
from consent.gateways.sms.base import HttpSession
from consent.gateways.stores.base import Store
from consent.gateways.stores.webhook import Wires
from consent.imports import jobs as import_jobs
from consent.ledger import jobs as ledger_jobs
from consent.numbers import mail as mail_facts
from consent.numbers import reassigned
from consent.organizations import service as organizations
from consent.outbox import jobs as outbox_jobs
from consent.outbox import mailing
from consent.outbox.attempts import MayGo
from consent.outbox.leave import Leave, Whither
from consent.outbox.service import Claimed
from consent.policies import moving
from consent.policies.answers.request_files import kept_for
from consent.preferences.unsubscribe import figures
from consent.preferences.unsubscribe import jobs as unsubscribe_jobs
from consent.privacy_requests import escalating
from consent.privacy_requests import jobs as request_jobs
from consent.privacy_requests.answers import answering, downloads
from consent.privacy_requests.answers import jobs as answer_jobs
from consent.privacy_requests.tasks import accounts as store_accounts
from consent.privacy_requests.tasks import carrying
from consent.privacy_requests.tasks import jobs as task_jobs
from consent.privacy_requests.tasks.shredding import Shredder
from consent.review import jobs as review_jobs
from consent.revocations import jobs as revocation_jobs
from consent.sms import delivery, reconcile
from consent.verification import jobs as verification_jobs
from consent.web import idempotency
from consent.web.logs import log, traced

UNTIL_DRAINED = timedelta(seconds=2)  # what is held for a STOP in the spool is asked about again after this


@dataclass(frozen=True, slots=True)
class Timed:
    """A job that runs soon after the start and then again and again; safe to run twice at once.

    `when` is how many seconds after it ended, or a cron expression in UTC; `when_on_sqlite` where a file, which the
    web process itself serves, wants another pace.
    """

    name: str
    when: float | str
    run: Callable[[House], None]
    when_on_sqlite: float | None = None


def seal(house: House) -> None:
    """Every event older than a moment is a leaf under a signed checkpoint (ledger A7)."""
    done = ledger_jobs.seal(house.db, house.keyring, tenants(house), clock.now())
    for organization_id, why in done.stopped:
        log.error("sealing_stopped", organization=str(organization_id), why=why)


def drain(house: House) -> None:
    """What waited in the local spool is on record, if the database is back."""
    spool = house.spooling.spool
    if not spool.waiting():
        return
    done = house.spooling.drain()
    if done.recorded and done.empty:
        for organization_id in tenants(house):
            house.db.write(
                lambda tx, org=organization_id: reconcile.soon(tx, org, clock.now()),  # type: ignore[misc]
                organization_id,
            )
    if done.recorded or done.dropped or done.aside:
        log.warning("spool_drained", recorded=done.recorded, dropped=done.dropped, aside=done.aside, empty=done.empty)


def reconcile_gateways(house: House) -> None:
    """What gateways have and we have not is on record; not while anything that arrived waits to be put there."""
    if house.spooling.spool.waiting():
        return
    reconciler = reconciler_of(house, _http())
    for organization_id in tenants(house):
        for account in reconciler.due(organization_id, clock.now()):
            reconciler.look(organization_id, account)


def reconciler_of(house: House, http: HttpSession) -> reconcile.Reconciler:
    """Reads the lists of gateways over this session."""
    return reconcile.Reconciler(
        house.db, house.keyring, house.governing, house.spooling.intake, house.load_gateway, http
    )


def deliver(house: House) -> None:
    """What is due in the outbox was tried; not while a STOP may still wait to be put on record."""
    carrier = outbox_jobs.Carrier(
        house.db,
        house.keyring,
        _http(),
        leave(house),
        lambda *told: delivery.refused(house.db, house.keyring, house.governing, *told),
        house.load_gateway,
        ME,
    )
    for organization_id in tenants(house):
        while not house.spooling.spool.waiting() and outbox_jobs.deliver(carrier, organization_id, clock.now):
            pass


def post(house: House) -> None:
    """What is due in the outbox as mail was tried; a slow mail server keeps no text waiting."""
    postman = postman_of(house)
    for organization_id in tenants(house):
        while mailing.deliver(postman, organization_id, clock.now):
            pass


def postman_of(house: House) -> mailing.Postman:
    """Who sends mail for every organization here."""

    def bounced(job: Claimed, contact_point_id: uuid.UUID, why: str, now: datetime) -> None:
        in_force = house.governing.now(job.organization_id, now)
        returned = mail_facts.Returned(contact_point_id, job.id, job.created_at, why)

        def work(tx: Tx) -> None:
            mail_facts.bounced(tx, house.keyring, in_force.log, in_force.rulebook, returned, "system", now)

        house.db.write(work, job.organization_id)

    def load(name: str, settings: Mapping[str, Any]) -> email.Mailer:
        return email.load(name, settings, house.config.environment)

    return mailing.Postman(
        house.db, house.keyring, leave(house), bounced, load, lambda org: developers_mail(house, org), ME
    )


def developers_mail(house: House, organization_id: uuid.UUID) -> email.Mailer | None:
    """In development, mails of an organization without an account lie where /dev/outbox shows them."""
    if house.config.production:
        return None
    try:
        organization = house.governing.now(organization_id, clock.now()).rulebook.organization
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
    blocker = revocation_jobs.Blocker(house.db, house.keyring, _http(), house.load_gateway, ME)
    for organization_id in tenants(house):
        while revocation_jobs.ask(blocker, organization_id, clock.now):
            pass


def activate(house: House) -> None:
    """Versions whose day has come say so."""
    for organization_id in tenants(house):
        changed = house.db.write(
            lambda tx, org=organization_id: moving.move_on(tx, house.keyring, org, clock.now()),  # type: ignore[misc]
            organization_id,
        )
        for policy, version in changed:
            log.info("version_moved", policy=policy, version=version)


def count_evidence(house: House) -> None:
    """What each commitment left behind is counted, for the trace."""
    for organization_id in tenants(house):
        review_jobs.count_evidence(house.db, organization_id, clock.now())


def count_figures(house: House) -> None:
    """What came and what was decided is counted by day, for the dashboard."""
    for organization_id in tenants(house):
        figure_jobs.count_figures(house.db, organization_id, clock.now())


def ask_reassigned(house: House) -> None:
    """Consents too old to be used without asking were asked about, where there is a way to ask."""
    if house.ask_reassigned is None:
        return
    for organization_id in tenants(house):
        reassigned.ask(house.db, house.keyring, house.governing, organization_id, house.ask_reassigned, clock.now())


def forget_answers(house: House) -> None:
    """Answers kept for Idempotency-Keys are gone after their day."""
    for organization_id in tenants(house):
        house.db.write(
            lambda tx, org=organization_id: idempotency.purge(tx, org, clock.now()),  # type: ignore[misc]
            organization_id,
        )


def forget_visits(house: House) -> None:
    """Codes, links and visits that are over are gone."""
    for organization_id in tenants(house):
        verification_jobs.forget(house.db, organization_id, clock.now())


def notice_scanners(house: House) -> None:
    """Opt-outs that came in a burst are marked; they hold, and the people are asked whether it was them."""
    for organization_id in tenants(house):
        noticed = unsubscribe_jobs.notice(house.db, house.keyring, organization_id, figures.shipped(), clock.now())
        if noticed:
            log.warning("opt_outs_in_a_burst", organization=str(organization_id), noticed=noticed)


def forget_presses(house: House) -> None:
    """Which mail and network a press came from is forgotten after a day."""
    for organization_id in tenants(house):
        unsubscribe_jobs.forget(house.db, organization_id, clock.now())


def escalate_requests(house: House) -> None:
    """Whoever must know that a request nears its date or is late was told, once for each stage."""
    queue = f"{house.config.staff_address}/staff/requests"
    for organization_id in tenants(house):
        organization = house.governing.now(organization_id, clock.now()).rulebook.organization
        told = escalating.escalate(house.db, house.keyring, organization_id, organization, queue, clock.now())
        if told:
            log.warning("requests_near_their_dates", organization=str(organization_id), requests=told)


def look_after_requests(house: House) -> None:
    """Deferrals whose day has come are open again, what nobody verified is over, old files are reduced."""
    for organization_id in tenants(house):
        now, place = clock.now(), (house.db, house.keyring, house.governing, organization_id)
        rulebook = house.governing.now(organization_id, now).rulebook
        settled = rulebook.organization.requests
        request_jobs.reopen_deferred(*place, now)
        request_jobs.expire_unverified(*place, settled.unverified_after, now)
        kept = kept_for(rulebook.promises, settled.kept_for)
        request_jobs.reduce_files(house.db, organization_id, kept, zone(rulebook.organization.zone), now)


def mail_certificates(house: House) -> None:
    """Certificates that the log has sealed since wait in the outbox."""
    with house.db.read() as tx:
        served = organizations.every(tx)
    for one in served:
        answer_jobs.mail_certificates(house.db, house.keyring, one.id, one.slug, house.config.public_url, clock.now())


def give_answers(house: House) -> None:
    """Approved requests for data have their answers."""
    lasts = timedelta(days=house.config.answer_days)
    answerer = answering.Answerer(
        house.db, house.keyring, house.governing, house.config.public_url, lasts, partial(_stores_that_answer, house)
    )
    for organization_id in tenants(house):
        answering.go_on(answerer, organization_id, clock.now())


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
    for organization_id in tenants(house):
        downloads.tidy(house.db, house.keyring, organization_id, clock.now())


def carry_out(house: House) -> None:
    """Approved erasures are with the stores, tasks that are due were tried, what all have answered is closed."""
    wires = store_wires(house)
    shredder = Shredder(house.db, house.keyring, house.config.data_dir, every_table, house.spooling.spool)
    runner = task_jobs.Runner(shredder, wires, house.governing, SystemRandom().random, ME, house.config.staff_address)
    carrier = carrying.Carrier(house.db, house.keyring, house.governing, house.config.public_url)
    for organization_id in tenants(house):
        carrying.go_on(carrier, organization_id, clock.now())
        while task_jobs.run(runner, organization_id, clock.now):
            pass
        carrying.go_on(carrier, organization_id, clock.now())


def store_wires(house: House) -> Wires:
    """How stores are reached from here."""
    return Wires(Caller().ask, clock.now, house.config.public_url, os.environ, not house.config.production)


def every_table() -> MetaData:
    """The metadata with every table in it: what a web process serves with knows some of them only."""
    import consent.tables  # loaded when something is to be erased: nothing else of a process needs them all

    return consent.tables.METADATA


def work_off_imports(house: House) -> None:
    """Uploaded files are recorded row by row; imports being undone are undone."""
    for organization_id in tenants(house):
        for done in import_jobs.work_off(
            house.db, house.keyring, house.governing, house.config.data_dir, organization_id
        ):
            log.info("import_ended", organization=str(organization_id), id=str(done))


# Where webhooks and uploads arrive, spool and files are worked off; everything else any process may do.
LOCAL: tuple[Timed, ...] = (Timed("drain", 0.25, drain), Timed("imports", 2.0, work_off_imports))

TIMED: tuple[Timed, ...] = (
    *LOCAL,
    Timed("seal", 1.0, seal, when_on_sqlite=2.0),  # ledger A7
    Timed("deliver", 0.5, deliver),
    Timed("post", 0.5, post),
    Timed("reconcile", 15.0, reconcile_gateways),  # looks whose five minutes are over
    Timed("tell", 1.0, tell),
    Timed("tell-agents", 5.0, tell_agents),
    Timed("ask-for-blocks", 2.0, ask_for_blocks),
    Timed("activate", "* * * * *", activate),
    Timed("count-evidence", 60.0, count_evidence),
    Timed("count-figures", 60.0, count_figures),
    Timed("ask-reassigned", "41 * * * *", ask_reassigned),
    Timed("forget-answers", "23 * * * *", forget_answers),
    Timed("carry-out", 5.0, carry_out),
    Timed("escalate-requests", "*/15 * * * *", escalate_requests),
    Timed("look-after-requests", "7 * * * *", look_after_requests),
    Timed("forget-visits", "*/10 * * * *", forget_visits),
    Timed("notice-scanners", 30.0, notice_scanners),
    Timed("mail-certificates", 5.0, mail_certificates),
    Timed("give-answers", 5.0, give_answers),
    Timed("tidy-answers", "*/10 * * * *", tidy_answers),
    Timed("forget-presses", "37 * * * *", forget_presses),
)

SELDOM = 5.0  # seconds: what runs as rarely or more rarely is in no hurry at the start of a process
BETWEEN_FIRST_RUNS = 0.25  # seconds
LONGEST_AFTER_FAILURE = 30.0  # seconds that a job which failed waits beside its usual pause
ME = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


def tenants(house: House) -> list[uuid.UUID]:
    """Every organization."""
    with house.db.read() as tx:
        return [tenant.id for tenant in organizations.every(tx)]


def start(house: House, stop: threading.Event, timed: Iterable[Timed] = TIMED) -> list[threading.Thread]:
    """Each timed job on a thread of its own, until `stop` is set.

    What seldom runs begins one job after the other: all at once they would take the processor from the first texts.
    """
    turns, threads = count(1), []
    for job in timed:
        after = 0.0 if isinstance(job.when, float) and job.when < SELDOM else BETWEEN_FIRST_RUNS * next(turns)
        threads.append(threading.Thread(target=_repeat, args=(job, house, stop, after), name=job.name, daemon=True))
    for thread in threads:
        thread.start()
    return threads


def _repeat(job: Timed, house: House, stop: threading.Event, after: float) -> None:
    when = job.when if job.when_on_sqlite is None or house.db.is_postgresql else job.when_on_sqlite
    stop.wait(after)
    while not stop.is_set():
        try:
            job.run(house)
        except Exception as error:  # a job that failed once runs again; the log says why it failed
            log.error("timed_job_failed", job=job.name, **traced(error))
            stop.wait(min(pause(when, clock.now()) * 5, LONGEST_AFTER_FAILURE))
        stop.wait(pause(when, clock.now()))


def pause(when: float | str, now: datetime) -> float:
    """Seconds until a job that is over runs next."""
    if isinstance(when, str):
        return (next(CronSim(when, now)) - now).total_seconds()
    return when


_local = threading.local()


def _http() -> HttpSession:
    """One session per thread: connections are kept, and none is shared."""
    session: HttpSession | None = getattr(_local, "session", None)
    if session is None:
        session = _local.session = calls.new_session()
    return session
