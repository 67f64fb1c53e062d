"""What every answer tells the browser; whatever a view has set itself stays.

Sources: OWASP ASVS 5.0 chapter 3.4, CSP level 3, RFC 6797. The API's set is one prebuilt list, because an API
answer should not pay for a browser it never meets.
"""

import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, g, request

from consent.web.request_id import request_id

HSTS = ("Strict-Transport-Security", "max-age=63072000; includeSubDomains")

# Doubt favours the person: what no view has marked as public is kept by no cache.
NO_STORE = ("Cache-Control", "no-store")

EVERYWHERE = (
    ("X-Content-Type-Options", "nosniff"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)
FOR_PROGRAMS = (
    *EVERYWHERE,
    (
        "Content-Security-Policy",
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    ("Referrer-Policy", "no-referrer"),
)
FOR_PAGES = (
    *EVERYWHERE,
    ("Cross-Origin-Opener-Policy", "same-origin"),
    (
        "Permissions-Policy",
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), "
        "microphone=(), midi=(), payment=(), publickey-credentials-get=(self), screen-wake-lock=(), usb=()",
    ),
)


def init_app(app: Flask, *, production: bool) -> None:
    """Every answer of this app carries the headers; HSTS only in production, where https is certain."""
    always = (HSTS,) if production else ()
    for_programs = [*FOR_PROGRAMS, *always]
    for_pages = {name.lower(): (name, value) for name, value in (*FOR_PAGES, NO_STORE, *always)}
    for_plain_answers = [*for_programs, NO_STORE]

    def protect(response: Response) -> Response:
        headers = response.headers
        written = headers._list  # the public methods check each constant value anew: 13 µs instead of 3
        if len(written) <= 2 and not (response.content_type or "").startswith("text/html"):
            # type and length only: an answer for a program that set nothing itself
            written.extend(for_plain_answers)
            written.append(("X-Request-Id", request_id()))
            return response
        if (response.content_type or "").startswith("text/html"):
            known = {name.lower() for name, _ in written}
            written.extend([header for name, header in for_pages.items() if name not in known])
            if "content-security-policy" not in known:
                written.append(("Content-Security-Policy", page_policy()))
            if "referrer-policy" not in known:
                written.append(("Referrer-Policy", "same-origin" if g.get("form_page") else "no-referrer"))
            if "x-request-id" not in known:  # setting it would look through all of them
                written.append(("X-Request-Id", request_id()))
                return response
        else:
            for name, value in for_programs:
                headers.setdefault(name, value)
            headers.setdefault(*NO_STORE)
        headers.set("X-Request-Id", request_id())
        return response

    app.after_request(protect)
    app.jinja_env.globals["csp_nonce"] = csp_nonce


def vary(response: Response, by: str) -> None:
    """The answer depends on this header of the request; a view's own list of headers stays as it is."""
    written = response.headers._list
    for at, (name, value) in enumerate(written):
        if name.lower() == "vary":
            if by.lower() not in value.lower().replace(" ", "").split(","):
                written[at] = (name, f"{value}, {by}" if value else by)
            return
    written.append(("Vary", by))


def csp_nonce() -> str:
    """This answer's nonce; a template puts it on each script it means."""
    known: str | None = g.get("csp_nonce")
    if known is None:
        known = g.csp_nonce = secrets.token_urlsafe(18)
    return known


def page_policy(*, connect: str = "'none'", images: str = "'self'") -> str:
    """The policy of our pages: our own style, marked scripts, nothing from elsewhere, in nobody's frame."""
    connecting = "" if connect == "'none'" else f"connect-src {connect}; "
    return (
        f"default-src 'none'; script-src 'nonce-{csp_nonce()}'; style-src 'self'; img-src {images}; "
        f"{connecting}form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
    )


def page_with_form() -> None:
    """This page posts a form: the browser may tell our own site where it came from, for the CSRF check."""
    g.form_page = True


def same_site(public_origin: str) -> bool:
    """Whether a request comes from our own pages, as far as the browser says (Fetch Metadata, else Origin).

    No page can write Sec-Fetch-Site, and it is right also where we are reached by another address than the public one.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is None or origin == "/".join(urlsplit(public_origin).geturl().split("/", 3)[:3])
