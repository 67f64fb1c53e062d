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
from consent.policies import service as policies_service
from consent.review import scopes, service
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


class PlaceIn(fields.Schema):
    """Where somebody is, or where something is to be done."""

    place = fields.ShortText(
        longest=64, metadata={"description": "A surface, service or building; the whole map if left out."}
    )


class CoveredByOut(ma.Schema):
    """A policy in force that covers a place, and the promise that says so."""

    policy = plain.String(required=True)
    version = plain.String(required=True)
    commitment = plain.String(required=True)


class ElsewhereOut(ma.Schema):
    """A place where others govern."""

    place = plain.String(required=True)
    what = plain.String(required=True, metadata={"enum": ["surface", "service", "building"]})
    names = plain.Dict(required=True, metadata={"description": "Language: name."})
    governed_by = plain.Dict(required=True, metadata={"description": "Language: which document governs there."})
    document = plain.String(required=True, allow_none=True, metadata={"description": "A policy beside ours."})
    version = plain.String(required=True, allow_none=True, metadata={"description": "Its version in force."})
    url = plain.String(required=True, allow_none=True)


class CoveringOut(ma.Schema):
    """The answer about one place."""

    place = plain.String(required=True)
    covered = plain.Boolean(required=True)
    by = plain.List(plain.Nested(CoveredByOut), required=True)
    elsewhere = plain.Nested(ElsewhereOut, required=True, allow_none=True)
    commitment = plain.String(required=True, allow_none=True, metadata={"description": "It draws the line."})


class AreaOut(CoveredByOut):
    """A surface or service that a policy names, and what runs there."""

    place = plain.String(required=True)
    programs = plain.List(plain.String(), required=True)
    features = plain.List(plain.String(), required=True)
    data = plain.List(plain.String(), required=True)


class BesideOut(ma.Schema):
    """A document beside a policy."""

    document = plain.String(required=True)
    title = plain.String(required=True)
    version = plain.String(required=True, allow_none=True, metadata={"description": "None while none is in force."})
    named_by = plain.List(plain.String(), required=True)
    features = plain.List(plain.String(), required=True, metadata={"description": "Agreed to together with it."})


class ScopeOut(ma.Schema):
    """The map, or the answer about one place."""

    covering = plain.Nested(CoveringOut, metadata={"description": "Where a place was asked about."})
    areas = plain.List(plain.Nested(AreaOut))
    persons = plain.Dict(metadata={"description": "Commitment: whom it names."})
    beside = plain.List(plain.Nested(BesideOut))
    elsewhere = plain.List(plain.Nested(ElsewhereOut))


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

    @doors.get("/scope")
    @principal.require("policies:read")
    @doors.arguments(PlaceIn, location="query")
    @doors.response(200, ScopeOut)
    def scope(query: dict[str, Any]) -> Response:
        """What each policy covers, which documents stand beside it, and who governs where it does not."""
        organization_id = principal.current().organization_id
        with db.read(organization_id) as tx:
            rulebook = policies_service.rulebook_at(tx, organization_id, clock.now())
        place = query.get("place")
        return json_response(scopes.whole(rulebook) if place is None else {"covering": scopes.of(rulebook, place)})

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
