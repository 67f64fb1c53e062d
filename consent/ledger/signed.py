"""Signed statements as a compact JWS (RFC 7515) with Ed25519 (RFC 9864): made, and read by pinned keys alone. Pure."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from joserfc import jws
from joserfc.jwk import OKPKey

from consent.errors import BadInput
from consent.ledger import base64url
from consent.ledger.keyfiles import SigningKey

ALGORITHM = "Ed25519"  # RFC 9864; older verifiers know it as EdDSA
ALGORITHMS = (ALGORITHM, "EdDSA")  # one signature under its new and its old name; nothing else
# Headers by which a statement would bring its own key, or demand what we do not know.
REFUSED_HEADERS = ("jwk", "jku", "x5u", "x5c", "crit", "b64")
MAX_MERGE_DELAY = 60  # seconds within which an event is sealed


class BadSignature(BadInput):
    """The statement is not what a published key has signed; `field` is `receipt` or `jwks`."""


class Statement(NamedTuple):
    """What was signed, and which type of statement it says it is."""

    type: str
    claims: Mapping[str, Any]


def sign(claims: Mapping[str, Any], type: str, key: SigningKey) -> str:
    """The claims as a compact JWS of that type."""
    header = {"alg": ALGORITHM, "typ": type, "kid": key.kid}
    payload = json.dumps(claims, ensure_ascii=False, separators=(",", ":")).encode()
    return jws.serialize_compact(header, payload, OKPKey.import_key(key.private), algorithms=[ALGORITHM])


def read(statement: str, jwks: Mapping[str, Any], types: Iterable[str]) -> Statement:
    """The claims of a statement of one of these types that a pinned key has signed; BadSignature otherwise."""
    try:
        protected, payload, signature = statement.split(".")
        header = json.loads(base64url.decode(protected))
        claims = json.loads(base64url.decode(payload))
        signed = base64url.decode(signature)
    except (ValueError, RecursionError):
        raise _bad("The receipt is not a compact JWS.") from None
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise _bad("The receipt is not a compact JWS.")
    if any(name in header for name in REFUSED_HEADERS):
        raise _bad("The receipt brings a key or a demand of its own.")
    if header.get("alg") not in ALGORITHMS or header.get("typ") not in tuple(types):
        raise _bad("The receipt is of another type or signed in another way.")
    try:
        _key(jwks, header.get("kid")).verify(signed, f"{protected}.{payload}".encode())
    except InvalidSignature:
        raise _bad("The signature of the receipt does not hold.") from None
    return Statement(header["typ"], claims)


def _key(jwks: Mapping[str, Any], kid: object) -> Ed25519PublicKey:
    keys = jwks.get("keys")
    for key in keys if isinstance(keys, list) else []:
        if isinstance(key, dict) and key.get("kid") == kid and kid is not None:
            if key.get("kty") != "OKP" or key.get("crv") != "Ed25519" or key.get("use", "sig") != "sig":
                continue
            try:
                return Ed25519PublicKey.from_public_bytes(base64url.decode(key["x"]))
            except (ValueError, KeyError, TypeError, AttributeError):
                raise BadSignature("The published key of the receipt is malformed.", field="jwks") from None
    raise _bad("No published key has signed the receipt.")


def _bad(detail: str) -> BadSignature:
    return BadSignature(detail, field="receipt")
