"""The pages of staff: what is open, entering a no that came by letter or call, confirming for a sender."""

import unicodedata
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, request
from marshmallow import ValidationError
from werkzeug.wrappers import Response

from consent import clock
from consent.db import Database
from consent.deadlines import zones
from consent.errors import BadInput
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing
from consent.preferences.unsubscribe import figures
from consent.preferences.unsubscribe import queries as unsubscribes
from consent.revocations import queries, rules, service
from consent.staff import doors
from consent.staff.doors import require
from consent.staff.roles import Act
from consent.web.fields import parse_instant
from consent.web.i18n import at_in_words, page_language, to
from consent.web.messages import N_

LIST = "/staff/revocations"
MOST, MOST_BURSTS = 200, 20
LONGEST = {"address": 320, "words": 4000, "note": 1000}
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


def blueprint(db: Database, keyring: Keyring, governing: Governing) -> Blueprint:
    """/staff/revocations."""
    pages = Blueprint("staff_revocations", __name__, template_folder="templates")

    @pages.get(LIST)
    @require(Act.REVOCATIONS_SEE)
    def listing() -> Page:
        seat, now = doors.current(), clock.now()
        organization = governing.now(seat.organization_id, now).rulebook.organization
        with db.read(seat.organization_id) as tx:
            found, more = queries.listed(tx, keyring, seat.organization_id, organization.zone, now, most=MOST)
            bursts = unsubscribes.seen(tx, seat.organization_id, figures.shipped())
        names = {one.key: one.name_in(page_language()) for one in organization.programs}
        return _render("list", found=found, more=more is not None, name=organization.name, ways=HOWS,
                       bursts=bursts[:MOST_BURSTS], names=names, at=_clock_of(organization.zone))  # fmt: skip

    @pages.get(f"{LIST}/new")
    @require(Act.REVOCATIONS_ENTER)
    def form() -> Page:
        return _form_page({}, {})

    @pages.post(LIST)
    @require(Act.REVOCATIONS_ENTER)
    def enter() -> Page:
        seat, now = doors.current(), clock.now()
        zone = governing.now(seat.organization_id, now).rulebook.organization.zone
        sent = {name: _typed(value) for name, value in request.form.items()}
        draft, wrong = _read(sent, zone, seat.name)
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
    @require(Act.REVOCATIONS_ENTER)
    def confirm(revocation: UUID) -> Page:
        seat, now = doors.current(), clock.now()
        log = governing.now(seat.organization_id, now).log
        sender = _typed(request.form.get("sender", ""))[:100]
        db.write(
            lambda tx: service.confirm(
                tx, keyring, log, revocation, sender, "person", "staff", now, entered_by=seat.name
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


def _read(sent: dict[str, str], zone: str, entered_by: str) -> tuple[rules.Draft | None, dict[str, str]]:
    """The no as the form tells it, its time by the organization's clock; else what is wrong, by field."""
    wrong = {name: EMPTY for name in ("address", "received_at") if not sent.get(name)}
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
        entered_by,
        words=sent.get("words") or None,
        note=sent.get("note") or None,
    )
    return draft, {}


def _form_page(sent: dict[str, str], wrong: dict[str, str]) -> str:
    return _render("new", sent=sent, wrong=wrong, ways=HOWS, channels=CHANNELS)


def _render(page: str, **shown: Any) -> str:
    return doors.render(f"revocations/{page}.html", **shown)
