"""/staff/retention/batches/<id>: what somebody has to dispose of by hand, record by record, and their word for it."""

from uuid import UUID

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from consent.dashboard.requests import refusing
from consent.dashboard.retention.words import Words
from consent.dashboard.seats import seat
from consent.db import Database
from consent.errors import Conflict, NotFound
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing
from consent.privacy_requests.tasks import accounts
from consent.retention import batch_rows, batches, disposing
from consent.staff import doors
from consent.staff.doors import require
from consent.staff.roles import Act
from consent.web.i18n import page_language, to
from consent.web.messages import N_

LIST = "/staff/retention"
BATCH = f"{LIST}/batches/<uuid:batch_id>"
NO_NUMBER = N_("Say how many records it were; 0 where there was nothing.")
NOT_WAITING = N_("Nothing waits for this any more.")
Page = str | tuple[str, int] | Response


def add(pages: Blueprint, db: Database, keyring: Keyring, governing: Governing) -> None:
    """The page of one batch, and its form."""

    @pages.get(BATCH)
    @require(Act.TASKS_CONFIRM)
    def batch(batch_id: UUID) -> Page:
        return _show(batch_id, {})

    @pages.post(BATCH)
    @require(Act.TASKS_CONFIRM, fresh=True)
    def done(batch_id: UUID) -> Page:
        """Somebody disposed of it by hand."""
        here, count = seat(governing), request.form.get("count", "")
        if not (count.isascii() and count.isdigit() and len(count) < 7):
            return _show(batch_id, {"count": NO_NUMBER}), 422
        by, in_force = str(here.member.id), governing.now(here.organization_id, here.now)
        try:
            done = db.write(
                lambda tx: disposing.confirm(tx, keyring, in_force, batch_id, by, int(count), here.now),
                here.organization_id,
            )
        except Conflict as held:
            return _show(batch_id, {"": refusing.said(held)}), held.status
        if not done:
            raise NotFound(NOT_WAITING)
        return redirect(to(LIST), 303)

    def _show(batch_id: UUID, wrong: dict[str, str]) -> str:
        here = seat(governing)
        with db.read(here.organization_id) as tx:
            found = batch_rows.find(tx, here.organization_id, batch_id)
            if found is None or found.state != "by_hand":
                raise NotFound(NOT_WAITING)
            references = batches.references(batches.records(tx, here.organization_id, found))
            told = accounts.instructions(tx, keyring, here.organization_id, page_language())
        return doors.render(
            "dashboard/retention_batch.html", here=here, words=Words(here.pack), batch=found, references=references,
            instruction=told.get(found.store), wrong=wrong,
        )  # fmt: skip
