"""The API doors of records: register one or many, tell what happened, see when each goes and why."""

import sys
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import Response, request

from consent import clock
from consent.db import Database, Tx
from consent.errors import BadInput, NotFound
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing
from consent.retention import clocks, hold_rows, holds_api, queries, registering, rules, schemas
from consent.retention.reading import Reader, draft_of
from consent.retention.reckoning import Reckoner
from consent.retention.registering import Checker
from consent.subjects import service as subjects
from consent.web import api, idempotency, principal
from consent.web.bodies import BATCH_LIMIT, encode, json_response
from consent.web.paging import cursor, page, place_of
from consent.web.problems import InvalidFields

NDJSON = "application/x-ndjson"
READ_AT_ONCE = 64 * 1024


def blueprints(db: Database, keyring: Keyring, governing: Governing) -> tuple[api.ApiBlueprint, ...]:
    """/api/v1/records, /api/v1/retention/due and /api/v1/holds."""
    return records(db, keyring, governing), due(db, governing), holds_api.blueprint(db, keyring, governing)


def records(db: Database, keyring: Keyring, governing: Governing) -> api.ApiBlueprint:
    """/api/v1/records."""
    doors = api.ApiBlueprint(
        "records", __name__, url_prefix="/api/v1/records", description="What is held anywhere, and when it goes."
    )

    def shown(tx: Tx, organization_id: UUID, record_id: UUID, now: datetime) -> dict[str, Any]:
        reckoner = hold_rows.reckoner(tx, governing.now(organization_id, now).rulebook, now)
        return queries.one(tx, keyring, organization_id, record_id, reckoner)

    @doors.post("")
    @principal.require("records:write")
    @doors.arguments(schemas.RecordIn)
    @doors.response(201)
    def register(data: dict[str, Any]) -> Response:
        """Register a record. The same one told again is the same one (200): store, category and reference name it."""
        who, now = principal.current(), clock.now()
        in_force, draft = governing.now(who.organization_id, now), draft_of(data)

        def act(tx: Tx) -> tuple[int, bytes]:
            Checker(in_force.rulebook, registering.stores(tx, keyring, who.organization_id), now).check(draft)
            reckoner = hold_rows.reckoner(tx, in_force.rulebook, now)
            (made,) = registering.register(tx, keyring, in_force.log, reckoner, [draft], "api", now)
            return 201 if made.terms is not None else 200, encode(shown(tx, who.organization_id, made.id, now))

        return idempotency.write(db, who, request, now, act)

    @doors.post("/batch")
    @principal.require("records:write")
    @api.body(media=(NDJSON,), limit=BATCH_LIMIT)
    @doors.doc(
        requestBody={
            "required": True,
            "content": {
                "application/json": {"schema": schemas.RecordsIn},
                NDJSON: {"schema": {"type": "string", "description": "One record a line, as for a single one."}},
            },
        }
    )
    @doors.response(200)
    def many() -> Response:
        """Register up to 10,000 records, all or none; as NDJSON any number, one answer or {line, error} a line."""
        who, now = principal.current(), clock.now()
        if request.environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() == NDJSON:
            request.max_content_length = sys.maxsize  # bounded by progress, not by length
            stream = request.stream
            reader = Reader(db, keyring, governing, who.organization_id)
            pieces = iter(lambda: stream.read(READ_AT_ONCE), b"")
            return Response(reader.answers(pieces), 200, content_type=NDJSON, direct_passthrough=True)
        said = api.loaded(reader_of_many, BATCH_LIMIT)["records"]
        in_force, drafts = governing.now(who.organization_id, now), [draft_of(one) for one in said]
        with db.read(who.organization_id) as tx:
            checker = Checker(in_force.rulebook, registering.stores(tx, keyring, who.organization_id), now)
        _check_all(checker, drafts)

        def act(tx: Tx) -> tuple[int, bytes]:
            reckoner = hold_rows.reckoner(tx, in_force.rulebook, now)
            made = registering.register(tx, keyring, in_force.log, reckoner, drafts, "api", now)
            answers = [{"id": str(one.id), "new": one.terms is not None} for one in made]
            return 200, encode({"records": answers})

        return idempotency.write(db, who, request, now, act)

    reader_of_many = schemas.RecordsIn()

    @doors.get("")
    @principal.require("records:read")
    @doors.arguments(schemas.ListIn, location="query")
    @doors.response(200)
    def listing(query: dict[str, Any]) -> Response:
        """Records in the order in which they were registered."""
        who = principal.current()
        after = place_of(query["cursor"], UUID) if "cursor" in query else queries.FIRST
        with db.read(who.organization_id) as tx:
            found, then = queries.listed(tx, who.organization_id, _wanted(query), after, query["limit"])
        return page("records", found, cursor(then) if then is not None else None)

    @doors.get("/<uuid:record_id>")
    @principal.require("records:read")
    @doors.response(200)
    @doors.alt_response(404, schema=api.Problem, content_type="application/problem+json")
    def one(record_id: UUID) -> Response:
        """One record: when it goes, how, every reason with its promise or law, and the arithmetic."""
        who = principal.current()
        with db.read(who.organization_id) as tx:
            return json_response(shown(tx, who.organization_id, record_id, clock.now()))

    @doors.post("/<uuid:record_id>/events")
    @principal.require("records:write")
    @doors.arguments(schemas.EventIn)
    @doors.response(200)
    @doors.alt_response(404, schema=api.Problem, content_type="application/problem+json")
    def happened(data: dict[str, Any], record_id: UUID) -> Response:
        """Tell what happened to a record; its dates are counted from it. Told twice it changes nothing."""
        who, now = principal.current(), clock.now()
        in_force = governing.now(who.organization_id, now)
        event = clocks.Happened(rules.event_named(data["event"]), data["happened_at"], record_id)
        clocks.check(event, Reckoner(in_force.rulebook), now)

        def act(tx: Tx) -> tuple[int, bytes]:
            reckoner = hold_rows.reckoner(tx, in_force.rulebook, now)
            clocks.start(tx, keyring, in_force.log, reckoner, event, "api", now)
            return 200, encode(shown(tx, who.organization_id, record_id, now))

        return idempotency.write(db, who, request, now, act)

    @doors.post("/events")
    @principal.require("records:write")
    @doors.arguments(schemas.PersonEventIn)
    @doors.response(200)
    @doors.alt_response(404, schema=api.Problem, content_type="application/problem+json")
    def happened_to_person(data: dict[str, Any]) -> Response:
        """Tell what happened to a person: it reaches what is held of them at that site, or everywhere."""
        who, now = principal.current(), clock.now()
        in_force = governing.now(who.organization_id, now)
        named = rules.event_named(data["event"])
        clocks.check(clocks.Happened(named, data["happened_at"]), Reckoner(in_force.rulebook), now)

        def act(tx: Tx) -> tuple[int, bytes]:
            person_id = subjects.find_person(tx, keyring, who.organization_id, data["person"])
            if person_id is None:
                raise NotFound("Nothing is known of such a person here.", field="person")
            event = clocks.Happened(named, data["happened_at"], person_id=person_id, site=data.get("site"))
            reckoner = hold_rows.reckoner(tx, in_force.rulebook, now)
            changed = clocks.start(tx, keyring, in_force.log, reckoner, event, "api", now)
            return 200, encode({"records": [{"id": str(one.id), **_dates(one)} for one in changed[:1000]],
                                "count": len(changed)})  # fmt: skip

        return idempotency.write(db, who, request, now, act)

    return doors


