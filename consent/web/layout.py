"""The common frame of all pages: templates, our one stylesheet, and how a template names them."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Blueprint, Flask, Response, send_from_directory
from jinja2 import StrictUndefined

from consent.errors import NotFound
from consent.web import frame, i18n
from consent.web.messages import N_

STATIC = Path(__file__).parent / "static"
A_YEAR = 365 * 24 * 3600

pages = Blueprint("layout", __name__, template_folder="templates")


def init_app(app: Flask) -> None:
    """Templates find the frame, and a name that a view forgot to pass is an error, not an empty place."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["asset"] = asset
    i18n.init_app(app)
    frame.init_app(app)
    app.register_blueprint(pages)


@cache
def asset(name: str) -> str:
    """The address of a file of ours, which changes with its content so that browsers may keep it for ever."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()
    return f"/assets/{name}?v={digest[:12]}"


@cache
def _files() -> frozenset[str]:
    return frozenset(one.name for one in STATIC.iterdir() if one.is_file())


@pages.get("/assets/<name>")
def static_file(name: str) -> Response:
    """A stylesheet, script or icon of ours."""
    if name not in _files():
        raise NotFound(N_("There is no such file."))
    response = send_from_directory(STATIC, name, max_age=A_YEAR)
    response.cache_control.immutable = True
    return response
