"""/staff/retention: the calendar of what is due, the rules, the holds, what is late and what went."""

from datetime import date

from flask import Blueprint
from werkzeug.wrappers import Response

from consent.dashboard.retention import (
    by_hand_pages,
    correction_pages,
    hold_pages,
    queries,
    record_pages,
    stranded_pages,
)
from consent.dashboard.retention.words import Words
from consent.dashboard.seats import Seat, seat
from consent.db import Database
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing
from consent.retention import queries as records
from consent.staff import doors
from consent.staff.doors import require
from consent.staff.roles import Act, may
from consent.web.charts import Chart, Row
from consent.web.i18n import gettext, in_words
from consent.web.messages import N_

LIST, RULES = "/staff/retention", "/staff/retention/rules"
METHODS = {
    "deleted": N_("Deleted"),
    "anonymized": N_("Anonymized"),
    "isolated-pending-deletion": N_("Kept apart until it can be deleted"),
}
Page = str | tuple[str, int] | Response


def blueprint(db: Database, keyring: Keyring, governing: Governing) -> Blueprint:
    """/staff/retention."""
    pages = Blueprint("staff_retention", __name__, template_folder="../templates")

    @pages.get(LIST)
    @require(Act.RETENTION_SEE)
    def calendar() -> Page:
        return _calendar(seat(governing))

    @pages.get(RULES)
    @require(Act.RETENTION_SEE)
    def rules() -> Page:
        here = seat(governing)
        return doors.render(
            "dashboard/retention_rules.html", here=here, words=Words(here.pack), rules=queries.rules(here.rulebook)
        )

    def _calendar(here: Seat) -> str:
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
            "dashboard/retention.html", here=here, words=Words(here.pack),
            due=due, chart=_chart(weeks), missed=missed, stuck=stuck, gone=gone,
            following=shown, methods=METHODS, confirms=may(here.member.role, Act.TASKS_CONFIRM),
            files=may(here.member.role, Act.INCIDENTS_SEE), names=may(here.member.role, Act.PEOPLE_SEE),
        )  # fmt: skip

    hold_pages.add(pages, db, keyring, governing)
    by_hand_pages.add(pages, db, keyring, governing)
    stranded_pages.add(pages, db, keyring, governing)
    correction_pages.add(pages, db, keyring, governing)
    record_pages.add(pages, db, keyring, governing)
    return pages


def _chart(weeks: list[tuple[date, int]]) -> Chart:
    """How many records go in each of the next weeks."""
    rows = tuple(Row(in_words(day), (float(count),)) for day, count in weeks)
    title, about = gettext("What goes in the next weeks"), gettext("Records by the week in which they go")
    return Chart("due", title, about, gettext("Week from"), (gettext("Records"),), rows)
