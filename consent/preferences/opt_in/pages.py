"""The public doors: the programs of an organization, the page of each, and agreeing on it."""

from collections.abc import Callable, Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from consent import clock
from consent.db import Database
from consent.errors import NotFound
from consent.ledger.keys import Keyring
from consent.organizations import service as organizations
from consent.organizations.service import Tenant
from consent.policies import shown
from consent.policies.governing import Governing, InForce
from consent.policies.organization import Program
from consent.preferences.opt_in import agreeing, queries, question_pages
from consent.preferences.opt_in.agreeing import Ticked
from consent.preferences.opt_in.view import View, view_of, wording_of
from consent.preferences.wordings import hash_text
from consent.verification import onward, visits
from consent.web import forms, peer
from consent.web.forms import check_form
from consent.web.headers import page_with_form
from consent.web.i18n import page_language, to
from consent.web.messages import N_

CHANNELS = {
    "sms": N_("Text messages"),
    "email": N_("E-mail"),
    "voice": N_("Calls"),
    "chat": N_("Messenger"),
    "post": N_("Letters"),
    "push": N_("Messages in the App"),
    "web": N_("On the website"),
}

NO_BOX = N_("Tick a box to agree. Without it nothing changes, and you need not do anything.")
NO_AGE = N_("Only people of that age may agree to this. Tick this box if you are.")
CHANGED = N_(
    "The words beside the box have changed since you opened the page. Nothing was recorded: please read them again."
)
OTHER_ADDRESS = N_("The address you proved does not fit what you ticked. Ask for a code to the right one.")

Page = str | tuple[str, int] | Response


def blueprint(db: Database, keyring: Keyring, governing: Governing, public_url: str) -> Blueprint:
    """/<organization>/programs, …/<program>, and below it …/confirm, …/agreed and …/asked."""
    pages = Blueprint("opt_in", __name__, template_folder="templates")
    tenant_of = _finder(db)

    def opened(slug: str, program: str) -> tuple[Tenant, InForce, Program | None]:
        tenant = tenant_of(slug)
        in_force = governing.now(tenant.id, clock.now())
        return tenant, in_force, in_force.rulebook.program(program)

    @pages.get("/<organization>/programs")
    def every(organization: str) -> Page:
        tenant = tenant_of(organization)
        wanted = request.args.get("program")
        if wanted:  # where the form of the company's own site leads to
            return redirect(to(url_for(".program", organization=organization, program=wanted[:64])), 303)
        return _list(governing.now(tenant.id, clock.now()), tenant)

    @pages.get("/<organization>/programs/<program>")
    def program(organization: str, program: str) -> Page:
        tenant, in_force, found = opened(organization, program)
        if found is None:
            return _list(in_force, tenant, missing=True), 404
        return _program_page(db, in_force, tenant, found, {})

    @pages.post("/<organization>/programs/<program>")
    def tick(organization: str, program: str) -> Page:
        check_form(public_url, several=("agree",))
        tenant, in_force, found = opened(organization, program)
        if found is None:
            return _list(in_force, tenant, missing=True), 404
        ticked, wrong = _ticked(in_force, tenant, found)
        double = found.asking.double
        address = question_pages.number_typed(in_force, wrong) if double is not None else None
        if wrong:
            return _program_page(db, in_force, tenant, found, wrong), 422
        if double is not None and address is not None:
            done = question_pages.ask(db, keyring, in_force, tenant, found, ticked, address, double, clock.now())
            return done if isinstance(done, Response) else (_program_page(db, in_force, tenant, found, done), 422)
        agreeing.keep(ticked)
        visit = visits.current(db, keyring, tenant.id, clock.now())
        if agreeing.proven(visit, tuple(ticked.boxes)) is None:
            return onward.ask_first(tenant, f"/{tenant.slug}/programs/{found.key}/confirm")
        return redirect(to(url_for(".confirm_form", organization=organization, program=program)), 303)

    @pages.get("/<organization>/programs/<program>/confirm")
    def confirm_form(organization: str, program: str) -> Page:
        tenant, in_force, found = opened(organization, program)
        ticked = agreeing.kept(tenant.id, program)
        if found is None or ticked is None:
            return redirect(to(url_for(".program", organization=organization, program=program[:64])), 303)
        visit = visits.current(db, keyring, tenant.id, clock.now())
        if agreeing.proven(visit, tuple(ticked.boxes)) is None:
            return _confirm_page(in_force, tenant, found, ticked, None)
        return _confirm_page(in_force, tenant, found, ticked, visit.masked if visit is not None else None)

    @pages.post("/<organization>/programs/<program>/confirm")
    def confirm(organization: str, program: str) -> Page:
        check_form(public_url)
        tenant, in_force, found = opened(organization, program)
        ticked, now = agreeing.kept(tenant.id, program), clock.now()
        after = redirect(to(url_for(".agreed", organization=organization, program=program[:64])), 303)
        if found is None or ticked is None:
            return after
        if not agreeing.still_said(in_force, found, ticked):
            return _program_page(db, in_force, tenant, found, {"": CHANGED}), 422
        visit = visits.current(db, keyring, tenant.id, now)
        places = agreeing.proven(visit, tuple(ticked.boxes))
        if places is None or visit is None:
            return onward.ask_first(tenant, f"/{tenant.slug}/programs/{found.key}/confirm")
        said = agreeing.drafts(in_force, found, ticked, places, peer.caller_address(), now)
        statements = {one: shown.shown_on(in_force.rulebook, "opt-in-form", [one]) for one in places}
        entries = db.write(lambda tx: agreeing.record(tx, keyring, in_force, said, statements, now), tenant.id)
        agreeing.done(tenant.id, found.key, entries, visit.masked)
        return after

    @pages.get("/<organization>/programs/<program>/agreed")
    def agreed(organization: str, program: str) -> Page:
        tenant, in_force, found = opened(organization, program)
        done = agreeing.was_done(tenant.id, program)
        if found is None or done is None:
            return redirect(to(url_for(".program", organization=organization, program=program[:64])), 303)
        view = view_of(in_force.rulebook, found, page_language())
        return render_template("opt_in/agreed.html", organization=tenant, view=view, done=done)

    @pages.get("/<organization>/programs/<program>/asked")
    def asked(organization: str, program: str) -> Page:
        tenant, in_force, found = opened(organization, program)
        if found is None:
            return _list(in_force, tenant, missing=True), 404
        return question_pages.asked_page(in_force, tenant, found, found.name_in(page_language()))

    return pages


