"""The API doors of webhooks."""

import json
from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Response, request
from marshmallow import fields as plain

from consent import clock
from consent.changes import cursors, service
from consent.changes.cursors import Position
from consent.changes.service import Endpoint
from consent.db import Database, Tx
from consent.gateways.callbacks.targets import LONGEST, shown, target_of
from consent.ledger.bodies import instant
from consent.ledger.keys import Keyring
from consent.web import api, fields, idempotency, principal
from consent.web.bodies import encode, json_response

PROBLEM = "application/problem+json"
NOTICES = {
    "gone": "Switched off: it answered 410 Gone.",
    "failing": "Switched off: nothing could be delivered for three days.",
}
SWITCH_ON = " Mend it, try it with POST …/test, then POST …/replay goes on where it stood."


class WebhookIn(fields.Schema):
    """Where changes are told, and which."""

    url = fields.ShortText(longest=LONGEST, required=True, metadata={"description": "https, port 443."})
    types = plain.List(
        fields.ShortText(longest=64),
        validate=ma.validate.Length(max=30),
        metadata={"description": "Such as consent.withdrawn or consent.*; all if left out."},
    )
    after = fields.ShortText(longest=100, metadata={"description": "A cursor of the feed; from now on if left out."})


class ReplayIn(fields.Schema):
    """From where changes are told anew."""

    after = fields.ShortText(
        longest=100, metadata={"description": "A cursor of the feed; goes on where it stood if left out."}
    )


class AttemptOut(ma.Schema):
    """The newest call."""

    id = plain.String(required=True, metadata={"description": "Its webhook-id: the change's entry, or the test's."})
    at = plain.String(required=True)
    status = plain.Integer(metadata={"description": "What was answered, if anything."})
    error = plain.String(metadata={"description": "Why it was no delivery, in a word."})


class WebhookOut(ma.Schema):
    """A webhook and how it fares."""

    id = plain.String(required=True)
    url = plain.String(required=True, metadata={"description": "Without its query."})
    types = plain.List(plain.String(), required=True)
    state = plain.String(required=True, metadata={"enum": ["active", "failing", "disabled"]})
    created_at = plain.String(required=True)
    cursor = plain.String(required=True, metadata={"description": "Told up to here."})
    delivered = plain.Integer(required=True, metadata={"description": "How many changes were delivered."})
    delivered_at = plain.String()
    last_attempt = plain.Nested(AttemptOut)
    failing_since = plain.String()
    next_attempt_at = plain.String()
    disabled_at = plain.String()
    notice = plain.String(metadata={"description": "What is wrong and what to do."})
    old_secret_until = plain.String(metadata={"description": "Until then the secret before this one signs as well."})
    secret = plain.String(metadata={"description": "whsec_…: shown when it is made, and never again."})


class WebhooksOut(ma.Schema):
    """Every webhook."""

    webhooks = plain.List(plain.Nested(WebhookOut), required=True)


class TestOut(ma.Schema):
    """A test that waits to be sent."""

    webhook_id = plain.String(required=True)


