"""The trace as a page: a lawyer follows each clause to its rule, its doors, its tests and its evidence."""

from flask import Blueprint, Response, make_response, render_template

from consent import clock
from consent.db import Database
from consent.errors import NotFound
from consent.organizations import service as organizations
from consent.review import service
from consent.web.messages import N_


def blueprint(db: Database) -> Blueprint:
    """/<organization>/privacy/trace."""
    pages = Blueprint("review", __name__, template_folder="templates")

    @pages.get("/<organization>/privacy/trace")
    def trace(organization: str) -> Response:
        with db.read() as tx:
            tenant = next((one for one in organizations.every(tx) if one.slug == organization), None)
        if tenant is None:
            raise NotFound(N_("No organization of this name is served here."))
        with db.read(tenant.id) as tx:
            made = service.trace_of(tx, tenant.id, clock.now())
        response = make_response(render_template("review/trace.html", organization=tenant, trace=made))
        response.cache_control.public, response.cache_control.max_age = True, 60
        return response

    return pages
