"""/staff/gateways: every account with its health, how to mend what is ill, and who gets what goes by it."""

from flask import Blueprint

from consent.dashboard.gateways import queries
from consent.dashboard.seats import Seat, seat
from consent.db import Database
from consent.disclosures import carriers
from consent.disclosures.rules import Judged
from consent.ledger.keys import Keyring
from consent.organizations import service as organizations
from consent.organizations.service import Account
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
            mail = organizations.mail_accounts(tx, keyring, here.organization_id)
        behind = {one.account.id: _behind(here, one.account, "sms") for one in found}
        behind |= {one.id: _behind(here, one, "email") for one in mail}
        return doors.render(
            "dashboard/gateways.html", here=here, found=found, queues=waiting, late=late, mail=mail, behind=behind,
            own=carriers.OWN,
        )  # fmt: skip

    return pages


def _behind(here: Seat, account: Account, channel: str) -> Judged | None:
    """What the rules of today say of whoever gets what goes by the account; None where nobody named them."""
    if account.recipient is None:
        return None
    return carriers.judged(here.rulebook, channel, account.recipient, here.today)
