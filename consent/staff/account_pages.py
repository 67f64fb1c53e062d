"""One's own account: where one is signed in, the password, the app, the recovery codes."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from consent import clock
from consent.db import Tx
from consent.deadlines import zones
from consent.errors import NotFound
from consent.organizations import service as organizations
from consent.staff import (
    accounts,
    attempts,
    browsers,
    doors,
    entering,
    events,
    one_time,
    passwords,
    recovery,
    rules,
    sealing,
    sign_ins,
)
from consent.staff.accounts import Account
from consent.staff.doors import require
from consent.staff.joining_pages import organization_name, picture, shown_once, wrong_passwords
from consent.staff.pages import WRONG_CODE, Page
from consent.staff.roles import NAMES, Act
from consent.staff.sign_ins import Ticket
from consent.web import forms, peer
from consent.web.i18n import at_in_words, to
from consent.web.messages import N_

HERE = "/staff/account"
WRONG_PASSWORD = N_("This is not your password.")
SLOWED = N_("Too many tries. Wait a few minutes.")
FIELDS = ("now", "password", "again")

pages = Blueprint("staff_account", __name__, template_folder="templates")


@pages.get(HERE)
@require(Act.SELF)
def show() -> Page:
    """What the account holds, and every browser at which it is signed in."""
    here, who, now = doors.ground(), doors.signed_in(), clock.now()
    with here.db.read(who.organization_id) as tx:
        account = accounts.one(tx, here.keyring, who.organization_id, who.account_id)
        places = sign_ins.of_account(tx, who.organization_id, who.account_id, now - rules.ABSOLUTE)
        left = recovery.left(tx, who.organization_id, who.account_id)
        tenant = next(one for one in organizations.every(tx) if one.id == who.organization_id)
    zone = zones.zone(tenant.zone)
    return doors.render(
        "staff/account.html", account=account, places=places, left=left, role=NAMES[account.role], this=who.id,
        organization=tenant.name, at=lambda moment: at_in_words(moment, zone),
    )  # fmt: skip


@pages.post(f"{HERE}/sign-ins/<uuid:place>")
@require(Act.SELF)
def end(place: UUID) -> Page:
    """Signed out at that browser."""
    here, who, now = doors.ground(), doors.signed_in(), clock.now()

    def work(tx: Tx) -> None:
        if not sign_ins.end(tx, who.organization_id, who.account_id, place):
            raise NotFound(N_("There is no such sign-in."))
        told = {"account": str(who.account_id)}
        events.record(tx, here.keyring, who.organization_id, "staff.signed_out", told, now, name=who.name)

    here.db.write(work, who.organization_id)
    return redirect(to(HERE), 303)


@pages.get(f"{HERE}/password")
@require(Act.SELF, fresh=True)
def password_form() -> Page:
    """The form of a new password."""
    return doors.render("staff/password.html", wrong={})


@pages.post(f"{HERE}/password")
@require(Act.SELF, fresh=True)
def change_password() -> Page:
    """The new password holds; signed out everywhere but here (S34)."""
    here, now, account = doors.ground(), clock.now(), mine()
    tag = sealing.email_tag(here.keyring, account.organization_id, account.email)
    counted = attempts.who(here.keyring, account.organization_id, tag, peer.caller_network())
    if here.db.write(lambda tx: attempts.count(tx, counted, now), account.organization_id):
        return doors.render("staff/password.html", wrong={"now": SLOWED}), 429
    wrong = wrong_passwords(account, organization_name(account))
    if not passwords.matches(account.password_hash, request.form.get("now", "")):
        wrong = {"now": WRONG_PASSWORD} | wrong
    if wrong:
        return doors.render("staff/password.html", wrong=forms.in_order(wrong, FIELDS)), 422
    hashed, begin = passwords.hashed(request.form["password"]), only_here(account, "staff.password_changed")

    def work(tx: Tx) -> Ticket:
        attempts.forgive(tx, counted)
        accounts.set_password(tx, account.organization_id, account.id, hashed)
        return begin(tx)

    return go_on(here.db.write(work, account.organization_id))


@pages.get(f"{HERE}/app")
@require(Act.SELF, fresh=True)
def app_form() -> Page:
    """The picture for another app or telephone; looking changes nothing."""
    return _app_page(mine(), {})


@pages.post(f"{HERE}/app")
@require(Act.SELF, fresh=True)
def change_app() -> Page:
    """The codes of the new app count and those of the old one no more; signed out everywhere but here."""
    here, now, account = doors.ground(), clock.now(), mine()
    secret = _next_secret(account)
    step = one_time.step_of(secret, request.form.get("code", ""), now)
    if step is None:
        return _app_page(account, {"code": WRONG_CODE}), 422
    begin = only_here(account, "staff.factor_changed")

    def work(tx: Tx) -> Ticket:
        accounts.set_totp(tx, here.keyring, account.organization_id, account.id, secret)
        accounts.use_step(tx, account.organization_id, account.id, step)
        return begin(tx)

    return go_on(here.db.write(work, account.organization_id))


@pages.post(f"{HERE}/recovery-codes")
@require(Act.SELF, fresh=True)
def new_codes() -> Page:
    """Ten new codes, shown this once; the ones before open nothing."""
    here, account = doors.ground(), mine()
    codes = recovery.new_codes()
    hashes, begin = recovery.hashes_of(codes), only_here(account, "staff.factor_changed")

    def work(tx: Tx) -> Ticket:
        recovery.keep(tx, account.organization_id, account.id, hashes)
        return begin(tx)

    return shown_once(codes, here.db.write(work, account.organization_id))


def mine() -> Account:
    """The account of whoever has sent this."""
    here, who = doors.ground(), doors.signed_in()
    with here.db.read(who.organization_id) as tx:
        return accounts.one(tx, here.keyring, who.organization_id, who.account_id)


def only_here(account: Account, event: str) -> Callable[[Tx], Ticket]:
    """What ends every sign-in of the account and begins a new one at this browser; to be called on the way in."""
    keyring, now = doors.ground().keyring, clock.now()
    browser = browsers.name_of(request.headers.get("User-Agent", ""))

    def work(tx: Tx) -> Ticket:
        told = {"account": str(account.id)}
        events.record(tx, keyring, account.organization_id, event, told, now, name=account.name)
        sign_ins.end_all(tx, account.organization_id, account.id)
        return entering.begin(tx, keyring, account, browser, "app", now)

    return work


def go_on(ticket: Ticket) -> Response:
    answer = redirect(to(HERE), 303)
    sign_ins.hand_out(answer, doors.ground().keyring, ticket)  # type: ignore[arg-type]
    return answer


def _next_secret(account: Account) -> str:
    """The secret after the one in use; the same at every look, so that a slip costs nothing."""
    keyring, seed = doors.ground().keyring, f"{account.id}|{account.totp_secret}"
    return one_time.secret_from(sealing.tag(keyring, account.organization_id, "next-app", seed))


def _app_page(account: Account, wrong: dict[str, str]) -> str:
    organization = organization_name(account)
    return doors.render("staff/new_app.html", wrong=wrong, **picture(account, organization, _next_secret(account)))
