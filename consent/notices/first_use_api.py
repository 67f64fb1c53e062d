"""The API door of first uses: a person used the services under a version. It is no consent and opens nothing."""

from typing import Any

import marshmallow as ma
from flask import Response, request
from marshmallow import fields as plain

from consent import clock
from consent.db import Database, Tx
from consent.ledger.bodies import instant
from consent.ledger.keys import Keyring
from consent.notices import first_use
from consent.policies.governing import Governing
from consent.web import api, fields, idempotency, principal
from consent.web.bodies import encode


class FirstUseIn(fields.Schema):
    """Somebody used the services."""

    person = fields.ShortText(longest=200, required=True, metadata={"description": "Your own id of the person."})
    used_at = fields.AwareInstant(metadata={"description": "When; now if left out."})


class FirstUseOut(ma.Schema):
    """The first use under one version."""

    policy = plain.String(required=True)
    policy_version = plain.String(required=True)
    commitment = plain.String(metadata={"description": "The promise that takes use as acceptance, where one does."})
    used_at = plain.String(required=True)
    entry = plain.String(required=True)
    first = plain.Boolean(required=True, metadata={"description": "Was this the first one that is known?"})


class FirstUsesOut(ma.Schema):
    """The first use under each version that counts it."""

    uses = plain.List(plain.Nested(FirstUseOut), required=True)


def blueprint(db: Database, keyring: Keyring, governing: Governing) -> api.ApiBlueprint:
    """/api/v1/policies/first-uses."""
    doors = api.ApiBlueprint(
        "first_uses", __name__, url_prefix="/api/v1/policies/first-uses", description="First use under each version."
    )

    @doors.post("")
    @principal.require("policies:write")
    @doors.arguments(FirstUseIn)
    @doors.response(201, FirstUsesOut)
    def used(data: dict[str, Any]) -> Response:
        """Note that a person used the services. No consent to messages, offers or features follows from it."""
        who, now = principal.current(), clock.now()
        at = data.get("used_at") or now
        in_force = governing.at(who.organization_id, min(at, now))

        def act(tx: Tx) -> tuple[int, bytes]:
            found = first_use.record(tx, keyring, in_force, data["person"], at, now)
            return 201, encode({"uses": [_json(one) for one in found]})

        return idempotency.write(db, who, request, now, act)

    return doors


def _json(one: first_use.Use) -> dict[str, Any]:
    shown = {
        "policy": one.policy, "policy_version": one.policy_version, "used_at": instant(one.used_at),
        "entry": str(one.entry), "first": one.first,
    }  # fmt: skip
    return shown | ({"commitment": one.commitment} if one.commitment is not None else {})
