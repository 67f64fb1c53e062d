"""The API door of privacy requests."""

from typing import Any
from uuid import UUID

from flask import Response, request

from consent import clock
from consent.db import Database, Tx
from consent.errors import BadInput, NotFound
from consent.ledger.bodies import CLOCK_SKEW, instant
from consent.ledger.keys import Keyring
from consent.policies.answers.openings import ELSEWHERE, wish_of
from consent.policies.governing import Governing
from consent.privacy_requests import moves, queries, rules, service, steps, submitting
from consent.privacy_requests.service import Asked
from consent.subjects import service as subjects
from consent.subjects.addresses import of_person
from consent.web import api, fields, idempotency, principal
from consent.web.bodies import encode, json_response
from consent.web.paging import PageIn, cursor, place_of


class RequestIn(fields.Schema):
    """A request that reached the company by any way; its date is that of its arrival."""

    type = fields.ShortText(longest=32, required=True, metadata={"description": "access, correction, deletion …"})
    channel = fields.Word("sms", "voice", "email", required=True)
    address = fields.ShortText(longest=320, required=True, metadata={"description": "E.164 number or e-mail address."})
    received_at = fields.AwareInstant(required=True, metadata={"description": "When it reached the company."})
    how = fields.Word(*rules.HOWS, required=True)
    place = fields.Place(metadata={"description": "Where the person lives, where the right depends on it."})
    role = fields.ShortText(longest=64, metadata={"description": "Who the person is to the company, likewise."})
    ground = fields.ShortText(longest=64)
    verified_at = fields.AwareInstant(metadata={"description": "When it was made sure who asks, if it was."})
    words = fields.ShortText(longest=rules.LONGEST_WORDS, lines=True)
    entered_by = fields.ShortText(longest=200, required=True)


class ListIn(PageIn):
    """Which requests are wanted."""

    state = fields.Word(*moves.STATES)
    type = fields.ShortText(longest=32)
    due_by = fields.Day(metadata={"description": "Those due on that day or before."})


def blueprint(db: Database, keyring: Keyring, governing: Governing) -> api.ApiBlueprint:
    """/api/v1/privacy-requests."""
    doors = api.ApiBlueprint(
        "privacy_requests",
        __name__,
        url_prefix="/api/v1/privacy-requests",
        description="What people ask about their data, with due dates.",
    )

    @doors.post("")
    @principal.require("privacy-requests:write")
    @doors.arguments(RequestIn)
    @doors.response(201)
    def enter(data: dict[str, Any]) -> Response:
        """Enter a request. One of its type that is under way for the address is joined (200).

        `code` goes with `reference`: with both the person follows the request.
        """
        who, now = principal.current(), clock.now()
        received_at = data["received_at"]
        if received_at > now + CLOCK_SKEW:
            raise BadInput("It cannot have arrived in the future; check the clock and the offset.", field="received_at")
        in_force = governing.at(who.organization_id, min(received_at, now))
        wish = wish_of(data["type"])
        place, role = data.get("place"), data.get("role")
        granted = in_force.rulebook.requests.openings.granted(wish, place or ELSEWHERE, role)
        if granted is None:
            raise BadInput("No promise and no law gives this to such a person; see place and role.", field="type")
        tagged = subjects.tagged(keyring, who.organization_id, of_person(data["channel"], data["address"]))
        asked = Asked(
            granted.request_type,
            data["how"],
            min(received_at, now),
            None,
            "api",
            place,
            role,
            data.get("ground"),
            data.get("verified_at"),
            now if wish in submitting.ACTS else None,
            data.get("words"),
            data["entered_by"],
        )
        sent = submitting.Sent(asked, (tagged,))

        def act(tx: Tx) -> tuple[int, bytes]:
            done = submitting.submit(tx, keyring, in_force.log, in_force.rulebook, sent, now)
            zone = in_force.rulebook.organization.zone
            shown = queries.one(tx, who.organization_id, done.id, zone, now) or {}
            shown["code"] = service.follow_code(keyring, who.organization_id, done.reference)
            return 201 if done.is_new else 200, encode(shown)

        return idempotency.write(db, who, request, now, act)

    @doors.get("/<uuid:request_id>")
    @principal.require("privacy-requests:read")
    @doors.response(200)
    def one(request_id: UUID) -> Response:
        """One request with its timeline and the outcome of each class of data, so far."""
        who, now = principal.current(), clock.now()
        zone = governing.now(who.organization_id, now).rulebook.organization.zone
        with db.read(who.organization_id) as tx:
            found = queries.one(tx, who.organization_id, request_id, zone, now)
            if found is None:
                raise NotFound("There is no such request here.")
            found["outcomes"] = queries.outcomes(tx, who.organization_id, request_id)
            found["timeline"] = [
                {"step": step.kind, "at": instant(step.at), "facts": step.facts}
                for step in steps.timeline(tx, who.organization_id, request_id)
            ]
        return json_response(found)

    @doors.get("")
    @principal.require("privacy-requests:read")
    @doors.arguments(ListIn, location="query")
    @doors.response(200)
    def listing(query: dict[str, Any]) -> Response:
        """Requests in the order in which they were opened, each with its due date and the arithmetic behind it."""
        who, now = principal.current(), clock.now()
        zone = governing.now(who.organization_id, now).rulebook.organization.zone
        wanted = queries.Wanted(query.get("state", ""), query.get("type", ""), query.get("due_by"))
        after = place_of(query["cursor"], UUID) if "cursor" in query else queries.FIRST
        with db.read(who.organization_id) as tx:
            found, then = queries.listed(
                tx, who.organization_id, zone, now, after=after, most=query["limit"], wanted=wanted
            )
        page: dict[str, Any] = {"privacy_requests": found}
        if then is not None:
            page["next"] = cursor(then)
        return json_response(page)

    return doors
