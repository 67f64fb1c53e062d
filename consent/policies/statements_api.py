"""The API door to what must be said: the company's own portals and sites show the statements they owe."""

from typing import Any

import marshmallow as ma
from flask import Response
from marshmallow import fields as plain

from consent import clock
from consent.errors import BadInput
from consent.policies.answers.statements import OURS, Statement
from consent.policies.governing import Governing
from consent.web import api, fields, principal
from consent.web.bodies import json_response


class StatementsIn(fields.Schema):
    """Where something is to be shown, to whom."""

    surface = fields.ShortText(longest=64, metadata={"description": "Such as resident-app, forums, opt-in-form."})
    channel = fields.Channel(metadata={"description": "Only what is said to people asked on this channel."})
    where = fields.Place(metadata={"description": "Where the person is; unknown: everything is said."})


class StatementOut(ma.Schema):
    """One thing to be said there."""

    key = plain.String(required=True)
    texts = plain.Dict(required=True, metadata={"description": "Language: text."})
    rests_on = plain.List(plain.String(), required=True, metadata={"description": "Commitments and laws."})
    marks = plain.List(plain.String(), required=True, metadata={"description": "How each field is to be marked."})


class StatementsOut(ma.Schema):
    """What must be said there, and every surface for which something must."""

    statements = plain.List(plain.Nested(StatementOut), required=True)
    surfaces = plain.List(plain.String(), required=True)


def blueprint(governing: Governing) -> api.ApiBlueprint:
    """/api/v1/statements."""
    doors = api.ApiBlueprint(
        "statements", __name__, url_prefix="/api/v1/statements", description="What a form, page or reply must say."
    )

    @doors.get("")
    @principal.require("commitments:read")
    @doors.arguments(StatementsIn, location="query")
    @doors.response(200, StatementsOut)
    def required(query: dict[str, Any]) -> Response:
        """What must be said on a surface. Without one, the surfaces for which something is owed."""
        who = principal.current()
        answers = governing.now(who.organization_id, clock.now()).rulebook.statements
        surfaces, surface = answers.surfaces(), query.get("surface")
        if surface is not None and surface not in surfaces and surface not in OURS:
            known = ", ".join(surfaces) or "none"
            raise BadInput(f"Nothing is owed on a surface of this name; those are: {known}.", field="surface")
        said = answers.required(surface, query.get("channel"), query.get("where")) if surface is not None else ()
        return json_response({"statements": [_told(one) for one in said], "surfaces": list(surfaces)})

    return doors


def _told(one: Statement) -> dict[str, Any]:
    return {"key": one.key, "texts": dict(one.texts), "rests_on": list(one.rests_on), "marks": list(one.marks)}
