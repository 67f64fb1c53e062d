"""Vonage's two proofs, checked and made: the signed parameters of the SMS API, the signed token of the Messages API.

Sources: Vonage's public documentation of signing messages and of signed webhooks; the signature tests of its Python
library. With HMAC its node and Ruby libraries differ from that, and are not the reference.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from consent.gateways.sms import json_bodies, json_tokens, proofs
from consent.gateways.sms.base import Unauthenticated

Pairs = list[tuple[bytes, bytes]]
METHODS = ("md5hash", "md5", "sha1", "sha256", "sha512")  # as the account's settings name them; all but the first HMAC
ISSUER = "Vonage"
ALGORITHMS = ("HS256",)
_BREAKS = bytes.maketrans(b"&=", b"__")


def signature(pairs: Iterable[tuple[bytes, bytes]], secret: str, method: str) -> str:
    """The `sig` of these parameters in lower-case hex: sorted by name, without `sig` itself."""
    rest = sorted(pair for pair in pairs if pair[0] != b"sig")
    signed = b"".join(b"&" + name + b"=" + value.translate(_BREAKS) for name, value in rest)
    if method == "md5hash":
        return hashlib.md5(signed + secret.encode(), usedforsecurity=False).hexdigest()
    return hmac.new(secret.encode(), signed, method).hexdigest()


def check_params(pairs: Pairs, secret: str, method: str, now: datetime) -> None:
    """The parameters are signed with the account's one method, and lately. Raises Unauthenticated."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unauthenticated("A parameter occurs twice, which no signature covers.")
    given = found.get(b"sig", b"").decode("latin-1").lower()
    if not proofs.same(given, signature(pairs, secret, method)):
        raise Unauthenticated("The Vonage signature does not fit.")
    # Receipts may carry the time only as words; both are signed.
    at = json_bodies.unix(found.get(b"timestamp", b"").decode("latin-1"))
    at = at or json_bodies.instant(found.get(b"message-timestamp", b"").decode("latin-1"))
    if at is None:
        raise Unauthenticated("The signed parameters hold no time.")
    proofs.check_age(at, now, old=proofs.DAY_OF_RETRIES)


def json_pairs(body: bytes) -> Pairs:
    """The parameters of a JSON body as they are signed: the words of their values. Raises Unauthenticated."""
    try:
        found = json.loads(body.decode("utf-8"), parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        raise Unauthenticated("The body holds no signed parameters.") from None
    if not isinstance(found, dict):
        raise Unauthenticated("The body holds no signed parameters.")
    pairs = []
    for name, value in found.items():
        if isinstance(value, bool):
            value = "true" if value else "false"
        if not isinstance(value, str):
            raise Unauthenticated("A parameter is of a kind that no signature covers.")
        pairs.append((name.encode("utf-8", "surrogatepass"), value.encode("utf-8", "surrogatepass")))
    return pairs


def check_token(header: str | None, body: bytes, secret: str, claims: Mapping[str, str], now: datetime) -> None:
    """The bearer token is Vonage's, for this account, for this very body, and recent. Raises Unauthenticated."""
    said = json_tokens.claims_of(_bearer(header), secret, ALGORITHMS)
    expected = {"iss": ISSUER, "payload_hash": hashlib.sha256(body).hexdigest(), **claims}
    fits = [proofs.same(said.get(name), value) for name, value in expected.items()]
    if not all(fits):
        raise Unauthenticated("The Vonage token is not for this account and body.")
    at = json_bodies.unix(said.get("iat"))
    if at is None:
        raise Unauthenticated("The Vonage token holds no time.")
    proofs.check_age(at, now, old=proofs.DAY_OF_RETRIES)


def token_for(body: bytes, secret: str, claims: Mapping[str, Any], now: datetime) -> str:
    """The bearer token Vonage would send with this body."""
    hashed = hashlib.sha256(body).hexdigest()
    said = {"iat": int(now.timestamp()), "jti": "made-up", "iss": ISSUER, "payload_hash": hashed, **claims}
    return json_tokens.make(said, secret)


def _bearer(header: str | None) -> str | None:
    """The token of an Authorization header (RFC 6750), or None if it holds none."""
    if not isinstance(header, str):
        return None
    scheme, _, token = header.strip().partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None
