"""The API doors of disclosures: ask and record one or many, and read the register."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Response, request

from consent import clock
from consent.db import Database, Tx
from consent.deadlines import zones
from consent.deadlines.zones import local_date
from consent.decisions.many import STORED_AT_ONCE, groups
from consent.disclosures import queries
from consent.disclosures.known import Someone
from consent.disclosures.models import REFUSED
from consent.disclosures.register import recipient_json
from consent.disclosures.rules import Asked
from consent.disclosures.schemas import AnswerOut, AnswersOut, DisclosureIn, DisclosuresIn, ListIn
from consent.disclosures.service import Desk, Report
from consent.errors import BadInput, NotFound
from consent.ledger.bodies import CLOCK_SKEW
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing, InForce
from consent.subjects import service as subjects
from consent.subjects.addresses import of_person
from consent.web import api, fields, idempotency, principal
from consent.web.bodies import BATCH_LIMIT, encode, json_response
from consent.web.paging import cursor, place_of

_NOT_OF_THE_TRANSFER = ("channel", "address", "addresses", "person", "persons", "people", "consent", "store")


def blueprint(db: Database, keyring: Keyring, governing: Governing) -> api.ApiBlueprint:
    """/api/v1/disclosures."""
    doors = api.ApiBlueprint(
        "disclosures", __name__, url_prefix="/api/v1/disclosures", description="May this data go to them, and did it?"
    )

    def opened(data: dict[str, Any], now: datetime) -> tuple[Desk, Report]:
        """Who decides, by the version that binds then, and what is asked."""
        organization_id, at = principal.current().organization_id, data["occurred_at"]
        if at > now + CLOCK_SKEW:
            raise BadInput("What is to go later is asked about when it goes; this lies ahead.", field="occurred_at")
        in_force = _binding(governing, organization_id, at, now)
        zone = zones.zone(in_force.rulebook.organization.zone)
        asked = _asked(data, at, zone)
        kept = {name: value for name, value in data.items() if name not in _NOT_OF_THE_TRANSFER}
        content = json.dumps(["disclosure", kept], default=str, sort_keys=True).encode()
        return Desk(keyring, in_force, now), Report(asked, at, data.get("has_gone", False), content)

    @doors.post("")
    @principal.require("disclosures:write")
    @doors.arguments(DisclosureIn)
    @doors.response(201, AnswerOut)
    @doors.alt_response(200, schema=AnswerOut)
    def disclose(data: dict[str, Any]) -> Response:
        """Ask whether data may go, and record the answer: 201 where it went or may go, 200 where it is held back.

        What went is recorded once, however often it is reported. What was held back is recorded each time: the answer
        may be another one by then. Nothing is kept when `store` is false.
        """
        who, now = principal.current(), clock.now()
        desk, report = opened(data, now)
        tagged = None
        if "address" in data:
            tagged = subjects.tagged(keyring, who.organization_id, of_person(data["channel"], data["address"]))
        someone = Someone(tagged, data.get("person"), data.get("people", 1), data.get("consent"))
        if data.get("store", True) is False:
            _in_time(report, now)
            with db.read(who.organization_id) as tx:
                return json_response(desk.explain(tx, report.asked, [someone])[0])

        def act(tx: Tx) -> tuple[int, bytes]:
            _in_time(report, now)  # here, so that a call that was answered in time is answered again
            said = desk.record(tx, report, [someone])[0]
            return 200 if said["state"] == REFUSED else 201, encode(said)

        return idempotency.write(db, who, request, now, act)

    @doors.post("/batch")
    @api.body(limit=BATCH_LIMIT)
    @principal.require("disclosures:write")
    @doors.arguments(DisclosuresIn, limit=BATCH_LIMIT)
    @doors.response(200, AnswersOut)
    def batch(data: dict[str, Any]) -> Response:
        """The same for up to 10,000 people; each is recorded for itself, and a bad address harms no other.

        What was recorded stays when a call breaks off: made again, it records what is missing.
        """
        organization_id, now = principal.current().organization_id, clock.now()
        desk, report = opened(data, now)
        _in_time(report, now)
        good, answers = [], list[dict[str, Any]]()
        for place, name in enumerate(data.get("addresses") or data["persons"]):
            answers.append({})
            try:
                good.append((place, _someone(keyring, organization_id, data.get("channel"), name)))
            except BadInput as wrong:
                answers[place] = {"error": wrong.detail}
        for some in groups(good, STORED_AT_ONCE):
            people = [one for _, one in some]
            if data.get("store", True):
                said = db.write(lambda tx, people=people: desk.record(tx, report, people), organization_id)  # type: ignore[misc]
            else:
                with db.read(organization_id) as tx:
                    said = desk.explain(tx, report.asked, people)
            for (place, _), one in zip(some, said, strict=True):
                answers[place] = one
        return json_response({"answers": answers})

    @doors.get("")
    @principal.require("disclosures:read")
    @doors.arguments(ListIn, location="query")
    @doors.response(200)
    def listing(query: dict[str, Any]) -> Response:
        """What went and what was held back, the newest first."""
        who = principal.current()
        of = {"recipient": "recipient", "contact_point": "contact_point_id", "person": "person_id"}
        name = next((one for one in of if one in query), None)
        before = place_of(query["cursor"], UUID) if "cursor" in query else queries.LATEST
        with db.read(who.organization_id) as tx:
            found, then = queries.listed(
                tx,
                who.organization_id,
                of=of[name] if name is not None else "",
                value=query.get(name or ""),
                state=query.get("state", ""),
                before=before,
                most=query["limit"],
            )
        page: dict[str, Any] = {"disclosures": [one.as_json() for one in found]}
        return json_response(page | ({"next": cursor(then)} if then is not None else {}))

    @doors.get("/<uuid:disclosure>")
    @principal.require("disclosures:read")
    @doors.response(200)
    @doors.alt_response(404, schema=api.Problem, content_type="application/problem+json")
    def one(disclosure: UUID) -> Response:
        """One of them with the answer of then."""
        who = principal.current()
        with db.read(who.organization_id, single=True) as tx:
            found = queries.one(tx, who.organization_id, disclosure)
        if found is None:
            raise NotFound("There is no such disclosure.")
        return json_response(found.as_json())

    @doors.get("/recipients")
    @principal.require("disclosures:read")
    @doors.arguments(fields.Schema, location="query")
    @doors.response(200)
    def recipients(_query: dict[str, Any]) -> Response:
        """Who may get data: the clauses that list them, for what, which fields, under which contract and where."""
        who, now = principal.current(), clock.now()
        rulebook = governing.now(who.organization_id, now).rulebook
        today = local_date(now, zones.zone(rulebook.organization.zone))
        lines = [recipient_json(rulebook, one, today) for one in rulebook.organization.recipients]
        return json_response({"recipients": lines})

    return doors


def _binding(governing: Governing, organization_id: UUID, at: datetime, now: datetime) -> InForce:
    """The version in force when it goes or went; the one at hand for what happens now."""
    recent = now - at < CLOCK_SKEW
    return governing.now(organization_id, now) if recent else governing.at(organization_id, at)


def _in_time(report: Report, now: datetime) -> None:
    """BadInput for what is to go at an instant that has passed: what the version of then allowed goes no more."""
    if not report.has_gone and now - report.occurred_at >= CLOCK_SKEW:
        raise BadInput(
            "This has passed. Ask with the present instant before data goes; of data that went then, say has_gone:"
            " true.",
            field="occurred_at",
        )


def _asked(data: dict[str, Any], at: datetime, zone: Any) -> Asked:
    given = {
        name: data[name]
        for name in (
            "ground", "instrument", "country", "approver", "reason", "reference", "chosen", "role", "building",
            "recipient_building", "unit", "recipient_unit", "identifying", "owners", "compelled", "location",
            "transfer_basis",
        )
        if name in data
    }  # fmt: skip
    return Asked(
        data["recipient"],
        data["purpose"],
        tuple(dict.fromkeys(data["categories"])),
        local_date(at, zone),
        tuple(dict.fromkeys(data.get("fields_", ()))),
        frozenset(data.get("conditions", ())),
        shown=frozenset(data.get("shown", ())),
        **given,
    )


def _someone(keyring: Keyring, organization_id: UUID, channel: str | None, name: str) -> Someone:
    if channel is None:
        return Someone(reference=name)
    return Someone(subjects.tagged(keyring, organization_id, of_person(channel, name)))