def blueprint(db: Database, keyring: Keyring, *, development: bool) -> api.ApiBlueprint:
    """/api/v1/webhooks."""
    doors = api.ApiBlueprint(
        "webhooks", __name__, url_prefix="/api/v1/webhooks", description="Changes, brought to an address of yours."
    )

    def position(organization_id: UUID, data: dict[str, Any]) -> Position | None:
        return cursors.read(keyring, organization_id, data["after"]) if "after" in data else None

    def with_secret(answer: Response) -> Response:
        """The secret joins the answer outside of what is kept for a repeated request."""
        organization_id, said = principal.current().organization_id, json.loads(answer.get_data())
        with db.read(organization_id) as tx:
            found = service.find(tx, keyring, organization_id, UUID(said["id"]))
        answer.set_data(encode(said | {"secret": found.secrets[0].text}))
        return answer

    @doors.post("")
    @principal.require("webhooks:write")
    @doors.arguments(WebhookIn)
    @doors.response(201, WebhookOut)
    @doors.alt_response(404, schema=api.Problem, content_type=PROBLEM)
    @doors.alt_response(409, schema=api.Problem, content_type=PROBLEM)
    def add(data: dict[str, Any]) -> Response:
        """Have changes told to an address of yours.

        Each is signed as Standard Webhooks says, with the secret of this answer, which is shown this once.
        """
        who, now = principal.current(), clock.now()
        target_of(data["url"], development=development)
        types, after = service.check_types(data.get("types", ())), position(who.organization_id, data)

        def act(tx: Tx) -> tuple[int, bytes]:
            made = service.add(tx, keyring, who.organization_id, data["url"], types, after, now)
            return 201, encode(_said(keyring, who.organization_id, made))

        return with_secret(idempotency.write(db, who, request, now, act))

    @doors.get("")
    @principal.require("webhooks:read")
    @doors.response(200, WebhooksOut)
    def every() -> Response:
        """Every webhook and how it fares, oldest first."""
        organization_id = principal.current().organization_id
        with db.read(organization_id) as tx:
            found = service.every(tx, keyring, organization_id)
        return json_response({"webhooks": [_said(keyring, organization_id, one) for one in found]})

    @doors.get("/<uuid:webhook>")
    @principal.require("webhooks:read")
    @doors.response(200, WebhookOut)
    @doors.alt_response(404, schema=api.Problem, content_type=PROBLEM)
    def show(webhook: UUID) -> Response:
        """One webhook: how far it was told, what its newest call was answered, what is wrong."""
        organization_id = principal.current().organization_id
        with db.read(organization_id) as tx:
            found = service.find(tx, keyring, organization_id, webhook)
        return json_response(_said(keyring, organization_id, found))

    @doors.delete("/<uuid:webhook>")
    @principal.require("webhooks:write")
    @doors.response(204)
    @doors.alt_response(404, schema=api.Problem, content_type=PROBLEM)
    def remove(webhook: UUID) -> Response:
        """Tell nothing there any more."""
        organization_id, now = principal.current().organization_id, clock.now()
        db.write(lambda tx: service.remove(tx, keyring, organization_id, webhook, now), organization_id)
        return Response(status=204)

    @doors.post("/<uuid:webhook>/rotate")
    @principal.require("webhooks:write")
    @doors.arguments(fields.NothingIn)
    @doors.response(200, WebhookOut)
    @doors.alt_response(404, schema=api.Problem, content_type=PROBLEM)
    def rotate(_data: dict[str, Any], webhook: UUID) -> Response:
        """Make a new secret. For a day the one before it signs as well: change it at the receiver meanwhile."""
        who, now = principal.current(), clock.now()

        def act(tx: Tx) -> tuple[int, bytes]:
            found = service.rotate(tx, keyring, who.organization_id, webhook, now)
            return 200, encode(_said(keyring, who.organization_id, found))

        return with_secret(idempotency.write(db, who, request, now, act))

    @doors.post("/<uuid:webhook>/test")
    @principal.require("webhooks:write")
    @doors.arguments(fields.NothingIn)
    @doors.response(202, TestOut)
    @doors.alt_response(404, schema=api.Problem, content_type=PROBLEM)
    def test(_data: dict[str, Any], webhook: UUID) -> Response:
        """Send a message that says nothing, in a moment. What came of it is `last_attempt` of the webhook."""
        who, now = principal.current(), clock.now()

        def act(tx: Tx) -> tuple[int, bytes]:
            return 202, encode({"webhook_id": str(service.ask_test(tx, who.organization_id, webhook, now))})

        return idempotency.write(db, who, request, now, act)

    @doors.post("/<uuid:webhook>/replay")
    @principal.require("webhooks:write")
    @doors.arguments(ReplayIn)
    @doors.response(202, WebhookOut)
    @doors.alt_response(404, schema=api.Problem, content_type=PROBLEM)
    def replay(data: dict[str, Any], webhook: UUID) -> Response:
        """Tell it everything behind a cursor anew, or go on where it stood. A webhook that was off is on again."""
        who, now = principal.current(), clock.now()
        after = position(who.organization_id, data)

        def act(tx: Tx) -> tuple[int, bytes]:
            found = service.replay(tx, keyring, who.organization_id, webhook, after)
            return 202, encode(_said(keyring, who.organization_id, found))

        return idempotency.write(db, who, request, now, act)

    return doors


def _said(keyring: Keyring, organization_id: UUID, one: Endpoint) -> dict[str, Any]:
    said: dict[str, Any] = {
        "id": str(one.id),
        "url": shown(one.url),
        "types": list(one.types),
        "state": one.state,
        "created_at": instant(one.created_at),
        "cursor": cursors.write(keyring, organization_id, one.position),
        "delivered": one.delivered,
    }
    times = {
        "delivered_at": one.delivered_at,
        "failing_since": one.failing_since,
        "next_attempt_at": one.run_at,
        "disabled_at": one.disabled_at,
        "old_secret_until": one.secrets[1].until if len(one.secrets) > 1 else None,
    }
    said |= {name: instant(at) for name, at in times.items() if at is not None}
    if one.last_id is not None and one.last_at is not None:
        told = {"status": one.last_status, "error": one.last_error or None}
        attempt = {"id": str(one.last_id), "at": instant(one.last_at)}
        said["last_attempt"] = attempt | {name: value for name, value in told.items() if value is not None}
    if one.disabled_why:
        said["notice"] = NOTICES[one.disabled_why] + SWITCH_ON
    return said
