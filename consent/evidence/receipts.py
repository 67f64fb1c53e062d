"""Consent receipts: what was agreed, with whom, under which wording, as a signed statement the person keeps.

The claims follow ISO/IEC TS 27560:2023; the envelope is a compact JWS (RFC 7515) signed with Ed25519 (RFC 9864).
Everything here is pure: the same event, facts and key give the same receipt, byte for byte.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from consent.errors import NotFound
from consent.ledger import base64url, bodies, signed
from consent.ledger.bodies import Leaf
from consent.ledger.keyfiles import SigningKey
from consent.ledger.signed import MAX_MERGE_DELAY

TYPE = "consent-receipt+jwt"
CONFORMS_TO = ("ISO/IEC TS 27560:2023", "https://w3id.org/dpv/schema/dpv-27560#receipt-record")
SCHEMA_VERSION = "1.0"

# What an event says about the state of a consent; other events have no receipt.
STATES = {
    "consent.given": "given",
    "consent.renewed": "given",
    "consent.refused": "refused",
    "consent.withdrawn": "withdrawn",
    "consent.expired": "expired",
}
# How the person spoke, in the words of a reader; anything else stands as it is.
METHODS = {"keyword": "inbound SMS keyword", "gateway": "opt-out at the SMS gateway"}


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who issues receipts: the public address of the service and the organization's part of it."""

    url: str
    organization: str

    def notice_url(self, policy: str, version: str) -> str:
        """Where the exact wording can be read."""
        return f"{self.url}/{self.organization}/privacy/{version}?policy={policy}"


def claims(leaf: Leaf, programs: Sequence[Mapping[str, Any]], issuer: Issuer) -> dict[str, Any]:
    """What the receipt of this event states; `programs` are the facts of each program it concerns, in its order."""
    state = STATES.get(leaf.type)
    if state is None:
        raise NotFound("There is no receipt of this entry: it is about no consent.")
    stream, event_id = str(leaf.stream), str(leaf.id)
    parties, processing = _merge(programs)
    method = _method(leaf)
    policy, version = _text(leaf, "policy"), _text(leaf, "policy_version")
    language = _text(leaf, "wording_language") or (str(programs[0]["notice"]["language"]) if programs else "en")
    return {
        "iss": issuer.url,
        "iat": int(leaf.recorded_at.timestamp()),
        "jti": event_id,
        "sub": stream,
        "conforms_to": list(CONFORMS_TO),
        "record": {
            "schema_version": SCHEMA_VERSION,
            "record_id": stream,
            "pii_principal_id": stream,
            "language": language,
            "notice": {
                "id": policy,
                "version": version,
                "url": issuer.notice_url(policy, version),
                "sha256": _text(leaf, "policy_sha256"),
                "language": str(programs[0]["notice"]["language"]) if programs else language,
            },
            "processing": [one | {"collection_method": method} for one in processing],
            "parties": parties,
            "events": [
                {
                    "event_id": event_id,
                    "event_time": bodies.instant(leaf.occurred_at),
                    "event_type": "explicit",
                    "event_state": state,
                    "validity_duration": str(programs[0].get("validity_duration", "unlimited"))
                    if programs
                    else "unlimited",
                    "entity_id": stream,
                    "method": method,
                    "notice_version": version,
                }
            ],
        },
        "ledger": {
            "origin": leaf.log,
            "event_id": event_id,
            "leaf_hash": base64url.encode(leaf.leaf_hash),
            "max_merge_delay": MAX_MERGE_DELAY,
        },
    }


def sign(claims: Mapping[str, Any], key: SigningKey) -> str:
    """The claims as a compact JWS."""
    return signed.sign(claims, TYPE, key)


def _merge(programs: Sequence[Mapping[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The parties of all programs, each once and numbered anew, and the processing that names them."""
    parties: list[dict[str, Any]] = []
    processing: list[dict[str, Any]] = []
    for facts in programs:
        numbers: dict[str, str] = {}
        for party in facts["parties"]:
            plain = {name: value for name, value in party.items() if name != "party_id"}
            known = next((one for one in parties if one.items() >= plain.items() and len(one) == len(plain) + 1), None)
            if known is None:
                known = {"party_id": f"p{len(parties) + 1}"} | plain
                parties.append(known)
            numbers[party["party_id"]] = known["party_id"]
        for one in facts["processing"]:
            named = {role: [numbers[party] for party in one.get(role, [])] for role in ("controllers", "recipients")}
            processing.append(dict(one) | named)
    return parties, processing


def _method(leaf: Leaf) -> str:
    method = _text(leaf, "method") or leaf.source
    said = METHODS.get(method, method)
    keyword = _text(leaf, "keyword")
    return f"{said} {keyword.upper()}" if keyword else said


def _text(leaf: Leaf, name: str) -> str:
    value = leaf.data.get(name, "")
    return value if isinstance(value, str) else ""
