"""create_app: every door of the service and who may come through it, on one page."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from importlib.metadata import version
from uuid import UUID

from flask import Flask, request

from consent import clock, gauges
from consent.carrier import api as carrier_api
from consent.changes import api as changes_api
from consent.changes import webhooks_api
from consent.dashboard.audit import pages as audit_pages
from consent.dashboard.carrier import pages as carrier_pages
from consent.dashboard.carrier import status_pages as carrier_status_pages
from consent.dashboard.consents import pages as entered_consent_pages
from consent.dashboard.contacts import pages as contact_pages
from consent.dashboard.corrections import pages as correction_pages
from consent.dashboard.customers import pages as customer_register
from consent.dashboard.evidence import pages as pack_pages
from consent.dashboard.figures import pages as figure_pages
from consent.dashboard.gateways import pages as gateway_pages
from consent.dashboard.home import pages as home_pages
from consent.dashboard.incidents import pages as incident_pages
from consent.dashboard.mail import pages as mail_pages
from consent.dashboard.notices import pages as notice_pages
from consent.dashboard.people import pages as people_pages
from consent.dashboard.policies import pages as version_pages
from consent.dashboard.reading import pages as reading_pages
from consent.dashboard.recipients import pages as recipient_register
from consent.dashboard.recordings import pages as recording_pages
from consent.dashboard.requests import pages as request_desk
from consent.dashboard.retention import pages as retention_desk
from consent.dashboard.safeguards import pages as safeguard_pages
from consent.dashboard.scope import pages as scope_pages
from consent.dashboard.suppressions import pages as suppression_pages
from consent.dashboard.team import pages as team_pages
from consent.db import Tx, patience, revision
from consent.db.readonly import BeingRestored
from consent.decisions import api as decisions_api
from consent.decisions import (
    batch_api,
    choices_api,
    collections_api,
    features_api,
    messages_api,
    recordings_api,
    trackers_api,
    uses_api,
)
from consent.decisions import told as decisions_told
from consent.disclosures import api as disclosures_api
from consent.disclosures import pages as recipient_pages
from consent.drp import api as drp_api
from consent.drp import pages as drp_pages
from consent.errors import Unavailable
from consent.evidence import api as evidence_api
from consent.evidence import check_page
from consent.evidence import pages as evidence_pages
from consent.free_text import FreeText
from consent.guards import ApiKey
from consent.house import House
from consent.imports import api as imports_api
from consent.incidents import api as incidents_api
from consent.intake import api as intake_api
from consent.ledger import pages as ledger_pages
from consent.notices import first_use_api
from consent.numbers import api as numbers_api
from consent.numbers import mail as mail_facts
from consent.onboarding import api as onboarding_api
from consent.organizations import pages as organization_pages
from consent.outbox import pages as outbox_pages
from consent.policies import front, statements_api
from consent.policies import pages as policy_pages
from consent.preferences import api as preferences_api
from consent.preferences import persons, proofs_api, shown_api, signals
from consent.preferences.cookies import pages as cookie_pages
from consent.preferences.opt_in import pages as opt_in_pages
from consent.preferences.page import pages as preference_pages
from consent.preferences.unsubscribe import api as unsubscribe_api
from consent.preferences.unsubscribe import pages as unsubscribe_pages
from consent.privacy_requests import api as privacy_requests_api
from consent.privacy_requests import pages as request_pages
from consent.privacy_requests.answers import pages as answer_pages
from consent.privacy_requests.tasks import webhooks as store_webhooks
from consent.retention import api as retention_api
from consent.retention import queries as retention_queries
from consent.review import api as review_api
from consent.review import pages as review_pages
from consent.revocations import api as revocations_api
from consent.revocations import pages as revocation_pages
from consent.sms import reviews_api, webhooks
from consent.staff import company
from consent.staff import doors as staff_doors
from consent.staff.blueprints import BLUEPRINTS as STAFF_PAGES
from consent.verification import api as verification_api
from consent.verification import pages as verification_pages
from consent.verification.service import HonoursSignal, Reached
from consent.verification.visits import Visit
from consent.web import docs, forms, headers, health, hosts, layout, logs, metrics, problems, security_txt
from consent.web.access_lines import Out
from consent.web.api import create_api
from consent.web.application import Application
from consent.web.bodies import BATCH_LIMIT

GATES = (
    "decisions",
    "decision_batches",
    "features",
    "recordings",
    "carrier",
)  # they answer whether something may be done
# The doors whose bodies hold what somebody wrote in their own words.
FREELY = ("revocations", "privacy_requests", "disclosures", "reviews", "do_not_call", "numbers")


def create_app(house: House, access: Out | None = None) -> Flask:
    """The web application over an open house; its access lines go to `access`, else to the standard error stream."""
    config = house.config
    app = Application("consent", static_folder=None, template_folder=None)
    app.config.update(
        SECRET_KEY=config.secret_key(),
        MAX_CONTENT_LENGTH=BATCH_LIMIT,
        MAX_FORM_MEMORY_SIZE=BATCH_LIMIT,
        SESSION_COOKIE_NAME="session" if not config.production else "__Host-session",
        SESSION_COOKIE_SECURE=config.production,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
    )
    app.extensions["consent"] = house
    logs.init_app(app, stream=access)
    problems.init_app(app)
    headers.init_app(app, production=config.production)
    layout.init_app(app)
    forms.init_app(app)
    hosts.init_app(app, config.public_url, config.staff_url)
    hurry(app)
    gauges.watch_ages(house)

    for_anyone(app, house)
    for_people(app, house)
    for_api_keys(app, house)
    for_staff(app, house)
    for_gateways(app, house)
    for_agents(app, house)
    if not config.production:
        app.register_blueprint(outbox_pages.blueprint(config.data_dir))
    return app


def for_anyone(app: Flask, house: House) -> None:
    """Doors that ask nobody's name and show nothing personal."""
    config, db = house.config, house.db
    front.init_app(app, house.frames)
    checks = {
        "database": health.database_reachable(db),
        "migrations": lambda: revision.check(db),
        "keys": lambda: sign_something(house),
    }
    for pages in (
        organization_pages.blueprint(db),
        front.blueprint(house.frames),
        policy_pages.blueprint(db),
        review_pages.blueprint(db),
        recipient_pages.blueprint(db, house.governing, house.frames),
        opt_in_pages.blueprint(db, house.keyring, house.governing, config.public_url),
        ledger_pages.blueprint(db, house.keyring),
        check_page.blueprint(house.keyring),
        health.blueprint(checks, house.spooling.spool),
        metrics.blueprint(config.metrics_token()),
        security_txt.blueprint(config.security_contact, config.public_url),
        docs.blueprint(public=not config.production),
    ):
        app.register_blueprint(pages)


