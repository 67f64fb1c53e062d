"""/staff/contact-points: each with who watches it and when somebody last looked; overdue stands first."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from consent.dashboard.contacts import register, service
from consent.dashboard.contacts.register import Line, Place
from consent.dashboard.seats import Seat, seat
from consent.db import Database, Tx
from consent.deadlines import zones
from consent.errors import BadInput, Conflict, NotFound
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing
from consent.staff import accounts, doors
from consent.staff.doors import require
from consent.staff.roles import Act, may
from consent.web.i18n import to
from consent.web.messages import N_

LIST = "/staff/contact-points"
NO_PLACE = N_("The organization names no such contact point any more.")
Page = str | tuple[str, int] | Response


def lines(tx: Tx, here: Seat) -> list[Line]:
    """Every contact point with who watches it."""
    watched = service.watches(tx, here.organization_id, zones.zone(here.pack.zone))
    return register.lines(register.places(here.rulebook), watched, here.today)


def blueprint(db: Database, keyring: Keyring, governing: Governing) -> Blueprint:
    """/staff/contact-points."""
    pages = Blueprint("staff_contacts", __name__, template_folder="../templates")

    @pages.get(LIST)
    @require(Act.CONTACTS_SEE)
    def listing() -> Page:
        return show(seat(governing), {})

    @pages.post(f"{LIST}/watch")
    @require(Act.CONTACTS_MANAGE)
    def watch() -> Page:
        here = seat(governing)
        place, days = asked(here), request.form.get("every_days", "")
        try:
            by = UUID(request.form.get("watched_by", ""))
        except ValueError:
            return show(here, {"": service.NO_MEMBER}), 422
        often = int(days) if days.isascii() and days.isdigit() and len(days) < 4 else 0
        return act(here, lambda tx: service.watch(tx, keyring, here.member, place, by, often, here.today, here.now))

    @pages.post(f"{LIST}/check")
    @require(Act.CONTACTS_CHECK)
    def check() -> Page:
        here = seat(governing)
        place = asked(here)
        return act(here, lambda tx: service.check(tx, keyring, here.member, place, here.now))

    def act(here: Seat, work: Callable[[Tx], None]) -> Page:
        """It is on record, or the page says what was wrong."""
        try:
            db.write(work, here.organization_id)
        except (BadInput, Conflict) as error:
            return show(here, {"": error.detail}), error.status
        return redirect(to(LIST), 303)

    def show(here: Seat, wrong: dict[str, str]) -> str:
        with db.read(here.organization_id) as tx:
            found = lines(tx, here)
            staff = [one for one in accounts.every(tx, keyring, here.organization_id) if one.state == "active"]
        return doors.render(
            "dashboard/contacts.html", here=here, found=found, staff=staff, names={one.id: one.name for one in staff},
            kinds=register.KINDS, wrong=wrong, manages=may(here.member.role, Act.CONTACTS_MANAGE),
            checks=may(here.member.role, Act.CONTACTS_CHECK), most=service.MOST_DAYS,
        )  # fmt: skip

    return pages


def asked(here: Seat) -> Place:
    """The contact point that the form names, as long as the organization still names it."""
    key = request.form.get("contact", "")
    found = next((one for one in register.places(here.rulebook) if one.key == key), None)
    if found is None:
        raise NotFound(NO_PLACE)
    return found
