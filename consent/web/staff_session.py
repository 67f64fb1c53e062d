"""Who of the staff sits before a page: until accounts of their own exist, whoever showed an API key with the scope.

The cookie holds the key's id, never the key; the key is looked up on each request, so that a revoked one opens nothing.
Forms carry a token of the session, and the browser's own word on where they come from is asked as well (S18).
"""

import hmac
import secrets
import time
from collections import deque
from dataclasses import dataclass
from uuid import UUID

from flask import request, session

from consent import clock
from consent.errors import Forbidden
from consent.web.headers import same_site
from consent.web.messages import N_

# OWASP ASVS 5.0, 7.3: an absolute end of a session, about a working day.
LASTS = 8 * 3600.0
# OWASP ASVS 5.0, 6.3.1: guessing is slowed; keys have 256 random bits, so this guards the database more than the keys.
ATTEMPTS, WITHIN = 10, 900.0
MOST_REMEMBERED = 10_000


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


def csrf_token() -> str:
    """The token that forms of this session carry."""
    if "csrf" not in session:
        session["csrf"] = secrets.token_urlsafe(32)
    return str(session["csrf"])


def check_form(public_url: str) -> None:
    """The form was shown by us in this session; refused otherwise."""
    sent, kept = request.form.get("csrf", ""), str(session.get("csrf", ""))
    if not kept or not hmac.compare_digest(sent.encode(), kept.encode()) or not same_site(public_url):
        raise Forbidden(N_("This form is out of date. Go back, load the page again and send it once more."))


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
