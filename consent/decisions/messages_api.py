"""The API door of messages that were sent: what left is logged against the decision that allowed it."""

from datetime import datetime, timedelta
from typing import Any, NoReturn

import marshmallow as ma
from flask import Response, request
from marshmallow import fields as plain

from consent import clock
from consent.db import Database, Tx
from consent.decisions import messages
from consent.decisions.messages import Logged, Told
from consent.errors import BadInput
from consent.ledger.keys import Keyring
from consent.outbox.message_log import Flag
from consent.policies.governing import Governing
from consent.preferences.api import REACHABLE
from consent.subjects import service as subjects
from consent.subjects.addresses import of_person
from consent.web import api, fields, idempotency, metrics, principal
from consent.web.bodies import BATCH_LIMIT, encode
from consent.web.logs import log

MOST = 10_000
NOT_AFTER = timedelta(minutes=10)  # a message is reported when it has left; clocks differ a little
_REQUIRED = ("program", "message_class", "channel", "address", "sent_at")


def _members(*, required: bool) -> dict[str, plain.Field[Any]]:
    return {
        "decision": fields.Uuid(metadata={"description": "The decision that allowed it."}),
        "program": fields.ShortText(longest=64, required=required),
        "message_class": fields.ShortText(longest=64, required=required),
        "channel": fields.Word(*REACHABLE, required=required),
        "address": fields.ShortText(longest=320, required=required),
        "sent_at": fields.AwareInstant(required=required),
        "provider_id": fields.ShortText(
            longest=200, metadata={"description": "The provider's id; the same id is logged once."}
        ),
        "segments": fields.WholeNumber(least=1, most=255),
        "sender": fields.ShortText(longest=64, metadata={"description": "Which of your senders, by its id."}),
    }


MessageIn = fields.Schema.from_dict(_members(required=True), name="MessageIn")


class _OneOrMany(fields.Schema):
    """One message, or `messages`: up to 10,000 of them, in at most 2 MiB."""

    messages = plain.List(
        plain.Nested(MessageIn),
        validate=ma.validate.Length(min=1, max=MOST),
        metadata={"description": "Up to 10,000 messages instead of one."},
    )

    @ma.validates_schema
    def one_or_many(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Either the members of one message or a list of them."""
        if "messages" in data:
            wrong = {name: ["Give one message or a list of them, not both."] for name in data if name != "messages"}
        else:
            wrong = {name: ["This is required."] for name in _REQUIRED if name not in data}
        if wrong:
            raise ma.ValidationError(wrong)


MessagesIn = _OneOrMany.from_dict(_members(required=False), name="MessagesIn")


class LoggedOut(ma.Schema):
    """Under which id a message was logged, and what was wrong with it."""

    id = plain.String(metadata={"description": "Of one message."})
    flags = plain.List(plain.String(metadata={"enum": [one for flag in Flag for one in flag.words()]}))
    messages = plain.List(
        plain.Nested(lambda: LoggedOut(only=("id", "flags"))), metadata={"description": "Of a list, in its order."}
    )


def blueprint(db: Database, keyring: Keyring, governing: Governing) -> api.ApiBlueprint:
    """/api/v1/messages."""
    doors = api.ApiBlueprint("messages", __name__, url_prefix="/api/v1/messages", description="What was sent.")

    @doors.post("")
    @api.body(limit=BATCH_LIMIT)
    @principal.require("messages:write")
    @doors.arguments(MessagesIn, limit=BATCH_LIMIT)
    @doors.response(201, LoggedOut)
    def log_messages(data: dict[str, Any]) -> Response:
        """Log one sent message, or up to 10,000. A message whose decision does not bear it is logged and flagged."""
        who, now = principal.current(), clock.now()
        organization_id = who.organization_id
        many = "messages" in data
        told = [
            _told(keyring, organization_id, one, now, f"messages.{place}." if many else "")
            for place, one in enumerate(data["messages"] if many else [data])
        ]
        rulebook = governing.now(organization_id, now).rulebook
        with db.read(organization_id) as tx:
            judged = messages.judge(tx, keyring, organization_id, rulebook, told, now)
        logged: list[Logged] = []  # the work may run more than once; the last one is the one that holds

        def act(tx: Tx) -> tuple[int, bytes]:
            logged[:] = messages.record(tx, organization_id, judged)
            said = [{"id": str(one.id), "flags": one.flags.words()} for one in logged]
            return 201, encode({"messages": said} if many else said[0])

        response = idempotency.write(db, who, request, now, act)
        for one in logged:
            if one.is_new and Flag.AFTER_REVOCATION in one.flags:
                metrics.SENT_AFTER_REVOCATION.inc()
                log.error("sent_after_revocation", message=str(one.id))
        return response

    return doors


def _told(keyring: Keyring, organization_id: Any, given: dict[str, Any], now: datetime, place: str) -> Told:
    """One message as it was reported; a refusal names its place in the list."""
    try:
        address = of_person(given["channel"], given["address"])
    except BadInput as error:
        _refuse(error, place)
    if given["sent_at"] > now + NOT_AFTER:
        _refuse(BadInput("A message is logged once it has left; this time lies ahead.", field="sent_at"), place)
    return Told(
        given["program"],
        given["message_class"],
        subjects.tagged(keyring, organization_id, address),
        given["sent_at"],
        given.get("decision"),
        given.get("provider_id"),
        given.get("segments"),
        given.get("sender", ""),
    )


def _refuse(error: BadInput, place: str) -> NoReturn:
    error.field = f"{place}{error.field}"
    raise error
