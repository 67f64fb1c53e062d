"""Writing down what a correction is about: which field of which kind of data, what stands there, what shall."""

import uuid

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from consent import clock
from consent.dashboard.requests import changing, desk, naming, outcomes, refusing, speaking
from consent.dashboard.requests.case_pages import Shows
from consent.dashboard.requests.changing import Row
from consent.dashboard.requests.filters import LIST
from consent.db import Database
from consent.errors import BadInput, Conflict, NotFound
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing
from consent.privacy_requests import casework, steps, types
from consent.privacy_requests.answers import correcting
from consent.privacy_requests.casework import Case, Changed, Desk
from consent.privacy_requests.types import Doing
from consent.staff import doors
from consent.staff.roles import Act
from consent.web.i18n import to
from consent.web.messages import N_

NO_CORRECTION = N_("Nothing is written down for such a request.")

Page = str | tuple[str, int] | Response


def add(pages: Blueprint, db: Database, keyring: Keyring, governing: Governing, show: Shows) -> None:
    """/staff/requests/<id>/changes."""

    @pages.get(f"{LIST}/<uuid:request_id>/changes")
    @doors.require(Act.REQUESTS_DECIDE)
    def changes_form(request_id: uuid.UUID) -> Page:
        case, work, before = _case(request_id)
        return _form(case, work, changing.rows(before), {})

    @pages.post(f"{LIST}/<uuid:request_id>/changes")
    @doors.require(Act.REQUESTS_DECIDE)
    def write_changes(request_id: uuid.UUID) -> Page:
        case, work, before = _case(request_id)
        seen, by, now = desk.seen(request.form), desk.hand(doors.current()), clock.now()
        if seen.version != case.version:
            return show(request_id, {}, since=seen), 409
        changes, rows, wrong = changing.read(request.form, before, _categories(work))
        if wrong:
            return _form(case, work, rows, wrong), 422
        try:
            db.write(
                lambda tx: correcting.write_down(tx, work, request_id, by, now, changes, version=seen.version),
                case.organization_id,
            )
        except Changed:
            return show(request_id, {}, since=seen), 409
        except (Conflict, BadInput) as error:
            return _form(case, work, rows, {"": refusing.said(error)}), error.status
        return redirect(to(f"{LIST}/{request_id}?done=changes"), 303)

    def _case(request_id: uuid.UUID) -> tuple[Case, Desk, tuple[correcting.Change, ...]]:
        organization_id = doors.current().organization_id
        with db.read(organization_id) as tx:
            case = casework.load(tx, organization_id, request_id)
            work = desk.of(governing, keyring, case)
            before = correcting.of(tx, work, case)
        if types.of(case.request_type).doing is not Doing.CORRECT:
            raise NotFound(NO_CORRECTION)
        return case, work, before

    def _form(case: Case, work: Desk, rows: tuple[Row, ...], wrong: dict[str, str]) -> str:
        speaker = speaking.for_staff(work.rulebook.organization)
        with db.read(case.organization_id) as tx:
            newest = steps.last(tx, case.organization_id, case.id)
        named = [(key, outcomes.category_name(key, speaker)) for key in _categories(work)]
        return doors.render(
            "requests_desk/changes.html", case=case, rows=rows, wrong=wrong, naming=naming,
            categories=sorted(named, key=lambda one: one[1].casefold()),
            seen=newest.number if newest is not None else 0,
            emergencies=correcting.in_emergencies(work.rulebook, {correcting.LOCATION: [correcting.LOCATION]}),
        )  # fmt: skip


def _categories(work: Desk) -> list[str]:
    """The kinds of data of this organization, by its own words."""
    return [one.key for one in work.rulebook.organization.data_categories]
