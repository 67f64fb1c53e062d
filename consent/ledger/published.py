"""The public halves of the keys, in the forms in which others hold them."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from consent.ledger import base64url
from consent.ledger.keys import Keyring


def jwks(keyring: Keyring, organization_ids: Iterable[UUID]) -> dict[str, Any]:
    """Every key that ever signed receipts, as a JWK set (RFC 7517); retired ones stay, with their dates."""
    return {
        "keys": [
            {
                "kty": "OKP",
                "crv": "Ed25519",
                "alg": "Ed25519",
                "use": "sig",
                "kid": key.kid,
                "x": base64url.encode(key.public),
                "valid_from": key.valid_from.isoformat(),
            }
            | ({"retired_at": key.retired_at.isoformat()} if key.retired_at is not None else {})
            for organization_id in organization_ids
            for key in keyring.receipt_keys(organization_id)
        ]
    }


def log_vkeys(keyring: Keyring, organization_ids: Iterable[UUID]) -> list[str]:
    """Every key that ever signed a log, as C2SP verifier keys."""
    return [
        verifier.vkey
        for organization_id in organization_ids
        for origin in keyring.origins(organization_id)
        for verifier, _key in keyring.log_keys(organization_id, origin)
    ]
