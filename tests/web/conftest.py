"""A small site with the web ground only: one API door, a page, a webhook door and some that fail."""

import io
from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from flask import Blueprint, Flask, Response, abort, request
from flask.testing import FlaskClient

from consent.errors import Forbidden, SetupProblem, Unavailable
from consent.web import api, bodies, docs, fields, headers, layout, logs, principal, problems

ORGANIZATION, KEY = UUID(int=1), UUID(int=2)


class Thing(fields.Schema):
    number = fields.WholeNumber(least=0, most=5, required=True)
    title = fields.ShortText(longest=5)
    at = fields.AwareInstant()
    channel = fields.Channel()


class Page(fields.Schema):
    limit = fields.QueryNumber(least=1, most=10, load_default=3)


def _open_for_known_keys() -> None:
    sent = request.headers.get("Authorization", "")
    if sent.startswith("Bearer "):
        scopes = frozenset(sent.removeprefix("Bearer ").split(","))
        principal.let_in(principal.Principal(ORGANIZATION, KEY, scopes))


def _things() -> api.ApiBlueprint:
    blueprint = api.ApiBlueprint("things", __name__, url_prefix="/api/v1/things", description="Things")
    blueprint.before_request(_open_for_known_keys)

    @blueprint.post("")
    @principal.require("things:write")
    @blueprint.arguments(Thing)
    @blueprint.response(201, Thing)
    def make(data: dict[str, object]) -> dict[str, object]:
        """Make a thing."""
        return data

    @blueprint.get("")
    @blueprint.arguments(Page, location="query")
    @blueprint.response(200, Thing(many=True))
    def every(query: dict[str, object]) -> list[dict[str, object]]:
        """Every thing."""
        return []

    @blueprint.post("/wide")
    @api.body(media=("application/x-ndjson",), limit=1_000_000)
    def wide() -> Response:
        """Takes lines too."""
        return bodies.json_response({"bytes": len(bodies.read_bytes(request, 1_000_000))})

    @blueprint.post("/fast")
    def fast() -> Response:
        """Reads by hand."""
        return bodies.json_response(bodies.read_json(request))

    return blueprint


def _doors() -> Blueprint:
    blueprint = Blueprint("doors", __name__)

    @blueprint.get("/page")
    def page() -> str:
        return "<!doctype html><title>Page</title>"

    @blueprint.get("/form")
    def form() -> str:
        headers.page_with_form()
        return "<!doctype html><title>Form</title>"

    @blueprint.get("/public")
    def public() -> Response:
        return Response("ok", headers={"Cache-Control": "public, max-age=60"}, content_type="text/plain")

    @blueprint.get("/<any(page, api):kind>s/broken")
    @blueprint.get("/api/<any(page, api):kind>/broken")
    def broken(kind: str) -> str:
        raise RuntimeError("no row for '+15095550142'")

    @blueprint.get("/api/unset")
    def unset() -> str:
        raise SetupProblem("/srv/secret/path is missing")

    @blueprint.get("/api/away")
    def away() -> str:
        raise Unavailable("The database is away.", retry_after=7)

    @blueprint.post("/webhooks/sms/<endpoint>")
    def webhook(endpoint: str) -> str:
        raise Forbidden("The signature is wrong.")

    @blueprint.get("/api/teapot")
    def teapot() -> str:
        abort(418)

    return blueprint


def make_site(*, production: bool = False, log: io.StringIO | None = None) -> Flask:
    site = Flask("tests.web.site", static_folder=None)
    layout.init_app(site)
    headers.init_app(site, production=production)
    problems.init_app(site)
    logs.init_app(site, stream=log or io.StringIO())
    api.create_api(site, version="1").register_blueprint(_things())
    site.register_blueprint(_doors())
    site.register_blueprint(docs.blueprint(public=not production))
    return site


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What this process logs, masked as in production."""
    stream = io.StringIO()
    logs.configure("INFO", stream)
    yield stream
    logs.configure("WARNING")


@pytest.fixture
def site(log: io.StringIO) -> Flask:
    return make_site(log=log)


@pytest.fixture
def browser(site: Flask) -> FlaskClient:
    return site.test_client()


@pytest.fixture
def post(browser: FlaskClient) -> Callable[..., object]:
    """Posts raw bytes as JSON with a key that may."""

    def send(body: bytes, path: str = "/api/v1/things", **kwargs: object) -> object:
        kwargs.setdefault("content_type", "application/json")
        return browser.post(path, data=body, headers={"Authorization": "Bearer things:write"}, **kwargs)

    return send
