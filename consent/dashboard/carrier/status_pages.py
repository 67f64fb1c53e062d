"""/staff/carrier/people: whether call records of a customer may be used now, looked at before every use."""

from typing import NamedTuple
from uuid import UUID

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from consent.carrier import approvals, service
from consent.dashboard.requests import naming
from consent.dashboard.seats import Seat, seat
from consent.db import Database
from consent.errors import BadInput, NotFound
from consent.ledger.keys import Keyring
from consent.policies.answers.carrier import MayUse
from consent.policies.governing import Governing
from consent.staff import doors
from consent.staff.doors import require
from consent.staff.roles import Act
from consent.subjects import service as subjects
from consent.subjects.addresses import masked, of_person
from consent.web.i18n import to
from consent.web.messages import N_

PEOPLE = "/staff/carrier/people"
NO_ADDRESS = N_("Enter a telephone number or an e-mail address.")
UNKNOWN = N_("Nobody is on record with this number or address: nothing of theirs may be used.")
FIELDS = {"address": N_("Telephone number or e-mail address")}
Page = str | tuple[str, int] | Response


class Status(NamedTuple):
    """A use, and the answer for it."""

    use: str
    found: MayUse


def blueprint(db: Database, keyring: Keyring, governing: Governing) -> Blueprint:
    """/staff/carrier/people, for the staff of carriers alone."""
    pages = Blueprint("staff_carrier_status", __name__, template_folder="../templates")

    @pages.get(PEOPLE)
    @require(Act.CARRIER_SEE)
    def form() -> Page:
        return _page(of_a_carrier(governing), {})

    @pages.post(PEOPLE)
    @require(Act.CARRIER_SEE)
    def find() -> Page:
        """An address never stands in a URL: whoever it is has a page of their own."""
        here, typed = of_a_carrier(governing), request.form.get("address", "").strip()
        try:
            address = of_person("email" if "@" in typed else "sms", typed)
        except BadInput:
            return _page(here, {"address": NO_ADDRESS}), 422
        tagged = subjects.tagged(keyring, here.organization_id, address)
        with db.read(here.organization_id, single=True) as tx:
            found = subjects.find(tx, here.organization_id, tagged)
        if found is None:
            return _page(here, {"address": UNKNOWN}), 422
        return redirect(to(f"{PEOPLE}/{found}"), 303)

    @pages.get(f"{PEOPLE}/<uuid:contact>")
    @require(Act.CARRIER_SEE)
    def show(contact: UUID) -> Page:
        here = of_a_carrier(governing)
        with db.read(here.organization_id) as tx:
            known = subjects.by_id(tx, keyring, here.organization_id, contact)
            if known is None or known.address is None:
                raise NotFound(N_("There is no such person on record."))
            place = (here.organization_id, here.rulebook)
            status = [
                Status(use, approvals.may_use(tx, *place, use, known.channel, known.tag64, here.now))
                for use in here.rulebook.carrier.uses
            ]
        return _page(here, {}, status, contact, masked(known.channel, known.address))

    def _page(
        here: Seat, wrong: dict[str, str], status: list[Status] | None = None, contact: UUID | None = None,
        address: str = "",
    ) -> str:  # fmt: skip
        fields = {name: naming.said(title) for name, title in FIELDS.items()}
        return doors.render(
            "dashboard/carrier_person.html", here=here, wrong=wrong, fields=fields, status=status, contact=contact,
            address=address,
        )  # fmt: skip

    return pages


def of_a_carrier(governing: Governing) -> Seat:
    """Who sits here. Raises NotFound for the staff of anybody who is no carrier."""
    here = seat(governing)
    if not here.rulebook.carrier.on:
        raise NotFound(service.NO_CARRIER)
    return here