def for_people(app: Flask, house: House) -> None:
    """Doors at which a person asks for a code, and what a visit opens."""
    config, written = house.config, FreeText(house.governing, house.frames)
    for pages in (
        verification_pages.blueprint(
            house.db,
            house.keyring,
            house.governing,
            config.public_url,
            belongs_here,
            honours_signal(house),
            reached(house),
            partial(persons.given_up_at, house.keyring),
            timedelta(days=config.link_days),
        ),
        unsubscribe_pages.blueprint(house.db, house.keyring, house.governing, config.public_url),
        preference_pages.blueprint(
            house.db,
            house.keyring,
            house.governing,
            house.frames,
            config.public_url,
            decisions_told.messages,
            retention_queries.deliveries_gone,
        ),
        evidence_pages.blueprint(house.db, house.keyring, house.governing, config.public_url),
        request_pages.blueprint(house.db, house.keyring, house.governing, config.public_url),
        answer_pages.blueprint(house.db, house.keyring, house.governing, config.public_url),
        drp_pages.blueprint(house.db, house.keyring, house.governing, config.public_url),
        cookie_pages.blueprint(house.db, house.keyring, house.governing, house.frames, config.public_url),
    ):
        pages.before_request(written.of_people)
        app.register_blueprint(pages)


def belongs_here(tx: Tx, organization_id: UUID, visit: Visit, person_id: UUID) -> bool:
    """Whether this person is one of those on record at the addresses of the visit."""
    places = [(place.tagged.address.channel, place.tagged.tag64) for place in visit.places]
    return persons.is_on_record(tx, organization_id, places, person_id)


