"""Check a bundle with nothing but the published keys: no database, no settings, no network.

The order is that of the claims' dependence on each other: signature, body, facts, proof. What comes later is not
looked at when something before it does not hold.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from consent.errors import BadInput
from consent.evidence.bundles import Bundle
from consent.evidence.receipts import STATES, TYPE
from consent.ledger import anchors, base64url, bodies, disclosures, proofs, signed
from consent.ledger.bodies import BadBody, Leaf
from consent.ledger.notes import BadNote, Checkpoint, Verifier
from consent.ledger.signed import BadSignature
from consent.privacy_requests.answers import certificate


class DoesNotHold(BadInput):
    """The evidence does not hold; `field` names the step at which it broke."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What was proved."""

    claims: Mapping[str, Any]
    leaf: Leaf
    facts: Mapping[str, object]
    index: int | None  # None while the event is not sealed
    checkpoint: Checkpoint | None
    unchecked: tuple[str, ...]  # kinds of anchors that were not looked at


def verify(bundle: Bundle, jwks: Mapping[str, Any], log_keys: Sequence[Verifier]) -> Verified:
    """The bundle holds; DoesNotHold otherwise."""
    type, stated = _signed(bundle.receipt, jwks, (TYPE, certificate.TYPE))
    leaf = _body(bundle.body, stated, type)
    facts = _facts(bundle.disclosures, leaf)
    index = checkpoint = None
    if bundle.proof is not None:
        try:
            proof, checkpoint = proofs.check(bundle.proof, leaf.leaf_hash, log_keys)
        except BadNote as error:
            raise DoesNotHold(error.detail, field="proof") from None
        if checkpoint.origin != leaf.log:
            raise DoesNotHold("The proof is of another log than the event.", field="proof")
        index = proof.index
    unchecked = tuple(
        sorted({str(anchor.get("kind")) for anchor in bundle.anchors if not _stamped(anchor, checkpoint)})
    )
    return Verified(stated, leaf, facts, index, checkpoint, unchecked)


def _stamped(anchor: Mapping[str, Any], checkpoint: Checkpoint | None) -> bool:
    """Whether this is a time stamp over the checkpoint; DoesNotHold for one over anything else."""
    if anchor.get("kind") != anchors.TIMESTAMP or checkpoint is None:
        return False
    try:
        problem = anchors.problem_of(checkpoint, base64url.decode(anchor["token"]))
    except (KeyError, ValueError, TypeError, AttributeError):
        problem = "this is no time stamp that can be read"
    if problem:
        raise DoesNotHold(f"A time stamp does not hold: {problem}.", field="anchors")
    return True


def verify_receipt(receipt: str, jwks: Mapping[str, Any]) -> Mapping[str, Any]:
    """The claims of a receipt that a pinned key has signed."""
    return _signed(receipt, jwks, (TYPE,)).claims


def statement(signed_one: str, jwks: Mapping[str, Any]) -> Mapping[str, Any]:
    """The claims of a receipt, or of the certificate of a request, that a pinned key has signed."""
    return _signed(signed_one, jwks, (TYPE, certificate.TYPE)).claims


def _signed(statement: str, jwks: Mapping[str, Any], types: Sequence[str]) -> signed.Statement:
    try:
        return signed.read(statement, jwks, types)
    except BadSignature as error:
        raise DoesNotHold(error.detail, field=error.field) from None


def _body(body: bytes, claims: Mapping[str, Any], type: str) -> Leaf:
    try:
        leaf = bodies.parse(body)
        if type == certificate.TYPE:
            if not certificate.fits(claims, leaf):
                raise DoesNotHold("The certificate states something else than its entry sealed.", field="body")
            return leaf
        event = claims["record"]["events"][0]
        stated = (
            claims["jti"],
            claims["sub"],
            claims["ledger"]["event_id"],
            claims["ledger"]["origin"],
            claims["ledger"]["leaf_hash"],
            event["event_id"],
            event["event_time"],
            event["event_state"],
            event["notice_version"],
            claims["record"]["notice"]["sha256"],
            sorted(str(one["purpose_code"]) for one in claims["record"]["processing"]),
        )
    except BadBody as error:
        raise DoesNotHold(error.detail, field="body") from None
    except (KeyError, IndexError, TypeError):
        raise DoesNotHold("The receipt lacks a claim.", field="receipt") from None
    told = (
        str(leaf.id),
        str(leaf.stream),
        str(leaf.id),
        leaf.log,
        base64url.encode(leaf.leaf_hash),
        str(leaf.id),
        bodies.instant(leaf.occurred_at),
        STATES.get(leaf.type),
        leaf.data.get("policy_version", ""),
        leaf.data.get("policy_sha256", ""),
        list(leaf.purposes),
    )
    if stated != told:
        raise DoesNotHold("The receipt states something else than the body of the event.", field="body")
    return leaf


def _facts(shown: Sequence[str], leaf: Leaf) -> Mapping[str, object]:
    facts: dict[str, object] = {}
    for text in shown:
        try:
            disclosure = disclosures.read(text)
        except BadInput as error:
            raise DoesNotHold(error.detail, field="disclosures") from None
        if disclosure.digest not in leaf.digests or disclosure.name in facts:
            raise DoesNotHold("A disclosed fact is not among those the event sealed.", field="disclosures")
        facts[disclosure.name] = disclosure.value
    return facts
