"""Passkeys at the pages: signing in with one, showing one again, adding and removing them."""

from uuid import UUID

from flask import Blueprint, request

from consent import clock
from consent.db import Tx
from consent.errors import NotFound
from consent.organizations import service as organizations
from consent.staff import accounts, browsers, doors, entering, passkeys, rules, sign_ins, waiting_forms
from consent.staff.account_pages import HERE, go_on, mine, only_here
from consent.staff.accounts import Account
from consent.staff.doors import AGAIN, SIGN_IN, open_to_anybody, require
from consent.staff.pages import Page, carry_on, enter, sign_in_page
from consent.staff.passkeys import REFUSED, Shown, Site
from consent.staff.roles import Act
from consent.staff.sign_ins import Ticket
from consent.web import forms
from consent.web.logs import security_event
from consent.web.messages import N_

FALLBACK = N_("Passkey")

pages = Blueprint("staff_passkeys", __name__, template_folder="templates")


@pages.post(f"{SIGN_IN}/passkey")
@open_to_anybody
def sign_in() -> Page:
    """Signed in by a passkey alone, or the form again."""
    here, now = doors.ground(), clock.now()
    forms.check_form(here.public_url)
    then, answer = rules.own_path(request.form.get("then", "")), request.form.get("credential", "")
    owner = passkeys.said_owner(answer)
    account, shown = _shown(answer, owner) if owner is not None else (None, None)
    if account is None or shown is None or account.state != "active":
        return _refused(then)
    browser, known, found = browsers.name_of(request.headers.get("User-Agent", "")), account, shown

    def work(tx: Tx) -> Ticket | None:
        if not passkeys.use(tx, known.organization_id, found, now):
            return None
        return entering.begin(tx, here.keyring, known, browser, "passkey", now)

    ticket = here.db.write(work, known.organization_id)
    if ticket is None:
        return _refused(then)
    with here.db.read() as tx:
        slug = next(one.slug for one in organizations.every(tx) if one.id == known.organization_id)
    return enter(ticket, slug, then)


@pages.post(f"{AGAIN}/passkey")
@require(Act.SELF, carries=True)
def again() -> Page:
    """The factor is fresh by a passkey of whoever is signed in."""
    here, who, now = doors.ground(), doors.signed_in(), clock.now()
    then, answer = rules.own_path(request.form.get("then", "")), request.form.get("credential", "")
    _, shown = _shown(answer, (who.organization_id, who.account_id))

    def work(tx: Tx) -> bool:
        if shown is None or not passkeys.use(tx, who.organization_id, shown, now):
            return False
        sign_ins.factor_shown(tx, who.organization_id, who.id, now)
        return True

    if not here.db.write(work, who.organization_id):
        security_event("staff_passkey_refused")
        return doors.again_page({"": REFUSED}, then, waiting_forms.came_back()), 403
    return carry_on(then)


@pages.get(f"{HERE}/passkeys")
@require(Act.SELF, fresh=True)
def form() -> Page:
    """The passkeys there are, and the form that makes one more."""
    here, now, account = doors.ground(), clock.now(), mine()
    with here.db.read(account.organization_id) as tx:
        known = passkeys.of_account(tx, account.organization_id, account.id)
    site, options = Site.of(here.public_url), None
    if site is not None:
        owner = passkeys.owner_of(account.organization_id, account.id)
        options = passkeys.making(site, owner, account.email, account.name, known, passkeys.ask(now))
    return doors.render("staff/passkeys.html", passkeys=known, options=options)


@pages.post(f"{HERE}/passkeys")
@require(Act.SELF, fresh=True)
def add() -> Page:
    """The passkey opens the account; signed out everywhere but here."""
    here, now, account = doors.ground(), clock.now(), mine()
    question, _ = passkeys.asked(now)
    site = _site()
    new = passkeys.made(site, request.form.get("credential", ""), question)
    name, begin = forms.typed("name", 60) or FALLBACK, only_here(account, "staff.factor_changed")

    def work(tx: Tx) -> Ticket:
        passkeys.keep(tx, account.organization_id, account.id, new, name, now)
        return begin(tx)

    return go_on(here.db.write(work, account.organization_id))


@pages.post(f"{HERE}/passkeys/<uuid:passkey>")
@require(Act.SELF, fresh=True)
def remove(passkey: UUID) -> Page:
    """The passkey opens nothing any more; signed out everywhere but here."""
    here, account = doors.ground(), mine()
    begin = only_here(account, "staff.factor_changed")

    def work(tx: Tx) -> Ticket:
        if not passkeys.remove(tx, account.organization_id, account.id, passkey):
            raise NotFound(N_("There is no such passkey."))
        return begin(tx)

    return go_on(here.db.write(work, account.organization_id))


def _shown(answer: str, owner: tuple[UUID, UUID]) -> tuple[Account | None, Shown | None]:
    """The account of this owner, and which of its passkeys gave the answer to the question in the session."""
    here = doors.ground()
    question, asked_at = passkeys.asked(clock.now())
    organization_id, account_id = owner
    if organization_id not in here.keyring.organizations():
        return None, None
    with here.db.read(organization_id) as tx:
        account = accounts.by_id(tx, here.keyring, organization_id, account_id)
        known = passkeys.of_account(tx, organization_id, account_id)
    return account, passkeys.shown(_site(), answer, question, asked_at, known)


def _site() -> Site:
    site = Site.of(doors.ground().public_url)
    if site is None:
        raise NotFound(N_("Passkeys need a host with a name."))
    return site


def _refused(then: str) -> Page:
    security_event("staff_passkey_refused")
    return sign_in_page({}, {"": REFUSED}, then), 403
