"""/staff/people: found by the exact number or address, which stands in no URL; then everything about it and why."""

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from consent.dashboard import looks
from consent.dashboard.people import queries, words
from consent.dashboard.requests.naming import state_name, type_name
from consent.dashboard.seats import Seat, seat
from consent.dashboard.words import SOURCES
from consent.db import Database
from consent.errors import BadInput
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing
from consent.policies.staff_settings import ADDRESSES
from consent.staff import doors, looking, unmasking
from consent.staff.doors import require
from consent.staff.looking import NotAllowed
from consent.staff.roles import Act, may
from consent.web.forms import typed
from consent.web.i18n import to
from consent.web.messages import N_

LIST = "/staff/people"
LONGEST = 320
EMPTY = N_("Write the whole number or address.")
TOO_LONG = N_("This is too long.")
NOTHING = N_("Nothing is on record about this number or address.")
Page = str | tuple[str, int] | Response


def blueprint(db: Database, keyring: Keyring, governing: Governing) -> Blueprint:
    """/staff/people."""
    pages = Blueprint("staff_people", __name__, template_folder="../templates")

    @pages.get(LIST)
    @require(Act.PEOPLE_SEE)
    def search() -> Page:
        return _search({})

    @pages.post(LIST)
    @require(Act.PEOPLE_SEE)
    def find() -> Page:
        here, address, channel = seat(governing), typed("address", LONGEST), request.form.get("channel", "sms")
        if not address or channel not in words.CHANNELS:
            return _search({"address": TOO_LONG if address is None else EMPTY}), 422
        with db.read(here.organization_id) as tx:
            contact = queries.found(tx, keyring, here, channel, address)
        if contact is None:
            return _search({"address": NOTHING}), 404
        return redirect(to(f"{LIST}/{contact}"), 303)

    @pages.get(f"{LIST}/<uuid:contact>")
    @require(Act.PEOPLE_SEE)
    def person(contact: UUID) -> Page:
        return sheet(seat(governing), contact, _before())

    @pages.post(f"{LIST}/<uuid:contact>/address")
    @require(Act.PEOPLE_UNMASK)
    def unmask(contact: UUID) -> Page:
        here, why = seat(governing), typed("why", unmasking.LONGEST_REASON)
        if why is None:
            return sheet(here, contact, None, wrong={"why": TOO_LONG}), 422
        note: str = why
        try:
            look = looks.ask(db, keyring, here, ADDRESSES, contact)
            address = db.write(
                lambda tx: unmasking.unmask(tx, keyring, here.log, here.member, contact, look, note, here.now),
                here.organization_id,
            )
        except BadInput as error:
            return sheet(here, contact, None, wrong={error.field or "why": error.detail}), 422
        except NotAllowed as error:
            return sheet(here, contact, None, against=error.reasons), error.status
        return sheet(here, contact, None, address=address)

    def sheet(here: Seat, contact: UUID, before: int | None, **shown: Any) -> str:
        with db.read(here.organization_id) as tx:
            found = queries.sheet(tx, keyring, here, contact, before)
        more: dict[str, Any] = {"wrong": {}, "address": None, "first": before is None, "against": ()} | shown
        return doors.render(
            "dashboard/person.html",
            one=found,
            here=here,
            happened=words.HAPPENED,
            channels=words.CHANNELS,
            states=words.STATES,
            methods=words.METHODS,
            sources=SOURCES,
            may_enter=may(here.member.role, Act.CONSENTS_ENTER),
            type_name=type_name,
            state_name=state_name,
            may_pack=may(here.member.role, Act.EVIDENCE_PACK),
            reasons=looking.offered(here.rulebook, ADDRESSES),
            **more,
        )

    return pages


def _before() -> int | None:
    """Where a long history goes on."""
    value = request.args.get("before", "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 16 else None


def _search(wrong: dict[str, str]) -> str:
    """What was typed is not sent back: it would lie in the history of the browser's page."""
    return doors.render("dashboard/people.html", wrong=wrong, channels=words.CHANNELS)