def honours_signal(house: House) -> HonoursSignal:
    """A browser's refusal of sale and sharing is on record for whoever visits with it."""

    def honour(tx: Tx, visit: Visit, now: datetime) -> None:
        in_force = house.governing.now(visit.organization_id, now)
        places = [place.tagged for place in visit.places]
        signals.honour(tx, house.keyring, in_force.log, in_force.rulebook, places, visit.person_id, now)

    return honour


def reached(house: House) -> Reached:
    """A mailbox from which mails came back is open again as soon as somebody redeems what a mail to it said."""

    def confirm(tx: Tx, visit: Visit, now: datetime) -> None:
        in_force = house.governing.now(visit.organization_id, now)
        places = [place.tagged for place in visit.places]
        mail_facts.reached(tx, house.keyring, in_force.log, in_force.rulebook, places, "page", now)

    return confirm


def for_api_keys(app: Flask, house: House) -> None:
    """The JSON API: every door behind a bearer key."""
    api = create_api(app, version=version("consent"))
    guard, at_the_gate = ApiKey(house.db), ask_the_gate(house)
    written = FreeText(house.governing, house.frames)
    sign = evidence_api.receipt_signer(house.keyring, house.config.public_url)
    for doors in (
        *preferences_api.blueprints(house.db, house.keyring, house.governing, sign, house.config.largest_proof),
        *numbers_api.blueprints(house.db, house.keyring, house.governing),
        verification_api.blueprint(house.db, house.keyring, house.governing, house.config.public_url),
        proofs_api.blueprint(house.db, house.keyring, house.config.largest_proof),
        decisions_api.blueprint(house.db, house.keyring, house.governing, house.config.public_url),
        batch_api.blueprint(house.db, house.keyring, house.governing, nothing_waits(house)),
        features_api.blueprint(house.db, house.keyring, house.governing),
        uses_api.blueprint(house.governing),
        collections_api.blueprint(house.governing),
        trackers_api.blueprint(house.db, house.keyring, house.governing),
        recordings_api.blueprint(house.db, house.keyring, house.governing),
        choices_api.blueprint(house.db, house.keyring, house.governing),
        messages_api.blueprint(house.db, house.keyring, house.governing),
        disclosures_api.blueprint(house.db, house.keyring, house.governing),
        evidence_api.blueprint(house.db, house.keyring, house.config.public_url),
        *review_api.blueprints(house.db),
        first_use_api.blueprint(house.db, house.keyring, house.governing),
        onboarding_api.blueprint(house.db, house.keyring, house.governing),
        *retention_api.blueprints(house.db, house.keyring, house.governing),
        statements_api.blueprint(house.governing),
        shown_api.blueprint(house.db, house.keyring, house.governing),
        imports_api.blueprint(house.db, house.keyring, house.governing, house.config.data_dir),
        reviews_api.blueprint(house.db, house.keyring, house.governing),
        revocations_api.blueprint(house.db, house.keyring, house.governing),
        unsubscribe_api.blueprint(house.db),
        privacy_requests_api.blueprint(house.db, house.keyring, house.governing),
        intake_api.blueprint(house.db, house.keyring, house.governing, house.config.public_url),
        incidents_api.blueprint(house.db, house.keyring, house.governing),
        carrier_api.blueprint(house.db, house.keyring, house.governing),
        changes_api.blueprint(house.db, house.keyring),
        webhooks_api.blueprint(house.db, house.keyring, development=not house.config.production),
    ):
        if doors.name in GATES:
            doors.before_request(at_the_gate)
        doors.before_request(guard)
        if doors.name in FREELY:
            doors.before_request(written.of_systems)
        api.register_blueprint(doors)


