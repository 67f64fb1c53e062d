"""Who may come through a door: anyone, or a key. Each parent blueprint in `app` has exactly one of these."""

import time

from flask import request

from consent.db import Database
from consent.errors import Unauthorized
from consent.organizations import service as organizations
from consent.web.logs import security_event
from consent.web.principal import Principal, let_in

FRESH_FOR = 2.0  # seconds: a revoked key opens nothing after that
MOST_REMEMBERED = 1000
LONGEST_KEY = 200


class ApiKey:
    """The guard of the API: a bearer key of one organization."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._known: dict[str, tuple[float, Principal]] = {}

    def __call__(self) -> None:
        """The request speaks for the key it brought; refused without one."""
        sent: str = request.environ.get("HTTP_AUTHORIZATION", "")
        scheme, _, key = sent.partition(" ")
        if scheme.lower() != "bearer" or not key.startswith(organizations.KEY_PREFIX) or len(key) > LONGEST_KEY:
            raise Unauthorized("Send an API key in the header: Authorization: Bearer ck_…")
        let_in(self._principal(key))

    def _principal(self, key: str) -> Principal:
        known = self._known.get(key)
        if known is not None and time.monotonic() - known[0] < FRESH_FOR:
            return known[1]
        read_at = time.monotonic()
        with self._db.read() as tx:
            found = organizations.key_at_door(tx, key)
        if found is None:
            self._known.pop(key, None)
            security_event("api_key_refused")
            raise Unauthorized("This API key is not known or was revoked. Ask the operator for a new one.")
        principal = Principal(found.organization_id, found.id, found.scopes)
        if len(self._known) >= MOST_REMEMBERED:
            self._known.clear()
        self._known[key] = (read_at, principal)
        return principal


def anyone() -> None:
    """No key is asked for; what the door shows is meant for everybody."""
