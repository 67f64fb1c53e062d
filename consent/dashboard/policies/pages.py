"""/staff/policies: every version, and the impact of one that is announced, tried on what is stored."""

from flask import Blueprint

from consent.dashboard.seats import Seat, seat
from consent.db import Database, Sql, Tx
from consent.errors import Conflict
from consent.ledger.keys import Keyring
from consent.policies import queries
from consent.policies import service as policies
from consent.policies.governing import Governing
from consent.policies.models import Status
from consent.review.impact import Impact, impact
from consent.staff import doors
from consent.staff.doors import require
from consent.staff.roles import Act
from consent.web.messages import N_

LIST = "/staff/policies"
STATES = {
    Status.DRAFT: N_("Draft"),
    Status.ANNOUNCED: N_("Announced"),
    Status.IN_FORCE: N_("In force"),
    Status.SUPERSEDED: N_("Superseded"),
}
# Trying a version reads everything on record: beyond so many contact points the command does it.
TRIED_HERE = 20_000
TOO_MANY = N_("There are too many people on record to try this on a page. Run: consent policies impact")
NOT_AHEAD = N_("This version is not ahead of us: it changes nothing any more.")
_COUNT = Sql(
    "SELECT count(*) FROM (SELECT 1 FROM contact_point WHERE organization_id = :organization_id LIMIT :most) counted"
)


def blueprint(db: Database, _keyring: Keyring, governing: Governing) -> Blueprint:
    """/staff/policies."""
    pages = Blueprint("staff_policies", __name__, template_folder="../templates")

    @pages.get(LIST)
    @require(Act.POLICIES_SEE)
    def listing() -> str:
        here = seat(governing)
        with db.read(here.organization_id) as tx:
            found = queries.listed(tx, here.organization_id, here.now)
        return doors.render("dashboard/policies.html", here=here, found=found[::-1], states=STATES)

    @pages.get(f"{LIST}/<policy>/<version>/impact")
    @require(Act.POLICIES_SEE)
    def tried(policy: str, version: str) -> str:
        here = seat(governing)
        with db.read(here.organization_id) as tx:
            found, made = _impact(tx, here, policy, version)
        return doors.render("dashboard/impact.html", here=here, version=found, impact=made)

    return pages


def _impact(tx: Tx, here: Seat, policy: str, version: str) -> tuple[queries.Listed, Impact]:
    """What an announced version changes for those on record; NotFound for one that is not there."""
    found, _ = queries.version_of(tx, here.organization_id, here.now, policy, version)
    if found.status is not Status.ANNOUNCED:
        raise Conflict(NOT_AHEAD)
    row = tx.one(_COUNT, {"organization_id": here.organization_id, "most": TRIED_HERE + 1})
    if row is not None and row[0] > TRIED_HERE:
        raise Conflict(TOO_MANY)
    then = policies.rulebook_at(tx, here.organization_id, found.effective_at)
    draft = next(one for one in then.versions if one.policy == policy)
    return found, impact(tx, here.organization_id, then.organization, draft, here.now)
