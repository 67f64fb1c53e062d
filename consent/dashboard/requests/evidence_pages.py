"""Evidence of who asks: taken sealed, looked at by few and on record, gone with the check. A GET shows none of it."""

import uuid

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from consent import clock
from consent.dashboard.requests import desk, refusing
from consent.dashboard.requests.case_pages import Shows
from consent.dashboard.requests.filters import LIST
from consent.db import Database, Tx
from consent.errors import BadInput, Conflict
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing
from consent.privacy_requests import casework
from consent.privacy_requests.casework import identity
from consent.staff import doors
from consent.staff.roles import Act
from consent.web.i18n import to
from consent.web.messages import N_

NO_FILE = N_("Choose a file: JPEG, PNG or PDF, of at most 5 MiB.")
AROUND = 64 * 1024  # bytes of the form beside the file
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf", "text/plain": "txt"}
# Somebody brought it: it is for saving, and runs, shows and loads nothing in a browser.
POLICY = "sandbox; default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

Page = str | tuple[str, int] | AnyResponse


def add(pages: Blueprint, db: Database, keyring: Keyring, governing: Governing, show: Shows) -> None:
    """/staff/requests/<id>/evidence."""

    @pages.before_request
    def room_for_a_file() -> None:
        """This one form may be larger than others."""
        if request.endpoint == f"{pages.name}.take_evidence":
            request.max_content_length = identity.LARGEST + AROUND

    @pages.post(f"{LIST}/<uuid:request_id>/evidence")
    @doors.require(Act.REQUESTS_DECIDE)
    def take_evidence(request_id: uuid.UUID) -> Page:
        member, now, file = doors.current(), clock.now(), request.files.get("file")
        content = b""
        if file is not None:
            with file.stream:
                content = file.stream.read(identity.LARGEST + 1)
        if file is None or not content:
            return show(request_id, {"file": NO_FILE}), 422
        kind, media_type = request.form.get("kind", ""), file.mimetype
        with db.read(member.organization_id) as tx:
            case = casework.load(tx, member.organization_id, request_id)
        work, by = desk.of(governing, keyring, case), desk.hand(member)

        def keep(tx: Tx) -> None:
            identity.add(tx, work, request_id, by, now, kind, media_type, content)

        try:
            db.write(keep, member.organization_id)
        except (BadInput, Conflict) as error:
            return show(request_id, refusing.wrong(error)), error.status
        return redirect(to(f"{LIST}/{request_id}?done=evidence"), 303)

    @pages.post(f"{LIST}/<uuid:request_id>/evidence/<uuid:evidence_id>")
    @doors.require(Act.IDENTITY_SEE)
    def look(request_id: uuid.UUID, evidence_id: uuid.UUID) -> AnyResponse:
        member, now = doors.current(), clock.now()
        with db.read(member.organization_id) as tx:
            case = casework.load(tx, member.organization_id, request_id)
        work, by = desk.of(governing, keyring, case), desk.hand(member)
        media_type, content = db.write(
            lambda tx: identity.content(tx, work, request_id, evidence_id, by, now), member.organization_id
        )
        answer = Response(content, content_type=media_type)
        answer.headers["Content-Disposition"] = f'attachment; filename="evidence.{ENDINGS.get(media_type, "bin")}"'
        answer.headers["Content-Security-Policy"] = POLICY
        return answer
