"""The API doors of texts that somebody has to read."""

from datetime import datetime
from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Response, request
from marshmallow import fields as plain

from consent import clock
from consent.db import Database, Tx
from consent.ledger.bodies import instant
from consent.ledger.keys import Keyring
from consent.policies import service as policies
from consent.policies.governing import Governing
from consent.sms import reviewing
from consent.web import api, fields, idempotency, principal
from consent.web.bodies import encode, json_response
from consent.web.paging import PageIn, cursor, place_of


class ReviewIn(fields.Schema):
    """What a text meant, and who says so."""

    text = fields.Uuid(required=True, metadata={"description": "The id of the text, as the list gives it."})
    outcome = fields.Word(*reviewing.OUTCOMES, required=True)
    reason = fields.ShortText(longest=500, required=True, lines=True)
    decided_by = fields.ShortText(longest=200, required=True, metadata={"description": "Who has read it."})


class ReviewOut(ma.Schema):
    """The ledger entry of the decision."""

    entry = plain.String(required=True)
    outcome = plain.String(required=True)


def blueprint(db: Database, keyring: Keyring, governing: Governing) -> api.ApiBlueprint:
    """/api/v1/reviews."""
    doors = api.ApiBlueprint(
        "reviews", __name__, url_prefix="/api/v1/reviews", description="Texts that somebody has to read."
    )

    @doors.get("")
    @principal.require("reviews:read")
    @doors.arguments(PageIn, location="query")
    @doors.response(200)
    def listing(query: dict[str, Any]) -> Response:
        """Texts that wait to be read, oldest first; `held`: nothing is sent to this number until then."""
        who = principal.current()
        since, after = place_of(query["cursor"], _place) if "cursor" in query else reviewing.FIRST
        with db.read(who.organization_id) as tx:
            found, then = reviewing.waiting(
                tx, keyring, who.organization_id, since=since, after=after, most=query["limit"]
            )
        page: dict[str, Any] = {"texts": found}
        if then is not None:
            page["next"] = cursor(instant(then[0]), then[1])
        return json_response(page)

    @doors.post("")
    @principal.require("reviews:write")
    @doors.arguments(ReviewIn)
    @doors.response(201, ReviewOut)
    @doors.alt_response(404, schema=api.Problem, content_type="application/problem+json")
    @doors.alt_response(409, schema=api.Problem, content_type="application/problem+json")
    def decide(data: dict[str, Any]) -> Response:
        """Say what a text meant. The first answer counts; whoever comes second is told what was decided."""
        who, now = principal.current(), clock.now()
        in_force = governing.now(who.organization_id, now)
        decision = reviewing.Decision(data["text"], data["outcome"], data["decided_by"], data["reason"])

        def act(tx: Tx) -> tuple[int, bytes]:
            entry = reviewing.decide(
                tx,
                keyring,
                in_force.log,
                lambda at: policies.rulebook_at(tx, who.organization_id, at),
                decision,
                now,
            )
            return 201, encode({"entry": str(entry.event_id), "outcome": decision.outcome})

        return idempotency.write(db, who, request, now, act)

    return doors


def _place(at: str, event_id: str) -> tuple[datetime, UUID]:
    return fields.parse_instant(at), UUID(event_id)
