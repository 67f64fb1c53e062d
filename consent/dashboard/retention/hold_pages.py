"""/staff/retention/holds: what keeps records longer; placed, renewed and released."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from consent.dashboard.requests import refusing
from consent.dashboard.retention import queries
from consent.dashboard.retention.words import Words
from consent.dashboard.seats import Seat, seat
from consent.db import Database, Tx
from consent.errors import ConsentError, NotFound
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing
from consent.policies.rulebook import Rulebook
from consent.retention import hold_rows, holds, naming
from consent.retention.rules import Query
from consent.staff import doors
from consent.staff.doors import require
from consent.staff.roles import Act, may
from consent.subjects import service as subjects
from consent.web.i18n import to
from consent.web.messages import N_

HOLDS = "/staff/retention/holds"
KINDS = {"legal": N_("Legal"), "request": N_("A privacy request"), "incident": N_("An incident")}
NOTHING = N_("Say what it holds: a record, a person, or a class of data.")
NO_KIND = N_("Say what kind of hold it is.")
NO_REASON, NO_DAY = N_("Say why, in a sentence."), N_("Give a day, such as 2026-12-31.")
NO_GROUND = N_("Choose the ground on which it stays.")
CLASS_ALONE = N_("A building or service narrows a class of data. Leave it empty, or name a class of data.")
FIELDS = ("kind", "category", "site", "record", "person", "ground", "reason", "until")
Page = str | tuple[str, int] | Response


def add(pages: Blueprint, db: Database, keyring: Keyring, governing: Governing) -> None:
    """The page of holds, and its forms."""

    @pages.get(HOLDS)
    @require(Act.RETENTION_SEE)
    def standing() -> Page:
        return _show(seat(governing), {})

    @pages.post(HOLDS)
    @require(Act.HOLDS_MANAGE)
    def place() -> Page:
        here = seat(governing)
        wrong, until = _faults(), _day(request.form.get("until", ""))
        if wrong:
            return _show(here, wrong), 422
        form, in_force = request.form.to_dict(), governing.now(here.organization_id, here.now)

        def work(tx: Tx) -> None:
            asked = _asked(tx, here, form, until)
            holds.place(tx, keyring, in_force.log, in_force.rulebook, asked, "staff", here.now)

        def note(tx: Tx, why: holds.HoldRefused) -> None:
            asked = _asked(tx, here, form, until)
            holds.refuse(tx, keyring, in_force.log, in_force.rulebook, asked, why, "staff", here.now)

        try:
            db.write(work, here.organization_id)
        except ConsentError as error:
            if isinstance(refused := error, holds.HoldRefused):
                db.write(lambda tx: note(tx, refused), here.organization_id)
            at_fault = "category" if error.field == "query" else error.field
            return _show(here, {at_fault or "": refusing.said(error)}), error.status
        return redirect(to(HOLDS), 303)

    @pages.post(f"{HOLDS}/<uuid:hold_id>/renewals")
    @require(Act.HOLDS_MANAGE)
    def renew(hold_id: UUID) -> Page:
        until = request.form.get("until", "")
        if until and _day(until) is None:
            return _show(seat(governing), {"": NO_DAY}), 422
        return _with_reason(
            lambda tx, reason, here: holds.renew(
                tx, keyring, *_rules(here), hold_id, reason, _day(until), "staff", here.now
            )
        )

    @pages.post(f"{HOLDS}/<uuid:hold_id>/release")
    @require(Act.HOLDS_MANAGE, fresh=True)
    def release(hold_id: UUID) -> Page:
        return _with_reason(
            lambda tx, reason, here: holds.release(tx, keyring, *_rules(here), hold_id, reason, "staff", here.now)
        )

    def _with_reason(work: Callable[[Tx, str, Seat], None]) -> Page:
        here, reason = seat(governing), request.form.get("reason", "").strip()
        if not 0 < len(reason) <= 500:
            return _show(here, {"": NO_REASON}), 422
        try:
            db.write(lambda tx: work(tx, reason, here), here.organization_id)
        except ConsentError as error:
            return _show(here, {"": refusing.said(error)}), error.status
        return redirect(to(HOLDS), 303)

    def _rules(here: Seat) -> tuple[ledger.Log, Rulebook]:
        in_force = governing.now(here.organization_id, here.now)
        return in_force.log, in_force.rulebook

    def _asked(tx: Tx, here: Seat, form: dict[str, str], until: date | None) -> holds.Asked:
        person_id, record_id = None, None
        if person := form.get("person", "").strip():
            person_id = subjects.find_person(tx, keyring, here.organization_id, person)
            if person_id is None:
                raise NotFound(holds.NO_RECORD, field="person")
        if record := form.get("record", "").strip():
            record_id = naming.record_named(tx, here.organization_id, record)
            if record_id is None:
                raise NotFound(holds.NO_RECORD, field="record")
        category = form.get("category", "")
        query = Query(category=category, site=form.get("site", "").strip() or None) if category else None
        return holds.Asked(
            form["kind"], form["ground"], form["reason"].strip(), here.member.name[:100], here.now, until, record_id,
            person_id, query,
        )  # fmt: skip

    def _show(here: Seat, wrong: dict[str, str]) -> str:
        with db.read(here.organization_id) as tx:
            found, _then = hold_rows.listed(tx, here.organization_id, holds.FIRST, 200, only_open=True)
        places = {None, *(place for one in queries.rules(here.rulebook) for place in one.places)}
        kept = {name: request.form.get(name, "") for name in FIELDS}
        kept["record"] = kept["record"] or request.args.get("record", "")[:36]
        shown = [one | {"until": date.fromisoformat(one["until"]) if one["until"] else None} for one in found]
        return doors.render(
            "dashboard/retention_holds.html", here=here, words=Words(here.pack),
            found=shown, wrong=wrong, asked=kept, kinds=KINDS,
            grounds=sorted(holds.grounds(here.rulebook, places)), categories=here.rulebook.retention.categories(),
            manages=may(here.member.role, Act.HOLDS_MANAGE),
            names=may(here.member.role, Act.PEOPLE_SEE),
        )  # fmt: skip


def _faults() -> dict[str, str]:
    """What is wrong with the form of a hold, by field."""
    form, wrong = request.form, dict[str, str]()
    named = [name for name in ("record", "person", "category") if form.get(name, "").strip()]
    if form.get("kind") not in KINDS:
        wrong["kind"] = NO_KIND
    if len(named) != 1:
        wrong["category"] = NOTHING
    elif form.get("site", "").strip() and named != ["category"]:
        wrong["site"] = CLASS_ALONE
    if not form.get("ground"):
        wrong["ground"] = NO_GROUND
    if not 0 < len(form.get("reason", "").strip()) <= 500:
        wrong["reason"] = NO_REASON
    if form.get("until", "") and _day(form["until"]) is None:
        wrong["until"] = NO_DAY
    return wrong


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
