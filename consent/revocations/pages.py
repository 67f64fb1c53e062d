"""The pages of staff: what is open, entering a no that came by letter or call, confirming for a sender."""

import unicodedata
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from marshmallow import ValidationError
from werkzeug.wrappers import Response

from consent import clock
from consent.db import Database
from consent.deadlines import zones
from consent.errors import BadInput, Forbidden
from consent.ledger.keys import Keyring
from consent.organizations import service as organizations
from consent.policies.governing import Governing
from consent.preferences.unsubscribe import figures
from consent.preferences.unsubscribe import queries as unsubscribes
from consent.revocations import queries, rules, service
from consent.web import forms, peer, staff_session
from consent.web.fields import parse_instant
from consent.web.headers import page_with_form
from consent.web.i18n import at_in_words, page_language, to
from consent.web.logs import security_event
from consent.web.messages import N_
from consent.web.staff_session import Seat

SCOPE = "revocations:write"
LIST = "/staff/revocations"
MOST, MOST_BURSTS = 200, 20
LONGEST = {"address": 320, "entered_by": 200, "words": 4000, "note": 1000}
EMPTY = N_("Fill this in.")
TOO_LONG = N_("This is too long.")
NO_DAY = N_("Give day and time.")
NO_CHOICE = N_("Choose one of these.")
# The ways as people read them; the words of the API stay in the form.
HOWS = {
    "letter": N_("Letter"),
    "call": N_("Telephone call"),
    "voicemail": N_("Voicemail"),
    "email": N_("E-mail"),
    "mail": N_("Other mail"),
    "chat": N_("Chat"),
    "form": N_("Form"),
    "visit": N_("Visit"),
    "staff": N_("Told to a colleague"),
    "other": N_("Some other way"),
}
CHANNELS = {
    "": N_("Everything this address reaches"),
    "sms": N_("Text messages only"),
    "voice": N_("Calls only"),
    "email": N_("E-mail only"),
}

Page = str | tuple[str, int] | Response


def blueprint(db: Database, keyring: Keyring, governing: Governing, public_url: str) -> Blueprint:
    """/staff/revocations."""
    pages = Blueprint("staff_revocations", __name__, template_folder="templates")
    attempts = staff_session.Attempts()

    def seated() -> Seat | None:
        """Who sits here with a key that is still in use and may do this."""
        page_with_form()
        seat = staff_session.seat()
        if seat is None:
            return None
        with db.read(seat.organization_id, single=True) as tx:
            scopes = organizations.key_in_use(tx, seat.organization_id, seat.key_id)
        return seat if scopes is not None and SCOPE in scopes else None

    def posted() -> Seat:
        """The same for a form that was sent."""
        forms.check_form(public_url)
        seat = seated()
        if seat is None:
            raise Forbidden(N_("Sign in first."))
        return seat

    @pages.get(LIST)
    def listing() -> Page:
        seat = seated()
        if seat is None:
            return _sign_in_page()
        now = clock.now()
        organization = governing.now(seat.organization_id, now).rulebook.organization
        with db.read(seat.organization_id) as tx:
            found, more = queries.listed(tx, keyring, seat.organization_id, organization.zone, now, most=MOST)
            bursts = unsubscribes.seen(tx, seat.organization_id, figures.shipped())
        names = {one.key: one.name_in(page_language()) for one in organization.programs}
        return _render("list", found=found, more=more is not None, name=organization.name, ways=HOWS,
                       bursts=bursts[:MOST_BURSTS], names=names, at=_clock_of(organization.zone))  # fmt: skip

    @pages.post("/staff/sign-in")
    def sign_in() -> Page:
        forms.check_form(public_url)
        page_with_form()
        if attempts.too_many(peer.caller_network()):
            security_event("staff_sign_in_slowed")
            return _sign_in_page(N_("Too many attempts. Wait a quarter of an hour.")), 429
        key = request.form.get("key", "").strip()
        with db.read() as tx:
            found = organizations.key_at_door(tx, key) if key.startswith(organizations.KEY_PREFIX) else None
        if found is None or SCOPE not in found.scopes:
            security_event("staff_sign_in_refused")
            return _sign_in_page(N_("This key is not known, or it may not do this.")), 403
        staff_session.sign_in(found.organization_id, found.id)
        return redirect(to(LIST), 303)

    @pages.post("/staff/sign-out")
    def sign_out() -> Page:
        forms.check_form(public_url)
        staff_session.sign_out()
        answer = redirect(to(LIST), 303)
        # What the browser kept of these pages goes as well (OWASP ASVS 5.0, 14.3.1; S16).
        answer.headers["Clear-Site-Data"] = '"cache", "storage"'
        return answer

    @pages.get(f"{LIST}/new")
    def form() -> Page:
        return _form_page({}, {}) if seated() is not None else _sign_in_page()

    @pages.post(LIST)
    def enter() -> Page:
        seat, now = posted(), clock.now()
        zone = governing.now(seat.organization_id, now).rulebook.organization.zone
        sent = {name: _typed(value) for name, value in request.form.items()}
        draft, wrong = _read(sent, zone)
        if draft is None:
            return _form_page(sent, wrong), 422
        in_force = governing.at(seat.organization_id, min(draft.received_at, now))
        try:
            rules.check(in_force.rulebook.organization, draft, now)
            places = service.tagged(keyring, seat.organization_id, draft)
        except BadInput as error:
            return _form_page(sent, {error.field or "address": error.detail}), 422
        ready: rules.Draft = draft
        db.write(
            lambda tx: service.enter(tx, keyring, in_force.log, in_force.rulebook, ready, places, "staff", now),
            seat.organization_id,
        )
        return redirect(to(LIST), 303)

    @pages.post(f"{LIST}/<uuid:revocation>/confirmations")
    def confirm(revocation: UUID) -> Page:
        seat, now = posted(), clock.now()
        log = governing.now(seat.organization_id, now).log
        sender, by = _typed(request.form.get("sender", ""))[:100], _typed(request.form.get("entered_by", ""))[:200]
        db.write(
            lambda tx: service.confirm(
                tx, keyring, log, revocation, sender, "person", "staff", now, entered_by=by or None
            ),
            seat.organization_id,
        )
        return redirect(to(LIST), 303)

    return pages


