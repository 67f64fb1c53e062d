"""The way to the company's own sign-in and back, and the code where the provider asked for no second factor."""

from flask import Blueprint, redirect, request, session
from werkzeug.wrappers import Response

from consent import clock
from consent.db import Tx
from consent.errors import NotFound
from consent.organizations import service as organizations
from consent.staff import accounts, attempts, browsers, company, doors, entering, rules, sealing, sign_ins
from consent.staff.accounts import Account
from consent.staff.company import NotBelieved
from consent.staff.doors import SIGN_IN, open_to_anybody
from consent.staff.pages import REMEMBERED, WRONG_CODE, Page, sign_in_page
from consent.staff.sign_ins import Ticket
from consent.web import forms, peer
from consent.web.i18n import to
from consent.web.logs import security_event
from consent.web.messages import N_

GO, BACK, CODE = f"{SIGN_IN}/company", f"{SIGN_IN}/company/back", f"{SIGN_IN}/code"
REFUSED = N_("Your company's sign-in does not lead to an account here. Ask whoever manages the accounts.")
SILENT = N_("Your company's sign-in does not answer. Try again in a few minutes, or sign in with your password.")
NOT_OFFERED = N_("There is no other way to sign in here.")

pages = Blueprint("staff_company", __name__, template_folder="templates")


@pages.get(GO)
@open_to_anybody
def go() -> Page:
    """On the way to the provider."""
    if not company.is_offered():
        raise NotFound(NOT_OFFERED)
    asked = request.args.get("organization", "") or str(session.get(REMEMBERED, ""))
    then = rules.own_path(request.args.get("then", ""))
    try:
        return company.send_off(doors.ground().public_url + BACK, asked, then)
    except NotBelieved as error:
        return _refused(then, str(error), SILENT)


@pages.get(BACK)
@open_to_anybody
def back() -> Page:
    """Signed in, or half: then the code comes next. Whoever nobody knows here stays outside."""
    if not company.is_offered():
        raise NotFound(NOT_OFFERED)
    here, now = doors.ground(), clock.now()
    organization, then = session.pop(company.GOING, None) or ("", "")
    try:
        claims = company.believed()
    except NotBelieved as error:
        return _refused(then, str(error))
    with here.db.read() as tx:
        served = organizations.every(tx)
    among = [one.id for one in served if one.slug == organization] or [one.id for one in served]
    account = company.account_of(here.db, here.keyring, claims["email"], among)
    if account is None:
        return _refused(then, "no account")
    if not company.has_second_factor(claims):
        company.wait_for_factor(account, then, now)
        return _onward(CODE)
    return _enter(account, then)


@pages.get(CODE)
@open_to_anybody
def code_form() -> Page:
    """The form for the code of whoever came from the provider without a second factor."""
    return _code_page({}) if company.waiting(clock.now()) else redirect(to(SIGN_IN), 303)


@pages.post(CODE)
@open_to_anybody
def code() -> Page:
    """Signed in by the provider's word and our own second factor."""
    here, now = doors.ground(), clock.now()
    forms.check_form(here.public_url)
    half = company.waiting(now)
    if half is None:
        return redirect(to(SIGN_IN), 303)
    organization_id, account_id, then = half
    with here.db.read(organization_id) as tx:
        account = accounts.one(tx, here.keyring, organization_id, account_id)
    tag = sealing.email_tag(here.keyring, organization_id, account.email)
    who = attempts.who(here.keyring, organization_id, tag, peer.caller_network())
    wait = here.db.write(lambda tx: attempts.count(tx, who, now), organization_id)
    if wait:
        return _code_page({}, doors.minutes(wait)), 429
    shown = entering.second_factor(here.db, organization_id, account, request.form.get("code", ""), now)

    def use(tx: Tx) -> bool:
        if account.state != "active" or not entering.use(tx, account, shown):
            return False
        attempts.forgive(tx, who)
        return True

    if not here.db.write(use, organization_id):
        security_event("staff_factor_refused")
        return _code_page({"code": WRONG_CODE}), 403
    session.pop(company.HALF, None)
    return _enter(account, then)


def _enter(account: Account, then: str) -> Page:
    """The browser holds the sign-in; a page of our own leads on, because the cookie is for our own pages alone."""
    here, now = doors.ground(), clock.now()
    browser = browsers.name_of(request.headers.get("User-Agent", ""))
    ticket: Ticket = here.db.write(
        lambda tx: entering.begin(tx, here.keyring, account, browser, "company", now), account.organization_id
    )
    session.pop("csrf", None)
    answer = _onward(rules.own_path(then))
    sign_ins.hand_out(answer, here.keyring, ticket)  # type: ignore[arg-type]
    return answer


def _onward(path: str) -> Response:
    return Response(doors.render("staff/onward.html", onward=to(path)), mimetype="text/html")


def _code_page(wrong: dict[str, str], wait: int = 0) -> str:
    return doors.render("staff/code.html", wrong=wrong, wait=wait)


def _refused(then: str, why: str, said: str = REFUSED) -> Page:
    security_event("staff_company_refused", why=why)
    return sign_in_page({}, {"": said}, rules.own_path(then)), 403 if said == REFUSED else 503
