"""Deciding: the usual case with one button, anything else on a form with the closed list of grounds."""

import uuid

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from consent import clock
from consent.dashboard.requests import case_view, deciding, desk, naming, outcomes, proposal, refusing, speaking
from consent.dashboard.requests.case_pages import Shows
from consent.dashboard.requests.deciding import Row
from consent.dashboard.requests.desk import Seen
from consent.dashboard.requests.filters import LIST
from consent.dashboard.requests.proposal import Usual
from consent.db import Database
from consent.deadlines import zones
from consent.deadlines.zones import local_date
from consent.errors import BadInput, Conflict
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing
from consent.privacy_requests import casework, steps, types
from consent.privacy_requests.casework import Case, Changed, Outcome, holding
from consent.staff import accounts, doors
from consent.staff.roles import Act
from consent.web.i18n import to
from consent.web.messages import N_

NOT_SO_ANY_MORE = N_("What would usually be decided has changed meanwhile. Look at it again.")

Page = str | tuple[str, int] | Response


def add(pages: Blueprint, db: Database, keyring: Keyring, governing: Governing, show: Shows) -> None:
    """/staff/requests/<id>/decision, and …/usual-decision."""

    @pages.post(f"{LIST}/<uuid:request_id>/usual-decision")
    @doors.require(Act.REQUESTS_DECIDE)
    def accept(request_id: uuid.UUID) -> Page:
        case, usual = _case(request_id)
        if not usual.ready or request.form.get("digest") != usual.digest:
            return show(request_id, {"": NOT_SO_ANY_MORE}), 409
        try:
            _decide(case, usual, usual.outcomes)
        except Changed:
            return show(request_id, {}, since=desk.seen(request.form)), 409
        except (Conflict, BadInput) as error:
            return show(request_id, {"": refusing.said(error)}), error.status
        return redirect(to(f"{LIST}/{request_id}?done=decide"), 303)

    @pages.get(f"{LIST}/<uuid:request_id>/decision")
    @doors.require(Act.REQUESTS_DECIDE)
    def decision_form(request_id: uuid.UUID) -> Page:
        case, usual = _case(request_id)
        return _form(case, usual, deciding.rows(usual.every), {})

    @pages.post(f"{LIST}/<uuid:request_id>/decision")
    @doors.require(Act.REQUESTS_DECIDE)
    def decide(request_id: uuid.UUID) -> Page:
        case, usual = _case(request_id)
        organization = governing.at(case.organization_id, case.counts_from).rulebook.organization
        today = local_date(clock.now(), zones.zone(organization.zone))
        offered = [one.value for _, group in _choices(case, usual) for one in group]
        chosen, rows, wrong = deciding.read(request.form, usual.every, offered, today)
        if wrong:
            return _form(case, usual, rows, wrong), 422
        try:
            _decide(case, usual, chosen)
        except Changed:
            return _form(*_case(request_id), rows, {}, desk.seen(request.form)), 409
        except (Conflict, BadInput) as error:
            return _form(case, usual, rows, {_field(error.field, usual): refusing.said(error)}), error.status
        return redirect(to(f"{LIST}/{request_id}?done=decide"), 303)

    def _case(request_id: uuid.UUID) -> tuple[Case, Usual]:
        organization_id = doors.current().organization_id
        with db.read(organization_id) as tx:
            case = casework.load(tx, organization_id, request_id)
        rulebook = governing.at(organization_id, case.counts_from).rulebook
        return case, proposal.of(db, keyring, case, rulebook, clock.now())

    def _decide(case: Case, usual: Usual, chosen: tuple[Outcome, ...]) -> None:
        member, now = doors.current(), clock.now()
        work, by, seen = desk.of(governing, keyring, case), desk.hand(member), desk.seen(request.form)
        db.write(
            lambda tx: casework.decide(
                tx, work, case.id, by, now, chosen, categories=usual.categories, version=seen.version
            ),
            case.organization_id,
        )

    def _form(case: Case, usual: Usual, rows: tuple[Row, ...], wrong: dict[str, str], since: Seen | None = None) -> str:
        rulebook = governing.at(case.organization_id, case.counts_from).rulebook
        speaker = speaking.for_staff(rulebook.organization)
        with db.read(case.organization_id) as tx:
            newest = steps.last(tx, case.organization_id, case.id)
            names = {one.id: one.name for one in accounts.every(tx, keyring, case.organization_id)}
            changed = case_view.lines(tx, case, names, keyring, since.line) if since is not None else None
        groups = _choices(case, usual)
        return doors.render(
            "requests_desk/decision.html", case=case, rows=rows, wrong=wrong, groups=groups, naming=naming,
            values={one.value for _, group in groups for one in group}, counts=usual.held.counts, changed=changed,
            seen=newest.number if newest is not None else 0,
            holds=usual.holds, class_of=holding.category_of,
            category_name=lambda key: outcomes.category_name(key, speaker),
        )  # fmt: skip


def _choices(case: Case, usual: Usual) -> tuple[tuple[str, tuple[deciding.Choice, ...]], ...]:
    return deciding.choices(
        case.request_type, types.of(case.request_type).outcomes, usual.grounds, speaking.for_staff()
    )


def _field(category: str | None, usual: Usual) -> str:
    """The field of the class of data that an error names; empty for what belongs to none."""
    places = {one.category: number for number, one in enumerate(usual.every)}
    return f"what-{places[category]}" if category in places else ""
