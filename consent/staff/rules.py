"""How long a sign-in lasts, when a factor is fresh, how tries to sign in are slowed. Pure: no database, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import SplitResult, unquote, urlsplit

# OWASP ASVS 5.0, 7.3.1 and 7.3.2, with the figures of S34.
IDLE, ABSOLUTE = timedelta(minutes=30), timedelta(hours=12)
# S35: what is asked again before exports, erasures, keys, policies, roles and factors.
FRESH = timedelta(minutes=5)
INVITED_FOR = timedelta(hours=72)
LONGEST_PATH = 500
NOWHERE = SplitResult("", "", "", "", "")
COUNTED_FOR = timedelta(hours=1)
LONGEST_DELAY = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Slowing:
    """So many tries within the hour are free; then each next one waits twice as long as the one before."""

    free: int
    first: timedelta


# S33: delay instead of lockout. One person at one place mistypes a few times; the account as a whole and the network
# get more room, so that nobody can shut a colleague out by typing nonsense in their name from elsewhere.
HERE = Slowing(5, timedelta(seconds=15))
ACCOUNT = Slowing(50, timedelta(seconds=5))
NETWORK = Slowing(40, timedelta(seconds=15))


def is_over(began_at: datetime, seen_at: datetime, now: datetime) -> bool:
    """Whether a sign-in has ended by itself."""
    return now - began_at > ABSOLUTE or now - seen_at > IDLE


def is_fresh(factor_at: datetime, now: datetime) -> bool:
    """Whether a factor was shown so lately that nobody needs to show it again."""
    return now - factor_at <= FRESH


def wait(tries: Sequence[datetime], slowing: Slowing, now: datetime) -> timedelta:
    """How long the next try has to wait after these, zero for not at all."""
    lately = sorted(one for one in tries if now - one < COUNTED_FOR)
    over = len(lately) - slowing.free
    if over < 0:
        return timedelta(0)
    delay = min(slowing.first * (1 << min(over, 16)), LONGEST_DELAY)
    return max(lately[-1] + delay - now, timedelta(0))


def split(asked: str) -> SplitResult:
    """The parts of what somebody else wrote as an address; none for what is no address at all."""
    try:
        return urlsplit(asked)
    except ValueError:  # brackets that hold no address, letters that fold to a slash
        return NOWHERE


def own_path(asked: str) -> str:
    """The page of staff to go on to; the first one for whatever leads elsewhere (S22)."""
    parts = split(asked) if len(asked) <= LONGEST_PATH and asked.isprintable() else NOWHERE
    walked = unquote(parts.path) + "/"  # browsers walk up for dots however they are written
    elsewhere = parts.scheme or parts.netloc or "\\" in asked or "//" in walked[:-1] or "/../" in walked
    if elsewhere or not (parts.path == "/staff" or parts.path.startswith("/staff/")):
        return "/staff"
    return parts.path + (f"?{parts.query}" if parts.query else "")
