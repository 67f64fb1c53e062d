"""The page of approvals: what waits for a second person, who proposed it, and a yes or a no."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, current_app, redirect, request
from werkzeug.wrappers import Response

from consent import clock
from consent.errors import BadInput, Conflict
from consent.staff import accounts, approvals, doors
from consent.staff.approval_kinds import Finds, kind_of
from consent.staff.doors import require
from consent.staff.roles import Act, may
from consent.web.i18n import to
from consent.web.messages import N_

LIST = "/staff/approvals"
ELSEWHERE = "staff_approvals_elsewhere"  # in app.extensions: what waits on pages of its own, by its sort
ANSWERS = {"allow": True, "decline": False}

pages = Blueprint("staff_approvals", __name__, template_folder="templates")


@pages.get(LIST)
@require(Act.APPROVALS_SEE)
def listing() -> str:
    """What waits, oldest first."""
    here, who, now = doors.ground(), doors.current(), clock.now()
    with here.db.read(who.organization_id) as tx:
        found = approvals.waiting(tx, who.organization_id, now)
        finds: Mapping[str, Finds] = current_app.extensions.get(ELSEWHERE, {})
        elsewhere = [one for find in finds.values() for one in find(tx, here.keyring, who.organization_id, who.id, now)]
        names = {one.id: one.name for one in accounts.every(tx, here.keyring, who.organization_id)}
    return doors.render(
        "staff/approvals.html", found=found, elsewhere=elsewhere, names=names, kind_of=kind_of,
        may_give=may(who.role, Act.APPROVALS_GIVE), now=now,
    )  # fmt: skip


@pages.post(f"{LIST}/<uuid:approval>/return")
@require(Act.APPROVALS_SEE)
def take_back(approval: UUID) -> Response:
    """Whoever proposed it wants it no more: as easy as it was to propose."""
    here, who, now = doors.ground(), doors.current(), clock.now()
    here.db.write(lambda tx: approvals.take_back(tx, here.keyring, who, approval, now), who.organization_id)
    return redirect(to(LIST), 303)


@pages.post(f"{LIST}/<uuid:approval>")
@require(Act.APPROVALS_GIVE, fresh=True)
def decide(approval: UUID) -> Response:
    """Allowed or declined by somebody who did not propose it."""
    here, who, now = doors.ground(), doors.current(), clock.now()
    answer = ANSWERS.get(request.form.get("answer", ""))
    if answer is None:
        raise BadInput(N_("Choose whether you allow this or decline it."), field="answer")
    with here.db.read(who.organization_id) as tx:
        if kind_of(approvals.one(tx, who.organization_id, approval).what).there:
            raise Conflict(N_("This is decided on its own page, where you see what it is about."))
    here.db.write(
        lambda tx: approvals.decide(tx, here.keyring, who, approval, allow=answer, now=now), who.organization_id
    )
    return redirect(to(LIST), 303)
