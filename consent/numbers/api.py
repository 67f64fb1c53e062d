"""The API doors of numbers: what became of one, what was answered about it, requests not to be called."""

from collections.abc import Iterable
from typing import Any

import marshmallow as ma
from flask import Response, request
from marshmallow import fields as plain

from consent import clock
from consent.db import Database, Tx
from consent.errors import UnsupportedMedia
from consent.ledger.keys import Keyring
from consent.ledger.service import Entry
from consent.numbers import copies, listed, queries, service
from consent.policies.governing import Governing
from consent.preferences import numbers
from consent.subjects import service as subjects
from consent.subjects.addresses import of_person
from consent.web import api, fields, idempotency, principal
from consent.web.bodies import encode, json_response

CSV, NDJSON = "text/csv", "application/x-ndjson"
LARGEST_COPY = 512 * 1024 * 1024

SAID_BY = ("person", "staff", "carrier", "carrier-list", "gateway", "number-database")


class LifecycleIn(fields.Schema):
    """What became of a number or address, and who says so."""

    channel = fields.Word(
        "sms",
        "voice",
        required=True,
        metadata={"description": "A change of hands counts for texts and calls; landline, invalid and such for one."},
    )
    address = fields.ShortText(longest=320, required=True)
    kind = fields.Word(
        *numbers.KINDS,
        required=True,
        metadata={
            "description": "changed: the person gave a new one. recycled, reassigned: somebody else has it. confirmed:"
            " looked into, it is the person's and gets texts; consents that ended stay ended."
        },
    )
    occurred_at = fields.AwareInstant(required=True, metadata={"description": "When it became so."})
    source = fields.Word(*SAID_BY, required=True, metadata={"description": "Who says so."})
    person = fields.ShortText(longest=200, metadata={"description": "Whose number changed; all who use it if absent."})
    entered_by = fields.ShortText(longest=200)
    reference = fields.ShortText(longest=200, metadata={"description": "Your ticket or file."})


class QueryIn(fields.Schema):
    """What the Reassigned Numbers Database answered."""

    address = fields.ShortText(longest=320, required=True, metadata={"description": "The telephone number."})
    answer = fields.Word(*numbers.ANSWERS, required=True, metadata={"description": "Was it given up since that day?"})
    consent_date = fields.Day(required=True, metadata={"description": "The day that was asked about."})
    queried_at = fields.AwareInstant(required=True)
    entered_by = fields.ShortText(longest=200)


class DoNotCallIn(fields.Schema):
    """Somebody asked not to be called or written to in order to sell."""

    address = fields.ShortText(longest=320, required=True, metadata={"description": "The telephone number."})
    received_at = fields.AwareInstant(required=True)
    how = fields.Word("call", "letter", "mail", "form", "chat", "staff", required=True)
    entered_by = fields.ShortText(longest=200)


class CopyIn(fields.Schema):
    """Which registry it is a copy of, and of which day."""

    registry = fields.ShortText(
        longest=64, required=True, metadata={"description": "Such as national-do-not-call-registry."}
    )
    copied_on = fields.Day(required=True, metadata={"description": "The day the copy was obtained."})


class CopyOut(ma.Schema):
    """What was loaded; the date of a copy counts only when it is complete."""

    copy = plain.Integer(required=True)
    registry = plain.String(required=True)
    copied_on = plain.String(required=True)
    listed = plain.Integer(required=True)
    unreadable = plain.Integer(required=True, metadata={"description": "Lines that hold no number."})
    unreadable_lines = plain.List(plain.Integer(), required=True, metadata={"description": "The first of them."})
    complete = plain.Boolean(required=True)


class EntriesOut(ma.Schema):
    """The ledger entries: one for texts, one for calls."""

    entries = plain.List(plain.String(), required=True)


def blueprints(db: Database, keyring: Keyring, governing: Governing) -> tuple[api.ApiBlueprint, ...]:
    """/api/v1/contact-points/lifecycle, /contact-points/reassigned-queries and /do-not-call."""
    return _numbers(db, keyring, governing), _requests(db, keyring, governing)


