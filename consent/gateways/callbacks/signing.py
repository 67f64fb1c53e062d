"""Calls to others and their answers, signed as Standard Webhooks has it: id, time and body under a shared secret."""

import base64
import hmac
import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from standardwebhooks import Webhook

PREFIX = "whsec_"
SECRET_BYTES = 32  # Standard Webhooks asks for 24 to 64
JSON = "application/json"
TOLERANCE = timedelta(minutes=5)  # what an answer's clock may differ from ours
MOST_SIGNATURES = 8  # of one answer: a sender that rotates its secret gives two


def new_secret() -> str:
    """A secret as Standard Webhooks writes them."""
    return PREFIX + base64.b64encode(os.urandom(SECRET_BYTES)).decode()


def headers(identity: str, now: datetime, body: bytes, secrets: Sequence[str]) -> dict[str, str]:
    """The headers of one signed call; what is signed is what is sent."""
    signatures = [Webhook(secret).sign(identity, now, body.decode()) for secret in secrets]
    return {
        "Content-Type": JSON,
        "webhook-id": identity,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def is_signed(secret: str, given: Mapping[str, str], body: bytes, now: datetime) -> bool:
    """Whether whoever knows the secret wrote this, within five minutes of now."""
    headers = {name.lower(): value for name, value in given.items()}
    identity, at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not identity or not (at.isascii() and at.isdigit() and len(at) <= 12):
        return False
    signed_at = datetime.fromtimestamp(int(at), UTC)
    if abs(now - signed_at) > TOLERANCE:
        return False
    try:
        expected = Webhook(secret).sign(identity, signed_at, body.decode())
    except ValueError:
        return False
    given_ones = headers.get("webhook-signature", "").split(" ")[:MOST_SIGNATURES]
    return any(hmac.compare_digest(expected.encode(), one.encode("utf-8", "replace")) for one in given_ones)
