"""The doors to the preference page: ask for a code, redeem it or its link, follow a link of a message, leave."""

import math
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, render_template, request, session
from werkzeug.wrappers import Response as AnyResponse

from consent import clock
from consent.db import Database, Tx
from consent.errors import NotFound
from consent.ledger.keys import Keyring
from consent.organizations import service as organizations
from consent.organizations.service import Tenant
from consent.policies.governing import Governing
from consent.policies.organization import OrganizationPack
from consent.verification import codes, following, household, links, onward, rules, sending, service, visits
from consent.verification.following import GivenUp, Opens
from consent.verification.service import Outcome
from consent.verification.visits import Level
from consent.web import forms, peer, signals
from consent.web.i18n import page_language, to
from consent.web.messages import N_

ASKED = "asked"  # what this browser last asked for: kind and masked address, for the next page
LONGEST_CODE, LONGEST_REFERENCE = 40, 200
# Read at each request, so that a test may set others.
LIMITS = rules.Limits()

NO_TEXTS = N_("Codes cannot be sent by text at the moment. Enter an e-mail address instead.")
SAID = {
    Outcome.WRONG: N_("This is not the code. Look at the newest message and type its six digits."),
    Outcome.SPENT: N_("The code was typed wrongly too often and opens nothing any more. Ask for a new one."),
    Outcome.OVER: N_("This code has been used or is too old. Ask for a new one."),
    Outcome.UNKNOWN: N_("No code was asked for in this browser. Ask for a new one."),
}
LINK_SAID = {
    Outcome.ELSEWHERE: N_(
        "This link was asked for in another browser. Type the six digits that stand in the same message."
    ),
    Outcome.WRONG: SAID[Outcome.WRONG],
    Outcome.SPENT: SAID[Outcome.SPENT],
    Outcome.OVER: N_("This link has been used or is too old. Ask for a new one."),
    Outcome.UNKNOWN: N_("This link is not complete or none of ours. Ask for a new one."),
}
NO_PERSON = N_("This account number does not belong to this address. Check it, or call us.")
PERSON_SPENT = N_("Too many account numbers were tried. Leave, and come in again with a new code.")
NO_REFERENCE = N_("Enter your account number, up to 200 characters.")


