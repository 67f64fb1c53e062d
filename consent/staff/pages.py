"""Coming in and going out: signing in, showing a factor again, signing out, and where one begins."""

from datetime import timedelta
from types import MappingProxyType
from typing import Any

from flask import Blueprint, redirect, request, session
from werkzeug.wrappers import Response

from consent import clock
from consent.db import Tx
from consent.organizations import service as organizations
from consent.staff import browsers, company, doors, entering, events, navigation, rules, sign_ins, waiting_forms
from consent.staff.doors import AGAIN, ROOT, SIGN_IN, open_to_anybody, require
from consent.staff.roles import Act
from consent.web import forms, peer
from consent.web.i18n import to
from consent.web.logs import security_event
from consent.web.messages import N_

REMEMBERED = "staff_organization"
EMPTY = N_("Fill this in.")
REFUSED = N_("Address, password and code do not fit together. Check each of them and try again.")
# What a page asks for again that could not wait for the factor.
ONCE_MORE = MappingProxyType(
    {
        "file": N_("File"),
        "now": N_("The password you have now"),
        "password": N_("New password"),
        "again": N_("The same once more"),
        "code": N_("Code of the new app"),
    }
)
WRONG_CODE = N_("This code does not fit. Use the newest one that your app shows; each works once.")
WHICH = N_("Choose the organization you work for.")
FIELDS = ("organization", "email", "password", "code")
LONGEST = {"organization": 64, "email": 320, "password": 1000, "code": 40}

Page = str | tuple[str, int] | Response

pages = Blueprint("staff", __name__, template_folder="templates")


@pages.get(ROOT)
@require(Act.HOME_SEE)
def home() -> Page:
    """On to the first page that this role may see."""
    return redirect(to(navigation.shown_to(doors.current().role)[0].items[0].path), 303)


@pages.get(SIGN_IN)
@open_to_anybody
def sign_in_form() -> Page:
    """The form; somebody who is signed in goes on."""
    then = rules.own_path(request.args.get("then", ""))
    if doors.seat(clock.now()) is not None:
        return redirect(to(then), 303)
    asked = request.args.get("organization", "") or session.get(REMEMBERED, "")
    return sign_in_page({"organization": asked}, {}, then)


@pages.post(SIGN_IN)
@open_to_anybody
def sign_in() -> Page:
    """Signed in, or the form again with one answer for everything that did not fit."""
    here, now = doors.ground(), clock.now()
    forms.check_form(here.public_url)
    then = rules.own_path(request.form.get("then", ""))
    sent = {name: request.form.get(name, "")[: LONGEST[name]] for name in FIELDS}
    with here.db.read() as tx:
        tenant = next((one for one in organizations.every(tx) if one.slug == sent["organization"]), None)
    wrong = {name: EMPTY for name in FIELDS[1:] if not sent[name].strip()} | ({} if tenant else {"organization": WHICH})
    if wrong or tenant is None:
        return sign_in_page(sent, forms.in_order(wrong, FIELDS), then), 422
    came = entering.sign_in(
        here.db, here.keyring, tenant.id, email=sent["email"], password=sent["password"], code=sent["code"],
        network=peer.caller_network(), browser=browsers.name_of(request.headers.get("User-Agent", "")), now=now,
    )  # fmt: skip
    if came.ticket is None:
        security_event("staff_sign_in_slowed" if came.wait else "staff_sign_in_refused")
        return sign_in_page(sent, {"": REFUSED}, then, came.wait), 429 if came.wait else 403
    return enter(came.ticket, tenant.slug, then)


@pages.get(AGAIN)
@require(Act.SELF)
def again_form() -> Page:
    """The form that asks for a code once more."""
    return doors.again_page({}, rules.own_path(request.args.get("then", "")), waiting_forms.NOTHING)


@pages.post(AGAIN)
@require(Act.SELF, carries=True)
def again() -> Page:
    """The factor is fresh, and the page that asked for it comes next, or the form that waited for it goes on."""
    here, who, then = doors.ground(), doors.signed_in(), rules.own_path(request.form.get("then", ""))
    came = entering.again(
        here.db, here.keyring, who.organization_id, who.account_id, who.id, request.form.get("code", ""),
        peer.caller_network(), clock.now(),
    )  # fmt: skip
    if came.ticket is None:
        security_event("staff_factor_slowed" if came.wait else "staff_factor_refused")
        late = waiting_forms.came_back()
        return doors.again_page({"code": WRONG_CODE}, then, late, came.wait), 429 if came.wait else 403
    return carry_on(then)


@pages.post("/staff/sign-out")
@require(Act.SELF)
def sign_out() -> Page:
    """Signed out here; what the browser kept of these pages goes as well (OWASP ASVS 5.0, 14.3.1; S16)."""
    here, who, now = doors.ground(), doors.signed_in(), clock.now()

    def leave(tx: Tx) -> None:
        if sign_ins.end(tx, who.organization_id, who.account_id, who.id):
            told = {"account": str(who.account_id)}
            events.record(tx, here.keyring, who.organization_id, "staff.signed_out", told, now, name=who.name)

    here.db.write(leave, who.organization_id)
    answer = redirect(to(SIGN_IN), 303)
    sign_ins.take_back(answer)  # type: ignore[arg-type]
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def enter(ticket: sign_ins.Ticket, slug: str, then: str) -> Page:
    """The browser holds the sign-in and goes on; what a form before it knew is forgotten."""
    session.pop("csrf", None)
    session[REMEMBERED] = slug
    answer = redirect(to(then), 303)
    sign_ins.hand_out(answer, doors.ground().keyring, ticket)  # type: ignore[arg-type]
    return answer


def sign_in_page(sent: dict[str, Any], wrong: dict[str, str], then: str, wait: timedelta = timedelta(0)) -> str:
    """The form by which staff come in, with what was wrong and how long to wait."""
    with doors.ground().db.read() as tx:
        served = organizations.every(tx)
    if len(served) == 1:
        sent = sent | {"organization": served[0].slug}
    return doors.render(
        "staff/sign_in.html",
        sent=sent,
        wrong=wrong,
        then=then,
        organizations=served,
        wait=doors.minutes(wait),
        passkey=doors.passkey_question(),
        company=company.is_offered(),
    )


def carry_on(then: str) -> Page:
    """On to the page; or the form that waited is sent where it was meant for, by the browser and as it is (307).

    Of one that could not wait whole the rest is there again, and the page says what must be chosen or typed once more.
    """
    late = waiting_forms.came_back()
    if not late:
        return redirect(to(then), 303)
    if late.is_whole:
        return redirect(late.onward, 307)
    return doors.render("staff/once_more.html", late=late, then=then, names=ONCE_MORE)
