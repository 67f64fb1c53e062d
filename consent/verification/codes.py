"""Codes and links that are asked for: made from the system's randomness, kept as what they cannot be read from."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from uuid import UUID

from consent.ledger.keys import Keyring
from consent.verification.rules import DIGITS

TAG_BYTES = 16
TOKEN_BYTES = 32
LONGEST_TOKEN = 100  # characters of a token that somebody brings


@dataclass(frozen=True, slots=True)
class Secrets:
    """What goes to the address and nowhere else: six digits, and the token of a link (256 random bits)."""

    code: str = field(repr=False)
    token: str = field(repr=False)


def new() -> Secrets:
    """A code and a token that nobody can guess."""
    return Secrets(f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}", secrets.token_urlsafe(TOKEN_BYTES))


def code_mac(keyring: Keyring, organization_id: UUID, challenge_id: UUID, code: str) -> bytes:
    """What is kept of a code: without the key nobody can try the million there are (S26)."""
    return _mac(keyring, organization_id, f"code|{challenge_id}|{code}")


def link_hash(token: str) -> bytes:
    """What is kept of a link's token (S24); no salt is needed at its length."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def browser_hash(token: str) -> bytes:
    """What is kept of the browser that asked: a hash of the token its session cookie holds."""
    return hashlib.sha256(b"browser|" + token.encode("utf-8", "surrogatepass")).digest()


def tag(keyring: Keyring, organization_id: UUID, kind: str, value: str) -> bytes:
    """By which asks of one address or network are counted, without keeping it readable."""
    return _mac(keyring, organization_id, f"{kind}|{value}")[:TAG_BYTES]


def same(one: bytes, other: bytes) -> bool:
    """Compared in a time that tells nothing."""
    return hmac.compare_digest(one, other)


def _mac(keyring: Keyring, organization_id: UUID, message: str) -> bytes:
    return hmac.digest(keyring.key_for(organization_id, "codes"), message.encode("utf-8", "surrogatepass"), "sha256")