def _clock_of(zone: str) -> Callable[[datetime], str]:
    """Instants as people there write them, in the language of the page."""
    return lambda moment: at_in_words(moment, zones.zone(zone))


def _typed(value: str) -> str:
    """What somebody typed, in the one spelling that is stored; what no keyboard makes is left out."""
    kept = "".join(one for one in value.replace("\r\n", "\n") if one == "\n" or unicodedata.category(one) != "Cc")
    return unicodedata.normalize("NFC", kept).strip()


def _read(sent: dict[str, str], zone: str) -> tuple[rules.Draft | None, dict[str, str]]:
    """The no as the form tells it, its time by the organization's clock; else what is wrong, by field."""
    wrong = {name: EMPTY for name in ("address", "received_at", "entered_by") if not sent.get(name)}
    wrong |= {name: TOO_LONG for name, most in LONGEST.items() if len(sent.get(name, "")) > most}
    received_at = None
    try:
        received_at = datetime.fromisoformat(sent.get("received_at", "")).replace(tzinfo=zones.zone(zone))
        parse_instant(received_at.isoformat())  # the years that the API reads, and no others
    except (ValueError, ValidationError):
        wrong["received_at"] = NO_DAY
    if sent.get("how") not in HOWS:
        wrong["how"] = NO_CHOICE
    if sent.get("channel", "") not in CHANNELS:
        wrong["channel"] = NO_CHOICE
    if wrong or received_at is None:
        return None, wrong
    channels = (sent["channel"],) if sent.get("channel") else ()
    draft = rules.Draft(
        sent["address"],
        channels,
        received_at,
        sent["how"],
        sent["entered_by"],
        words=sent.get("words") or None,
        note=sent.get("note") or None,
    )
    return draft, {}


def _form_page(sent: dict[str, str], wrong: dict[str, str]) -> str:
    return _render("new", sent=sent, wrong=wrong, ways=HOWS, channels=CHANNELS)


def _sign_in_page(wrong: str = "") -> str:
    return _render("sign_in", wrong=wrong)


def _render(page: str, **shown: Any) -> str:
    return render_template(f"revocations/{page}.html", csrf=forms.csrf_token(), **shown)
