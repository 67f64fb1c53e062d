"""/staff/audit: the trail by filters, and the same as a file that may be longer than any memory."""

import json
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request

from consent.dashboard.audit import filters, queries, words
from consent.dashboard.seats import Seat, seat
from consent.dashboard.words import SOURCES
from consent.db import Database
from consent.deadlines import zones
from consent.errors import Malformed
from consent.ids import oldest_id
from consent.ledger.bodies import Leaf, instant
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing
from consent.policies.staff_settings import LOOKED_AT
from consent.staff import doors, events, looking
from consent.staff.doors import require
from consent.staff.roles import Act
from consent.web import csv_files
from consent.web.messages import N_

LIST = "/staff/audit"
NO_FORMAT = N_("Choose CSV or NDJSON.")
WRONG = {
    "since": N_("Give a day, such as 2026-11-22."),
    "until": N_("Give a day, such as 2026-11-22."),
    "source": N_("Choose one of these."),
    "type": N_("A type is written like consent.withdrawn."),
    "reason": N_("Choose one of these."),
}
COLUMNS = ("entry", "recorded_at", "occurred_at", "type", "source", "channel", "programs", "stream", "by", "data")
Page = str | tuple[str, int] | Response


def blueprint(db: Database, keyring: Keyring, governing: Governing) -> Blueprint:
    """/staff/audit."""
    pages = Blueprint("staff_audit", __name__, template_folder="../templates")

    @pages.get(LIST)
    @require(Act.AUDIT_SEE)
    def trail() -> Page:
        here = seat(governing)
        wanted, wrong = filters.read(request.args)
        found: list[queries.Line] = []
        then = None
        if not wrong:
            with db.read(here.organization_id) as tx:
                zone = zones.zone(here.pack.zone)
                found, then = queries.page(tx, keyring, here.organization_id, wanted, zone, _before())
        page = doors.render(
            "dashboard/audit.html", here=here, found=found, wanted=wanted, sent=request.args,
            more=wanted.query(before=then) if then is not None else None, wrong={name: WRONG[name] for name in wrong},
            happened=words.HAPPENED, sources=SOURCES, looks=_looks(here),
        )  # fmt: skip
        return (page, 422) if wrong else page

    @pages.post(f"{LIST}/export")
    @require(Act.AUDIT_EXPORT, fresh=True)
    def export() -> Page:
        here, format_ = seat(governing), request.form.get("format", "")
        wanted, wrong = filters.read(request.form)
        if format_ not in FORMATS or wrong:
            raise Malformed(NO_FORMAT if format_ not in FORMATS else WRONG[min(wrong)])
        asked = {"format": format_, "by": str(here.member.id)} | wanted.said()
        # The export is on record before its first line leaves (S58).
        db.write(
            lambda tx: events.record(
                tx, keyring, here.organization_id, "audit.exported", asked, here.now, name=here.member.name
            ),
            here.organization_id,
        )
        zone, until = zones.zone(here.pack.zone), oldest_id(here.now)
        pieces = queries.every(db, keyring, here.organization_id, wanted, zone, until)
        write, media_type = FORMATS[format_]
        answer = Response(write(pieces), content_type=media_type)
        name = f"audit-{here.pack.slug}-{here.today}.{format_}"
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer

    return pages


def _looks(here: Seat) -> dict[str, str]:
    """What people look for here, by the keys that entries keep."""
    return {key: name for page in LOOKED_AT for key, name in looking.offered(here.rulebook, page).items()}


def _before() -> UUID | None:
    try:
        return UUID(request.args["before"]) if request.args.get("before") else None
    except ValueError:
        raise Malformed(N_("This cursor was not made here; start again without one."), field="before") from None


Pieces = Iterable[list[tuple[Leaf, str | None]]]


def _csv(pieces: Pieces) -> Iterator[str]:
    yield csv_files.lines([COLUMNS])
    for piece in pieces:
        if piece:
            yield csv_files.lines(_cells(leaf, by) for leaf, by in piece)


def _ndjson(pieces: Pieces) -> Iterator[str]:
    for piece in pieces:
        if piece:
            yield "".join(f"{json.dumps(_object(leaf, by), ensure_ascii=False)}\n" for leaf, by in piece)


def _cells(leaf: Leaf, by: str | None) -> list[object]:
    made = _object(leaf, by)
    made |= {"programs": " ".join(leaf.purposes), "data": json.dumps(leaf.data, ensure_ascii=False, sort_keys=True)}
    return [made[name] for name in COLUMNS]


def _object(leaf: Leaf, by: str | None) -> dict[str, Any]:
    return {
        "entry": str(leaf.id),
        "recorded_at": instant(leaf.recorded_at),
        "occurred_at": instant(leaf.occurred_at),
        "type": leaf.type,
        "source": leaf.source,
        "channel": leaf.channel,
        "programs": list(leaf.purposes),
        "stream": str(leaf.stream),
        "by": by,
        "data": leaf.data,
    }


FORMATS = {"csv": (_csv, "text/csv; charset=utf-8"), "ndjson": (_ndjson, "application/x-ndjson")}
