"""Answers for people that are whole in memory: a page, and the way to another one."""

from flask import Response
from werkzeug.urls import iri_to_uri

from consent.web.bodies import Plain

HTML = "text/html; charset=utf-8"


def page(html: str | bytes, status: int = 200) -> Response:
    """The page as it was drawn."""
    return Plain(html, status, content_type=HTML)


def see_other(address: str) -> Response:
    """Whoever sent a form is led to this address of ours, so that a reload sends nothing again (RFC 9110, 303)."""
    return Plain("", 303, [("Location", address if address.isascii() else iri_to_uri(address))], content_type=HTML)
