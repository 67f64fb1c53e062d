"""/staff/load: how the work lies on the staff."""

from flask import Blueprint

from consent.dashboard.seats import seat
from consent.dashboard.team import queries
from consent.db import Database
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing
from consent.staff import doors
from consent.staff.doors import require
from consent.staff.roles import Act


def blueprint(db: Database, keyring: Keyring, governing: Governing) -> Blueprint:
    """/staff/load."""
    pages = Blueprint("staff_load", __name__, template_folder="../templates")

    @pages.get("/staff/load")
    @require(Act.STAFF_SEE)
    def show() -> str:
        here = seat(governing)
        with db.read(here.organization_id) as tx:
            found = queries.loads(tx, keyring, here.organization_id, here.today, here.now)
        return doors.render("dashboard/team.html", here=here, found=found)

    return pages
