"""/staff/review: one text with what was said before it, and two buttons."""

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from consent.dashboard.seats import Seat, seat
from consent.db import Database, Tx
from consent.errors import Conflict, Malformed
from consent.ledger.bodies import instant
from consent.ledger.keys import Keyring
from consent.policies import service as policies
from consent.policies.governing import Governing
from consent.preferences import queries as preferences
from consent.sms import reviewing
from consent.staff import doors
from consent.staff.doors import require
from consent.staff.roles import Act
from consent.web.fields import parse_instant
from consent.web.i18n import to
from consent.web.messages import N_
from consent.web.paging import cursor, place_of

LIST = "/staff/review"
BEFORE = 6  # what was said before a text that is shown with it
READ = "Read by a person."  # the reason that the ledger keeps when nobody writes one
REASON = 500  # letters of a reason
NO_CHOICE = N_("Say whether the text is a stop or not.")
Page = str | tuple[str, int] | Response


def blueprint(db: Database, keyring: Keyring, governing: Governing) -> Blueprint:
    """/staff/review."""
    pages = Blueprint("staff_review", __name__, template_folder="../templates")

    @pages.get(LIST)
    @require(Act.REVIEW_SEE)
    def show() -> Page:
        here = seat(governing)
        since, after = reviewing.FIRST
        if "after" in request.args:
            since, after = place_of(request.args["after"], lambda at, event: (parse_instant(at), UUID(event)))
        with db.read(here.organization_id) as tx:
            found, then = reviewing.waiting(tx, keyring, here.organization_id, most=1, since=since, after=after)
            text = _shown(tx, keyring, here, found[0]) if found else None
        more = cursor(instant(then[0]), then[1]) if then is not None else None
        return _render(here, text=text, more=more, done=_done(), trouble=None)

    @pages.post(f"{LIST}/<uuid:event>")
    @require(Act.REVIEW_ANSWER)
    def decide(event: UUID) -> Page:
        return answer(event, reviewing.decide)

    @pages.post(f"{LIST}/<uuid:event>/correction")
    @require(Act.REVIEW_ANSWER)
    def correct(event: UUID) -> Page:
        return answer(event, reviewing.correct)

    def answer(event: UUID, verb: Any) -> Page:
        """The text is read; the next one follows. Whoever comes second sees what was decided."""
        here = seat(governing)
        outcome, reason = request.form.get("outcome", ""), request.form.get("reason", "").strip()[:REASON]
        if outcome not in reviewing.OUTCOMES:
            raise Malformed(NO_CHOICE, field="outcome")
        decision = reviewing.Decision(event, outcome, here.member.name, reason or READ)

        def work(tx: Tx) -> None:
            verb(
                tx, keyring, here.log, lambda at: policies.rulebook_at(tx, here.organization_id, at), decision, here.now
            )

        try:
            db.write(work, here.organization_id)
        except Conflict as error:
            return _render(here, text=None, more=None, done=None, trouble=error.detail), 409
        return redirect(to(f"{LIST}?read={event}&as={outcome}"), 303)

    return pages


def _done() -> dict[str, str] | None:
    """What was read last, as the address says; it is shown, and believed by nobody."""
    event, outcome = request.args.get("read", ""), request.args.get("as", "")
    try:
        return {"event": str(UUID(event)), "outcome": outcome} if outcome in reviewing.OUTCOMES else None
    except ValueError:
        return None


def _shown(tx: Tx, keyring: Keyring, here: Seat, one: dict[str, Any]) -> dict[str, Any]:
    """The text with what was said before it, and what each answer does."""
    stream, event = UUID(one["contact_point"]), UUID(one["id"])
    said, _ = preferences.history(tx, keyring, here.organization_id, stream, most=BEFORE * 3)
    talk = [entry for entry in said if entry["facts"].get("msg_text") and entry["entry"] != one["id"]][:BEFORE]
    ends = reviewing.would_end(
        tx, here.organization_id, lambda at: policies.rulebook_at(tx, here.organization_id, at), event
    )
    return one | {"talk": talk[::-1], "ends": [here.program(key) for key in ends]}


def _render(here: Seat, **shown: Any) -> str:
    return doors.render("dashboard/reading.html", at=here.at, **shown)
