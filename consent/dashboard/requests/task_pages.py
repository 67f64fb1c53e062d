"""What each system was told to do for a request: confirmed by hand where nobody else can, or tried once more."""

import uuid

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from consent import clock
from consent.dashboard.requests import refusing
from consent.dashboard.requests.case_pages import Shows
from consent.dashboard.requests.filters import LIST
from consent.dashboard.requests.letters import filling
from consent.db import Database, Tx
from consent.errors import BadInput, Conflict
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing
from consent.privacy_requests import casework
from consent.privacy_requests.tasks import service as tasks
from consent.retention import confirming
from consent.staff import doors
from consent.staff.roles import Act
from consent.web.i18n import to
from consent.web.messages import N_

NO_COUNT = N_("Say how many records it was, as a number.")

Page = str | tuple[str, int] | Response


def add(pages: Blueprint, db: Database, keyring: Keyring, governing: Governing, show: Shows) -> None:
    """/staff/requests/<id>/tasks/<task>/…"""

    @pages.post(f"{LIST}/<uuid:request_id>/tasks/<uuid:task_id>/confirmation")
    @doors.require(Act.TASKS_CONFIRM)
    def confirm(request_id: uuid.UUID, task_id: uuid.UUID) -> Page:
        member, now = doors.current(), clock.now()
        told = request.form.get("told", "")
        words, count = filling.plain(request.form.get("words", "")), request.form.get("count", "").strip()
        if not (count.isascii() and count.isdigit() and len(count) < 8):
            return show(request_id, {"": NO_COUNT}), 422

        def work(tx: Tx) -> None:
            case = casework.load(tx, member.organization_id, request_id)
            rulebook = governing.now(member.organization_id, now).rulebook
            confirming.confirm(
                tx, keyring, rulebook, case, task_id, member.id, member.name, words, int(count), now, told=told
            )

        try:
            db.write(work, member.organization_id)
        except (BadInput, Conflict) as error:
            return show(request_id, {"": refusing.said(error)}), error.status
        return redirect(to(f"{LIST}/{request_id}?done=task"), 303)

    @pages.post(f"{LIST}/<uuid:request_id>/tasks/<uuid:task_id>/another-try")
    @doors.require(Act.TASKS_CONFIRM)
    def again(request_id: uuid.UUID, task_id: uuid.UUID) -> Page:
        member, now = doors.current(), clock.now()

        def work(tx: Tx) -> None:
            confirming.one_of(tx, casework.load(tx, member.organization_id, request_id), task_id)
            tasks.try_again(tx, task_id, now)

        db.write(work, member.organization_id)
        return redirect(to(f"{LIST}/{request_id}?done=again"), 303)
