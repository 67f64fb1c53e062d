"""The API door of features: may this feature be on for this contact point?"""

from datetime import datetime
from typing import Any

import marshmallow as ma
from flask import Response
from marshmallow import fields as plain

from consent import clock
from consent.db import Database
from consent.decisions import service
from consent.decisions.api import FactsIn
from consent.decisions.verdicts import VerdictOut, verdict_json
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing
from consent.policies.rulebook import Facts
from consent.preferences import service as preferences
from consent.preferences.api import REACHABLE
from consent.preferences.asking import standing_of
from consent.subjects import service as subjects
from consent.subjects.addresses import of_person
from consent.web import api, fields, principal
from consent.web.bodies import json_response


class FeatureIn(fields.Schema):
    """May this feature be on for whoever is known by this address?"""

    feature = fields.ShortText(longest=64, required=True)
    channel = fields.Word(*REACHABLE, required=True)
    address = fields.ShortText(longest=320, required=True)
    at = fields.AwareInstant(metadata={"description": "When it would run; now if left out."})
    facts = plain.Nested(FactsIn)
    present = plain.List(
        fields.ShortText(longest=64),
        validate=ma.validate.Length(max=20),
        metadata={"description": "Which of its conditions are met; those not named are not. Left out: not known."},
    )


class EndingOut(ma.Schema):
    """What ending the feature brings."""

    consequence = plain.String()
    effect = plain.String()
    finished_within = plain.String()
    finished_within_basis = plain.String()
    purge_after = plain.String()


class FeatureOut(VerdictOut):
    """The answer, and what ending the feature brings."""

    ending = plain.Nested(EndingOut)


def blueprint(db: Database, keyring: Keyring, governing: Governing) -> api.ApiBlueprint:
    """/api/v1/features."""
    doors = api.ApiBlueprint("features", __name__, url_prefix="/api/v1/features", description="May this be on?")

    @doors.post("/decisions")
    @principal.require("decisions:read")
    @doors.arguments(FeatureIn)
    @doors.response(200, FeatureOut)
    def decide(data: dict[str, Any]) -> Response:
        """Ask whether a feature may be on. STOP and unsubscribing are about messages and do not count here."""
        who, now = principal.current(), clock.now()
        at: datetime = data.get("at") or now
        service.check_time(at, now)
        organization_id = who.organization_id
        in_force = governing.asked_about(organization_id, at, now)
        features = in_force.rulebook.features
        tagged = subjects.tagged(keyring, organization_id, of_person(data["channel"], data["address"]))
        with db.read(organization_id, single=True) as tx:
            state = preferences.read(tx, organization_id, tagged.address.channel, tagged.tag64)
        known = standing_of(state, data["feature"], None)
        facts = Facts(**data.get("facts", {}))
        verdict = features.may_run(data["feature"], known.consents, facts, data.get("present"))
        answer = verdict_json(verdict, in_force.rulebook, now)
        ending = features.ending(data["feature"])
        if ending is not None:
            named = ("consequence", "effect", "finished_within", "finished_within_basis", "purge_after")
            answer["ending"] = {name: value for name in named if (value := getattr(ending, name)) is not None}
        return json_response(answer)

    return doors
