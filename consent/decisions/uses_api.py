"""The API door of purposes: may data of this class serve this end within the organization?"""

from datetime import datetime
from typing import Any

import marshmallow as ma
from flask import Response
from marshmallow import fields as plain

from consent import clock
from consent.decisions import service
from consent.decisions.verdicts import VerdictOut, verdict_json
from consent.errors import BadInput
from consent.policies.governing import Governing
from consent.web import api, fields, principal
from consent.web.bodies import json_response


class UseIn(fields.Schema):
    """May data of this class serve this purpose? What is left out counts against it where a promise asks for it."""

    data = fields.ShortText(
        longest=64, required=True, metadata={"description": "A class of data, as `data_categories` names it."}
    )
    purpose = fields.ShortText(longest=64, required=True, metadata={"description": "In the words of the policy."})
    role = fields.ShortText(longest=64, metadata={"description": "What the person is to you, such as resident."})
    basis = fields.ShortText(longest=64, metadata={"description": "What the use rests on, in the words of the policy."})
    present = plain.List(
        fields.ShortText(longest=64),
        validate=ma.validate.Length(max=20),
        metadata={"description": "Which conditions of the policy are met, such as a service that runs."},
    )
    identifying = fields.YesNo(metadata={"description": "False: nobody can be told from it.", "default": True})
    at = fields.AwareInstant(metadata={"description": "When it would be used; now if left out."})


def blueprint(governing: Governing) -> api.ApiBlueprint:
    """/api/v1/uses."""
    doors = api.ApiBlueprint("uses", __name__, url_prefix="/api/v1/uses", description="May data serve this end?")

    @doors.post("/decisions")
    @principal.require("decisions:read")
    @doors.arguments(UseIn)
    @doors.response(200, VerdictOut)
    def decide(data: dict[str, Any]) -> Response:
        """Ask before data of a class serves an end of your own. Whoever hands data on asks at /disclosures."""
        who, now = principal.current(), clock.now()
        at: datetime = data.get("at") or now
        service.check_time(at, now)
        rulebook = governing.asked_about(who.organization_id, at, now).rulebook
        groups = rulebook.inventory.groups
        if not groups.known(data["data"]):
            known = ", ".join(groups.classes())
            raise BadInput(f"The policy knows no such class of data; it knows {known}.", field="data")
        verdict = rulebook.inventory.may_use(
            data["data"],
            data["purpose"],
            person=data.get("role"),
            basis=data.get("basis"),
            open_gates=frozenset(data.get("present", ())),
            person_keys=data.get("identifying", True),
        )
        return json_response(verdict_json(verdict, rulebook, now))

    return doors
