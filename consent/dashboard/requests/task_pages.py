"""What each system was told to do for a request: confirmed by hand where nobody else can, or tried once more."""

import uuid
from datetime import datetime

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from consent import clock
from consent.dashboard.requests import refusing
from consent.dashboard.requests.case_pages import Shows
from consent.dashboard.requests.filters import LIST
from consent.dashboard.requests.letters import filling
from consent.db import Database, Tx
from consent.errors import BadInput, Conflict, Filled, NotFound
from consent.gateways.stores.base import Action
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing
from consent.policies.rulebook import Rulebook
from consent.privacy_requests import casework
from consent.privacy_requests.casework import Case, holding
from consent.privacy_requests.tasks import service as tasks
from consent.privacy_requests.tasks.service import Task
from consent.retention import on_requests
from consent.staff import doors
from consent.staff.roles import Act
from consent.web.i18n import to
from consent.web.messages import N_

NO_TASK = N_("There is no such task here.")
NO_COUNT = N_("Say how many records it was, as a number.")
HELD = N_("A hold stands on this: %(categories)s. Leave it where it is until the hold is over or released.")

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
            # Locked before the holds are read: who places one is before this transaction or behind it.
            ledger.stream(tx, keyring, member.organization_id, member.organization_id)
            task = _its_own(tx, request_id, task_id, member.organization_id)
            rulebook = governing.now(member.organization_id, now).rulebook
            refuse_held(tx, keyring, rulebook, casework.load(tx, member.organization_id, request_id), task, now)
            tasks.confirm(tx, keyring, task_id, member.id, member.name, words, int(count), now, told=told)

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
            _its_own(tx, request_id, task_id, member.organization_id)
            tasks.try_again(tx, task_id, now)

        db.write(work, member.organization_id)
        return redirect(to(f"{LIST}/{request_id}?done=again"), 303)


def refuse_held(tx: Tx, keyring: Keyring, rulebook: Rulebook, case: Case, task: Task, now: datetime) -> None:
    """Conflict where somebody would say that it is gone, and a hold keeps it."""
    category = holding.category_of(task.category)
    if task.action == Action.ERASE and on_requests.held(tx, keyring, rulebook, case, [category], now):
        raise Conflict(Filled(HELD, categories=[category]))


def _its_own(tx: Tx, request_id: uuid.UUID, task_id: uuid.UUID, organization_id: uuid.UUID) -> Task:
    """NotFound for a task of another request, exactly as for a missing one."""
    task = tasks.find(tx, organization_id, task_id)
    if task.request_id != request_id:
        raise NotFound(NO_TASK)
    return task
