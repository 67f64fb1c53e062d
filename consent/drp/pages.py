"""The page at which a person says whether an agent speaks for them: /<organization>/requests/agents/<request>.

Who has not shown that the address is theirs learns the agent's name and nothing else.
"""

import uuid
from dataclasses import dataclass

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from consent import clock
from consent.db import Database, Tx
from consent.drp import agents, queries, service, words
from consent.drp.queries import Asked
from consent.errors import NotFound
from consent.ledger.keys import Keyring
from consent.organizations import service as organizations
from consent.organizations.service import Tenant
from consent.policies.governing import Governing
from consent.privacy_requests.casework import Desk
from consent.privacy_requests.sorts import BY_WISH
from consent.verification import onward, visits
from consent.verification.visits import Level
from consent.web import forms
from consent.web.i18n import to
from consent.web.messages import N_

NOTHING = N_("There is no such request. It may have been taken back; look into the newest mail.")


@dataclass(frozen=True, slots=True)
class Shown:
    """What an agent asked, as its page knows it; `is_theirs`: the visitor has shown that the address is theirs."""

    tenant: Tenant
    asked: Asked
    agent: str
    is_theirs: bool


def blueprint(db: Database, keyring: Keyring, governing: Governing, public_url: str) -> Blueprint:
    """The page and its two buttons."""
    pages = Blueprint("agent_requests", __name__, template_folder="templates")

    def found(slug: str, identity: uuid.UUID) -> Shown:
        with db.read() as tx:
            tenant = next((one for one in organizations.every(tx) if one.slug == slug), None)
        if tenant is None:
            raise NotFound(N_("No organization of this name is served here."))
        with db.read(tenant.id) as tx:
            asked = queries.one(tx, keyring, tenant.id, identity)
            name = agents.name_of(tx, tenant.id, asked.agent_id) if asked is not None else None
        if asked is None or name is None or asked.contact_point_id is None:
            raise NotFound(NOTHING)
        visit = visits.current(db, keyring, tenant.id, clock.now())
        proven = visit is not None and visit.level is Level.CODE and visit.covers(asked.contact_point_id)
        return Shown(tenant, asked, name, proven)

    @pages.get("/<organization>/requests/agents/<uuid:identity>")
    def show(organization: str, identity: uuid.UUID) -> Response:
        one = found(organization, identity)
        forms.csrf_token()
        sort = BY_WISH[words.RIGHTS[one.asked.exercise]]
        page = render_template("drp/agent.html", organization=one.tenant, one=one, sort=sort, said=one.asked.said)
        return make_response(page)

    @pages.post("/<organization>/requests/agents/<uuid:identity>")
    def answer(organization: str, identity: uuid.UUID) -> AnyResponse:
        forms.check_form(public_url)
        one = found(organization, identity)
        here = f"/{one.tenant.slug}/requests/agents/{identity}"
        if not one.is_theirs:
            return onward.ask_first(one.tenant, here)
        now, said = clock.now(), request.form.get("answer")
        verb = {"mine": service.confirm, "not-mine": service.disown}.get(said or "")
        if verb is not None:
            in_force = governing.now(one.tenant.id, now)
            desk = Desk(keyring, in_force.log, in_force.rulebook)

            def work(tx: Tx) -> None:
                asked = queries.one(tx, keyring, one.tenant.id, identity)
                if asked is not None:
                    verb(tx, desk, asked, now)

            db.write(work, one.tenant.id)
        return redirect(to(here), 303)

    return pages
