"""The public door: which organizations are served here."""

from flask import Blueprint, Response, make_response, render_template

from consent.db import Database
from consent.organizations import service as organizations


def blueprint(db: Database) -> Blueprint:
    """/ lists the organizations by name."""
    pages = Blueprint("organizations", __name__, template_folder="templates")

    @pages.get("/")
    def index() -> Response:
        with db.read() as tx:
            served = organizations.every(tx)
        response = make_response(render_template("organizations/index.html", organizations=served))
        response.cache_control.public, response.cache_control.max_age = True, 60
        return response

    return pages
