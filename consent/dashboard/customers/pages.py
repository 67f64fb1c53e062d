"""/staff/customers: the role for each class of data at each service, and who acknowledged what it is for its own."""

from flask import Blueprint

from consent.dashboard import words
from consent.dashboard.seats import seat
from consent.db import Database
from consent.ledger.keys import Keyring
from consent.onboarding import service
from consent.policies.governing import Governing
from consent.policies.kinds import sentence
from consent.policies.kinds.shapes import opening, plain
from consent.staff import doors
from consent.staff.doors import require
from consent.staff.roles import Act
from consent.web.messages import N_

NEWEST = 200  # shown on the page; the API has them all
ROLES = {"controller": N_("Controller: it decides"), "processor": N_("Processor: somebody else decides")}


def blueprint(db: Database, _keyring: Keyring, governing: Governing) -> Blueprint:
    """/staff/customers."""
    pages = Blueprint("staff_customers", __name__, template_folder="../templates")

    @pages.get("/staff/customers")
    @require(Act.POLICIES_SEE)
    def listing() -> str:
        here = seat(governing)
        roles = here.rulebook.roles
        with db.read(here.organization_id) as tx:
            taken_on = service.listed(tx, here.organization_id, service.FIRST, NEWEST)
        return doors.render(
            "dashboard/customers.html", here=here, roles=roles.every(), names=ROLES, taken_on=taken_on[::-1],
            categories={one.key: one for one in here.pack.data_categories},
            promises=[(one.id, sentence(one)) for one in roles.acknowledging()],
            duties=[opening(plain([one])) for one in roles.duties()], words=words,
        )  # fmt: skip

    return pages
