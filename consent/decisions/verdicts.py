"""How a verdict is told at an API door: the answer, why, by which version of the policy, and how long it holds."""

from datetime import datetime
from typing import Any

import marshmallow as ma
from marshmallow import fields as plain

from consent.decisions.service import RELY_FOR, reason_json
from consent.ledger.bodies import instant
from consent.policies.questions import Verdict
from consent.policies.rulebook import Rulebook


class ReasonOut(ma.Schema):
    """One reason, with what it rests on."""

    code = plain.String(required=True)
    text = plain.String(required=True)
    commitment = plain.String()
    law = plain.String()
    clause = plain.String()
    entry = plain.String(metadata={"description": "The ledger entry behind it."})
    basis = plain.String(metadata={"description": "Of an allow: what it rests on, such as consent or contract."})


class VerdictOut(ma.Schema):
    """The answer: allow or deny, why, and until when it may be relied on."""

    answer = plain.String(required=True, metadata={"enum": ["allow", "deny"]})
    reasons = plain.List(plain.Nested(ReasonOut), required=True)
    policy_version = plain.String(required=True)
    valid_until = plain.String(required=True)


def verdict_json(verdict: Verdict, rulebook: Rulebook, now: datetime) -> dict[str, Any]:
    """What VerdictOut describes, of an answer given `now`."""
    return {
        "answer": verdict.answer,
        "reasons": [reason_json(one) for one in verdict.reasons],
        "policy_version": rulebook.policy_version.version,
        "valid_until": instant(now + RELY_FOR),
    }
