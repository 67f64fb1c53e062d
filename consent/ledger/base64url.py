"""Bytes as URL-safe text without padding (RFC 4648 section 5), read back strictly: one text for one value."""

from base64 import urlsafe_b64decode, urlsafe_b64encode


def encode(raw: bytes) -> str:
    """The one unpadded text of these bytes."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """The bytes of an unpadded text; ValueError for padding, foreign letters or stray final bits."""
    raw = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    if encode(raw) != text:  # the library skips foreign letters and ignores stray bits; a proof may not
        raise ValueError("not unpadded base64url")
    return raw