def for_staff(app: Flask, house: House) -> None:
    """Pages of the organization's own people: each says its act, and the doors of staff ask who may do it."""
    written = FreeText(house.governing, house.frames)
    address = house.config.staff_address
    staff_doors.init_app(app, staff_doors.Ground(house.db, house.keyring, address, written.of_staff, is_carrier(house)))
    oidc = house.config.oidc_issuer, house.config.oidc_client_id, house.config.oidc_client_secret_file
    company.init_app(app, company.provider(*oidc, production=house.config.production))
    for pages in (
        *STAFF_PAGES,
        request_desk.blueprint(
            house.db,
            house.keyring,
            house.governing,
            house.config.public_url,
            timedelta(days=house.config.answer_days),
        ),
        mail_pages.blueprint(house.db, house.keyring, house.governing, house.config.public_url),
        entered_consent_pages.blueprint(house.db, house.keyring, house.governing, house.config.largest_proof),
    ):
        app.register_blueprint(pages)
    for doors in (
        home_pages,
        reading_pages,
        revocation_pages,
        people_pages,
        pack_pages,
        suppression_pages,
        gateway_pages,
        version_pages,
        notice_pages,
        recipient_register,
        customer_register,
        figure_pages,
        contact_pages,
        safeguard_pages,
        recording_pages,
        scope_pages,
        correction_pages,
        incident_pages,
        carrier_pages,
        carrier_status_pages,
        team_pages,
        audit_pages,
        retention_desk,
    ):
        app.register_blueprint(doors.blueprint(house.db, house.keyring, house.governing))


def is_carrier(house: House) -> Callable[[UUID], bool]:
    """Whether the rules of telephone carriers bind the organization."""
    return lambda organization_id: house.governing.now(organization_id, clock.now()).rulebook.carrier.on


def for_gateways(app: Flask, house: House) -> None:
    """Webhooks: each proves itself by the signature of its gateway or store."""
    app.register_blueprint(webhooks.blueprint(house.spooling, house.config.public_url))
    app.register_blueprint(store_webhooks.blueprint(house.db, house.keyring))


def for_agents(app: Flask, house: House) -> None:
    """The Data Rights Protocol: each call proves itself by an agent's token, and what it asks by a signature."""
    config = house.config
    app.register_blueprint(
        drp_api.blueprint(
            house.db, house.keyring, house.governing, config.public_url, development=not config.production
        )
    )


def hurry(app: Flask) -> None:
    """No request waits for a database that does not answer."""

    @app.before_request
    def begin() -> None:
        patience.hurry(patience.DOOR)

    @app.teardown_request
    def end(_error: BaseException | None) -> None:
        patience.hurry(None)


def ask_the_gate(house: House) -> Callable[[], None]:
    """Before every question at the gate: no answer rests on a state that lacks what was acknowledged (ledger A6)."""
    check = nothing_waits(house)

    def guard() -> None:
        patience.hurry(patience.GATE)
        if request.method == "POST":
            check()

    return guard


def nothing_waits(house: House) -> Callable[[], None]:
    """Raises Unavailable while something that was acknowledged is not on record yet."""
    spool, db = house.spooling.spool, house.db

    def check() -> None:
        if db.restoring():
            raise BeingRestored
        if spool.waiting():
            raise Unavailable("Texts that arrived are not on record yet: ask again in a moment.", retry_after=2)

    return check


def sign_something(house: House) -> None:
    """Every organization served here has a key for its receipts; SetupProblem otherwise."""
    for organization_id in house.keyring.organizations():
        house.keyring.receipt_key(organization_id, clock.now())
