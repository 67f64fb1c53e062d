"""The house is kept: the log sealed, versions moved on, figures counted, what is over forgotten."""

from uuid import UUID

from consent import clock
from consent.dashboard.figures import jobs as figure_jobs
from consent.house import House
from consent.ledger import jobs as ledger_jobs
from consent.numbers import reassigned
from consent.policies import moving
from consent.preferences.unsubscribe import figures
from consent.preferences.unsubscribe import jobs as unsubscribe_jobs
from consent.review import jobs as review_jobs
from consent.timed.common import for_each, tenants
from consent.verification import jobs as verification_jobs
from consent.web import idempotency
from consent.web.logs import log


def seal(house: House) -> None:
    """Every event older than a moment is a leaf under a signed checkpoint (ledger A7)."""
    done = ledger_jobs.seal(house.db, house.keyring, tenants(house), clock.now())
    for organization_id, why in done.stopped:
        log.error("sealing_stopped", organization=str(organization_id), why=why)


def activate(house: House) -> None:
    """Versions whose day has come say so."""

    def one(organization_id: UUID) -> None:
        changed = house.db.write(
            lambda tx: moving.move_on(tx, house.keyring, organization_id, clock.now()), organization_id
        )
        for policy, version in changed:
            log.info("version_moved", policy=policy, version=version)

    for_each(house, "activate", one)


def count_evidence(house: House) -> None:
    """What each commitment left behind is counted, for the trace."""
    for_each(house, "count-evidence", lambda one: review_jobs.count_evidence(house.db, one, clock.now()))


def count_figures(house: House) -> None:
    """What came and what was decided is counted by day, for the dashboard."""
    for_each(house, "count-figures", lambda one: figure_jobs.count_figures(house.db, one, clock.now()))


def ask_reassigned(house: House) -> None:
    """Consents too old to be used without asking were asked about, where there is a way to ask."""
    ask = house.ask_reassigned
    if ask is None:
        return
    for_each(
        house,
        "ask-reassigned",
        lambda one: reassigned.ask(house.db, house.keyring, house.governing, one, ask, clock.now()),
    )


def forget_answers(house: House) -> None:
    """Answers kept for Idempotency-Keys are gone after their day."""
    for_each(
        house,
        "forget-answers",
        lambda one: house.db.write(lambda tx: idempotency.purge(tx, one, clock.now()), one),
    )


def forget_visits(house: House) -> None:
    """Codes, links and visits that are over are gone."""
    for_each(house, "forget-visits", lambda one: verification_jobs.forget(house.db, one, clock.now()))


def notice_scanners(house: House) -> None:
    """Opt-outs that came in a burst are marked; they hold, and the people are asked whether it was them."""

    def one(organization_id: UUID) -> None:
        noticed = unsubscribe_jobs.notice(house.db, house.keyring, organization_id, figures.shipped(), clock.now())
        if noticed:
            log.warning("opt_outs_in_a_burst", organization=str(organization_id), noticed=noticed)

    for_each(house, "notice-scanners", one)


def forget_presses(house: House) -> None:
    """Which mail and network a press came from is forgotten after a day."""
    for_each(house, "forget-presses", lambda one: unsubscribe_jobs.forget(house.db, one, clock.now()))
