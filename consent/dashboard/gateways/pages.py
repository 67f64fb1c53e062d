"""/staff/gateways: every account with its health, and how to mend what is ill."""

from flask import Blueprint

from consent.dashboard.gateways import queries
from consent.dashboard.seats import seat
from consent.db import Database
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing
from consent.staff import doors
from consent.staff.doors import require
from consent.staff.roles import Act


def blueprint(db: Database, keyring: Keyring, governing: Governing) -> Blueprint:
    """/staff/gateways."""
    pages = Blueprint("staff_gateways", __name__, template_folder="../templates")

    @pages.get("/staff/gateways")
    @require(Act.GATEWAYS_SEE)
    def listing() -> str:
        here = seat(governing)
        with db.read(here.organization_id) as tx:
            found = queries.accounts(tx, keyring, here.organization_id, here.now)
            waiting = queries.queues(tx, here.organization_id, here.now)
            late = queries.late(tx, here.organization_id, here.now)
        return doors.render("dashboard/gateways.html", here=here, found=found, queues=waiting, late=late)

    return pages
