"""Signed messages: Ed25519 as libsodium combines it, signature before message, in base64. Pure.

Everything is checked in the order of section 3.07 of the protocol: the signature over the raw bytes first, and nothing
is read of a message before it is known whose it is.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from consent.errors import ConsentError
from consent.web import bodies

SIGNATURE = 64  # bytes
LARGEST = 64 * 1024  # of a body; claims of one person need a hundredth of it
LONGEST_ID = 64


class Refused(Exception):
    """A message that asks for nothing here; `fatal`: sending it again would change nothing."""

    def __init__(self, status: int, message: str, *, fatal: bool = True) -> None:
        super().__init__(message)
        self.status, self.message, self.fatal = status, message, fatal


@dataclass(frozen=True, slots=True)
class Message:
    """What was signed: its bytes, and what they say."""

    raw: bytes = field(repr=False)
    says: Mapping[str, Any] = field(repr=False)

    def text(self, name: str, longest: int) -> str | None:
        """A text of the message; None where it is absent or no text that can be kept."""
        value = self.says.get(name)
        if not isinstance(value, str) or not 0 < len(value) <= longest or not value.isprintable():
            return None
        return value


def decoded(body: bytes) -> bytes:
    """The signature and the message behind it."""
    try:
        buffer = base64.b64decode(b"".join(body.split()), validate=True)
    except (binascii.Error, ValueError):
        raise Refused(400, "The body is not base64.") from None
    if len(buffer) <= SIGNATURE:
        raise Refused(400, "The body holds no signature and message.")
    return buffer


def is_signed_by(buffer: bytes, key: bytes) -> bool:
    """Whether this key signed the message in the buffer."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(buffer[:SIGNATURE], buffer[SIGNATURE:])
    except (InvalidSignature, ValueError):
        return False
    return True


def message_of(buffer: bytes) -> Message:
    """What a message says whose signature was found right."""
    raw = buffer[SIGNATURE:]
    try:
        return Message(raw, bodies.parse_object(raw))
    except ConsentError as error:
        raise Refused(400, error.detail) from None


def check(message: Message, agent_id: str, business_id: str, now: datetime) -> datetime:
    """It is from this agent, for this company, and for now; returns when it was issued."""
    if message.text("agent-id", LONGEST_ID) != agent_id:
        raise Refused(403, "agent-id names another agent than the one that signed.")
    if message.text("business-id", LONGEST_ID) != business_id:
        raise Refused(403, "business-id names another company.")
    issued_at = _instant(message, "issued-at")
    if issued_at > now:
        raise Refused(400, "issued-at lies in the future: look at the clock and send it again.", fatal=False)
    if _instant(message, "expires-at") <= now:
        raise Refused(400, "expires-at is over: sign a new message.")
    return issued_at


def _instant(message: Message, name: str) -> datetime:
    """An ISO 8601 time of the message; one without an offset is UTC."""
    text = message.text(name, 40)
    try:
        read = datetime.fromisoformat(text or "")
        return read.astimezone(UTC) if read.tzinfo is not None else read.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise Refused(400, f"{name} must be an ISO 8601 time.") from None
