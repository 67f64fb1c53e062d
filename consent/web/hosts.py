"""Staff on a host of their own (S21, OWASP ASVS 5.0 3.5.4): their pages are nowhere else, and nothing else is there.

What runs in a page that people see then shares no origin with what staff may do. One host serves both until
CONSENT_STAFF_URL is set.
"""

from urllib.parse import urlsplit

from flask import Flask, redirect, request
from werkzeug.wrappers import Response

from consent.errors import NotFound
from consent.web.i18n import to
from consent.web.messages import N_

STAFF = "/staff"
# What a page of staff is made of, and what watches the service, answer on each host.
EVERYWHERE = ("/assets/", "/healthz", "/readyz", "/metrics")
NOTHING_HERE = N_("There is no such page.")


def init_app(app: Flask, public_url: str, staff_url: str) -> None:
    """Pages of staff answer at `staff_url` alone where it is set; `public(path)` leads from there to other pages."""
    app.jinja_env.globals["public"] = (lambda path: public_url + to(path)) if staff_url else to
    if not staff_url:
        return
    own = urlsplit(staff_url).netloc.lower()

    @app.before_request
    def each_on_its_host() -> Response | None:
        if request.path.startswith(EVERYWHERE):
            return None
        for_staff = request.path == STAFF or request.path.startswith(f"{STAFF}/")
        here = request.host.lower() == own
        if here and request.path == "/" and request.method in ("GET", "HEAD"):
            return redirect(to(STAFF), 303)
        if here is not for_staff:
            raise NotFound(NOTHING_HERE)
        return None
