"""Gather what the trace needs: the versions in force, the tests that shipped with the program, the evidence counted."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from consent.db import Tx
from consent.policies import service as policies
from consent.review import manifest, queries
from consent.review.trace import CommitmentTrace, PolicyTrace, Trace, trace


def trace_of(tx: Tx, organization_id: UUID, now: datetime) -> Trace:
    """The trace of everything in force for the organization now."""
    rulebook = policies.rulebook_at(tx, organization_id, now)
    evidence = queries.evidence(tx, organization_id, now)
    return trace(rulebook.organization, rulebook.versions, manifest.tests(), evidence)


def trace_json(made: Trace) -> dict[str, Any]:
    """The trace as data."""
    return {"organization": made.organization, "policies": [_policy_json(one) for one in made.policies]}


def _policy_json(policy: PolicyTrace) -> dict[str, Any]:
    return {
        "policy": policy.policy,
        "version": policy.version,
        "title": policy.title,
        "clauses": policy.clauses,
        "clauses_with_a_promise": policy.covered,
        "sections": [
            {
                "section": section.name,
                "clauses": [
                    {"text": clause.text, "commitments": list(clause.commitments)} for clause in section.clauses
                ],
                "clauses_with_a_promise": section.covered,
                "commitments": [one.id for one in section.commitments],
            }
            for section in policy.sections
        ],
        "commitments": [commitment_json(one) for one in policy.commitments],
    }


def commitment_json(one: CommitmentTrace) -> dict[str, Any]:
    """One promise as data."""
    shown = asdict(one)
    shown["doors"] = [{"door": door.name, "title": door.title, "built": door.built} for door in one.doors]
    shown["evidence_30_days"] = shown.pop("evidence")
    shown["open"] = {name: shown.pop(name) for name in ("question", "value", "reason")} if one.question else None
    for name in ("question", "value", "reason"):
        shown.pop(name, None)
    return shown
