"""Entering a request that came by letter, telephone, fax or in person: first what is asked, then what that needs."""

from dataclasses import dataclass

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from consent import clock
from consent.dashboard.requests import entry, naming
from consent.dashboard.requests.filters import LIST
from consent.db import Database
from consent.deadlines import zones
from consent.ledger.keys import Keyring
from consent.policies.answers.openings import ELSEWHERE, Opening, wish_of
from consent.policies.governing import Governing, InForce
from consent.privacy_requests import submitting
from consent.privacy_requests.service import Asked
from consent.privacy_requests.sorts import GROUNDS, ROLES, SORTS, sort_of
from consent.privacy_requests.submitting import Sent
from consent.staff import doors
from consent.staff.roles import Act
from consent.subjects import service as subjects
from consent.web.i18n import LANGUAGES, page_language, to

NEW = f"{LIST}/new"
INSTEAD = "complaint"  # what somebody who is owed nothing by name still has

Page = str | tuple[str, int] | Response


@dataclass(frozen=True, slots=True)
class Offered:
    """A type that may be entered here."""

    wish: str
    name: str
    sentence: str


def add(pages: Blueprint, db: Database, keyring: Keyring, governing: Governing) -> None:
    """/staff/requests/new."""

    @pages.get(NEW)
    @doors.require(Act.REQUESTS_ENTER)
    def form() -> Page:
        in_force = governing.now(doors.current().organization_id, clock.now())
        wish = request.args.get("wish", "")
        openings = in_force.rulebook.requests.openings
        if not wish:
            return _choice(in_force)
        opening = openings.of(wish)
        return _form(in_force, opening, {}, {}) if opening is not None else (_choice(in_force), 404)

    @pages.post(NEW)
    @doors.require(Act.REQUESTS_ENTER)
    def enter() -> Page:
        member, now = doors.current(), clock.now()
        sent = {name: request.form.get(name, "") for name in ("wish", *entry.FIELDS)}
        in_force = governing.now(member.organization_id, now)
        openings = in_force.rulebook.requests.openings
        opening = openings.of(INSTEAD if request.form.get("instead") == INSTEAD else sent["wish"])
        if opening is None:
            return _choice(in_force), 422
        organization = in_force.rulebook.organization
        region = organization.jurisdictions[0][:2] if organization.jurisdictions else None
        entered, wrong = entry.read(sent, openings.asks(opening.wish), zones.zone(organization.zone), region, now)
        if entered is None:
            return _form(in_force, opening, sent, wrong), 422
        then = governing.at(member.organization_id, entered.received_at)
        place, role = entered.place, entered.role
        granted = then.rulebook.requests.openings.granted(opening.wish, place or ELSEWHERE, role)
        if granted is None:
            return _form(in_force, opening, sent, {}, refused=True), 422
        asked = Asked(
            granted.request_type, entered.how, entered.received_at, None, "staff", place, role, entered.ground,
            None, now if opening.wish in submitting.ACTS else None, entered.words, member.name, entered.language,
            entered.authority or None, entered.asked_by,
        )  # fmt: skip
        tagged = subjects.tagged(keyring, member.organization_id, entered.address)
        ready = Sent(asked, (tagged,))
        done = db.write(
            lambda tx: submitting.submit(tx, keyring, then.log, then.rulebook, ready, now), member.organization_id
        )
        return redirect(to(f"{LIST}/{done.id}"), 303)

    def _choice(in_force: InForce) -> str:
        openings = in_force.rulebook.requests.openings
        order = [one.wish for one in SORTS]
        every = sorted(openings.every(), key=lambda one: order.index(one.wish) if one.wish in order else len(order))
        offered = [
            Offered(one.wish, naming.type_name(one.wish), sort.sentence if (sort := sort_of(one.wish)) else "")
            for one in every
            if openings.statement(one.wish) is None
        ]
        there = {one.wish for one in offered}
        missing = [naming.type_name(one.wish) for one in SORTS if one.expected and one.wish not in there]
        return doors.render("requests_desk/new.html", opening=None, offered=offered, missing=missing, wrong={}, sent={})

    def _form(
        in_force: InForce, opening: Opening, sent: dict[str, str], wrong: dict[str, str], *, refused: bool = False
    ) -> str:
        asks = in_force.rulebook.requests.openings.asks(opening.wish)
        return doors.render(
            "requests_desk/new.html", opening=opening, name=naming.type_name(wish_of(opening.wish)), asks=asks,
            sent=sent, wrong=wrong, refused=refused, ways=entry.WAYS, naming=naming, authorities=entry.AUTHORITIES,
            zone=in_force.rulebook.organization.zone, places=(*asks.places, ELSEWHERE), roles=(*asks.roles, ""),
            role_name=lambda one: naming.said(ROLES[one]) if one in ROLES else one.replace("-", " "),
            ground_name=lambda one: naming.said(GROUNDS[one]) if one in GROUNDS else one.replace("-", " "),
            languages=LANGUAGES,
            spoken=sent.get("language") or page_language(),
            authority_name=lambda one: naming.said(entry.AUTHORITIES[one]),
        )  # fmt: skip
