"""Check a bundle with nothing but the published keys: no database, no settings, no network.

The order is that of the claims' dependence on each other: signature, body, facts, proof. What comes later is not
looked at when something before it does not hold.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from consent.errors import BadInput
from consent.evidence.bundles import Bundle
from consent.evidence.receipts import STATES, TYPE
from consent.ledger import base64url, bodies, disclosures, proofs
from consent.ledger.bodies import BadBody, Leaf
from consent.ledger.notes import BadNote, Checkpoint, Verifier

ALGORITHMS = ("Ed25519", "EdDSA")  # one signature under its new and its old name (RFC 9864); nothing else
# Headers by which a receipt would bring its own key, or demand what we do not know.
REFUSED_HEADERS = ("jwk", "jku", "x5u", "x5c", "crit", "b64")


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
    stated = verify_receipt(bundle.receipt, jwks)
    leaf = _body(bundle.body, stated)
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
    unchecked = tuple(sorted({str(anchor.get("kind")) for anchor in bundle.anchors}))
    return Verified(stated, leaf, facts, index, checkpoint, unchecked)


def verify_receipt(receipt: str, jwks: Mapping[str, Any]) -> Mapping[str, Any]:
    """The claims of a receipt that a pinned key has signed."""
    try:
        protected, payload, signature = receipt.split(".")
        header = json.loads(base64url.decode(protected))
        claims = json.loads(base64url.decode(payload))
        signed = base64url.decode(signature)
    except (ValueError, RecursionError):
        raise DoesNotHold("The receipt is not a compact JWS.", field="receipt") from None
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise DoesNotHold("The receipt is not a compact JWS.", field="receipt")
    if any(name in header for name in REFUSED_HEADERS):
        raise DoesNotHold("The receipt brings a key or a demand of its own.", field="receipt")
    if header.get("alg") not in ALGORITHMS or header.get("typ") != TYPE:
        raise DoesNotHold("The receipt is of another type or signed in another way.", field="receipt")
    try:
        _key(jwks, header.get("kid")).verify(signed, f"{protected}.{payload}".encode())
    except InvalidSignature:
        raise DoesNotHold("The signature of the receipt does not hold.", field="receipt") from None
    return claims


def _key(jwks: Mapping[str, Any], kid: object) -> Ed25519PublicKey:
    keys = jwks.get("keys")
    for key in keys if isinstance(keys, list) else []:
        if isinstance(key, dict) and key.get("kid") == kid and kid is not None:
            if key.get("kty") != "OKP" or key.get("crv") != "Ed25519" or key.get("use", "sig") != "sig":
                continue
            try:
                return Ed25519PublicKey.from_public_bytes(base64url.decode(key["x"]))
            except (ValueError, KeyError, TypeError, AttributeError):
                raise DoesNotHold("The published key of the receipt is malformed.", field="jwks") from None
    raise DoesNotHold("No published key has signed the receipt.", field="receipt")


def _body(body: bytes, claims: Mapping[str, Any]) -> Leaf:
    try:
        leaf = bodies.parse(body)
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
