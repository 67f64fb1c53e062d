"""Passwords: what may be one (S31), and how one is kept: Argon2id with the parameters of RFC 9106, second choice."""

import unicodedata
from collections.abc import Iterable
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from consent.staff import common
from consent.web.messages import N_

SHORTEST, LONGEST = 15, 128  # OWASP ASVS 5.0, 6.2.1 and 6.2.9
TOO_SHORT = N_("Use at least 15 characters. Several words in a row are easy to remember and hard to guess.")
TOO_LONG = N_("Use at most 128 characters.")
TOO_COMMON = N_("Too many people use this one, or it is easy to guess. Choose other words.")
YOURS = N_("This is made of your name, your address or the name of the organization. Choose other words.")

_HASHER = PasswordHasher()
# 64 MiB each: more at once would fill the memory of a small machine.
_AT_ONCE = BoundedSemaphore(2)


def why_not(password: str, own_words: Iterable[str] = ()) -> str | None:
    """What speaks against this password, as a message; None where nothing does. No rules of composition."""
    password = _same(password)
    if len(password) < SHORTEST:
        return TOO_SHORT
    if len(password) > LONGEST:
        return TOO_LONG
    if common.is_common(password):
        return TOO_COMMON
    if common.is_made_of(password, own_words):
        return YOURS
    return None


def hashed(password: str) -> str:
    """What is kept of a password."""
    with _AT_ONCE:
        return _HASHER.hash(_same(password)[:LONGEST])


def matches(kept: str | None, password: str) -> bool:
    """Whether this is the password; where there is none, the same work is done for nothing (S33)."""
    with _AT_ONCE:
        try:
            fits = _HASHER.verify(kept or _nobodys(), _same(password)[: LONGEST + 1])
        except (VerificationError, InvalidHashError):
            return False
    return fits and kept is not None


@cache
def _nobodys() -> str:
    """A hash that belongs to no account."""
    return _HASHER.hash("nobody has this password")


def _same(password: str) -> str:
    """However a keyboard composes its letters (NIST SP 800-63B-4, 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password.encode("utf-8", "replace").decode())
