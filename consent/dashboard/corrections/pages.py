"""/staff/corrections: what a file brought against a corrected value; somebody says which of the two stays."""

from uuid import UUID

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from consent.dashboard.corrections import queries
from consent.dashboard.seats import Seat, seat
from consent.db import Database
from consent.errors import BadInput, NotFound
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing
from consent.privacy_requests.answers import corrected
from consent.privacy_requests.answers.corrected import KEPT, TAKEN
from consent.staff import doors
from consent.staff.doors import require
from consent.staff.roles import Act, may
from consent.web.i18n import to
from consent.web.messages import N_

LIST = "/staff/corrections"
SHORTEST, LONGEST = 3, 500  # characters of a reason
NO_REASON = N_("Say why the new value is taken, in a few words.")
DONE = {KEPT: N_("The corrected value stays."), TAKEN: N_("The new value is taken; it is protected no more.")}
Page = str | tuple[str, int] | Response


def blueprint(db: Database, keyring: Keyring, governing: Governing) -> Blueprint:
    """/staff/corrections."""
    pages = Blueprint("staff_corrections", __name__, template_folder="../templates")

    @pages.get(LIST)
    @require(Act.REQUESTS_SEE)
    def listing() -> Page:
        return page(seat(governing), {})

    @pages.post(f"{LIST}/<uuid:conflict>")
    @require(Act.REQUESTS_DECIDE)
    def settle(conflict: UUID) -> Page:
        """One of the two stays; whoever comes second finds it settled. Taking the new one needs a reason."""
        here, chosen = seat(governing), request.form.get("stays", "")
        why = " ".join(request.form.get("why", "").split())
        if chosen == TAKEN and not SHORTEST <= len(why) <= LONGEST:
            return page(here, {f"why-{conflict}": NO_REASON}), 422
        try:
            db.write(
                lambda tx: corrected.settle(tx, keyring, conflict, chosen, here.member.id, here.now, why=why),
                here.organization_id,
            )
        except BadInput as error:
            return page(here, {"": error.detail}), 422
        except NotFound as error:
            return page(here, {"": error.detail}), 404
        return redirect(to(f"{LIST}?as={chosen}"), 303)

    def page(here: Seat, wrong: dict[str, str]) -> str:
        with db.read(here.organization_id) as tx:
            found = queries.waiting(tx, keyring, here.organization_id)
        done = DONE.get(request.args.get("as", ""), "") if not wrong else ""
        return doors.render("dashboard/corrections.html", here=here, found=found, wrong=wrong, done=done,
                            longest=LONGEST, may_settle=may(here.member.role, Act.REQUESTS_DECIDE))  # fmt: skip

    return pages
