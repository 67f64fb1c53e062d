"""The bare Flask views, served as `benchmarks.floors.app:application` with their settings in the environment."""

import hmac
import json
import os
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from flask import Flask, Response, request
from jinja2 import Template

from benchmarks.floors import postgresql, sqlite
from benchmarks.twilio import signature

PADDING = b"." * 850  # an event body of about 900 bytes, as a real one has
# Ten programs with what holds, as little as a page can be.
PAGE = Template(
    "<!doctype html><html lang=en><title>Your choices</title><h1>Your choices</h1><form method=post>"
    "{% for program, state, since in choices %}<fieldset><legend>{{ program }}</legend><p>{{ state }} since {{ since }}"
    "<label><input type=radio name={{ program }} value=on{% if state == 'given' %} checked{% endif %}> On</label>"
    "<label><input type=radio name={{ program }} value=off{% if state != 'given' %} checked{% endif %}> Off</label>"
    "</fieldset>{% endfor %}<button>Save</button></form>",
    autoescape=True,
)
REPLY = "You are unsubscribed and will get no more messages."
TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


def create_app(database: str, public_url: str, secret: bytes) -> Flask:
    """The floor views on one database."""
    app = Flask(__name__)
    store = postgresql.Store(database) if database.startswith("postgresql") else sqlite.Store(Path(database))

    @app.get("/healthz")
    def healthz() -> str:
        return "ok"

    @app.post("/webhook")
    def webhook() -> Response:
        form = request.form
        expected = signature(secret, public_url, form.items(multi=True))
        if not hmac.compare_digest(expected.encode(), request.headers.get("X-Twilio-Signature", "").encode()):
            return Response(status=403)
        body = form["MessageSid"].encode() + PADDING
        store.stop(form["From"], body, sha256(body).digest(), REPLY, _now(), "notifications")
        return Response(TWIML, content_type="text/xml")

    @app.post("/decisions")
    def decide() -> Response:
        asked = request.get_json()
        store.store_decision(asked["address"], request.get_data(), _now())
        return _json({"answer": "allow"}, 201)

    @app.post("/decisions/explained")
    def explain() -> Response:
        asked = request.get_json()
        found = store.look_up(asked["address"], asked["program"])
        return _json({"answer": "allow" if found and found[0] == "given" else "deny"}, 200)

    @app.get("/page")
    def page() -> str:
        return PAGE.render(choices=store.choices(request.args["number"]))

    return app


def application() -> Flask:
    """The views as the environment tells."""
    return create_app(os.environ["FLOOR_DATABASE"], os.environ["FLOOR_PUBLIC_URL"], os.environ["FLOOR_SECRET"].encode())


def _json(value: dict[str, str], status: int) -> Response:
    return Response(json.dumps(value), status=status, content_type="application/json")


def _now() -> str:
    return datetime.now(UTC).isoformat()
