"""What governs an organization: its open log and its rulebook, at hand for the doors that are asked most.

What is at hand is at most two seconds old: a version that takes effect, or one published by another process,
is in use by then. Questions about another instant are always answered from the database.
"""

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from consent.db import Database, Tx
from consent.errors import NotFound
from consent.ledger import service as ledger
from consent.policies import queries
from consent.policies import service as policies
from consent.policies.rulebook import Rulebook

FRESH_FOR = 2.0  # seconds


@dataclass(frozen=True, slots=True)
class InForce:
    """The log that is written to and the rulebook that is asked."""

    log: ledger.Log
    rulebook: Rulebook
    announced: tuple[queries.Version, ...] = ()  # published versions that are still to begin, the next one first


class Governing:
    """The same for all threads of a process."""

    def __init__(self, db: Database, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._db = db
        self._monotonic = monotonic
        self._known: dict[uuid.UUID, tuple[float, InForce]] = {}

    def now(self, organization_id: uuid.UUID, now: datetime) -> InForce:
        """What governs at this moment."""
        known = self._known.get(organization_id)
        if known is not None and self._monotonic() - known[0] < FRESH_FOR:
            return known[1]
        read_at = self._monotonic()
        found = self.at(organization_id, now)
        self._known[organization_id] = (read_at, found)
        return found

    def asked_about(self, organization_id: uuid.UUID, at: datetime, now: datetime) -> InForce:
        """What governs a question about this instant: what is at hand, unless another version may be in force then."""
        return self.now(organization_id, now) if at <= now else self.at(organization_id, at)

    def at(self, organization_id: uuid.UUID, at: datetime) -> InForce:
        """What governed, or will govern, at that instant, in the log that is open today."""
        with self._db.read(organization_id) as tx:
            ahead = [one for one in queries.published(tx, organization_id) if one.effective_at > at]
            next_first = tuple(sorted(ahead, key=lambda one: one.effective_at))
            return InForce(_open_log(tx, organization_id), policies.rulebook_at(tx, organization_id, at), next_first)


def _open_log(tx: Tx, organization_id: uuid.UUID) -> ledger.Log:
    log = ledger.log_of(tx, organization_id)
    if log is None:
        raise NotFound("This organization has no open log.")
    return log
