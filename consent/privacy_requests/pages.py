"""The public door of requests: what is owed here and what is not, a short form for each, and how to follow one."""

from dataclasses import replace
from datetime import date, datetime
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
from consent.policies import shown as statements
from consent.policies.answers.openings import ELSEWHERE, Granted, Opening, wish_of
from consent.policies.governing import Governing, InForce
from consent.privacy_requests import acknowledging, casework, confirming, queries, rules, service, standing, submitting
from consent.privacy_requests import forms as request_forms
from consent.privacy_requests.answers import ready
from consent.privacy_requests.forms import Filled
from consent.privacy_requests.service import Asked
from consent.privacy_requests.sorts import GROUNDS, PLACES, ROLES, SORTS, Sort, sort_of
from consent.privacy_requests.submitting import Sent
from consent.privacy_requests.tasks import ending
from consent.subjects import service as subjects
from consent.subjects.addresses import BadAddress, Kind, canonical
from consent.verification import limits, onward, sending, visits
from consent.verification.rules import Limits
from consent.verification.visits import Level, Visit
from consent.web import forms, peer
from consent.web.i18n import page_language, to, translated
from consent.web.messages import N_

RECEIVED = "request"  # what this browser has just sent, for the next page
SURFACE = "request-form"
NO_CONTACT = N_("Enter a telephone number with country code, or an e-mail address.")
NO_REQUEST = N_("There is no request of this number and code. Look at them again, letter by letter.")
TOMORROW = N_("You have added to this request today already. Send this once more tomorrow, or write to us.")
SLOWLY = N_("Too many forms came from here. Wait a quarter of an hour, or write to us.")