def _numbers(db: Database, keyring: Keyring, governing: Governing) -> api.ApiBlueprint:
    doors = api.ApiBlueprint(
        "numbers", __name__, url_prefix="/api/v1/contact-points", description="What became of a number."
    )

    @doors.post("/lifecycle")
    @principal.require("contact-points:write")
    @doors.arguments(LifecycleIn)
    @doors.response(201, EntriesOut)
    def lifecycle(data: dict[str, Any]) -> Response:
        """Record what became of a number. No consent from before a change of hands counts; a STOP stays."""
        who, now = principal.current(), clock.now()
        in_force = governing.now(who.organization_id, now)
        if data["kind"] in numbers.UNREACHABLE:
            address = of_person(data["channel"], data["address"])
            addresses: tuple[subjects.Tagged, ...] = (subjects.tagged(keyring, who.organization_id, address),)
        else:
            addresses = service.telephone(keyring, who.organization_id, data["address"])
        told = service.Told(
            data["kind"],
            addresses,
            data["occurred_at"],
            data["source"],
            data.get("person"),
            data.get("entered_by"),
            data.get("reference"),
        )

        def act(tx: Tx) -> tuple[int, bytes]:
            return 201, _entries(service.report(tx, keyring, in_force.log, in_force.rulebook, told, "api", now))

        return idempotency.write(db, who, request, now, act)

    @doors.post("/reassigned-queries")
    @principal.require("contact-points:write")
    @doors.arguments(QueryIn)
    @doors.response(201, EntriesOut)
    def queried(data: dict[str, Any]) -> Response:
        """Record what the Reassigned Numbers Database answered. A yes ends what was agreed to before."""
        who, now = principal.current(), clock.now()
        in_force = governing.now(who.organization_id, now)
        addresses = service.telephone(keyring, who.organization_id, data["address"])
        said = service.Answered(
            addresses, data["answer"], data["consent_date"], data["queried_at"], data.get("entered_by")
        )

        def act(tx: Tx) -> tuple[int, bytes]:
            return 201, _entries(service.answer(tx, keyring, in_force.log, in_force.rulebook, said, "api", now))

        return idempotency.write(db, who, request, now, act)

    return doors


def _requests(db: Database, keyring: Keyring, governing: Governing) -> api.ApiBlueprint:
    doors = api.ApiBlueprint(
        "do_not_call", __name__, url_prefix="/api/v1/do-not-call", description="Who must not be called to be sold to."
    )

    @doors.post("/requests")
    @principal.require("do-not-call:write")
    @doors.arguments(DoNotCallIn)
    @doors.response(201, EntriesOut)
    def refuse(data: dict[str, Any]) -> Response:
        """Put a number on the company's own do-not-call list, for calls and texts; the entry never runs out."""
        who, now = principal.current(), clock.now()
        in_force = governing.now(who.organization_id, now)
        addresses = service.telephone(keyring, who.organization_id, data["address"])
        refused = service.Refused(addresses, data["received_at"], data["how"], data.get("entered_by"))

        def act(tx: Tx) -> tuple[int, bytes]:
            return 201, _entries(
                service.refuse_calls(tx, keyring, in_force.log, in_force.rulebook, refused, "api", now)
            )

        return idempotency.write(db, who, request, now, act)

    @api.body(media=(CSV, NDJSON), limit=LARGEST_COPY)
    @doors.post("/copies")
    @principal.require("do-not-call:write")
    @doors.arguments(CopyIn, location="query")
    @doors.doc(
        requestBody={"required": True, "content": {one: {"schema": {"type": "string"}} for one in (CSV, NDJSON)}}
    )
    @doors.response(201, CopyOut)
    @doors.alt_response(415, schema=api.Problem, content_type="application/problem+json")
    def copy(query: dict[str, Any]) -> Response:
        """Load a copy of a public registry, a number a line as text/csv or application/x-ndjson, streamed.

        Loading the same copy twice leaves what loading it once leaves. A copy with a line that holds no number is
        not complete: its numbers count, its date does not.
        """
        who, now = principal.current(), clock.now()
        media = request.environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
        if media not in (CSV, NDJSON):
            raise UnsupportedMedia(f"Send the copy with the header Content-Type: {CSV} or {NDJSON}.")
        request.max_content_length = LARGEST_COPY
        stream = request.stream
        found = listed.numbers(listed.lines(iter(lambda: stream.read(65_536), b"")), media == NDJSON)
        rulebook = governing.now(who.organization_id, now).rulebook
        day = query["copied_on"]
        done = copies.load(db, keyring, rulebook, who.organization_id, query["registry"], day, found, now)
        shown = {name: getattr(done, name) for name in done.__dataclass_fields__}
        return json_response(shown | {"copied_on": day.isoformat()}, 201)

    @doors.get("/copies")
    @principal.require("do-not-call:read")
    @doors.response(200)
    def show() -> Response:
        """The copies that were loaded, newest first."""
        who = principal.current()
        with db.read(who.organization_id, single=True) as tx:
            return json_response({"copies": queries.copies(tx, who.organization_id)})

    return doors


def _entries(entries: Iterable[Entry]) -> bytes:
    return encode({"entries": [str(one.event_id) for one in entries]})
