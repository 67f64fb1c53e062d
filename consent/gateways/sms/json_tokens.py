"""Signed JSON tokens (JWT, RFC 7519) that providers send along: a shared secret, and algorithms we name ourselves."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from joserfc.jws import JWSRegistry

from consent.gateways.sms.base import Unauthenticated
from consent.gateways.sms.proofs import LONGEST_HEADER


def claims_of(token: str | None, secret: str, algorithms: Sequence[str]) -> dict[str, Any]:
    """The claims of a token that this secret signed. Raises Unauthenticated, whatever the token is."""
    if not isinstance(token, str) or not token or len(token) > LONGEST_HEADER or not token.isascii():
        raise Unauthenticated("There is no token.")
    try:
        # What a header says besides is passed over (RFC 7515, 4): a provider that adds a field must not cost a STOP.
        registry = JWSRegistry(algorithms=list(algorithms), strict_check_header=False)
        found = jws.deserialize_compact(token, OctKey.import_key(secret.encode()), registry=registry)
        claims = json.loads(found.payload or b"")
    except (JoseError, ValueError, RecursionError):
        raise Unauthenticated("The token does not fit.") from None
    if "crit" in found.headers():
        raise Unauthenticated("The token says that more must be understood than we do.")
    if not isinstance(claims, dict):
        raise Unauthenticated("The token says nothing.")
    return claims


def make(claims: Mapping[str, Any], secret: str, algorithm: str = "HS256") -> str:
    """The signed token of these claims."""
    key = OctKey.import_key(secret.encode())
    return jws.serialize_compact({"alg": algorithm, "typ": "JWT"}, json.dumps(claims).encode(), key, [algorithm])
