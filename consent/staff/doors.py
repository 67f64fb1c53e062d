"""What stands before every page of staff: who sits there, whether they may do this, and with how fresh a factor.

Each view says its act by `@require(Act.…)`. A view below /staff that says none, and is not one of those that `open_to`
marks, answers nobody (deny by default).
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import quote
from uuid import UUID

from flask import Flask, Response, after_this_request, current_app, g, redirect, render_template, request

from consent import clock
from consent.db import Database
from consent.errors import Forbidden
from consent.ledger.keys import Keyring
from consent.staff import navigation, passkeys, rules, sign_ins, waiting_forms
from consent.staff.roles import Act, Role, may
from consent.staff.sign_ins import SignIn, Ticket
from consent.staff.waiting_forms import Waiting
from consent.web import forms
from consent.web.headers import page_with_form
from consent.web.i18n import to
from consent.web.messages import N_

SENT_BEFORE = "?done=fresh"  # the page that comes back says that its button was not pressed yet
ROOT, SIGN_IN, AGAIN = "/staff", "/staff/sign-in", "/staff/again"
_EXTENSION = "consent-staff"
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Ground:
    """What the doors stand on."""

    db: Database
    keyring: Keyring
    public_url: str
    written: Callable[[UUID], None] = lambda _organization: None  # looks at what a form holds before anybody reads it
    is_carrier: Callable[[UUID], bool] = lambda _organization: False


@dataclass(frozen=True, slots=True)
class Member:
    """Who of the staff has sent this request."""

    organization_id: UUID
    id: UUID
    name: str = field(repr=False)
    role: Role
    language: str


def init_app(app: Flask, ground: Ground) -> None:
    """Pages below /staff are behind these doors."""
    app.extensions[_EXTENSION] = ground

    @app.before_request
    def nothing_without_an_act() -> None:
        """A page of staff that nobody gave an act is nobody's (S37)."""
        if request.path != ROOT and not request.path.startswith(f"{ROOT}/"):
            return
        view = current_app.view_functions.get(request.endpoint or "")
        if view is not None and not hasattr(view, "staff_act") and not hasattr(view, "staff_open"):
            raise Forbidden(N_("Nobody may use this page."))


def ground() -> Ground:
    """Database, keys and public address, as `init_app` was given them."""
    found: Ground = current_app.extensions[_EXTENSION]
    return found


def open_to_anybody(view: View) -> View:
    """This page of staff is for those who are not signed in (yet)."""
    view.staff_open = True  # type: ignore[attr-defined]
    return view


def require(
    act: Act, *, fresh: bool = False, several: Collection[str] = (), carries: bool = False
) -> Callable[[View], View]:
    """Only a role that may do this comes through; with `fresh` only after a factor within the last five minutes.

    A form that comes too late for that is carried along: the act goes on once the factor was shown.
    A POST needs the token of the sign-in and comes from our own pages (S18); of its fields only those of `several`
    may come more than once (S12). One that `carries` takes the form that waited for a factor, whose own door asks that.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            twice = waiting_forms.may_come_twice() if carries else several
            refused = _refused(act, fresh=fresh, several=twice)
            return view(*args, **kwargs) if refused is None else refused

        guarded.staff_act, guarded.staff_fresh = act, fresh  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return guard


def current() -> Member:
    """Who has sent this request; only behind `require`."""
    who = signed_in()
    return Member(who.organization_id, who.account_id, who.name, who.role, who.language)


def signed_in() -> SignIn:
    """The sign-in of this request; only behind `require`."""
    found: SignIn = g.staff_sign_in
    return found


def render(template: str, **shown: Any) -> str:
    """A page of staff, with whoever is signed in, the navigation of their role and the token of their forms."""
    page_with_form()
    who: SignIn | None = g.get("staff_sign_in")
    rooms: tuple[navigation.Group, ...] = ()
    if who is not None:
        rooms = navigation.shown_to(who.role, carrier=ground().is_carrier(who.organization_id))
    frame = {"member": current() if who is not None else None, "navigation": rooms, "csrf": forms.csrf_token()}
    return render_template(template, **frame | shown)


def seat(now: datetime) -> SignIn | None:
    """Who sits here, if the sign-in has not ended; the answer renews the cookie."""
    here = ground()
    ticket = sign_ins.ticket_of(here.keyring)
    if ticket is None:
        return None
    with here.db.read(ticket.organization_id, single=True) as tx:
        found = sign_ins.read(tx, here.keyring, ticket)
    if found is None or rules.is_over(found.began_at, ticket.seen_at, now):
        return None
    g.staff_sign_in = found
    g.form_token = sign_ins.csrf(here.keyring, ticket)
    if now - ticket.seen_at > sign_ins.RENEWED_AFTER:
        _renew(Ticket(ticket.organization_id, ticket.id, now))
    return found


def _refused(act: Act, *, fresh: bool, several: Collection[str]) -> Any:
    """The answer for whoever may not come through, None for whoever may."""
    now = clock.now()
    who = seat(now)
    if who is None:
        return redirect(to(f"{SIGN_IN}?then={quote(_here(), safe='/')}"), 303)
    if not may(who.role, act):
        return render("staff/not_yours.html"), 403
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        forms.check_form(ground().public_url, several=several)
        ground().written(who.organization_id)
    if fresh and not rules.is_fresh(who.factor_at, now):
        if request.method == "POST" and (late := waiting_forms.came_late()) is not None:
            return again_page({}, _here() + SENT_BEFORE, late), 403
        sent = "" if request.method in ("GET", "HEAD") or _here() == ROOT else SENT_BEFORE
        return redirect(to(f"{AGAIN}?then={quote(_here() + sent, safe='/')}"), 303)
    return None


def again_page(wrong: dict[str, str], then: str, late: Waiting, wait: timedelta = timedelta(0)) -> str:
    """The form that asks for a code once more; `late` is what was sent, and goes with it."""
    return render("staff/again.html", wrong=wrong, then=then, wait=minutes(wait), passkey=passkey_question(), late=late)


def passkey_question() -> str | None:
    """What a browser is told that may show a passkey; None where this service has no name."""
    site = passkeys.Site.of(ground().public_url)
    return passkeys.showing(site, passkeys.ask(clock.now())) if site is not None else None


def minutes(wait: timedelta) -> int:
    """Whole minutes, rounded up; 0 for no waiting."""
    return -(-int(wait.total_seconds() + 1) // 60) if wait else 0


def _here() -> str:
    """The page to come back to: this one, or the one whose form was sent."""
    if request.method in ("GET", "HEAD"):
        return rules.own_path(request.full_path.rstrip("?"))
    before = rules.split(request.referrer or "")
    return rules.own_path(before.path) if before.netloc == request.host else ROOT


def _renew(seen: Ticket) -> None:
    keyring = ground().keyring

    @after_this_request
    def renewed(response: Response) -> Response:
        name = sign_ins.cookie_name()
        if not any(one.startswith(f"{name}=") for one in response.headers.getlist("Set-Cookie")):
            sign_ins.hand_out(response, keyring, seen)
        return response
