"""The API doors of revocations: enter one, see what is missing, confirm for a sender."""

from datetime import date
from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Response, request
from marshmallow import fields as plain

from consent import clock
from consent.db import Database, Tx
from consent.errors import NotFound
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing
from consent.revocations import queries, rules, service
from consent.web import api, fields, idempotency, principal
from consent.web.bodies import encode, json_response
from consent.web.paging import PageIn, cursor, place_of

CHANNELS = ("sms", "voice", "email", "chat", "post", "push", "web")


class RevocationIn(fields.Schema):
    """A no that reached the company by any way."""

    channels = plain.List(
        fields.Word(*CHANNELS),
        validate=ma.validate.Length(min=1, max=len(CHANNELS)),
        metadata={"description": "What the person wants no more; everything this address reaches if left out."},
    )
    address = fields.ShortText(longest=320, required=True, metadata={"description": "E.164 number or e-mail address."})
    received_at = fields.AwareInstant(required=True, metadata={"description": "When it reached the company."})
    how = fields.Word(*rules.HOWS, required=True)
    words = fields.ShortText(longest=4000, lines=True, metadata={"description": "What was written or said."})
    programs = plain.List(
        fields.ShortText(longest=64),
        validate=ma.validate.Length(min=1, max=100),
        metadata={"description": "Only where the person named them; everything if left out."},
    )
    entered_by = fields.ShortText(longest=200, required=True)
    note = fields.ShortText(longest=1000, lines=True, metadata={"description": "Where the letter or recording lies."})


class ConfirmationIn(fields.Schema):
    """A sender will not send any more."""

    sender = fields.ShortText(longest=100, required=True, metadata={"description": "As `senders` names it."})
    entered_by = fields.ShortText(longest=200)
    note = fields.ShortText(longest=1000, lines=True)


class ListIn(PageIn):
    """Which of them, where to continue, and how many."""

    state = fields.Word("open", "closed", load_default="open")


def blueprint(db: Database, keyring: Keyring, governing: Governing) -> api.ApiBlueprint:
    """/api/v1/revocations."""
    doors = api.ApiBlueprint(
        "revocations", __name__, url_prefix="/api/v1/revocations", description="A no from anywhere, until all confirm."
    )

    def shown(tx: Tx, organization_id: UUID, revocation: UUID) -> dict[str, Any]:
        now = clock.now()
        zone = governing.now(organization_id, now).rulebook.organization.zone
        found = queries.one(tx, keyring, organization_id, revocation, zone, now)
        if found is None:
            raise NotFound("There is no such revocation.")
        return found

    @doors.post("")
    @principal.require("revocations:write")
    @doors.arguments(RevocationIn)
    @doors.response(201)
    def enter(data: dict[str, Any]) -> Response:
        """Enter a no. It holds when this is answered; the same one entered again is the same one (200)."""
        who, now = principal.current(), clock.now()
        draft = rules.Draft(
            data["address"],
            tuple(data.get("channels", ())),
            data["received_at"],
            data["how"],
            data["entered_by"],
            tuple(data.get("programs", ())),
            data.get("words"),
            data.get("note"),
        )
        in_force = governing.at(who.organization_id, min(draft.received_at, now))
        rules.check(in_force.rulebook.organization, draft, now)
        places = service.tagged(keyring, who.organization_id, draft)

        def act(tx: Tx) -> tuple[int, bytes]:
            entered = service.enter(tx, keyring, in_force.log, in_force.rulebook, draft, places, "api", now)
            return 201 if entered.is_new else 200, encode(shown(tx, who.organization_id, entered.id))

        return idempotency.write(db, who, request, now, act)

    @doors.get("")
    @principal.require("revocations:read")
    @doors.arguments(ListIn, location="query")
    @doors.response(200)
    def listing(query: dict[str, Any]) -> Response:
        """What is open, first due first: what is missing, by when, and how that date comes about."""
        who, now = principal.current(), clock.now()
        zone = governing.now(who.organization_id, now).rulebook.organization.zone
        after = place_of(query["cursor"], _place) if "cursor" in query else queries.FIRST
        with db.read(who.organization_id) as tx:
            found, then = queries.listed(
                tx, keyring, who.organization_id, zone, now, state=query["state"], after=after, most=query["limit"]
            )
        page: dict[str, Any] = {"revocations": found}
        if then is not None:
            page["next"] = cursor(*then)
        return json_response(page)

    @doors.get("/<uuid:revocation>")
    @principal.require("revocations:read")
    @doors.response(200)
    @doors.alt_response(404, schema=api.Problem, content_type="application/problem+json")
    def one(revocation: UUID) -> Response:
        """One revocation with its senders and the arithmetic of its due date."""
        who = principal.current()
        with db.read(who.organization_id) as tx:
            return json_response(shown(tx, who.organization_id, revocation))

    @doors.post("/<uuid:revocation>/confirmations")
    @principal.require("revocations:write")
    @doors.arguments(ConfirmationIn)
    @doors.response(200)
    @doors.alt_response(404, schema=api.Problem, content_type="application/problem+json")
    def confirm(data: dict[str, Any], revocation: UUID) -> Response:
        """Say that one sender will not send any more; the last confirmation closes it. Repeating changes nothing."""
        who, now = principal.current(), clock.now()
        log = governing.now(who.organization_id, now).log

        def act(tx: Tx) -> tuple[int, bytes]:
            how = "person" if data["sender"].startswith("person:") or "entered_by" in data else "system"
            service.confirm(
                tx,
                keyring,
                log,
                revocation,
                data["sender"],
                how,
                "api",
                now,
                entered_by=data.get("entered_by"),
                note=data.get("note"),
            )
            return 200, encode(shown(tx, who.organization_id, revocation))

        return idempotency.write(db, who, request, now, act)

    return doors


def _place(day: str, after: str) -> tuple[str, UUID]:
    return date.fromisoformat(day).isoformat(), UUID(after)
