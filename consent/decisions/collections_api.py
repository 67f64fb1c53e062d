"""The API door of collecting: may data of this class be gathered in this way?"""

from datetime import datetime
from typing import Any

import marshmallow as ma
from flask import Response
from marshmallow import fields as plain

from consent import clock
from consent.decisions import service
from consent.decisions.verdicts import VerdictOut, verdict_json
from consent.policies.answers.gathering import Gathering
from consent.policies.governing import Governing
from consent.web import api, fields, principal
from consent.web.bodies import json_response

TRAITS = ("passcode_storage", "geolocation_precision", "navigation_data", "finest_destination", "announcement")


class CollectionIn(fields.Schema):
    """May data of this class be gathered so? What is left out counts against it where a promise asks for it."""

    data = fields.ShortText(
        longest=64, required=True, metadata={"description": "A class of data, in the words of the policy."}
    )
    role = fields.ShortText(longest=64, metadata={"description": "What the person is to you, such as resident."})
    moment = fields.ShortText(longest=64, metadata={"description": "When it is taken, such as account-or-purchase."})
    source = fields.ShortText(longest=64, metadata={"description": "From whom or what it comes, such as person."})
    ground = fields.ShortText(longest=64, metadata={"description": "Why it is needed, in the words of the policy."})
    purpose = fields.ShortText(longest=64, metadata={"description": "What for, as the person is told."})
    consent = fields.YesNo(metadata={"description": "True: they agreed, and have not taken it back."})
    held_already = fields.YesNo(metadata={"description": "True: you have it from this person."})
    required_by_law = fields.YesNo(metadata={"description": "True: a law demands that it is asked for again."})
    present = plain.List(
        fields.ShortText(longest=64),
        validate=ma.validate.Length(max=20),
        metadata={"description": "Which conditions of the policy are met, features that are on among them."},
    )
    passcode_storage = fields.ShortText(longest=64, metadata={"description": "How it is kept, such as encrypted-only."})
    geolocation_precision = fields.ShortText(longest=64, metadata={"description": "How fine, such as postal-code."})
    navigation_data = fields.ShortText(longest=64, metadata={"description": "Whether trails carry names: anonymized."})
    finest_destination = fields.ShortText(longest=64, metadata={"description": "How fine, such as registrable-domain."})
    announcement = fields.ShortText(longest=64, metadata={"description": "How the person was told before."})
    at = fields.AwareInstant(metadata={"description": "When it would be gathered; now if left out."})


def blueprint(governing: Governing) -> api.ApiBlueprint:
    """/api/v1/collections."""
    doors = api.ApiBlueprint("collections", __name__, url_prefix="/api/v1/collections", description="May we ask this?")

    @doors.post("/decisions")
    @principal.require("decisions:read")
    @doors.arguments(CollectionIn)
    @doors.response(200, VerdictOut)
    def decide(data: dict[str, Any]) -> Response:
        """Ask before data of a class is gathered, from whomever. What is kept already is told at /records."""
        who, now = principal.current(), clock.now()
        at: datetime = data.get("at") or now
        service.check_time(at, now)
        rulebook = governing.asked_about(who.organization_id, at, now).rulebook
        verdict = rulebook.inventory.may_collect(data["data"], _gathering(data))
        return json_response(verdict_json(verdict, rulebook, now))

    return doors


def _gathering(said: dict[str, Any]) -> Gathering:
    return Gathering(
        person=said.get("role"),
        moment=said.get("moment"),
        source=said.get("source"),
        ground=said.get("ground"),
        purpose=said.get("purpose"),
        consent=said.get("consent", False),
        held_already=said.get("held_already", False),
        required_by_law=said.get("required_by_law", False),
        open_gates=frozenset(said.get("present", ())),
        traits={name: said[name] for name in TRAITS if name in said},
    )
