"""The one name of a request: in its log lines, in its X-Request-Id header, on its error page."""

import os

from flask import g, has_app_context


def request_id() -> str:
    """Sixteen random hexadecimal digits, made at first use; never the caller's: it could hold data."""
    if not has_app_context():
        return "-"
    try:
        known: str = g.request_id
    except AttributeError:
        known = g.request_id = os.urandom(8).hex()
    return known
