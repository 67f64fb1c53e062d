"""/staff/retention/corrections: an event came earlier than it was told; proposed by one, approved by another, set."""

from uuid import UUID

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from consent.dashboard.requests import refusing
from consent.dashboard.retention.stranded_pages import NO_DAY, NO_REASON, day_of
from consent.dashboard.retention.words import Words
from consent.dashboard.seats import Seat, seat
from consent.db import Database
from consent.errors import ConsentError, NotFound
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing
from consent.retention import correcting
from consent.staff import doors
from consent.staff.doors import require
from consent.staff.roles import Act
from consent.web.i18n import to

PAGE = "/staff/retention/corrections"
Page = str | tuple[str, int] | Response


def add(pages: Blueprint, db: Database, keyring: Keyring, governing: Governing) -> None:
    """The page of one record, and its two forms."""

    @pages.get(PAGE)
    @require(Act.HOLDS_MANAGE)
    def look() -> Page:
        return _show(seat(governing), request.args.get("record", "").strip(), {})

    @pages.post(PAGE)
    @require(Act.HOLDS_MANAGE, fresh=True)
    def propose() -> Page:
        """A second person is asked."""
        here, form = seat(governing), request.form
        record, day, reason = form.get("record", ""), day_of(form.get("day", "")), form.get("reason", "").strip()
        wrong = {name: said for name, said, bad in (
            ("day", NO_DAY, day is None), ("reason", NO_REASON, not 0 < len(reason) <= 500),
        ) if bad}  # fmt: skip
        if wrong or day is None:
            return _show(here, record, wrong), 422
        in_force, event, earlier = governing.now(here.organization_id, here.now), form.get("event", ""), day
        try:
            db.write(
                lambda tx: correcting.propose(
                    tx, keyring, in_force, here.member, _id(record), event, earlier, reason, here.now
                ),
                here.organization_id,
            )
        except ConsentError as error:
            return _show(here, record, refusing.wrong(error)), error.status
        return redirect(to(f"{PAGE}?record={_id(record)}"), 303)

    @pages.post(f"{PAGE}/<uuid:record_id>")
    @require(Act.HOLDS_MANAGE, fresh=True)
    def carry_out(record_id: UUID) -> Page:
        """The records count from the earlier day."""
        here = seat(governing)
        in_force = governing.now(here.organization_id, here.now)
        try:
            db.write(
                lambda tx: correcting.carry_out(tx, keyring, in_force, here.member, record_id, here.now),
                here.organization_id,
            )
        except ConsentError as error:
            return _show(here, str(record_id), refusing.wrong(error)), error.status
        return redirect(to(f"{PAGE}?record={record_id}"), 303)

    def _show(here: Seat, record: str, wrong: dict[str, str]) -> str:
        told, standing = None, None
        if record:
            try:
                with db.read(here.organization_id) as tx:
                    told = correcting.events_of(tx, here.organization_id, _id(record))
                    standing = correcting.standing(tx, here.organization_id, _id(record), here.now)
            except NotFound as error:
                wrong = wrong or {"record": error.detail}
        counts = standing is not None and standing.counts(here.now)
        return doors.render(
            "dashboard/retention_correction.html", here=here, words=Words(here.pack),
            record=record, told=told, standing=standing,
            counts=counts, wrong=wrong, asked={name: request.form.get(name, "") for name in ("event", "day", "reason")},
        )  # fmt: skip


def _id(record: str) -> UUID:
    try:
        return UUID(record)
    except ValueError:
        raise NotFound(correcting.NO_RECORD, field="record") from None