def due(db: Database, governing: Governing) -> api.ApiBlueprint:
    """/api/v1/retention/due."""
    doors = api.ApiBlueprint(
        "retention", __name__, url_prefix="/api/v1/retention", description="What shall go, and when."
    )

    @doors.get("/due")
    @principal.require("records:read")
    @doors.arguments(schemas.DueIn, location="query")
    @doors.response(200)
    def listing(query: dict[str, Any]) -> Response:
        """What shall go by a day, first due first: how, and which promise or law says so."""
        who, now = principal.current(), clock.now()
        until = query.get("until") or Reckoner(governing.now(who.organization_id, now).rulebook).today(now)
        after = place_of(query["cursor"], _place) if "cursor" in query else (date.min, queries.FIRST)
        with db.read(who.organization_id) as tx:
            found, then = queries.due(tx, who.organization_id, _wanted(query), until, after, query["limit"])
        return page("records", found, cursor(*then) if then is not None else None)

    return doors


def _check_all(checker: Checker, drafts: list[registering.Draft]) -> None:
    """InvalidFields that names every record at fault by its place."""
    wrong = []
    for place, one in enumerate(drafts):
        try:
            checker.check(one)
        except BadInput as problem:
            name = f"records.{place}.{problem.field}"
            wrong.append({"pointer": f"#/records/{place}/{problem.field}", "field": name, "message": problem.detail})
    if wrong:
        raise InvalidFields(wrong[:100])


def _dates(changed: clocks.Changed) -> dict[str, Any]:
    after = changed.after
    return {
        "state": after.state,
        "dispose_on": after.dispose_on.isoformat() if after.dispose_on else None,
        "due_on": after.due_on.isoformat() if after.due_on else None,
        "because": after.because.split(),
    }


def _wanted(query: dict[str, Any]) -> queries.Wanted:
    return queries.Wanted(query.get("category", ""), query.get("store", ""), query.get("state", ""))


def _place(day: str, after: str) -> tuple[date, UUID]:
    return date.fromisoformat(day), UUID(after)
