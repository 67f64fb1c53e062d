"""/staff/notices/…/letters: to whom a letter must go because no mail arrives, and that the letters went."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from itertools import islice
from uuid import UUID

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from consent.dashboard.notices import showing, words
from consent.dashboard.requests import naming, refusing
from consent.dashboard.seats import Seat, seat
from consent.db import Database
from consent.errors import BadInput, Conflict
from consent.ledger.keys import Keyring
from consent.notices import queries, returned
from consent.policies.governing import Governing
from consent.staff import doors
from consent.staff.doors import require
from consent.staff.roles import Act, may
from consent.subjects import service as subjects
from consent.subjects.addresses import masked
from consent.web.i18n import to
from consent.web.messages import N_

PLACE = "/staff/notices/<uuid:notice>/letters"
SENT_ON = N_("The letters were sent on")
NO_DAY = N_("Give a day, such as 2026-11-22.")
Page = str | tuple[str, int] | Response


def blueprint(db: Database, keyring: Keyring, governing: Governing) -> Blueprint:
    """The letters of one notice."""
    pages = Blueprint("letters", __name__)

    @pages.get(PLACE)
    @require(Act.NOTICES_SEE)
    def due(notice: UUID) -> Page:
        return _page(seat(governing), notice, {})

    @pages.post(PLACE)
    @require(Act.NOTICES_PREPARE, several=("shown",))
    def went(notice: UUID) -> Page:
        """Those whom the page showed got their letters, each named by it; whoever came on the list since did not."""
        here, sent = seat(governing), request.form
        try:
            day = date.fromisoformat(sent.get("sent_on", ""))
        except ValueError:
            return _page(here, notice, {"sent_on": NO_DAY}), 422
        try:
            db.write(
                lambda tx: returned.letters_went(
                    tx, keyring, here.organization_id, notice, _shown(sent.getlist("shown")), day,
                    here.member.id, here.pack.zone, here.now,
                ),
                here.organization_id,
            )  # fmt: skip
        except (BadInput, Conflict) as error:
            return _page(here, notice, refusing.wrong(error)), error.status
        return redirect(to(f"/staff/notices/{notice}/letters?done=1"), 303)

    def _page(here: Seat, notice: UUID, wrong: Mapping[str, str]) -> str:
        with db.read(here.organization_id) as tx:
            campaign = queries.one(tx, here.organization_id, notice)
            line = showing.line(tx, here, campaign)
            waiting, count = returned.waiting(tx, here.organization_id, campaign)
            mailboxes = list(dict.fromkeys(box.contact_point_id for each in waiting for box in each))
            known = subjects.addresses(tx, keyring, here.organization_id, mailboxes)
        addresses = {one: masked("email", address) for one, address in known.items()}
        return doors.render(
            "dashboard/notice_letters.html", here=here, shown=line, found=waiting, count=count, wrong=wrong,
            words=words, addresses=addresses, mailboxes=mailboxes, sent=request.form,
            done="done" in request.args and not wrong, fields={"sent_on": naming.said(SENT_ON)},
            works=may(here.member.role, Act.NOTICES_PREPARE),
        )  # fmt: skip

    return pages


def _shown(said: Iterable[str]) -> set[UUID]:
    """The mailboxes of the page that was sent, at most as many as a page shows; what names none is left out."""
    found = set()
    for one in islice(said, returned.MOST):
        with suppress(ValueError):
            found.add(UUID(one))
    return found
