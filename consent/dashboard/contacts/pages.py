"""/staff/contact-points: each with who watches it and when somebody last looked; overdue stands first."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from consent.dashboard import words
from consent.dashboard.contacts import register, service
from consent.dashboard.contacts.register import Line, Place
from consent.dashboard.requests import refusing
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

LONGEST_NOTE = 2000
Page = str | tuple[str, int] | Response


@dataclass(frozen=True)
class Register:
    """A list of what somebody of the staff looks at again and again: where it stands and what is on it."""

    name: str
    path: str
    template: str
    places: Callable[[Seat], list[Place]]
    missing: str


CONTACTS = Register(
    "staff_contacts",
    "/staff/contact-points",
    "dashboard/contacts.html",
    lambda here: register.places(here.rulebook),
    N_("The organization names no such contact point any more."),
)


def lines(tx: Tx, here: Seat, of: Register = CONTACTS) -> list[Line]:
    """Everything on the register with who watches it."""
    watched = service.watches(tx, here.organization_id, zones.zone(here.pack.zone))
    return register.lines(of.places(here), watched, here.today)


def blueprint(db: Database, keyring: Keyring, governing: Governing, of: Register = CONTACTS) -> Blueprint:
    """/staff/contact-points, or another register of that sort."""
    pages = Blueprint(of.name, __name__, template_folder="../templates")

    @pages.get(of.path)
    @require(Act.CONTACTS_SEE)
    def listing() -> Page:
        return show(seat(governing), {})

    @pages.post(f"{of.path}/watch")
    @require(Act.CONTACTS_MANAGE)
    def watch() -> Page:
        here = seat(governing)
        place, days = asked(here, of), request.form.get("every_days", "")
        try:
            by = UUID(request.form.get("watched_by", ""))
        except ValueError:
            return show(here, {"": service.NO_MEMBER}), 422
        often = int(days) if days.isascii() and days.isdigit() and len(days) < 4 else 0
        return act(here, lambda tx: service.watch(tx, keyring, here.member, place, by, often, here.today, here.now))

    @pages.post(f"{of.path}/check")
    @require(Act.CONTACTS_CHECK)
    def check() -> Page:
        here = seat(governing)
        place, note = asked(here, of), request.form.get("note", "")[:LONGEST_NOTE]
        return act(here, lambda tx: service.check(tx, keyring, here.member, place, here.now, note))

    def act(here: Seat, work: Callable[[Tx], None]) -> Page:
        """It is on record, or the page says what was wrong."""
        try:
            db.write(work, here.organization_id)
        except (BadInput, Conflict) as error:
            return show(here, {"": refusing.said(error)}), error.status
        return redirect(to(of.path), 303)

    def show(here: Seat, wrong: dict[str, str]) -> str:
        with db.read(here.organization_id) as tx:
            found = lines(tx, here, of)
            staff = [one for one in accounts.every(tx, keyring, here.organization_id) if one.state == "active"]
        return doors.render(
            of.template, here=here, path=of.path, found=found, staff=staff, names={one.id: one.name for one in staff},
            kinds=register.KINDS, wrong=wrong, manages=may(here.member.role, Act.CONTACTS_MANAGE),
            checks=may(here.member.role, Act.CONTACTS_CHECK), words=words,
        )  # fmt: skip

    return pages


def asked(here: Seat, of: Register) -> Place:
    """What the form names, as long as it still stands on the register."""
    key = request.form.get("contact", "")
    found = next((one for one in of.places(here) if one.key == key), None)
    if found is None:
        raise NotFound(of.missing)
    return found
