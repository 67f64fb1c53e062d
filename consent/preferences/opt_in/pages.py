"""The public doors: the programs of an organization, the page of each, and agreeing on it."""

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from consent import clock
from consent.db import Database
from consent.errors import NotFound
from consent.organizations import service as organizations
from consent.organizations.service import Tenant
from consent.policies import shown
from consent.policies.governing import Governing, InForce
from consent.preferences.opt_in import queries
from consent.preferences.opt_in.view import View, view_of
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

Page = str | tuple[str, int] | Response


def blueprint(db: Database, governing: Governing) -> Blueprint:
    """/<organization>/programs and /<organization>/programs/<program>."""
    pages = Blueprint("opt_in", __name__, template_folder="templates")
    tenant_of = _finder(db)

    @pages.get("/<organization>/programs")
    def every(organization: str) -> Page:
        tenant = tenant_of(organization)
        wanted = request.args.get("program")
        if wanted:  # where the form of the company's own site leads to
            return redirect(to(url_for(".program", organization=organization, program=wanted[:64])), 303)
        return _list(governing.now(tenant.id, clock.now()), tenant)

    @pages.get("/<organization>/programs/<program>")
    def program(organization: str, program: str) -> Page:
        tenant = tenant_of(organization)
        in_force = governing.now(tenant.id, clock.now())
        found = in_force.rulebook.program(program)
        if found is None:
            return _list(in_force, tenant, missing=True), 404
        view = view_of(in_force.rulebook, found, page_language())
        return _program_page(db, in_force, tenant, view)

    return pages


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


def _program_page(db: Database, in_force: InForce, tenant: Tenant, view: View) -> str:
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
        earlier=earlier,
        ways=CHANNELS,
    )
