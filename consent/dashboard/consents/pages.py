"""/staff/people/<id>/consents/new and /staff/consents/<id>: entered by one, looked at and allowed by another."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from consent.dashboard.consents import service
from consent.dashboard.consents.service import Entered, Proposal
from consent.dashboard.requests.letters.filling import plain
from consent.dashboard.seats import Seat, seat
from consent.db import Database
from consent.deadlines import zones
from consent.errors import BadInput, Conflict, NotFound
from consent.ledger.keys import Keyring
from consent.policies import by_hand
from consent.policies.governing import Governing
from consent.preferences import proof_types, proofs
from consent.preferences.proofs_api import POLICY
from consent.staff import accounts, doors
from consent.staff.doors import require
from consent.staff.roles import Act, may
from consent.subjects import service as subjects
from consent.subjects.addresses import masked
from consent.web.forms import in_order
from consent.web.i18n import LANGUAGES, to
from consent.web.messages import N_

NEW, ONE = "/staff/people/<uuid:contact>/consents/new", "/staff/consents/<uuid:proposal>"
AROUND = 64 * 1024  # bytes of the form beside the file
LONGEST_WORDING = 4000
FIELDS = ("program", "method", "acted_at", "wording", "language", "file")
CHOOSE = N_("Choose one of these.")
NO_TIME = N_("Enter the day and time at which the person gave it.")
NO_WORDING = N_("Copy the exact words that the person agreed to; at most 4,000 characters.")
NO_FILE = N_("Add the form, the recording or the mail: without it nothing is recorded.")
TOO_LARGE = N_("This file is too large.")
NOBODY = N_("There is no such person on record.")
# The field of the form for each field of a consent.
_PLACES = {"occurred_at": "acted_at", "wording.text": "wording", "wording.language": "language", "type": "file",
           "content": "file"}  # fmt: skip
Page = str | tuple[str, int] | AnyResponse


def blueprint(db: Database, keyring: Keyring, governing: Governing, largest: int) -> Blueprint:
    """Files of up to `largest` bytes."""
    pages = Blueprint("staff_consents", __name__, template_folder="../templates")

    @pages.before_request
    def room_for_a_file() -> None:
        """This one form may be larger than others."""
        if request.endpoint == f"{pages.name}.enter":
            request.max_content_length = largest + AROUND

    @pages.get(NEW)
    @require(Act.CONSENTS_ENTER)
    def form(contact: UUID) -> Page:
        return _form(seat(governing), contact, {})

    @pages.post(NEW)
    @require(Act.CONSENTS_ENTER)
    def enter(contact: UUID) -> Page:
        here = seat(governing)
        channel, address = _reached(here, contact)
        entered, wrong = _read(here, channel)
        if entered is None:
            return _form(here, contact, in_order(wrong, FIELDS)), 422
        ready: Entered = entered
        try:
            service.check(governing.at(here.organization_id, ready.occurred_at), channel, address, ready, here.now)
        except BadInput as error:
            return _form(here, contact, {_PLACES.get(error.field or "", error.field or "program"): error.detail}), 422
        made = db.write(lambda tx: service.propose(tx, keyring, here, contact, ready), here.organization_id)
        return redirect(to(f"/staff/consents/{made}"), 303)

    @pages.get(ONE)
    @require(Act.APPROVALS_SEE)
    def look(proposal: UUID) -> Page:
        return _sheet(seat(governing), proposal)

    @pages.post(f"{ONE}/file")
    @require(Act.APPROVALS_GIVE)
    def file(proposal: UUID) -> Page:
        here = seat(governing)
        media_type, content = db.write(lambda tx: service.file_of(tx, keyring, here, proposal), here.organization_id)
        answer = Response(content, content_type=media_type)
        name = f"consent.{proof_types.ending_of(media_type)}"
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        answer.headers["Content-Security-Policy"] = POLICY
        return answer

    @pages.post(f"{ONE}/decision")
    @require(Act.APPROVALS_GIVE, fresh=True)
    def decide(proposal: UUID) -> Page:
        here, answer = seat(governing), request.form.get("answer", "")
        with db.read(here.organization_id) as tx:
            found = service.one(tx, keyring, here.organization_id, proposal)
            name = accounts.one(tx, keyring, here.organization_id, found.proposed_by).name
        if answer not in ("allow", "decline", "record"):
            raise BadInput(CHOOSE, field="answer")
        if found.draft is None or found.draft.occurred_at is None:
            return _sheet(here, proposal, {"": service.OVER}), 409
        then = governing.at(here.organization_id, found.draft.occurred_at)

        def work(tx: Any) -> None:
            if answer == "record":
                service.record_ripe(tx, keyring, here, then, proposal, name)
            else:
                service.decide(tx, keyring, here, then, proposal, name, allow=answer == "allow")

        try:
            db.write(work, here.organization_id)
        except (BadInput, Conflict) as error:
            return _sheet(here, proposal, {"": error.detail}), error.status
        return redirect(to(f"/staff/consents/{proposal}"), 303)

    def _reached(here: Seat, contact: UUID) -> tuple[str, str]:
        with db.read(here.organization_id) as tx:
            known = subjects.by_id(tx, keyring, here.organization_id, contact)
        if known is None or known.address is None:
            raise NotFound(NOBODY)
        return known.channel, known.address

    def _read(here: Seat, channel: str) -> tuple[Entered | None, dict[str, str]]:
        sent, wrong = request.form, dict[str, str]()
        offered = {one.key for one in by_hand.programs(here.pack, channel)}
        wording = plain(sent.get("wording", ""))
        acted_at = _instant(sent.get("acted_at", ""), here)
        for name, known in (("program", offered), ("method", by_hand.METHODS), ("language", LANGUAGES)):
            if sent.get(name) not in known:
                wrong[name] = CHOOSE
        if acted_at is None:
            wrong["acted_at"] = NO_TIME
        if not 1 <= len(wording) <= LONGEST_WORDING:
            wrong["wording"] = NO_WORDING
        came = request.files.get("file")
        content = came.stream.read(largest + 1) if came is not None else b""
        if came is None or not content:
            wrong["file"] = NO_FILE
        elif len(content) > largest:
            wrong["file"] = TOO_LARGE
        if wrong or came is None or acted_at is None:
            return None, wrong
        try:
            file = proofs.draft(content, came.mimetype, largest, here.now)
        except BadInput as error:
            return None, {"file": error.detail}
        return Entered(sent["program"], sent["method"], acted_at, wording, sent["language"], file), {}

    def _form(here: Seat, contact: UUID, wrong: dict[str, str]) -> str:
        channel, address = _reached(here, contact)
        names = {one.key: here.program(one.key) for one in by_hand.programs(here.pack, channel)}
        return doors.render(
            "dashboard/consent_new.html", here=here, contact=contact, masked=masked(channel, address), wrong=wrong,
            sent=request.form, names=names, methods=by_hand.METHODS, languages=LANGUAGES, megabytes=largest // 2**20,
        )  # fmt: skip

    def _sheet(here: Seat, proposal: UUID, wrong: dict[str, str] | None = None) -> str:
        with db.read(here.organization_id) as tx:
            found: Proposal = service.one(tx, keyring, here.organization_id, proposal)
            names = {one.id: one.name for one in accounts.every(tx, keyring, here.organization_id)}
            waits = found.approval is not None and found.approval.waits(here.now) and found.entry_id is None
            opened = waits and service.has_opened(tx, here, found)
        return doors.render(
            "dashboard/consent_proposal.html", here=here, one=found, names=names, waits=waits, wrong=wrong or {},
            masked=masked(found.channel, found.address) if found.address is not None else None,
            methods=by_hand.METHODS, languages=LANGUAGES, may_give=may(here.member.role, Act.APPROVALS_GIVE),
            opened=opened, ripe=found.approval is not None and found.approval.counts(here.now),
        )  # fmt: skip

    return pages


def _instant(typed: str, here: Seat) -> datetime | None:
    """A local time of the organization; None for what is none, or is still to come."""
    try:
        said = datetime.fromisoformat(typed).replace(tzinfo=zones.zone(here.pack.zone))
    except ValueError:
        return None
    return said if datetime(2000, 1, 1, tzinfo=said.tzinfo) <= said <= here.now else None
