"""/staff/retention: the calendar of what is due, the rules, the holds, what is late and what went."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from consent.dashboard.retention import queries
from consent.dashboard.seats import Seat, seat
from consent.db import Database, Tx
from consent.errors import ConsentError, NotFound
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing
from consent.retention import disposing, hold_rows, holds
from consent.retention import queries as records
from consent.retention.rules import Query
from consent.staff import doors
from consent.staff.doors import require
from consent.staff.roles import Act, may
from consent.subjects import service as subjects
from consent.web.charts import Chart, Row
from consent.web.i18n import gettext, in_words, to
from consent.web.messages import N_

LIST, RULES, HOLDS = "/staff/retention", "/staff/retention/rules", "/staff/retention/holds"
NOTHING = N_("Say what it holds: a record, a person, or a class of data.")
NO_REASON, NO_DAY = N_("Say why, in a sentence."), N_("Give a day, such as 2026-12-31.")
NO_RECORD = N_("There is no record that this would hold.")
NO_NUMBER = N_("Say how many records it were; 0 where there was nothing.")
NOT_WAITING = N_("Nothing waits for this any more.")
NOT_ADMITTED = N_("No promise and no law lets these records stay longer on this ground. A person has to decide.")
METHODS = {
    "deleted": N_("Deleted"),
    "anonymized": N_("Anonymized"),
    "isolated-pending-deletion": N_("Kept apart until it can be deleted"),
}
FIELDS = ("category", "site", "record", "person", "ground", "reason", "until")
Page = str | tuple[str, int] | Response


def blueprint(db: Database, keyring: Keyring, governing: Governing) -> Blueprint:
    """/staff/retention."""
    pages = Blueprint("staff_retention", __name__, template_folder="../templates")

    @pages.get(LIST)
    @require(Act.RETENTION_SEE)
    def calendar() -> Page:
        return _calendar(seat(governing), {})

    @pages.post(f"{LIST}/done")
    @require(Act.TASKS_CONFIRM)
    def done() -> Page:
        """Somebody disposed of a batch by hand."""
        here, count = seat(governing), request.form.get("count", "")
        if not (count.isascii() and count.isdigit() and len(count) < 7):
            return _calendar(here, {"": NO_NUMBER}), 422
        try:
            batch = UUID(request.form.get("batch", ""))
        except ValueError:
            return _calendar(here, {"": NOT_WAITING}), 422
        by, in_force = str(here.member.id), governing.now(here.organization_id, here.now)
        if not db.write(
            lambda tx: disposing.confirm(tx, keyring, in_force, batch, by, int(count), here.now), here.organization_id
        ):
            return _calendar(here, {"": NOT_WAITING}), 409
        return redirect(to(LIST), 303)

    @pages.get(RULES)
    @require(Act.RETENTION_SEE)
    def rules() -> Page:
        here = seat(governing)
        return doors.render("dashboard/retention_rules.html", here=here, rules=queries.rules(here.rulebook))

    @pages.get(HOLDS)
    @require(Act.RETENTION_SEE)
    def standing() -> Page:
        return _holds(seat(governing), {})

    @pages.post(HOLDS)
    @require(Act.HOLDS_MANAGE)
    def place() -> Page:
        here = seat(governing)
        wrong, until = _faults(), _day(request.form.get("until", ""))
        if wrong:
            return _holds(here, wrong), 422
        form, in_force = request.form.to_dict(), governing.now(here.organization_id, here.now)

        def work(tx: Tx) -> None:
            asked = _asked(tx, here, form, until)
            holds.place(tx, keyring, in_force.log, in_force.rulebook, asked, "staff", here.now)

        def note(tx: Tx, why: holds.HoldRefused) -> None:
            asked = _asked(tx, here, form, until)
            holds.refuse(tx, keyring, in_force.log, in_force.rulebook, asked, why, "staff", here.now)

        try:
            db.write(work, here.organization_id)
        except holds.HoldRefused as refused:
            why = refused
            db.write(lambda tx: note(tx, why), here.organization_id)
            field = "until" if refused.field == "until" else "ground"
            return _holds(here, {field: NO_DAY if field == "until" else NOT_ADMITTED}), 422
        except ConsentError as error:
            at_fault = error.field if error.field in form else None
            said = NOT_ADMITTED if at_fault == "ground" else NO_RECORD
            return _holds(here, {at_fault or "category": said}), error.status
        return redirect(to(HOLDS), 303)

    @pages.post(f"{HOLDS}/<uuid:hold_id>/release")
    @require(Act.HOLDS_MANAGE)
    def release(hold_id: UUID) -> Page:
        here, reason = seat(governing), request.form.get("reason", "").strip()
        if not reason or len(reason) > 500:
            return _holds(here, {"": NO_REASON}), 422
        in_force = governing.now(here.organization_id, here.now)
        return _act(
            here,
            lambda tx: holds.release(tx, keyring, in_force.log, in_force.rulebook, hold_id, reason, "staff", here.now),
        )

    def _act(here: Seat, work: Callable[[Tx], None]) -> Page:
        db.write(work, here.organization_id)
        return redirect(to(HOLDS), 303)

    def _asked(tx: Tx, here: Seat, form: dict[str, str], until: date | None) -> holds.Asked:
        person_id, record_id = None, None
        if person := form.get("person", "").strip():
            person_id = subjects.find_person(tx, keyring, here.organization_id, person)
            if person_id is None:
                raise NotFound(NO_RECORD, field="person")
        if record := form.get("record", "").strip():
            try:
                record_id = UUID(record)
            except ValueError:
                raise NotFound(NO_RECORD, field="record") from None
        category = form.get("category", "")
        query = Query(category=category, site=form.get("site", "").strip() or None) if category else None
        kind = "incident" if form.get("kind") == "incident" else "legal"
        return holds.Asked(
            kind, form["ground"], form["reason"].strip(), here.member.name[:100], here.now, until, record_id,
            person_id, query,
        )  # fmt: skip

    def _calendar(here: Seat, wrong: dict[str, str]) -> str:
        with db.read(here.organization_id) as tx:
            due, weeks = queries.by_week(tx, here.organization_id, here.today)
            missed = queries.missed(tx, here.organization_id)
            stuck = queries.stuck(tx, here.organization_id, here.today)
            gone = queries.gone(tx, here.organization_id)
            first = (date.min, records.FIRST)
            until = records.LAST_DAY
            following, _more = records.due(tx, here.organization_id, records.Wanted(), until, first, queries.SHOWN)
        shown = [one | {"dispose_on": date.fromisoformat(one["dispose_on"])} for one in following]
        return doors.render(
            "dashboard/retention.html", here=here, due=due, chart=_chart(weeks), missed=missed, stuck=stuck, gone=gone,
            following=shown, wrong=wrong, methods=METHODS, confirms=may(here.member.role, Act.TASKS_CONFIRM),
        )  # fmt: skip

    def _holds(here: Seat, wrong: dict[str, str]) -> str:
        with db.read(here.organization_id) as tx:
            found, _then = hold_rows.listed(tx, here.organization_id, holds.FIRST, 200, only_open=True)
        retention = here.rulebook.retention
        places = {None, *(place for one in queries.rules(here.rulebook) for place in one.places)}
        grounds = {ground for place in places for ground, _promise in retention.grounds(place)} | retention.suspending
        kept = {name: request.form.get(name, "") for name in FIELDS}
        shown = [one | {"until": date.fromisoformat(one["until"]) if one["until"] else None} for one in found]
        return doors.render(
            "dashboard/retention_holds.html", here=here, found=shown, wrong=wrong, asked=kept,
            grounds=sorted(grounds), categories=retention.categories(),
            manages=may(here.member.role, Act.HOLDS_MANAGE),
        )  # fmt: skip

    return pages


def _faults() -> dict[str, str]:
    """What is wrong with the form of a hold, by field."""
    form, wrong = request.form, dict[str, str]()
    named = [name for name in ("record", "person", "category") if form.get(name, "").strip()]
    if len(named) != 1:
        wrong["category"] = NOTHING
    if not form.get("ground"):
        wrong["ground"] = NOT_ADMITTED
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


def _chart(weeks: list[tuple[date, int]]) -> Chart:
    """How many records go in each of the next weeks."""
    rows = tuple(Row(in_words(day), (float(count),)) for day, count in weeks)
    title, about = gettext("What goes in the next weeks"), gettext("Records by the week in which they go")
    return Chart("due", title, about, gettext("Week from"), (gettext("Records"),), rows)
