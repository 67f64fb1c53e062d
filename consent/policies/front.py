"""The first page of an organization, and what its pages wear: its colours as a stylesheet and its mark."""

from flask import Blueprint, Flask, Response, make_response, render_template

from consent import clock
from consent.errors import NotFound
from consent.policies.brand import Brand
from consent.policies.frames import Frames, Known
from consent.web import frame
from consent.web.layout import A_YEAR
from consent.web.messages import N_


def init_app(app: Flask, frames: Frames) -> None:
    """Every page below an organization's name wears its frame."""
    frame.provide(app, frames.find)


def blueprint(frames: Frames) -> Blueprint:
    """/<organization>, …/brand.css, …/logo.svg."""
    pages = Blueprint("front", __name__, template_folder="templates")

    @pages.get("/<organization>")
    def index(organization: str) -> Response:
        """What a person may do here."""
        known = _known(frames, organization)
        texts = known.pack is not None and any("sms" in one.channels for one in known.pack.programs)
        response = make_response(render_template("policies/front.html", organization=known.tenant, texts=texts))
        response.cache_control.public, response.cache_control.max_age = True, 60
        return response

    @pages.get("/<organization>/brand.css")
    def stylesheet(organization: str) -> Response:
        """The colours, as values of the names our stylesheet uses."""
        return _kept(_brand(frames, organization).stylesheet, "text/css; charset=utf-8")

    @pages.get("/<organization>/logo.svg")
    def logo(organization: str) -> Response:
        """The mark; it was held to shapes and colours when its pack was read."""
        svg = _brand(frames, organization).logo
        if svg is None:
            raise NotFound(N_("There is no such file."))
        return _kept(svg, "image/svg+xml")

    return pages


def _known(frames: Frames, slug: str) -> Known:
    known = frames.known(slug, clock.now())
    if known is None:
        raise NotFound(N_("No organization of this name is served here."))
    return known


def _brand(frames: Frames, slug: str) -> Brand:
    pack = _known(frames, slug).pack
    if pack is None or pack.brand is None:
        raise NotFound(N_("There is no such file."))
    return pack.brand


def _kept(text: str, content_type: str) -> Response:
    """The address changes with the content, so browsers may keep it for ever."""
    response = Response(text, content_type=content_type)
    response.cache_control.public, response.cache_control.max_age = True, A_YEAR
    response.cache_control.immutable = True
    return response
