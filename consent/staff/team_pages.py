"""Accounts of the organization: who there is, inviting somebody, another role, disabling."""

from uuid import UUID

from flask import Blueprint, redirect, request

from consent import clock
from consent.db import Tx
from consent.errors import BadInput, Conflict
from consent.staff import accounts, doors, letters, team
from consent.staff.accounts import Account
from consent.staff.doors import require
from consent.staff.invitations import Link
from consent.staff.joining_pages import organization_name
from consent.staff.pages import EMPTY, Page
from consent.staff.roles import MAY, NAMES, Act, Role, may
from consent.subjects.addresses import of_person
from consent.web import forms
from consent.web.i18n import LANGUAGES, page_language, to
from consent.web.messages import N_

LIST = "/staff/team"
LONGEST = {"name": 100, "email": 320, "role": 20, "language": 8}
TOO_LONG = N_("This is too long.")
NO_CHOICE = N_("Choose one of these.")
STATES = {"invited": N_("Invited"), "active": N_("In use"), "disabled": N_("Disabled")}

pages = Blueprint("staff_team", __name__, template_folder="templates")


@pages.get(LIST)
@require(Act.STAFF_SEE)
def listing() -> Page:
    """Every account."""
    here, who = doors.ground(), doors.current()
    with here.db.read(who.organization_id) as tx:
        found = accounts.every(tx, here.keyring, who.organization_id)
    return doors.render(
        "staff/team.html", found=found, roles=NAMES, states=STATES, may_manage=may(who.role, Act.STAFF_MANAGE)
    )


@pages.get(f"{LIST}/new")
@require(Act.STAFF_MANAGE, fresh=True)
def form() -> Page:
    """The form by which somebody is invited; no role is chosen before somebody chooses."""
    return _form({"language": page_language()}, {})


@pages.post(LIST)
@require(Act.STAFF_MANAGE, fresh=True)
def invite() -> Page:
    """The account exists, and its invitation waits in the outbox."""
    here, now, me = doors.ground(), clock.now(), _me()
    sent = {
        name: forms.typed(name, most) for name, most in (("name", 100), ("email", 320), ("role", 20), ("language", 8))
    }
    said = {name: value or "" for name, value in sent.items()}
    wrong = _wrong(sent)
    if wrong:
        return _form(said, forms.in_order(wrong, tuple(LONGEST))), 422
    letter = letters.invitation(organization_name(me), said["name"], said["language"], me.name)

    def work(tx: Tx) -> None:
        link = team.invite(
            tx, here.keyring, me.organization_id, email=said["email"], name=said["name"], role=Role(said["role"]),
            language=said["language"], by=me.name, source="staff", now=now,
        )  # fmt: skip
        letters.send(tx, here.keyring, me.organization_id, said["email"], letter, link, here.public_url, now)

    try:
        here.db.write(work, me.organization_id)
    except Conflict as error:
        return _form(said, {error.field or "email": error.detail}), 422
    return redirect(to(LIST), 303)


@pages.get(f"{LIST}/<uuid:account>")
@require(Act.STAFF_SEE)
def one(account: UUID) -> Page:
    """One account, and what an administrator may do with it."""
    here, who = doors.ground(), doors.current()
    with here.db.read(who.organization_id) as tx:
        found = accounts.one(tx, here.keyring, who.organization_id, account)
    acts = [act.value for act in Act if found.role in MAY[act]]
    manage = may(who.role, Act.STAFF_MANAGE) and found.id != who.id
    return doors.render("staff/member.html", found=found, roles=NAMES, states=STATES, acts=acts, may_manage=manage)


@pages.post(f"{LIST}/<uuid:account>/role")
@require(Act.STAFF_MANAGE, fresh=True)
def role(account: UUID) -> Page:
    """The account has another role."""
    here, now, me = doors.ground(), clock.now(), _me()
    chosen = _role(request.form.get("role", ""))
    if chosen is None:
        raise BadInput(NO_CHOICE, field="role")
    here.db.write(
        lambda tx: team.give_role(tx, here.keyring, me.organization_id, account, chosen, me, now), me.organization_id
    )
    return redirect(to(f"{LIST}/{account}"), 303)


@pages.post(f"{LIST}/<uuid:account>/state")
@require(Act.STAFF_MANAGE, fresh=True)
def state(account: UUID) -> Page:
    """The account is disabled, or may be used again."""
    here, now, me = doors.ground(), clock.now(), _me()
    acts = {"disable": team.disable, "enable": team.enable}
    act = acts.get(request.form.get("state", ""))
    if act is None:
        raise BadInput(NO_CHOICE, field="state")
    here.db.write(lambda tx: act(tx, here.keyring, me.organization_id, account, me, now), me.organization_id)
    return redirect(to(f"{LIST}/{account}"), 303)


@pages.post(f"{LIST}/<uuid:account>/invitation")
@require(Act.STAFF_MANAGE, fresh=True)
def invite_again(account: UUID) -> Page:
    """A new link is on its way to them; the one before opens nothing."""
    here, now, me = doors.ground(), clock.now(), _me()
    with here.db.read(me.organization_id) as tx:
        found = accounts.one(tx, here.keyring, me.organization_id, account)
    letter = letters.invitation(organization_name(me), found.name, found.language, me.name)

    def work(tx: Tx) -> None:
        link: Link = team.invite_again(
            tx, here.keyring, me.organization_id, account, by=me.name, source="staff", now=now
        )
        letters.send(tx, here.keyring, me.organization_id, found.email, letter, link, here.public_url, now)

    here.db.write(work, me.organization_id)
    return redirect(to(f"{LIST}/{account}"), 303)


def _me() -> Account:
    here, who = doors.ground(), doors.signed_in()
    with here.db.read(who.organization_id) as tx:
        return accounts.one(tx, here.keyring, who.organization_id, who.account_id)


def _wrong(sent: dict[str, str | None]) -> dict[str, str]:
    """What is wrong in the form of an invitation, by field."""
    wrong = {name: TOO_LONG for name, value in sent.items() if value is None}
    wrong |= {name: EMPTY for name in ("name", "email") if sent[name] == ""}
    wrong |= {} if _role(sent["role"] or "") is not None else {"role": NO_CHOICE}
    wrong |= {} if sent["language"] in LANGUAGES else {"language": NO_CHOICE}
    if "email" not in wrong:
        try:
            of_person("email", sent["email"] or "")
        except BadInput as error:
            wrong["email"] = error.detail
    return wrong


def _role(text: str) -> Role | None:
    return Role(text) if text in set(Role) else None


def _form(sent: dict[str, str], wrong: dict[str, str]) -> str:
    return doors.render("staff/invite.html", sent=sent, wrong=wrong, roles=NAMES, languages=LANGUAGES)
