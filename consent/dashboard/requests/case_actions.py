"""The buttons of a request's page: each is one verb, on the version that was shown, and leads back to the page."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from flask import Blueprint, redirect, request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.wrappers import Response

from consent import clock
from consent.dashboard import looks
from consent.dashboard.requests import desk, refusing
from consent.dashboard.requests.case_pages import Shows
from consent.dashboard.requests.filters import LIST
from consent.dashboard.requests.letters import filling
from consent.dashboard.requests.step_facts import METHODS, SHOWN
from consent.dashboard.seats import seat
from consent.db import Database, Tx
from consent.errors import BadInput, Conflict
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing
from consent.policies.staff_settings import ADDRESSES
from consent.privacy_requests import casework, types
from consent.privacy_requests.casework import Case, Changed, Desk, Hand, checklist, holding, outcomes
from consent.privacy_requests.moves import NotNow
from consent.privacy_requests.steps import timeline
from consent.privacy_requests.tasks import people
from consent.retention import on_requests
from consent.staff import accounts, approvals, doors
from consent.staff.looking import NotAllowed
from consent.staff.roles import Act
from consent.staff.unmasking import unmask
from consent.web.i18n import to
from consent.web.messages import N_

NO_COLLEAGUE = N_("There is no such colleague who works on requests.")
NOT_BY_HAND = N_("This closes by itself, once every system has answered with its receipt.")
Page = str | tuple[str, int] | Response
Form = ImmutableMultiDict[str, str]


@dataclass(frozen=True, slots=True)
class Press:
    """A button that was pressed: by whom, when, on which version, and what its form said."""

    request_id: uuid.UUID
    by: Hand
    now: datetime
    version: int
    form: Form

    def said(self, name: str) -> str:
        """What was written into a field, without what nobody sees."""
        return filling.plain(self.form.get(name, ""))[:2000]


class Verb(Protocol):
    """What a button does."""

    def __call__(self, tx: Tx, work: Desk, press: Press, /) -> object: ...


def add(pages: Blueprint, db: Database, keyring: Keyring, governing: Governing, show: Shows) -> None:
    """/staff/requests/<id>/…, each a noun for its verb."""

    def press(
        noun: str, act: Act, verb: Verb, done: str, *, fresh: bool = False, several: tuple[str, ...] = ()
    ) -> None:
        def pressed(request_id: uuid.UUID) -> Page:
            member, now = doors.current(), clock.now()
            with db.read(member.organization_id) as tx:
                case = casework.load(tx, member.organization_id, request_id)
            work, seen = desk.of(governing, keyring, case), desk.seen(request.form)
            if noun == "reopening":  # it begins anew, by the rules of today
                in_force = governing.now(member.organization_id, now)
                work = Desk(keyring, in_force.log, in_force.rulebook)
            one = Press(request_id, desk.hand(member), now, seen.version, request.form)
            try:
                db.write(lambda tx: verb(tx, work, one), member.organization_id)
            except Changed:
                return show(request_id, {}, since=seen), 409
            except (Conflict, BadInput) as error:
                return show(request_id, refusing.wrong(error)), error.status
            return redirect(to(f"{LIST}/{request_id}?done={done}"), 303)

        view = doors.require(act, fresh=fresh, several=several)(pressed)
        pages.add_url_rule(f"{LIST}/<uuid:request_id>/{noun}", noun.replace("/", "_"), view, methods=["POST"])

    press("assignment", Act.REQUESTS_DECIDE, _assign, "assign")
    press("verification", Act.REQUESTS_DECIDE, _verify, "verify", several=("methods", "shown"))
    press("checks", Act.REQUESTS_DECIDE, _check, "check")
    press("resumption", Act.REQUESTS_DECIDE, _resume, "resume")

    def approve(tx: Tx, work: Desk, one: Press) -> object:
        organization_id = work.log.organization_id
        rulebook = governing.now(organization_id, one.now).rulebook
        case = casework.load(tx, organization_id, one.request_id)
        names = {holding.category_of(each.outcome.category) for each in outcomes.of(tx, organization_id, case.id)}
        return casework.approve(
            tx, work, one.request_id, one.by, one.now, version=one.version,
            streams=people.histories(tx, keyring, organization_id, one.request_id),
            ripe_at=approvals.ripe_at(tx, rulebook.organization, organization_id, one.now),
            held=on_requests.held(tx, keyring, rulebook, case, names, one.now),
        )  # fmt: skip

    press("approval", Act.REQUESTS_APPROVE, approve, "approve", fresh=True)
    press("return", Act.REQUESTS_APPROVE, _send_back, "return")
    press("withdrawal", Act.REQUESTS_DECIDE, _revoke, "revoke")
    press("reopening", Act.REQUESTS_DECIDE, _reopen, "reopen")
    press("closing", Act.REQUESTS_DECIDE, _close, "close")

    @pages.post(f"{LIST}/<uuid:request_id>/address")
    @doors.require(Act.PEOPLE_UNMASK)
    def address(request_id: uuid.UUID) -> Page:
        """The whole address, on this one answer; that it was looked at is on record."""
        here, why = seat(governing), filling.plain(request.form.get("why", ""))
        with db.read(here.organization_id) as tx:
            contact = casework.load(tx, here.organization_id, request_id).contact_point_id
        try:
            look = looks.ask(db, keyring, here, ADDRESSES, contact)
            shown = db.write(
                lambda tx: unmask(tx, keyring, here.log, here.member, contact, look, why, here.now),
                here.organization_id,
            )
        except (BadInput, NotAllowed) as error:
            return show(request_id, refusing.wrong(error, "why")), error.status
        return show(request_id, {}, shown_address=shown)


def _assign(tx: Tx, work: Desk, press: Press) -> object:
    asked = press.form.get("to", "me")
    member_id = press.by.member_id
    if asked == "nobody":
        member_id = None
    elif asked != "me":
        everybody = accounts.every(tx, work.keyring, work.log.organization_id)
        known = {str(one.id): one.id for one in desk.at_work(everybody)}
        if asked not in known:
            raise BadInput(NO_COLLEAGUE, field="to")
        member_id = known[asked]
    return casework.assign(tx, work, press.request_id, press.by, press.now, member_id, version=press.version)


def _verify(tx: Tx, work: Desk, press: Press) -> object:
    methods = [one for one in press.form.getlist("methods") if one in METHODS]
    shown = [one for one in press.form.getlist("shown") if one in SHOWN]
    return casework.verify(tx, work, press.request_id, press.by, press.now, methods, shown=shown, version=press.version)


def _check(tx: Tx, work: Desk, press: Press) -> object:
    item = press.form.get("item", "")
    case = casework.load(tx, work.log.organization_id, press.request_id)
    checklist.refuse_too_early(work.rulebook, case, timeline(tx, case.organization_id, case.id), item)
    return casework.check(tx, work, press.request_id, press.by, press.now, item, note=press.said("note") or None,
                          version=press.version)  # fmt: skip


def _resume(tx: Tx, work: Desk, press: Press) -> object:
    return casework.resume(tx, work, press.request_id, press.by, press.now, version=press.version)


def _send_back(tx: Tx, work: Desk, press: Press) -> object:
    why = _why(press, "return-why")
    return casework.send_back(tx, work, press.request_id, press.by, press.now, why, version=press.version)


def _revoke(tx: Tx, work: Desk, press: Press) -> object:
    why = _why(press, "withdrawal-why")  # nothing ends on one press: how it is known that the person wants it no more
    return casework.revoke(tx, work, press.request_id, press.by, press.now, words=why, version=press.version)


def _reopen(tx: Tx, work: Desk, press: Press) -> object:
    why = _why(press, "reopen-why")
    return casework.reopen(tx, work, press.request_id, press.by, press.now, why, version=press.version)


def _close(tx: Tx, work: Desk, press: Press) -> object:
    """What a person answers in words is over when they say so; what systems carry out closes by their receipts."""
    case: Case = casework.take(tx, work, press.request_id, press.version)
    if not types.of(case.request_type).in_words:
        raise NotNow(NOT_BY_HAND)
    return casework.fulfil(tx, work, press.request_id, press.by, press.now)


def _why(press: Press, field: str) -> str:
    """What stands in this form of the page, which asks for a reason as others there do."""
    why = press.said("why")
    if len(why) < 3:
        raise BadInput(N_("Say why, in a few words."), field=field)
    return why
