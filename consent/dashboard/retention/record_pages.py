"""/staff/retention/records: one record as it stands, found by its id or as its own system names it.

A reference may be somebody's number: it is sent in a form and never stands in an address.
"""

from datetime import date
from uuid import UUID

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from consent.dashboard.requests import refusing
from consent.dashboard.retention.words import Words
from consent.dashboard.seats import seat
from consent.db import Database
from consent.errors import BadInput, ConsentError, NotFound
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing
from consent.retention import hold_rows, naming, queries
from consent.staff import doors
from consent.staff.doors import require
from consent.staff.roles import Act, may
from consent.web.i18n import to
from consent.web.messages import N_

RECORDS = "/staff/retention/records"
CORRECTIONS = "/staff/retention/corrections"
NO_RECORD = N_("There is no such record.")
STATES = {
    "running": N_("Its clock runs"),
    "waiting": N_("Waits for an event"),
    "unlimited": N_("Stays without end"),
    "unsettled": N_("Nobody settled how long it stays"),
    "kept-by-law": N_("A law keeps it"),
    "going": N_("On its way out"),
    "isolated": N_("Kept apart until it can be deleted"),
}
Page = str | tuple[str, int] | Response


def add(pages: Blueprint, db: Database, keyring: Keyring, governing: Governing) -> None:
    """The page of one record, and the form that finds it."""

    @pages.get(RECORDS)
    @require(Act.PEOPLE_SEE)
    def looking() -> Page:
        return _form({})

    @pages.post(RECORDS)
    @require(Act.PEOPLE_SEE)
    def find() -> Page:
        """Its page, or the page on which a day of it is corrected."""
        here, text = seat(governing), request.form.get("record", "").strip()
        try:
            with db.read(here.organization_id) as tx:
                found = naming.record_named(tx, here.organization_id, text)
        except BadInput as error:
            return _form(refusing.wrong(error)), error.status
        if found is None:
            return _form({"record": NO_RECORD}), 404
        correct = request.form.get("then") == "correct"
        return redirect(to(f"{CORRECTIONS}?record={found}" if correct else f"{RECORDS}/{found}"), 303)

    @pages.get(f"{RECORDS}/<uuid:record_id>")
    @require(Act.PEOPLE_SEE)
    def record(record_id: UUID) -> Page:
        here = seat(governing)
        try:
            with db.read(here.organization_id) as tx:
                reckoner = hold_rows.reckoner(tx, here.rulebook, here.now)
                found = queries.one(tx, keyring, here.organization_id, record_id, reckoner)
        except ConsentError as error:
            if error.status == 404:
                raise NotFound(NO_RECORD) from None
            raise
        days = {
            name: date.fromisoformat(found[name]) if found[name] else None
            for name in ("dispose_on", "due_on", "held_until")
        }
        return doors.render(
            "dashboard/retention_record.html", here=here, words=Words(here.pack), one=found, days=days, states=STATES,
            manages=may(here.member.role, Act.HOLDS_MANAGE),
        )  # fmt: skip

    def _form(wrong: dict[str, str]) -> str:
        then = request.form.get("then", "")
        return doors.render(
            "dashboard/retention_find.html", here=seat(governing), wrong=wrong, then=then,
            record=request.form.get("record", ""),
        )  # fmt: skip
