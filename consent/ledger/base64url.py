"""Bytes as URL-safe text without padding (RFC 4648 section 5), read back strictly: one text for one value."""

from base64 import b64decode, b64encode, urlsafe_b64decode
from binascii import b2a_base64

_URL_SAFE = bytes.maketrans(b"+/", b"-_")


def encode(raw: bytes) -> str:
    """The one unpadded text of these bytes."""
    # binascii itself: the wrappers of base64 cost as much again, and each event has a dozen such texts.
    return b2a_base64(raw, newline=False).rstrip(b"=").translate(_URL_SAFE).decode("ascii")


def encode_bytes(raw: bytes) -> bytes:
    """The same text in ASCII, for whoever hashes it."""
    return b2a_base64(raw, newline=False).rstrip(b"=").translate(_URL_SAFE)


def decode(text: str) -> bytes:
    """The bytes of an unpadded text; ValueError for padding, foreign letters or stray final bits."""
    raw = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    if encode(raw) != text:  # the library skips foreign letters and ignores stray bits; a proof may not
        raise ValueError("not unpadded base64url")
    return raw


def decode_padded(text: str) -> bytes:
    """The bytes of plain padded base64 (RFC 4648 section 4), used by signed notes; as strict as `decode`."""
    raw = b64decode(text, validate=True)
    if b64encode(raw).decode("ascii") != text:
        raise ValueError("not canonical base64")
    return raw