def _ticked(in_force: InForce, tenant: Tenant, program: Program) -> tuple[Ticked, dict[str, str]]:
    """The boxes that were ticked, and what is wrong, by field; a box that we did not show counts for nothing."""
    language = page_language()
    view = view_of(in_force.rulebook, program, language)
    chosen = set(request.form.getlist("agree"))
    boxes, wrong = dict[str, str](), dict[str, str]()
    for choice in view.choices:
        if choice.channel in chosen:
            boxes[choice.channel] = hash_text(choice.wording.text)
            if request.form.get(f"shown-{choice.channel}") != boxes[choice.channel]:
                wrong[""] = CHANGED
    if not boxes:
        wrong[f"agree-{view.choices[0].channel}" if view.choices else ""] = NO_BOX
    old_enough = request.form.get("age") == "yes"
    if view.least_age.age is not None and not old_enough:
        wrong["age"] = NO_AGE
    return Ticked(tenant.id, program.key, language, boxes, old_enough), wrong


def _confirm_page(in_force: InForce, tenant: Tenant, program: Program, ticked: Ticked, masked: str | None) -> str:
    page_with_form()
    wordings = {one: wording_of(in_force.rulebook, program, one, ticked.language) for one in ticked.boxes}
    return shown.render(
        "opt_in/confirm.html",
        in_force.rulebook,
        "opt-in-form",
        channels=list(ticked.boxes),
        organization=tenant,
        view=view_of(in_force.rulebook, program, page_language()),
        wordings={channel: one for channel, one in wordings.items() if one is not None},
        masked=masked,
        other=OTHER_ADDRESS,
        ways=CHANNELS,
    )


def _finder(db: Database) -> Callable[[str], Tenant]:
    def find(slug: str) -> Tenant:
        with db.read() as tx:
            found = next((one for one in organizations.every(tx) if one.slug == slug), None)
        if found is None:
            raise NotFound(N_("No organization of this name is served here."))
        return found

    return find


def _list(in_force: InForce, tenant: Tenant, *, missing: bool = False) -> str:
    views = [view_of(in_force.rulebook, one, page_language()) for one in in_force.rulebook.organization.programs]
    return render_template("opt_in/list.html", organization=tenant, views=views, missing=missing, ways=CHANNELS)


def _program_page(db: Database, in_force: InForce, tenant: Tenant, program: Program, wrong: Mapping[str, str]) -> str:
    page_with_form()
    view: View = view_of(in_force.rulebook, program, page_language())
    with db.read(tenant.id) as tx:
        earlier = queries.wordings_of(tx, tenant.id, view.key)
    return shown.render(
        "opt_in/program.html",
        in_force.rulebook,
        "opt-in-form" if view.choices else "program-page",
        channels=[one.channel for one in view.choices] or list(view.channels),
        organization=tenant,
        contacts=in_force.rulebook.organization,
        view=view,
        hashes={one.channel: hash_text(one.wording.text) for one in view.choices},
        earlier=earlier,
        wrong=wrong,
        typed=(forms.typed(question_pages.FIELD, 320) or "") if wrong else "",
        ways=CHANNELS,
    )
