"""/staff/people/<id>/evidence: everything about one number as one file, for a reason that stands in the ledger."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from uuid import UUID

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from consent.dashboard import looks
from consent.dashboard.people.pages import LIST
from consent.dashboard.requests.naming import type_name
from consent.dashboard.seats import Seat, seat
from consent.db import Database, Tx
from consent.deadlines import zones
from consent.errors import BadInput
from consent.evidence.packs import about, building, locked, service
from consent.evidence.packs.about import About
from consent.evidence.packs.entries import Ground
from consent.ledger.keys import Keyring
from consent.organizations import service as organizations
from consent.organizations.service import Tenant
from consent.policies.governing import Governing
from consent.policies.questions import Reason
from consent.policies.staff_settings import EVIDENCE
from consent.privacy_requests import queries as requests
from consent.privacy_requests.answers import vault
from consent.staff import approvals, doors, looking
from consent.staff.doors import require
from consent.staff.looking import NotAllowed
from consent.staff.roles import Act
from consent.web.forms import typed
from consent.web.i18n import to
from consent.web.messages import N_

PLACE = b"pack-to-hand-out"
NO_DAY = N_("Give a day that is over or today, such as 2026-11-22.")
NO_REQUEST = N_("Choose one of these.")
Page = str | tuple[str, int] | AnyResponse


def blueprint(db: Database, keyring: Keyring, governing: Governing) -> Blueprint:
    """The form, the file, and the proposal that a second person decides on."""
    pages = Blueprint("staff_evidence", __name__, template_folder="../templates")
    path = f"{LIST}/<uuid:contact>/evidence"

    @pages.get(path)
    @require(Act.EVIDENCE_PACK)
    def ask(contact: UUID) -> Page:
        return show(seat(governing), contact, {})

    @pages.post(path)
    @require(Act.EVIDENCE_PACK, fresh=True)
    def pack(contact: UUID) -> Page:
        here = seat(governing)
        tenant, whom = whose(here, contact)
        try:
            why = service.reason(typed("why", service.LONGEST_WHY) or "")
            as_of = _day(here, request.form.get("as_of", ""))
            whom = _part(here, tenant, whom, request.form.get("request", ""))
            look = looks.ask(db, keyring, here, EVIDENCE, contact, _ids(whom))
        except BadInput as error:
            return show(here, contact, {error.field or "why": error.detail}), 422
        except NotAllowed as error:
            return show(here, contact, {}, error.reasons), error.status
        asker = service.Asker(here.member.name, "staff", here.member.id, look.data())
        here_id = here.organization_id
        db.write(lambda tx: service.record(tx, keyring, here_id, whom, asker, why, as_of, here.now), here_id)
        url = doors.ground().public_url
        ground = service.ground(db, keyring, here_id, url, as_of, here.now)
        head = building.Head(here.now, here.member.name, why, as_of, here.member.language)
        answer = _answer(keyring, ground, tenant, whom, head)
        answer.headers["Content-Disposition"] = f'attachment; filename="evidence-{tenant.slug}-{here.today}.zip"'
        return answer

    @pages.post(f"{path}/unlock")
    @require(Act.EVIDENCE_PACK, fresh=True)
    def unlock(contact: UUID) -> Page:
        here = seat(governing)
        try:
            why = service.reason(typed("why", service.LONGEST_WHY) or "")
        except BadInput as error:
            return show(here, contact, {"why": error.detail}), 422

        def propose(tx: Tx) -> None:
            whom = about.of_contact(tx, keyring, here.organization_id, contact)
            for one in locked.closed(tx, here.organization_id, whom):
                facts = {"why": why}
                approvals.propose(tx, here.member.id, here.organization_id, locked.UNLOCK, one, facts, here.now)

        db.write(propose, here.organization_id)
        return redirect(to(f"{LIST}/{contact}/evidence"), 303)

    def whose(here: Seat, contact: UUID) -> tuple[Tenant, About]:
        with db.read() as tx:
            tenant = organizations.find(tx, here.pack.slug)
        with db.read(here.organization_id) as tx:
            return tenant, about.of_contact(tx, keyring, here.organization_id, contact)

    def _part(here: Seat, tenant: Tenant, whom: About, asked: str) -> About:
        """The whole, or the one of their requests that was chosen."""
        if not asked:
            return whom
        with db.read(here.organization_id) as tx:
            theirs = {one["id"] for one in mine(tx, whom, tenant, here.now)}
            if asked not in theirs:
                raise BadInput(NO_REQUEST, field="request")
            return about.of_request(tx, keyring, tenant, asked, here.now)

    def mine(tx: Tx, whom: About, tenant: Tenant, now: datetime) -> list[dict[str, object]]:
        return requests.of_contacts(tx, tenant.id, [one.id for one in whom.places], tenant.zone, now)

    def show(here: Seat, contact: UUID, wrong: dict[str, str], against: tuple[Reason, ...] = ()) -> str:
        tenant, whom = whose(here, contact)
        with db.read(here.organization_id) as tx:
            asked = mine(tx, whom, tenant, here.now)
            waits = [approvals.newest(tx, here.organization_id, locked.UNLOCK, one) for one in _ids(whom)]
            closed = locked.closed(tx, here.organization_id, whom)
        waiting = any(one is not None and one.state == "waiting" and one.expires_at > here.now for one in waits)
        return doors.render(
            "dashboard/evidence.html", here=here, contact=contact, whom=whom, asked=asked, wrong=wrong,
            closed=bool(closed), waiting=waiting, type_name=type_name, against=against,
            reasons=looking.offered(here.rulebook, EVIDENCE),
        )  # fmt: skip

    return pages


def _ids(whom: About) -> list[UUID]:
    return [one.id for one in whom.places]


def _answer(keyring: Keyring, ground: Ground, tenant: Tenant, whom: About, head: building.Head) -> Response:
    """The ZIP, a piece at a time; what lies on disk meanwhile is encrypted, and gone when it was read."""
    scratch = keyring.data_dir / "scratch"
    scratch.mkdir(mode=0o700, parents=True, exist_ok=True)
    file, key = NamedTemporaryFile(dir=scratch), vault.new_key()  # noqa: SIM115 - open until it was read
    try:
        writer = vault.Writer(file, key, PLACE)
        building.build(ground, tenant, whom, head, writer, scratch)
        writer.close()
    except BaseException:
        file.close()
        raise

    def pieces() -> Iterator[bytes]:
        with file:
            yield from vault.read(Path(file.name), key, PLACE)

    answer = Response(pieces(), content_type="application/zip")
    answer.call_on_close(file.close)  # also where nobody reads it to its end
    return answer


def _day(here: Seat, said: str) -> datetime | None:
    """The end of that day by the organization's clock; None where none was given, or it is today."""
    if not said:
        return None
    try:
        day = datetime.strptime(said, "%Y-%m-%d").date()  # noqa: DTZ007 - a day
    except ValueError:
        raise BadInput(NO_DAY, field="as_of") from None
    if day > here.today:
        raise BadInput(NO_DAY, field="as_of")
    zone = zones.zone(here.pack.zone)
    end = datetime.combine(day + timedelta(days=1), time(), zone) - timedelta(milliseconds=1)
    return end if end < here.now else None
