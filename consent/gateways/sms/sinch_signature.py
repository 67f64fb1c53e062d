"""Sinch's webhook signatures, checked and made: HMAC with SHA-256 over body, nonce and time.

Sources: Sinch's public documentation of callbacks; the webhook tests of its Python and .NET libraries.
"""

from collections.abc import Iterable
from datetime import datetime

from consent.gateways.sms import json_bodies, proofs
from consent.gateways.sms.base import HeaderMap, Unauthenticated

SIGNATURE = "x-sinch-webhook-signature"
NONCE, TIMESTAMP, ALGORITHM = f"{SIGNATURE}-nonce", f"{SIGNATURE}-timestamp", f"{SIGNATURE}-algorithm"
HMAC_SHA256 = "HmacSHA256"


def sign(body: bytes, nonce: str, timestamp: str, secret: str) -> str:
    """The signature of a callback, in base64."""
    return proofs.hmac_base64(secret, b".".join((body, nonce.encode(), timestamp.encode())))


def check(headers: HeaderMap, body: bytes, secrets: Iterable[str], now: datetime) -> None:
    """One of the secrets made the signature, in the last day. Raises Unauthenticated.

    Sinch repeats a call for almost a day, so the time bounds replays only loosely; the message's id does the rest.
    """
    signature, nonce, stamp = (headers.get(name) or "" for name in (SIGNATURE, NONCE, TIMESTAMP))
    algorithm = headers.get(ALGORITHM)
    # The name of the algorithm is not signed: it is no choice, only a reason to refuse.
    if algorithm is not None and not proofs.same(algorithm.lower(), HMAC_SHA256.lower()):
        raise Unauthenticated("The Sinch signature names an algorithm that is not HmacSHA256.")
    if not nonce or max(len(nonce), len(stamp)) > proofs.LONGEST_HEADER or not (nonce + stamp).isascii():
        raise Unauthenticated("The Sinch signature has no nonce or time.")
    fits = [proofs.same(signature, sign(body, nonce, stamp, secret)) for secret in secrets]
    at = json_bodies.unix(stamp)
    if not any(fits) or at is None:
        raise Unauthenticated("The Sinch signature does not fit.")
    proofs.check_age(at, now, old=proofs.DAY_OF_RETRIES)
