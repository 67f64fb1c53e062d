"""/staff/mail: one mail that nobody's rules could read, and what it may ask."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, g, redirect, request
from werkzeug.wrappers import Response

from consent.dashboard.seats import Seat, seat
from consent.db import Database, Tx
from consent.errors import BadInput, Conflict, NotFound
from consent.intake import queries, rules, service
from consent.intake.queries import Mail
from consent.intake.service import NOTHING, STOP, Hand
from consent.ledger.bodies import instant
from consent.ledger.keys import Keyring
from consent.organizations import service as organizations
from consent.policies.governing import Governing, InForce
from consent.privacy_requests import acknowledging
from consent.privacy_requests.service import Asked
from consent.privacy_requests.sorts import SORTS, Sort, sort_of
from consent.privacy_requests.submitting import Letter
from consent.staff import doors
from consent.staff.doors import require
from consent.staff.roles import Act
from consent.web.fields import parse_instant
from consent.web.i18n import to
from consent.web.messages import N_

LIST = "/staff/mail"
OUTCOMES = (STOP, NOTHING)
FIRST = datetime(1970, 1, 1, tzinfo=UTC)
NO_CHOICE = N_("Say what the mail asks for, or that there is nothing to do.")
Page = str | tuple[str, int] | Response


def blueprint(db: Database, keyring: Keyring, governing: Governing, public_url: str) -> Blueprint:
    """/staff/mail."""
    pages = Blueprint("staff_mail", __name__, template_folder="../templates")

    @pages.get(LIST)
    @require(Act.REVIEW_SEE)
    def show() -> Page:
        return page(seat(governing))

    @pages.post(f"{LIST}/<uuid:mail>")
    @require(Act.REVIEW_ANSWER)
    def settle(mail: UUID) -> Page:
        """The mail is settled; the next one follows. Whoever comes second sees that somebody was faster."""
        here = seat(governing)
        with db.read(here.organization_id) as tx:
            found = queries.one(tx, keyring, here.organization_id, mail)
            tenant = next(one for one in organizations.every(tx) if one.id == here.organization_id)
        if found is None:
            raise NotFound(N_("There is no such mail."))
        outcome = request.form.get("outcome", "")
        wish = request.form.get("wish", "") if outcome == "request" else outcome
        if wish not in (*OUTCOMES, *(one.wish for one in _owed(here))):
            return page(here, trouble=NO_CHOICE, status=422)
        in_force = governing.at(here.organization_id, min(found.received_at, here.now))
        letters = _letters(here, in_force, tenant, found, wish, public_url)
        by = Hand(here.member.id, here.member.name)

        def work(tx: Tx) -> None:
            service.settle(tx, keyring, here.log, in_force.rulebook, mail, wish, by, here.now, letters)

        try:
            db.write(work, here.organization_id)
        except (Conflict, BadInput) as error:
            return page(here, trouble=error.detail, status=error.status)
        return redirect(to(f"{LIST}?as={wish}"), 303)

    def page(here: Seat, trouble: str | None = None, status: int = 200) -> Page:
        since = parse_instant(request.args["after"]) if request.args.get("after") else FIRST
        with db.read(here.organization_id) as tx:
            found = queries.mail_to_read(tx, keyring, here.organization_id, since, most=2)
            waiting = queries.waiting(tx, here.organization_id)
        more = instant(found[1].received_at) if len(found) > 1 else None
        shown: dict[str, Any] = {"mail": found[0] if found else None, "more": more, "waiting": waiting}
        shown |= {"owed": _owed(here), "done": request.args.get("as", ""), "trouble": trouble, "at": here.at}
        return doors.render("dashboard/mail.html", **shown), status

    return pages


def _owed(here: Seat) -> list[Sort]:
    """What somebody may ask for here, in the order of the page of requests."""
    openings = here.rulebook.requests.openings
    return [one for one in SORTS if rules.granted(openings, one.wish) is not None]


def _letters(
    here: Seat, in_force: InForce, tenant: organizations.Tenant, mail: Mail, wish: str, public_url: str
) -> dict[str, Letter]:
    """The acknowledgement of this wish, in the language of the mail; none for a stop, or for nothing."""
    word, sort = rules.granted(in_force.rulebook.requests.openings, wish), sort_of(wish)
    if wish in OUTCOMES or word is None or sort is None:
        return {}
    mine, g.page_language = g.get("page_language"), mail.language or here.pack.languages[0]
    try:
        asked = Asked(word, service.HOW, mail.received_at)
        return {wish: acknowledging.letter_of(tenant, in_force, sort, asked, public_url)}
    finally:
        g.page_language = mine
