"""Who of the staff sits before a page: until accounts of their own exist, whoever showed an API key with the scope.

The cookie holds the key's id, never the key; the key is looked up on each request, so that a revoked one opens nothing.
Their forms are checked as all of ours (`web.forms`).
"""

import secrets
import time
from collections import deque
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import session

from consent import clock

# OWASP ASVS 5.0, 7.3: an absolute end of a session, about a working day.
LASTS = 8 * 3600.0
# OWASP ASVS 5.0, 6.3.1: guessing is slowed; keys have 256 random bits, so this guards the database more than the keys.
ATTEMPTS, WITHIN = 10, 900.0
MOST_REMEMBERED = 10_000


_OF_SEAT = ("organization", "key", "since", "csrf")


@dataclass(frozen=True, slots=True)
class Seat:
    """The organization and key of a session that has not ended."""

    organization_id: UUID
    key_id: UUID


def sign_in(organization_id: UUID, key_id: UUID) -> None:
    """A new session; nothing of one before it is kept."""
    session.clear()
    session.update(
        organization=str(organization_id),
        key=str(key_id),
        since=clock.now().timestamp(),
        csrf=secrets.token_urlsafe(32),
    )


def sign_out() -> None:
    """The session is over."""
    session.clear()


def seat() -> Seat | None:
    """Who sits here, if the session has not ended; the key must still be looked up."""
    try:
        if clock.now().timestamp() - float(session["since"]) > LASTS:
            return None
        return Seat(UUID(session["organization"]), UUID(session["key"]))
    except (KeyError, ValueError, TypeError):
        return None


def kept() -> dict[str, Any]:
    """What the session holds of a seat, to outlast a visit in the same browser; empty for everybody else."""
    return {name: session[name] for name in _OF_SEAT if name in session} if "key" in session else {}


class Attempts:
    """How often somebody has tried to sign in lately, by where they come from."""

    def __init__(self) -> None:
        self._made: dict[str, deque[float]] = {}

    def too_many(self, who: str) -> bool:
        """Whether this attempt is one too many; it counts."""
        now = time.monotonic()
        made = self._made.setdefault(who, deque())
        while made and made[0] < now - WITHIN:
            made.popleft()
        if len(self._made) > MOST_REMEMBERED:
            self._made.clear()
        if len(made) >= ATTEMPTS:
            return True
        made.append(now)
        return False
