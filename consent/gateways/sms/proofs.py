"""The pieces proofs of a webhook are made of: equal in constant time, Basic credentials, windows of time."""

import base64
import binascii
import hmac
from datetime import datetime, timedelta

from consent.gateways.sms.base import Unauthenticated

LONGEST_HEADER = 4096
AHEAD = timedelta(minutes=5)
# Providers that repeat for a day: a shorter window would lose opt-outs; the message's id makes repeats harmless.
DAY_OF_RETRIES = timedelta(hours=24, minutes=5)


def same(given: str | None, wanted: str) -> bool:
    """Whether a header or parameter is this very secret; garbage, however long, is not."""
    if not isinstance(given, str) or len(given) > LONGEST_HEADER:
        return False
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), wanted.encode("utf-8", "surrogatepass"))


def basic(header: str | None) -> tuple[str, str] | None:
    """User and password of an Authorization header (RFC 7617, UTF-8), or None if it holds none."""
    if not isinstance(header, str) or len(header) > LONGEST_HEADER:
        return None
    scheme, _, rest = header.strip().partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, colon, password = base64.b64decode(rest.strip().encode("ascii"), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeError):
        return None
    return (user, password) if colon else None


def is_basic(header: str | None, user: str, password: str) -> bool:
    """Whether these are the credentials; both parts are always compared."""
    given = basic(header)
    if given is None:
        return False
    right_user, right_password = same(given[0], user), same(given[1], password)
    return right_user and right_password


def basic_header(user: str, password: str) -> str:
    """The Authorization header of these credentials."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode("ascii")


def hmac_base64(key: str, signed: bytes, digest: str = "sha256") -> str:
    """The keyed digest as most providers write it."""
    return base64.b64encode(hmac.digest(key.encode(), signed, digest)).decode("ascii")


def check_age(at: datetime, now: datetime, *, old: timedelta, ahead: timedelta = AHEAD) -> None:
    """The signed time is recent. Raises Unauthenticated."""
    if not now - old <= at <= now + ahead:
        raise Unauthenticated("The signed time of this request is not recent.")
