"""The page behind an invitation: a password, an app for codes, and ten codes for the day the telephone is lost."""

from flask import Blueprint, make_response, request
from werkzeug.wrappers import Response

from consent import clock
from consent.db import Tx
from consent.errors import NotFound
from consent.organizations import service as organizations
from consent.staff import accounts, browsers, doors, entering, invitations, one_time, passwords, recovery, sign_ins
from consent.staff.accounts import Account
from consent.staff.doors import open_to_anybody
from consent.staff.invitations import GONE, Chosen, Link
from consent.staff.pages import EMPTY, WRONG_CODE
from consent.staff.sign_ins import Ticket
from consent.web import forms, qr
from consent.web.messages import N_

FIELDS = ("password", "again", "code")
NOT_THE_SAME = N_("The two passwords are not the same.")

pages = Blueprint("staff_joining", __name__, template_folder="templates")

Page = str | tuple[str, int] | Response


@pages.get("/staff/join/<text>")
@open_to_anybody
def form(text: str) -> Page:
    """The form; looking at it uses nothing up."""
    link = invitations.link_of(text)
    account, organization = _account(link)
    return _form(link, account, organization, {})


@pages.post("/staff/join/<text>")
@open_to_anybody
def join(text: str) -> Page:
    """The account is in use and somebody is signed in; the recovery codes are shown, this once."""
    here, now = doors.ground(), clock.now()
    forms.check_form(here.public_url)
    link = invitations.link_of(text)
    account, organization = _account(link)
    secret = invitations.secret_of(here.keyring, link)
    password, step = request.form.get("password", ""), one_time.step_of(secret, request.form.get("code", ""), now)
    wrong = wrong_passwords(account, organization) | ({} if step is not None else {"code": WRONG_CODE})
    if wrong or step is None:
        return _form(link, account, organization, forms.in_order(wrong, FIELDS)), 422
    codes = recovery.new_codes()
    chosen = Chosen(passwords.hashed(password), secret, step, recovery.hashes_of(codes))
    browser = browsers.name_of(request.headers.get("User-Agent", ""))

    def work(tx: Tx) -> Ticket:
        joined = invitations.redeem(tx, here.keyring, link, chosen, now)
        return entering.begin(tx, here.keyring, joined, browser, "app", now)

    return shown_once(codes, here.db.write(work, link.organization_id))


def wrong_passwords(account: Account, organization: str) -> dict[str, str]:
    """What is wrong with the new password of this form, by field."""
    password, again = request.form.get("password", ""), request.form.get("again", "")
    if not password:
        return {"password": EMPTY}
    why_not = passwords.why_not(password, (account.name, account.email, organization))
    wrong = {"password": why_not} if why_not is not None else {}
    return wrong if password == again else wrong | {"again": NOT_THE_SAME}


def shown_once(codes: tuple[str, ...], ticket: Ticket | None = None) -> Response:
    """The page of recovery codes; it answers the form itself, because the codes are kept nowhere."""
    answer = make_response(doors.render("staff/recovery_codes.html", codes=codes))
    if ticket is not None:
        sign_ins.hand_out(answer, doors.ground().keyring, ticket)
    return answer


def organization_name(account: Account) -> str:
    """Whose account it is, as people say it."""
    with doors.ground().db.read() as tx:
        return next((one.name for one in organizations.every(tx) if one.id == account.organization_id), "")


def picture(account: Account, organization: str, secret: str) -> dict[str, object]:
    """What the app takes: a code for the camera, and the same to type."""
    told = one_time.shown(secret, account.email, organization)
    return {"app": told, "code": qr.code(told.uri)}


def _account(link: Link) -> tuple[Account, str]:
    here = doors.ground()
    if link.organization_id not in here.keyring.organizations():
        raise NotFound(GONE)
    with here.db.read(link.organization_id) as tx:
        account: accounts.Account = invitations.read(tx, here.keyring, link, clock.now())
    return account, organization_name(account)


def _form(link: Link, account: Account, organization: str, wrong: dict[str, str]) -> str:
    secret = invitations.secret_of(doors.ground().keyring, link)
    return doors.render(
        "staff/join.html", link=link, account=account, organization=organization, wrong=wrong,
        **picture(account, organization, secret),
    )  # fmt: skip
