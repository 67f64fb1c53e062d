"""/api/docs: the API to read and try, by Swagger UI from the Python package that carries its files.

Nothing is loaded from elsewhere, and the page has a policy of its own: it may call this API and show the
small images inside Swagger UI's stylesheet.
"""

from importlib.util import find_spec
from pathlib import Path

from flask import Blueprint, Response, render_template, send_from_directory

from consent.errors import NotFound
from consent.web.headers import page_policy
from consent.web.layout import A_YEAR
from consent.web.messages import N_

FILES = ("swagger-ui.css", "swagger-ui-bundle.js")


def blueprint(*, public: bool) -> Blueprint:
    """The page and its two files; where it is not public it looks as if it were not there."""
    pages = Blueprint("api_reference", __name__, url_prefix="/api/docs")

    @pages.get("")
    def page() -> Response:
        if not public:
            raise NotFound(N_("There is nothing here."))
        response = Response(render_template("web/api_docs.html"), content_type="text/html; charset=utf-8")
        response.headers["Content-Security-Policy"] = page_policy(connect="'self'", images="'self' data:")
        return response

    @pages.get("/<name>")
    def file(name: str) -> Response:
        if not public or name not in FILES:
            raise NotFound(N_("There is nothing here."))
        return send_from_directory(_folder(), name, max_age=A_YEAR)

    return pages


def _folder() -> Path:
    """Where the package keeps Swagger UI; it is found without importing it."""
    spec = find_spec("flask_swagger_ui")
    if spec is None or spec.origin is None:
        raise NotFound("The package flask-swagger-ui is not installed.")
    return Path(spec.origin).parent / "dist"
