"""Whose page this is: what header and footer show of the organization under whose name an address stands."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, Response, after_this_request, current_app, g, request

from consent.errors import ConsentError
from consent.web.headers import vary

_EXTENSION = "consent-frames"


@dataclass(frozen=True, slots=True)
class Link:
    """A page the organization offers a person; name and sentence are messages that the page translates."""

    address: str
    name: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands above and below the pages of one organization."""

    slug: str
    name: str
    stylesheet: str | None
    logo: str | None
    email: str | None
    phone: str | None
    links: tuple[Link, ...]

    def __hash__(self) -> int:
        """Of its short name alone: pages are kept by their frames, which are asked for on each request."""
        return hash(self.slug)

    @property
    def home(self) -> str:
        """The organization's own first page."""
        return f"/{self.slug}"

    def link(self, place: str) -> Link | None:
        """The page of that name below the organization's address, where there is one."""
        return next((one for one in self.links if one.address == f"/{self.slug}/{place}"), None)


def init_app(app: Flask) -> None:
    """Templates ask whose page they are, and whether the browser asks for privacy."""
    app.jinja_env.globals.update(organization_frame=current, asks_privacy=asks_privacy)


def provide(app: Flask, find: Callable[[str], Frame | None]) -> None:
    """From now on the first part of an address names the organization whose frame its page wears."""
    app.extensions[_EXTENSION] = find


def current() -> Frame | None:
    """The frame of this page; None where it belongs to no organization, or to one that cannot be read now."""
    if "frame" not in g:
        find = current_app.extensions.get(_EXTENSION)
        try:
            g.frame = find(request.path.split("/", 2)[1]) if find is not None else None
        except ConsentError:
            g.frame = None
    found: Frame | None = g.frame
    return found


def without() -> None:
    """This page wears no frame: what it would show cannot be trusted to be readable."""
    g.frame = None


def asks_privacy() -> bool:
    """Whether the browser sends the Global Privacy Control; the answer then varies by it."""
    if "asks_privacy" not in g:
        g.asks_privacy = request.environ.get("HTTP_SEC_GPC", "").strip() == "1"
        after_this_request(_varies)
    return bool(g.asks_privacy)


def _varies(response: Response) -> Response:
    vary(response, "Sec-GPC")
    return response
