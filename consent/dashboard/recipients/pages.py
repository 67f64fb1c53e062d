"""/staff/recipients: the register, and behind each recipient what went there and what was held back."""

from uuid import UUID

from flask import Blueprint, request

from consent.dashboard.seats import seat
from consent.db import Database
from consent.disclosures import queries
from consent.disclosures.register import line
from consent.errors import NotFound
from consent.ledger.keys import Keyring
from consent.policies import codes
from consent.policies.governing import Governing
from consent.staff import doors
from consent.staff.doors import require
from consent.staff.roles import Act
from consent.web import i18n
from consent.web.messages import N_
from consent.web.paging import cursor, place_of

# What became of it, as the page says it.
STATES = {
    "made": N_("Went"),
    "refused": N_("Held back"),
    "made-anyway": N_("Went against a promise"),
}


def blueprint(db: Database, keyring: Keyring, governing: Governing) -> Blueprint:
    """/staff/recipients, …/<recipient>."""
    pages = Blueprint("staff_recipients", __name__, template_folder="../templates")

    @pages.get("/staff/recipients")
    @require(Act.RECIPIENTS_SEE)
    def listing() -> str:
        here = seat(governing)
        lines = [line(here.rulebook, one, here.today) for one in here.pack.recipients]
        # Whoever's contract waits to be read again comes first, then those who may get something.
        lines.sort(key=lambda one: (not one.overdue, not one.listed))
        with db.read(here.organization_id) as tx:
            last = queries.last_to(tx, here.organization_id, (one.recipient.key for one in lines))
        return doors.render(
            "dashboard/recipients.html", here=here, lines=lines, last=last, counted=queries.COUNTED,
            country=i18n.country,
        )  # fmt: skip

    @pages.get("/staff/recipients/<recipient>")
    @require(Act.RECIPIENTS_SEE)
    def show(recipient: str) -> str:
        here = seat(governing)
        found = here.pack.recipient(recipient)
        if found is None:
            raise NotFound(N_("The settings name no recipient of that kind."))
        before = place_of(request.args["after"], UUID) if "after" in request.args else queries.LATEST
        with db.read(here.organization_id) as tx:
            went, then = queries.listed(tx, here.organization_id, of="recipient", value=found.key, before=before)
        return doors.render(
            "dashboard/recipient.html", here=here, one=line(here.rulebook, found, here.today), went=went,
            read=codes.Reader(here.pack, i18n.page_language()),
            more=cursor(then) if then is not None else None, states=STATES, country=i18n.country,
        )  # fmt: skip

    return pages
