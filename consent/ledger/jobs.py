"""What the clock calls: seal every log that has something waiting."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from consent.db import Database
from consent.errors import ConsentError, Unavailable
from consent.ledger import queries, sealing
from consent.ledger.keys import Keyring

logger = logging.getLogger(__name__)

TURNS = 64  # per log and call: a long queue of one organization does not starve the others


@dataclass(frozen=True, slots=True)
class Sealed:
    """What one call did: how many events it sealed, and the logs it had to leave alone."""

    events: int
    stopped: tuple[tuple[UUID, str], ...]
    oldest_pending: datetime | None


def seal(db: Database, keyring: Keyring, organization_ids: Iterable[UUID], now: datetime) -> Sealed:
    """Every log of these organizations is sealed and published; one that must not be is left and named."""
    events = 0
    stopped: list[tuple[UUID, str]] = []
    waiting: list[datetime] = []
    for organization_id in organization_ids:
        try:
            events += seal_organization(db, keyring, organization_id, now)
        except Unavailable:
            raise
        except ConsentError as error:
            logger.error("ledger.sealing_stopped", extra={"organization": str(organization_id)})
            stopped.append((organization_id, error.detail))
        with db.read(organization_id) as tx:
            oldest = queries.oldest_pending(tx, organization_id)
        if oldest is not None:
            waiting.append(oldest)
    return Sealed(events, tuple(stopped), min(waiting, default=None))


def seal_organization(db: Database, keyring: Keyring, organization_id: UUID, now: datetime) -> int:
    """Every log of the organization is sealed; returns how many events were."""
    with db.read(organization_id) as tx:
        logs = queries.logs(tx, organization_id)
    return sum(_seal_log(db, keyring, organization_id, log, now) for log in logs if log.closed_at is None)


def _seal_log(db: Database, keyring: Keyring, organization_id: UUID, log: queries.LogRow, now: datetime) -> int:
    """One signature covers every turn of this call: signing and publishing cost more than placing."""
    events = 0
    try:
        for _turn in range(TURNS):
            placed = sealing.place_waiting(db, organization_id, log, now)
            events += placed
            if placed < sealing.turn_size(db):
                break
    except sealing.SealingStopped:
        if events:  # what had its place before the fault is signed all the same
            sealing.sign_newest(db, keyring, organization_id, log)
        raise
    sealing.sign_newest(db, keyring, organization_id, log)
    return events
