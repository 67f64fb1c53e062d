"""/staff/home: what needs somebody today, and how things go."""

from datetime import timedelta

from flask import Blueprint, request

from consent.dashboard.figures import queries, requests, rules
from consent.dashboard.home import beginning, drawings
from consent.dashboard.home.needs import needs
from consent.dashboard.seats import Seat, seat
from consent.db import Database, Tx
from consent.deadlines import zones
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing
from consent.staff import doors
from consent.staff.doors import require
from consent.staff.roles import Act
from consent.web.charts import Chart

PERIODS = (7, 30, 90, 365)  # days that the page offers; the address says which
USUAL = 30


def blueprint(db: Database, keyring: Keyring, governing: Governing) -> Blueprint:
    """/staff/home."""
    pages = Blueprint("staff_home", __name__, template_folder="../templates")

    @pages.get("/staff/home")
    @require(Act.HOME_SEE)
    def home() -> str:
        here = seat(governing)
        asked = request.args.get("days", "")
        days = int(asked) if asked in map(str, PERIODS) else USUAL
        with db.read(here.organization_id) as tx:
            waiting, first = needs(tx, keyring, here), beginning.steps(tx, keyring, here)
            charts = _charts(tx, here, days)
        return doors.render(
            "dashboard/home.html", here=here, needs=waiting, first=first, charts=charts, days=days, periods=PERIODS
        )

    return pages


def _charts(tx: Tx, here: Seat, days: int) -> list[Chart]:
    """How things stand and went: requests as they are, the rest as it was counted by day."""
    zone, organization_id, today = zones.zone(here.pack.zone), here.organization_id, here.today
    months = requests.months(tx, organization_id, today, zone)
    # Days are counted in UTC: tomorrow there may be today here.
    since, until = here.now.date() - timedelta(days=days - 1), here.now.date()
    block, wording, decided = (
        queries.parts(tx, organization_id, figure, since, until)
        for figure in (rules.BLOCK, rules.WORDING, rules.DECISION)
    )
    return [
        drawings.open_requests(requests.opened(tx, organization_id, today, zone)),
        drawings.days_to_close(months),
        drawings.on_time(months),
        drawings.stop_to_block(block),
        drawings.wordings(wording),
        drawings.decisions(decided),
    ]
