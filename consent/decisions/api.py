"""The API door of the gate."""

import json
from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Response, request
from marshmallow import fields as plain

from consent import clock
from consent.db import Database, Part, Tx
from consent.decisions import service
from consent.decisions.verdicts import ReasonOut
from consent.errors import NotFound
from consent.ledger.keys import Keyring
from consent.organizations import service as organizations
from consent.policies import jurisdictions
from consent.policies.governing import Governing
from consent.policies.questions import NO_FACTS
from consent.policies.rulebook import Facts
from consent.preferences.api import REACHABLE
from consent.subjects import service as subjects
from consent.subjects.addresses import of_person
from consent.web import api, fields, idempotency, metrics, principal
from consent.web.bodies import JSON, Plain, json_response
from consent.web.fields import Day, Place, parse_instant


def _there(place: str) -> None:
    """A place that does not exist would lie outside every law: a slip must not loosen the answer."""
    if not jurisdictions.exists(place):
        raise ma.ValidationError("There is no such place; ISO 3166-2 writes GB, US-WA or CA-BC.")


class FactsIn(fields.Schema):
    """What you know about the message. A rule that needs a fact which is missing says no and names it."""

    reference = fields.ShortText(longest=200, metadata={"description": "The person's own inquiry, order or ticket."})
    jurisdiction = Place(
        validate=_there, metadata={"description": "Where the person is, ISO 3166-2, such as CA-BC or US-WA."}
    )
    registered = fields.YesNo()
    last_purchase_on = Day(metadata={"description": "The day of the last purchase."})
    materially_affects_delivery = fields.YesNo(metadata={"description": "The mark of a person, not of a program."})
    member = fields.YesNo(metadata={"description": "A member of the programme now."})
    minor = fields.YesNo()
    age = fields.WholeNumber(least=0, most=150, metadata={"description": "In years, as the person declared it."})
    last_inquiry_on = Day(metadata={"description": "The day of the last inquiry."})


class DecisionIn(fields.Schema):
    """May this class of this program go to this address on this channel?"""

    program = fields.ShortText(longest=64, required=True)
    message_class = fields.ShortText(longest=64, required=True)
    channel = fields.Word(*REACHABLE, required=True)
    address = fields.ShortText(longest=320, required=True)
    at = fields.AwareInstant(metadata={"description": "When it would go; now if left out."})
    content = fields.ShortText(longest=4000, lines=True, metadata={"description": "The text, if there is one."})
    person = fields.ShortText(longest=200, metadata={"description": "Your id of the person it is for."})
    facts = plain.Nested(FactsIn, metadata={"description": "What the rules may need to know of this message."})
    store = fields.YesNo(metadata={"description": "False: explain only, keep nothing.", "default": True})


class PositionOut(ma.Schema):
    """How far the record went that the answer rests on."""

    log = plain.String(required=True)
    entry = plain.String(metadata={"description": "The newest entry that counted; absent when none did."})


class DecisionOut(ma.Schema):
    """The answer: allow or deny, why, and until when it may be relied on."""

    id = plain.String(required=True, allow_none=True)
    answer = plain.String(required=True, metadata={"enum": ["allow", "deny"]})
    reasons = plain.List(plain.Nested(ReasonOut), required=True)
    policy = plain.String(required=True)
    policy_version = plain.String(required=True)
    position = plain.Nested(PositionOut, required=True)
    valid_until = plain.String(required=True)
    next_allowed = plain.String(
        metadata={"description": "When it may go, where nothing but hours or caps stands against it."}
    )


def blueprint(db: Database, keyring: Keyring, governing: Governing, public_url: str) -> api.ApiBlueprint:
    """/api/v1/decisions."""
    doors = api.ApiBlueprint(
        "decisions", __name__, url_prefix="/api/v1/decisions", description="May this go to this address now?"
    )

    @doors.post("")
    @principal.require("decisions:write")
    @doors.arguments(DecisionIn)
    @doors.response(200, DecisionOut)
    def decide(data: dict[str, Any]) -> Response:
        """Ask the gate. The answer is stored with its inputs unless `store` is false."""
        who, now = principal.current(), clock.now()
        at = data.get("at") or now
        service.check_time(at, now)
        organization_id = who.organization_id
        in_force = governing.asked_about(organization_id, at, now)
        address = of_person(data["channel"], data["address"])
        person_id = None
        if "person" in data:
            with db.read(organization_id, single=True) as tx:
                person_id = subjects.find_person(tx, keyring, organization_id, data["person"])
            person_id = person_id or service.STRANGER
        asked = service.Asked(
            data["program"],
            data["message_class"],
            subjects.tagged(keyring, organization_id, address),
            at,
            data.get("content"),
            person_id,
            Facts(**data["facts"]) if "facts" in data else NO_FACTS,
        )
        asking = service.Asking(organization_id, in_force.log.origin, in_force.rulebook, asked, now)
        if idempotency.key_of(request) is None:
            if data.get("store", True) is False:
                with db.read(organization_id, single=True) as tx:
                    decided = service.explain(tx, asking)
                _count(decided.allowed)
                return json_response(decided.as_json())
            decided, body = db.write(Part(service.decide_all, asking), organization_id)
            _count(decided.allowed)
            return Plain(body, 200, content_type=JSON)

        answers: list[bool] = []  # the work may run more than once; the last one is the one that holds

        def act(tx: Tx) -> tuple[int, bytes]:
            decided, body = service.decide(tx, asking)
            answers.append(decided.allowed)
            return 200, body

        def instead(tx: Tx, kept: bytes) -> tuple[int, bytes] | None:
            """A kept yes is not said again after a STOP, nor longer than it may be relied on."""
            said = json.loads(kept)
            if said["answer"] == "deny":
                return None
            fresh = service.explain(tx, asking)
            return None if fresh.allowed and parse_instant(said["valid_until"]) > now else act(tx)

        response = idempotency.write(db, who, request, now, act, instead)
        if answers:
            _count(answers[-1])
        return response

    @doors.get("/<uuid:decision>")
    @principal.require("decisions:read")
    @doors.response(200)
    @doors.alt_response(404, schema=api.Problem, content_type="application/problem+json")
    def read(decision: UUID) -> Response:
        """A stored decision with what it rested on; each reason that rests on a commitment links to its clause."""
        who = principal.current()
        with db.read(who.organization_id, single=True) as tx:
            found = service.stored(tx, who.organization_id, decision)
        if found is None:
            raise NotFound("There is no such decision.")
        with db.read() as tx:
            slug = next(one.slug for one in organizations.every(tx) if one.id == who.organization_id)
        for reason in found["reasons"]:
            if "commitment" in reason:
                reason["see"] = f"{public_url}/{slug}/privacy/trace#{reason['commitment']}"
        return json_response(found)

    return doors


def _count(allowed: bool) -> None:
    (metrics.DECISION_ALLOW if allowed else metrics.DECISION_DENY).inc()