def blueprint(db: Database, keyring: Keyring, governing: Governing, public_url: str) -> Blueprint:
    """/<organization>/requests, …/<wish>, …/received, …/status."""
    pages = Blueprint("request_pages", __name__, template_folder="templates")

    def opened(slug: str) -> tuple[Tenant, InForce]:
        with db.read() as tx:
            tenant = next((one for one in organizations.every(tx) if one.slug == slug), None)
        if tenant is None:
            raise NotFound(N_("No organization of this name is served here."))
        return tenant, governing.now(tenant.id, clock.now())

    def proven(tenant: Tenant) -> Visit | None:
        """Who has shown lately that an address is theirs."""
        visit = visits.current(db, keyring, tenant.id, clock.now())
        return visit if visit is not None and visit.level is Level.CODE else None

    def texting(tenant: Tenant, in_force: InForce) -> sending.Texting | None:
        with db.read(tenant.id) as tx:
            return sending.texting_of(tx, keyring, tenant.id, in_force.rulebook.organization)

    def shown(page: str, tenant: Tenant, status: int = 200, **more: Any) -> Response:
        forms.csrf_token()
        named = {"name_of": _name_of, "names_of": _names_of, "sort_of": _sort_of, "organization": tenant}
        return make_response(render_template(f"privacy_requests/{page}.html", **named, **more), status)

    def form_page(
        tenant: Tenant, in_force: InForce, sort: Sort, wrong: dict[str, str], sent: dict[str, str], status: int = 200
    ) -> Response:
        openings = in_force.rulebook.requests.openings
        visit = proven(tenant)
        form = request_forms.form_of(sort, openings.asks(sort.wish), known=visit is not None)
        opening = openings.of(sort.wish)
        needs_code = sort.proof and visit is None
        forms.csrf_token()
        rulebook = in_force.rulebook
        marks = any(one.marks for one in rulebook.statements.required(SURFACE))
        page = statements.render("privacy_requests/form.html", rulebook, SURFACE, name_of=_name_of, names_of=_names_of,
                           sort_of=_sort_of, organization=tenant, sort=sort, form=form, wrong=wrong, sent=sent,
                           visit=visit, needs_code=needs_code, opening=opening, marks=marks)  # fmt: skip
        return make_response(page, status)

    def refused(tenant: Tenant, in_force: InForce, wish: str, status: int = 200) -> Response:
        openings = in_force.rulebook.requests.openings
        return shown("refused", tenant, status, sort=sort_of(wish), opening=openings.of(wish),
                     statement=openings.statement(wish), contact=in_force.rulebook.organization)  # fmt: skip

    def sort_at(tenant: Tenant, in_force: InForce, wish: str) -> Sort | Response:
        sort = sort_of(wish)
        if sort is None:
            return refused(tenant, in_force, wish, 404)
        openings = in_force.rulebook.requests.openings
        if openings.of(wish) is None or openings.statement(wish) is not None:
            return refused(tenant, in_force, wish)
        return sort

    @pages.get("/<organization>/requests")
    def index(organization: str) -> AnyResponse:
        tenant, in_force = opened(organization)
        openings = in_force.rulebook.requests.openings
        places = tuple(dict.fromkeys(each for one in openings.every() for each in openings.asks(one.wish).places))
        place = request.args.get("place", "")
        chosen = place if place in (*places, ELSEWHERE) and places else ""
        owed = [one for one in _in_order(openings.every()) if _may(in_force, one, chosen)]
        there = {one.wish for one in owed}
        missing = [one for one in SORTS if one.expected and one.wish not in there]
        return shown("index", tenant, owed=owed, missing=missing, places=(*places, ELSEWHERE) if places else (),
                     place=chosen, openings=openings)  # fmt: skip

    @pages.get("/<organization>/requests/received")
    def received(organization: str) -> AnyResponse:
        tenant, in_force = opened(organization)
        kept = session.get(RECEIVED)
        if not isinstance(kept, dict) or kept.get("at") != tenant.id.hex:
            return redirect(to(f"/{tenant.slug}/requests"), 303)
        if kept["reference"] and proven(tenant) is None:
            # Number and code open the request: they are for the visit that sent it, and not for who comes after it.
            return redirect(to(f"/{tenant.slug}/requests/status"), 303)
        due = date.fromisoformat(kept["due"]) if kept["due"] else None
        rule = in_force.rulebook.promise(kept.get("rule", ""))
        return shown("received", tenant, kept=kept, sort=sort_of(kept["wish"]), due=due, rule=rule)

    @pages.get("/<organization>/requests/status")
    def status(organization: str) -> AnyResponse:
        tenant, in_force = opened(organization)
        visit = proven(tenant)
        if visit is None:
            return shown("status_form", tenant, wrong={}, sent={})
        with db.read(tenant.id) as tx:
            found = queries.of_contacts(
                tx, tenant.id, [one.contact_point_id for one in visit.places], tenant.zone, clock.now()
            )
            there = ready.of(tx, keyring, tenant.id, tenant.slug, found, clock.now())
            mine = confirming.offered(tx, tenant.id, found, _proven(visit))
            unfinished = ending.unfinished(tx, tenant.id, found)
        return shown("status", tenant, visit=visit, ready=there, mine=mine, done=request.args.get("done") == "shown",
                     **standing.of(in_force.rulebook, found, unfinished))  # fmt: skip

    @pages.post("/<organization>/requests/status/<uuid:request_id>")
    def confirm(organization: str, request_id: UUID) -> AnyResponse:
        forms.check_form(public_url)
        tenant, _ = opened(organization)
        visit, now = proven(tenant), clock.now()
        if visit is None:
            return onward.ask_first(tenant, f"/{tenant.slug}/requests/status")
        with db.read(tenant.id) as tx:
            case = casework.load(tx, tenant.id, request_id)
        judged = governing.at(tenant.id, case.counts_from)
        desk = casework.Desk(keyring, judged.log, judged.rulebook)
        db.write(lambda tx: confirming.confirm(tx, desk, request_id, _proven(visit), now), tenant.id)
        return redirect(to(f"/{tenant.slug}/requests/status?done=shown"), 303)

    @pages.post("/<organization>/requests/status")
    def follow(organization: str) -> AnyResponse:
        forms.check_form(public_url)
        tenant, in_force = opened(organization)
        if "prove" in request.form:
            return onward.ask_first(tenant, f"/{tenant.slug}/requests/status")
        sent = {name: forms.typed(name, 40) or "" for name in ("reference", "code")}
        now, caller = clock.now(), peer.caller_address()
        if db.write(lambda tx: limits.too_many(tx, keyring, tenant.id, "status", caller, Limits(), now), tenant.id):
            return shown("status_form", tenant, 429, wrong={"": SLOWLY}, sent=sent)
        reference = rules.typed(sent["reference"], (5, 5))
        code = rules.typed(sent["code"], (4, 4))
        right = bool(reference) and code == service.follow_code(keyring, tenant.id, reference)
        with db.read(tenant.id) as tx:
            one = queries.by_reference(tx, tenant.id, reference, tenant.zone, now) if right else None
            there = ready.of(tx, keyring, tenant.id, tenant.slug, [one] if one is not None else [], now)
            unfinished = ending.unfinished(tx, tenant.id, [one] if one is not None else [])
        if one is None:
            return shown("status_form", tenant, 422, wrong={"reference": NO_REQUEST}, sent=sent)
        return shown("status", tenant, visit=None, ready=there, mine=(), done=False,
                     **standing.of(in_force.rulebook, [one], unfinished))  # fmt: skip

    @pages.get("/<organization>/requests/<wish>")
    def form(organization: str, wish: str) -> AnyResponse:
        tenant, in_force = opened(organization)
        sort = sort_at(tenant, in_force, wish)
        if isinstance(sort, Response):
            return sort
        return form_page(tenant, in_force, sort, {}, {"place": request.args.get("place", "")})

    @pages.post("/<organization>/requests/<wish>")
    def ask(organization: str, wish: str) -> AnyResponse:
        forms.check_form(public_url)
        tenant, in_force = opened(organization)
        sort = sort_at(tenant, in_force, wish)
        if isinstance(sort, Response):
            return sort
        visit, now = proven(tenant), clock.now()
        if sort.proof and visit is None:
            return onward.ask_first(tenant, f"/{tenant.slug}/requests/{wish}")
        openings = in_force.rulebook.requests.openings
        fields = request_forms.form_of(sort, openings.asks(wish), known=visit is not None)
        sent = {name: request.form.get(name, "") for name in fields.fields}
        filled, wrong = request_forms.read(fields, sent)
        places = _places(visit, keyring, tenant, in_force)
        if not places:
            wrong["contact"] = NO_CONTACT
        if wrong:
            kept = {name: value[: rules.LONGEST_WORDS * 2] for name, value in sent.items()}
            return form_page(tenant, in_force, sort, forms.in_order(wrong, fields.fields), kept, 422)
        granted = openings.granted(wish, filled.place or ELSEWHERE, filled.role)
        if granted is None:
            return refused(tenant, in_force, wish)
        asked = _asked(sort, granted, filled, visit, now)
        letter = acknowledging.letter_of(tenant, in_force, sort, asked, public_url)
        ready = Sent(asked, places, letter, peer.caller_address())
        if visit is not None:
            ready = replace(ready, person_id=visit.person_id, texting=texting(tenant, in_force))
        caller = peer.caller_address()

        def work(tx: Tx) -> service.Opened | None:
            about = places[0].address
            if visit is None and limits.too_many(tx, keyring, tenant.id, "request", caller, Limits(), now, about=about):
                return None
            return submitting.submit(tx, keyring, in_force.log, in_force.rulebook, ready, now)

        done = db.write(work, tenant.id)
        if done is None:
            return form_page(tenant, in_force, sort, {"": SLOWLY}, sent, 429)
        if done.held_back:
            return form_page(tenant, in_force, sort, {"": TOMORROW}, sent, 429)
        session[RECEIVED] = _told(tenant, keyring, in_force, sort, granted, asked, done, visit)
        return redirect(to(f"/{tenant.slug}/requests/received"), 303)

    return pages


