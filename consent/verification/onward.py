"""Where somebody goes once they are in: back to what they were about to do, on this organization's pages only."""

from flask import redirect, session
from werkzeug.wrappers import Response

from consent.organizations.service import Tenant
from consent.web.i18n import to

KEPT = "then"


def ask_first(tenant: Tenant, back_to: str) -> Response:
    """To the form that asks for a code; whoever redeems it comes to `back_to`, a path below /<organization>/."""
    if not _is_ours(tenant, back_to):
        raise ValueError("a path of this organization's pages")
    session[KEPT] = back_to
    return redirect(to(f"/{tenant.slug}/preferences/code"), 303)


def is_for_request(tenant: Tenant) -> bool:
    """Is the code asked for on the way to a request about somebody's data?"""
    return str(session.get(KEPT, "")).startswith(f"/{tenant.slug}/requests/")


def next_stop(tenant: Tenant) -> Response:
    """To where `ask_first` was told, once; else to the preference page."""
    kept = session.pop(KEPT, "")
    return redirect(to(kept if _is_ours(tenant, kept) else f"/{tenant.slug}/preferences"), 303)


def _is_ours(tenant: Tenant, path: str) -> bool:
    return path.startswith(f"/{tenant.slug}/") and "//" not in path and "\\" not in path
