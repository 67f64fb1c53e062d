"""/staff/retention/stranded: what waits for an event that nobody can tell any more, and the day set for it."""

from datetime import date
from uuid import UUID

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from consent.dashboard.requests import refusing
from consent.dashboard.retention.words import Words
from consent.dashboard.seats import Seat, seat
from consent.db import Database
from consent.errors import ConsentError
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing
from consent.retention import hold_rows, stranded
from consent.retention.clocks import Said
from consent.staff import doors
from consent.staff.doors import require
from consent.staff.roles import Act, may
from consent.web.i18n import to
from consent.web.messages import N_

PAGE = "/staff/retention/stranded"
NO_REASON, NO_DAY = N_("Say why, in a sentence."), N_("Give a day, such as 2026-12-31.")
Page = str | tuple[str, int] | Response


def add(pages: Blueprint, db: Database, keyring: Keyring, governing: Governing) -> None:
    """The list, and the form of each person."""

    @pages.get(PAGE)
    @require(Act.RETENTION_SEE)
    def waiting() -> Page:
        return _show(seat(governing), {})

    @pages.post(f"{PAGE}/<uuid:person_id>")
    @require(Act.HOLDS_MANAGE, fresh=True)
    def settle(person_id: UUID) -> Page:
        """From here on the records of that person count."""
        here, event = seat(governing), request.form.get("event", "")
        reason, day = request.form.get("reason", "").strip(), day_of(request.form.get("day", ""))
        if day is None:
            return _show(here, {"": NO_DAY}), 422
        if not 0 < len(reason) <= 500:
            return _show(here, {"": NO_REASON}), 422
        in_force, said = governing.now(here.organization_id, here.now), Said(here.member.name, reason)
        try:
            db.write(
                lambda tx: stranded.settle(tx, keyring, in_force, person_id, event, day, said, here.now),
                here.organization_id,
            )
        except ConsentError as error:
            return _show(here, {"": refusing.said(error)}), error.status
        return redirect(to(PAGE), 303)

    def _show(here: Seat, wrong: dict[str, str]) -> str:
        with db.read(here.organization_id) as tx:
            found = stranded.found(tx, here.organization_id, hold_rows.reckoner(tx, here.rulebook, here.now))
        return doors.render(
            "dashboard/retention_stranded.html", here=here, words=Words(here.pack), found=found, wrong=wrong,
            manages=may(here.member.role, Act.HOLDS_MANAGE),
        )  # fmt: skip


def day_of(text: str) -> date | None:
    """The day of a field of a form; None for anything else."""
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
