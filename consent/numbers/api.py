"""The API doors of numbers: what became of one, what was answered about it, requests not to be called."""

from collections.abc import Iterable
from typing import Any

import marshmallow as ma
from flask import Response, request
from marshmallow import fields as plain

from consent import clock
from consent.db import Database, Tx
from consent.ledger.keys import Keyring
from consent.ledger.service import Entry
from consent.numbers import service
from consent.policies.governing import Governing
from consent.preferences import numbers
from consent.subjects import service as subjects
from consent.subjects.addresses import of_person
from consent.web import api, fields, idempotency, principal
from consent.web.bodies import encode

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


class EntriesOut(ma.Schema):
    """The ledger entries: one for texts, one for calls."""

    entries = plain.List(plain.String(), required=True)


def blueprints(db: Database, keyring: Keyring, governing: Governing) -> tuple[api.ApiBlueprint, ...]:
    """/api/v1/contact-points/lifecycle, /contact-points/reassigned-queries and /do-not-call/requests."""
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

    return doors


def _entries(entries: Iterable[Entry]) -> bytes:
    return encode({"entries": [str(one.event_id) for one in entries]})