def blueprint(
    db: Database,
    keyring: Keyring,
    governing: Governing,
    public_url: str,
    belongs_here: household.BelongsHere,
    honours_signal: service.HonoursSignal,
    reached: service.Reached,
    given_up_at: GivenUp,
    link_holds: timedelta,
) -> Blueprint:
    """/<organization>/preferences/code, /enter, /enter/<token>, /for/<token>, /person, /leave."""
    pages = Blueprint("verification", __name__, template_folder="templates")

    def tenant_of(slug: str) -> Tenant:
        with db.read() as tx:
            tenant = next((one for one in organizations.every(tx) if one.slug == slug), None)
        if tenant is None:
            raise NotFound(N_("No organization of this name is served here."))
        return tenant

    def pack_of(tenant: Tenant, now: datetime) -> OrganizationPack:
        return governing.now(tenant.id, now).rulebook.organization

    def shown(page: str, tenant: Tenant, status: int = 200, **more: Any) -> Response:
        forms.csrf_token()
        name = f"verification/{page}.html"
        organization = pack_of(tenant, clock.now())
        more |= {"tenant": tenant, "organization": organization, "for_request": onward.is_for_request(tenant)}
        return make_response(render_template(name, **more), status)

    @pages.get("/<organization>/preferences/code")
    def ask_form(organization: str) -> AnyResponse:
        left = request.args.get("left") == "1"
        return shown("ask", tenant_of(organization), wrong={}, typed="", left=left)

    @pages.post("/<organization>/preferences/code")
    def ask(organization: str) -> AnyResponse:
        forms.check_form(public_url)
        tenant, now = tenant_of(organization), clock.now()
        pack, typed = pack_of(tenant, now), forms.typed("contact", rules.LONGEST_TYPED)
        try:
            kind, address = rules.reachable(typed, pack.jurisdictions)
        except rules.Unreachable as wrong:
            return shown("ask", tenant, 422, wrong={"contact": wrong.detail}, typed=typed or "", left=False)
        texting = None
        if kind == rules.PHONE:
            with db.read(tenant.id) as tx:
                texting = sending.texting_of(tx, keyring, tenant.id, pack)
            if texting is None:
                return shown("ask", tenant, 422, wrong={"contact": NO_TEXTS}, typed=typed, left=False)
        caller = peer.caller_address()
        asked = service.prepare(keyring, tenant.id, kind, address, browser(), caller, page_language(), now)
        message = sending.message_of(asked, pack, tenant.slug, public_url)

        def work(tx: Tx) -> datetime | None:
            full = service.ask(tx, keyring, asked, LIMITS, now)
            if full is None:
                sending.enqueue(tx, keyring, asked, message, texting, now)
            return full

        full_until = db.write(work, tenant.id)
        if full_until is not None:
            seconds = max(math.ceil((full_until - now).total_seconds()), 1)
            answer = shown("wait", tenant, 429, minutes=math.ceil(seconds / 60))
            answer.headers["Retry-After"] = str(seconds)
            return answer
        session[ASKED] = {
            "at": tenant.id.hex,
            "kind": kind,
            "masked": address.masked,
            "number": rules.for_people(texting.number) if texting is not None else "",
        }
        return redirect(to(f"/{tenant.slug}/preferences/enter"), 303)

    @pages.get("/<organization>/preferences/enter")
    def enter_form(organization: str) -> AnyResponse:
        tenant = tenant_of(organization)
        asked = asked_at(tenant.id)
        if asked is None:
            return redirect(to(f"/{tenant.slug}/preferences/code"), 303)
        return shown("enter", tenant, wrong={}, asked=asked)

    @pages.post("/<organization>/preferences/enter")
    def enter(organization: str) -> AnyResponse:
        forms.check_form(public_url)
        tenant, now = tenant_of(organization), clock.now()
        code, before = rules.digits_of(forms.typed("code", LONGEST_CODE)), visits.ticket_of(keyring, tenant.id)
        mine = browser()
        done = redeemed(tenant, lambda tx: service.redeem_code(tx, keyring, tenant.id, mine, code, before, now), now)
        if done.ticket is not None:
            return opened(tenant, done.ticket)
        wrong = {"code": SAID[done.outcome]}
        return shown("enter", tenant, 422, wrong=wrong, asked=asked_at(tenant.id))

    @pages.get("/<organization>/preferences/enter/<token>")
    def link_form(organization: str, token: str) -> AnyResponse:
        tenant = tenant_of(organization)
        return shown("link", tenant, wrong={}, needs_code=asked_at(tenant.id) is None, usable=True)

    @pages.post("/<organization>/preferences/enter/<token>")
    def redeem_link(organization: str, token: str) -> AnyResponse:
        forms.check_form(public_url)
        tenant, now = tenant_of(organization), clock.now()
        code, before = rules.digits_of(forms.typed("code", LONGEST_CODE)), visits.ticket_of(keyring, tenant.id)
        if "code" in request.form and not code:
            code = "-"  # something was typed that is no code: it counts as a try
        mine = browser()
        done = redeemed(
            tenant, lambda tx: service.redeem_link(tx, keyring, tenant.id, token, mine, code, before, now), now
        )
        if done.ticket is not None:
            return opened(tenant, done.ticket)
        usable = done.outcome in (Outcome.ELSEWHERE, Outcome.WRONG)
        wrong = {"code" if usable else "": LINK_SAID[done.outcome]}
        return shown("link", tenant, 422, wrong=wrong, needs_code=usable, usable=usable)

    @pages.get("/<organization>/preferences/for/<token>")
    def follow(organization: str, token: str) -> AnyResponse:
        tenant, now = tenant_of(organization), clock.now()
        link = links.read(keyring, tenant.id, token, links.PREFERENCES)
        if link is None:
            return shown("link", tenant, 404, wrong={"": LINK_SAID[Outcome.UNKNOWN]}, needs_code=False, usable=False)
        visit = visits.current(db, keyring, tenant.id, now)
        match opened_by(tenant, link, visit, now):
            case Opens.NOTHING:
                return shown("old", tenant, stop_at=following.stop_at(keyring, tenant, link))
            case Opens.QUESTION if visit is not None:
                return shown("other", tenant, masked=visit.masked)
            case Opens.CHOICES:
                return by_link(tenant, link, now)
        return redirect(to(f"/{tenant.slug}/preferences"), 303)

    @pages.post("/<organization>/preferences/for/<token>")
    def follow_instead(organization: str, token: str) -> AnyResponse:
        forms.check_form(public_url)
        tenant, now = tenant_of(organization), clock.now()
        link = links.read(keyring, tenant.id, token, links.PREFERENCES)
        if link is None or opened_by(tenant, link, None, now) is not Opens.CHOICES:
            return redirect(to(f"/{tenant.slug}/preferences/for/{token}"), 303)
        end_visit(tenant)
        return by_link(tenant, link, now)

    @pages.get("/<organization>/preferences/person")
    def person_form(organization: str) -> AnyResponse:
        tenant = tenant_of(organization)
        visit = visits.current(db, keyring, tenant.id, clock.now())
        if visit is None or visit.level is not Level.CODE:
            return onward.ask_first(tenant, f"/{tenant.slug}/preferences/person")
        return shown("person", tenant, wrong={}, masked=visit.masked)

    @pages.post("/<organization>/preferences/person")
    def person(organization: str) -> AnyResponse:
        forms.check_form(public_url)
        tenant = tenant_of(organization)
        visit = visits.current(db, keyring, tenant.id, clock.now())
        if visit is None or visit.level is not Level.CODE:
            return onward.ask_first(tenant, f"/{tenant.slug}/preferences/person")
        reference, here = forms.typed("reference", LONGEST_REFERENCE), visit
        if not reference:
            return shown("person", tenant, 422, wrong={"reference": NO_REFERENCE}, masked=visit.masked)
        done = db.write(lambda tx: household.name_person(tx, keyring, here, reference, belongs_here), tenant.id)
        if done:
            return redirect(to(f"/{tenant.slug}/preferences"), 303)
        wrong = {"reference": PERSON_SPENT if done is None else NO_PERSON}
        return shown("person", tenant, 422, wrong=wrong, masked=visit.masked)

    @pages.post("/<organization>/preferences/leave")
    def leave(organization: str) -> AnyResponse:
        forms.check_form(public_url)
        tenant = tenant_of(organization)
        end_visit(tenant)
        forms.forget_visitor()
        address = to(f"/{tenant.slug}/preferences/code?left=1")
        answer = make_response(redirect(address, 303))
        visits.take_back(answer, tenant.id)
        # What the browser kept of these pages goes as well (OWASP ASVS 5.0, 14.3.1; S16). Not "cookies": our own are
        # taken back above, and a no to cookies, which holds for this browser and names nobody, has to stay.
        answer.headers["Clear-Site-Data"] = '"cache", "storage"'
        return answer

    def opened_by(tenant: Tenant, link: links.Link, visit: visits.Visit | None, now: datetime) -> Opens:
        with db.read(tenant.id, single=True) as tx:
            since = given_up_at(tx, tenant.id, link.contact_point_id)
        return following.opens(link, visit, since, link_holds, now)

    def by_link(tenant: Tenant, link: links.Link, now: datetime) -> Response:
        answer = make_response(redirect(to(f"/{tenant.slug}/preferences"), 303))
        visits.hand_out(answer, keyring, tenant.id, visits.by_link(link, page_language(), now))
        return answer

    def end_visit(tenant: Tenant) -> None:
        ticket = visits.ticket_of(keyring, tenant.id)
        if ticket is not None and ticket.contact_point_id is None:
            held = ticket
            db.write(lambda tx: service.leave(tx, tenant.id, held), tenant.id)

    def redeemed(tenant: Tenant, redeem: Callable[[Tx], service.Redeemed], now: datetime) -> service.Redeemed:
        """How it ended. Whoever got in was reached; a browser that refuses a sale is heard once its person is known."""
        refuses = signals.refuses_sale()

        def work(tx: Tx) -> service.Redeemed:
            done = redeem(tx)
            visit = visits.read(tx, keyring, tenant.id, done.ticket) if done.ticket is not None else None
            if visit is not None:
                reached(tx, visit, now)
                if refuses:
                    honours_signal(tx, visit, now)
            return done

        return db.write(work, tenant.id)

    def opened(tenant: Tenant, ticket: visits.Ticket) -> Response:
        session.pop(ASKED, None)
        answer = make_response(onward.next_stop(tenant))
        visits.hand_out(answer, keyring, tenant.id, ticket)
        return answer

    return pages


def browser() -> bytes:
    """By which a code finds the browser that asked for it: its session holds what a form of ours put there."""
    return codes.browser_hash(forms.csrf_token())


def asked_at(organization_id: UUID) -> dict[str, str] | None:
    """What this browser last asked this organization for."""
    kept: dict[str, str] | None = session.get(ASKED)
    return kept if kept is not None and kept.get("at") == organization_id.hex else None