def _proven(visit: Visit) -> frozenset[UUID | None]:
    """The contact points that whoever visits has shown to be theirs."""
    return frozenset(one.contact_point_id for one in visit.places)


def _in_order(openings: tuple[Opening, ...]) -> list[Opening]:
    order = [one.wish for one in SORTS]
    return sorted(openings, key=lambda one: order.index(one.wish) if one.wish in order else len(order))


def _may(in_force: InForce, opening: Opening, place: str) -> bool:
    """Could somebody who lives there have this? Where no place was chosen: somebody anywhere."""
    openings = in_force.rulebook.requests.openings
    if openings.statement(opening.wish) is not None:
        return False
    if not place:
        return True
    return any(openings.granted(opening.wish, place, role) for role in (*opening.roles, ""))


def _places(visit: Visit | None, keyring: Keyring, tenant: Tenant, in_force: InForce) -> tuple[subjects.Tagged, ...]:
    """The addresses the request is about: those of the visit, else the one that was written."""
    if visit is not None:
        return tuple(place.tagged for place in visit.places)
    text = forms.typed("contact", request_forms.LONGEST_CONTACT) or ""
    jurisdictions = in_force.rulebook.organization.jurisdictions
    try:
        address = canonical("email" if "@" in text else "sms", text, jurisdictions[0][:2] if jurisdictions else None)
    except BadAddress:
        return ()
    if address.kind not in (Kind.E164, Kind.EMAIL):
        return ()
    kind = "email" if address.kind is Kind.EMAIL else "phone"
    return tuple(subjects.tagged(keyring, tenant.id, one) for one in visits.places_of(kind, address.value))


def _asked(sort: Sort, granted: Granted, filled: Filled, visit: Visit | None, now: datetime) -> Asked:
    return Asked(
        granted.request_type,
        "form",
        now,
        source="page",
        place=filled.place,
        role=filled.role or None,
        ground=filled.ground,
        verified_at=visit.proven_at if visit is not None else None,
        acted_at=now if not sort.proof and sort.wish in submitting.ACTS else None,
        words=filled.words,
        language=page_language(),
    )


def _told(
    tenant: Tenant, keyring: Keyring, in_force: InForce, sort: Sort, granted: Granted, asked: Asked,
    done: service.Opened, visit: Visit | None,
) -> dict[str, Any]:  # fmt: skip
    """What the next page says. Whose address is not proven learns nothing of what was asked from it before."""
    told: dict[str, Any] = {"at": tenant.id.hex, "wish": sort.wish, "routed": granted.routed, "reference": ""}
    told["acted"] = asked.acted_at is not None
    times = service.timetable(in_force.rulebook, asked)
    due, told["rule"] = times.due, times.binding or ""
    if visit is not None:
        due = done.due
        told["reference"], told["joined"] = done.reference, not done.is_new
        told["code"] = service.follow_code(keyring, tenant.id, done.reference)
    told["due"] = due.isoformat() if due is not None else ""
    return told


def _sort_of(word: str) -> Sort | None:
    """The sort behind the word of a policy or law."""
    return sort_of(wish_of(word))


def _names_of(table: str, keys: tuple[str, ...]) -> str:
    return ", ".join(_name_of(table, one) for one in keys)


def _name_of(table: str, key: str) -> str:
    """How people call a place, role or ground; what has no name here is shown as the policy writes it."""
    known = {"place": PLACES, "role": ROLES, "ground": GROUNDS}[table].get(key)
    if known is None:
        return key if table == "place" else key.replace("-", " ")
    return translated(known) or known
