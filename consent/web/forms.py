"""Forms of our pages: each carries a token of the session, and says in words what cannot be used."""

import hmac
import secrets
import unicodedata
from collections.abc import Collection, Mapping, Sequence

from flask import Flask, g, request, session

from consent.errors import Forbidden, Malformed
from consent.web.headers import page_with_form, same_site
from consent.web.messages import N_

OUT_OF_DATE = N_("This form is out of date. Go back, load the page again and send it once more.")
TWICE = N_("One answer of this form came twice, so nobody knows which was meant. Nothing has changed.")
# Unicode's categories of characters that no keyboard makes and no reader sees: controls, formats (among them the
# ones that turn the direction of writing), halves of pairs, private and unassigned ones.
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def init_app(app: Flask) -> None:
    """The macros of web/forms.html find the token."""
    app.jinja_env.globals["csrf_token"] = csrf_token


def csrf_token() -> str:
    """The token that forms of this session carry; the page is one with a form from here on.

    Where somebody is signed in, the doors of staff have said which token theirs is (`g.form_token`).
    """
    page_with_form()
    if "form_token" in g:
        return str(g.form_token)
    if "csrf" not in session:
        session["csrf"] = secrets.token_urlsafe(32)
    return str(session["csrf"])


def check_form(public_url: str, *, several: Collection[str] = ()) -> None:
    """The form was shown by us in this session (S18), and no field came twice but those of `several` boxes (S12)."""
    if any(len(values) > 1 for name, values in request.form.lists() if name not in several):
        raise Malformed(TWICE)
    sent, kept = request.form.get("csrf", ""), str(g.get("form_token") or session.get("csrf", ""))
    if not kept or not hmac.compare_digest(_bytes(sent), _bytes(kept)) or not same_site(public_url):
        raise Forbidden(OUT_OF_DATE)


def forget_visitor() -> None:
    """Nothing of a visit is left in this browser's session; where staff sign in has a cookie of its own."""
    session.clear()


def in_order(wrong: Mapping[str, str], fields: Sequence[str]) -> dict[str, str]:
    """What is wrong, in the order in which the form asks; what belongs to no field of it stands first."""
    places = {name: place for place, name in enumerate(fields)}
    return dict(sorted(wrong.items(), key=lambda one: places.get(one[0], -1)))


def typed(name: str, most: int) -> str | None:
    """What was written into a field of one line, without what nobody sees; None when it is longer than `most`."""
    value = request.form.get(name, "")
    if len(value) > most:
        return None
    kept = "".join(one for one in value if unicodedata.category(one) not in UNSEEN)
    return unicodedata.normalize("NFC", kept).strip()


def _bytes(token: str) -> bytes:
    return token.encode("utf-8", "surrogatepass")
