"""The API door to what is promised: the versions of each policy, and every commitment with what stands behind it."""

from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Response
from marshmallow import fields as plain

from consent import clock
from consent.db import Database
from consent.errors import NotFound
from consent.policies import queries as policies
from consent.review import service
from consent.web import api, fields, principal
from consent.web.bodies import json_response


class CommitmentsIn(fields.Schema):
    """Which commitments are wanted: all, or one by its id."""

    id = fields.ShortText(longest=16, metadata={"description": "One commitment, such as VSH-26."})


class DoorOut(ma.Schema):
    """A door that asks the rule, or will."""

    door = plain.String(required=True)
    title = plain.String(required=True)
    built = plain.Boolean(required=True)


class OpenOut(ma.Schema):
    """What the wording leaves open, and how it was settled."""

    question = plain.String(required=True)
    value = plain.String(required=True)
    reason = plain.String(required=True)


class CommitmentOut(ma.Schema):
    """One promise, from its clause to its proof."""

    id = plain.String(required=True)
    kind = plain.String(required=True)
    mode = plain.String(required=True)
    heading = plain.String(required=True, metadata={"description": "Where in the wording it stands."})
    sentence = plain.String(required=True, metadata={"description": "The promise in one plain sentence."})
    open = plain.Nested(OpenOut, required=True, allow_none=True)
    doors = plain.List(plain.Nested(DoorOut), required=True)
    tests = plain.List(plain.String(), required=True)
    evidence_30_days = plain.Dict(required=True, metadata={"description": "Evidence code: how many."})


class CommitmentsOut(ma.Schema):
    """Every promise in force."""

    commitments = plain.List(plain.Nested(CommitmentOut), required=True)


class VersionOut(ma.Schema):
    """One published version of a policy."""

    policy = plain.String(required=True)
    version = plain.String(required=True)
    title = plain.String(required=True)
    status = plain.String(required=True, metadata={"enum": ["announced", "in_force", "superseded"]})
    announced_at = plain.String(required=True)
    effective_at = plain.String(required=True)
    text_sha256 = plain.String(required=True)


class VersionsOut(ma.Schema):
    """Every version, policy by policy, oldest first."""

    policies = plain.List(plain.Nested(VersionOut), required=True)


def blueprints(db: Database) -> tuple[api.ApiBlueprint, ...]:
    """/api/v1/policies and /api/v1/commitments."""
    return _policies(db), _commitments(db)


def _policies(db: Database) -> api.ApiBlueprint:
    doors = api.ApiBlueprint(
        "policies_api", __name__, url_prefix="/api/v1/policies", description="Every published version of each policy."
    )

    @doors.get("")
    @principal.require("policies:read")
    @doors.response(200, VersionsOut)
    def versions() -> Response:
        """List the versions and where each stands in its life."""
        organization_id = principal.current().organization_id
        with db.read(organization_id) as tx:
            listed = policies.listed(tx, organization_id, clock.now())
        return json_response({"policies": [_version_json(one) for one in listed]})

    return doors


def _commitments(db: Database) -> api.ApiBlueprint:
    doors = api.ApiBlueprint(
        "commitments", __name__, url_prefix="/api/v1/commitments", description="What is promised, clause to proof."
    )

    @doors.get("")
    @principal.require("commitments:read")
    @doors.arguments(CommitmentsIn, location="query")
    @doors.response(200, CommitmentsOut)
    @doors.alt_response(404, schema=api.Problem, content_type="application/problem+json")
    def commitments(data: dict[str, Any]) -> Response:
        """Every commitment in force: its clause, rule, doors, tests, and the evidence of the last thirty days."""
        organization_id: UUID = principal.current().organization_id
        with db.read(organization_id) as tx:
            made = service.trace_of(tx, organization_id, clock.now())
        found = [one for policy in made.policies for one in policy.commitments if data.get("id", one.id) == one.id]
        if not found:
            raise NotFound("Nothing in force is promised under this id.")
        return json_response({"commitments": [service.commitment_json(one) for one in found]})

    return doors


def _version_json(one: policies.Listed) -> dict[str, str]:
    return {
        "policy": one.policy,
        "version": one.version,
        "title": one.title,
        "status": str(one.status),
        "announced_at": one.announced_at.isoformat(),
        "effective_at": one.effective_at.isoformat(),
        "text_sha256": one.text_sha256.hex(),
    }
