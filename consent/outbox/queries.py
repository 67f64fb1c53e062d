"""Reads of the outbox: what waits, what failed, how long."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from consent.db import Sql, Tx
from consent.db.types import as_id, as_instant

_JOBS = Sql(
    "SELECT id, queue, kind, outcome, attempts, max_attempts, run_at, last_error, created_at FROM job"
    " WHERE organization_id = :organization_id AND outcome = :outcome ORDER BY created_at LIMIT 1000"
)
# A job that was tried waits since it was made; one that was not waits since it is due.
_OLDEST = Sql(
    "SELECT min(CASE WHEN attempts > 0 THEN created_at ELSE run_at END) FROM job"
    " WHERE organization_id = :organization_id AND done_at IS NULL"
)

_ANYTHING_DUE = Sql(
    "SELECT 1 FROM job WHERE organization_id = :organization_id AND queue = :queue AND done_at IS NULL"
    " AND run_at <= :now LIMIT 1"
)
_WAITING = Sql(
    "SELECT count(*) FROM job WHERE organization_id = :organization_id AND queue = :queue AND done_at IS NULL"
)
_TO_WHOM = Sql(
    "SELECT contact_point_id, COALESCE(done_at, created_at) FROM job"
    " WHERE organization_id = :organization_id AND id = :id AND queue = :queue"
)


def anything_due(tx: Tx, organization_id: uuid.UUID, queue: str, now: datetime) -> bool:
    """Is there anything in this queue whose time has come?"""
    asked = {"organization_id": organization_id, "queue": queue, "now": now}
    return tx.one(_ANYTHING_DUE, asked) is not None


def waiting(tx: Tx, organization_id: uuid.UUID, queue: str) -> int:
    """How many jobs of this queue are not over."""
    row = tx.one(_WAITING, {"organization_id": organization_id, "queue": queue})
    return int(row[0]) if row is not None else 0


def to_whom(tx: Tx, organization_id: uuid.UUID, queue: str, job_id: uuid.UUID) -> tuple[uuid.UUID, datetime] | None:
    """The contact point a job went to and when it was over, if the job is there and has one."""
    row = tx.one(_TO_WHOM, {"organization_id": organization_id, "id": job_id, "queue": queue})
    return None if row is None or row[0] is None else (as_id(row[0]), as_instant(row[1]))


def oldest_due(tx: Tx, organization_id: uuid.UUID) -> datetime | None:
    """Since when the oldest message waits to be sent, in the future for one that is not due yet; None without any."""
    row = tx.one(_OLDEST, {"organization_id": organization_id})
    return as_instant(row[0]) if row is not None and row[0] is not None else None


def jobs(tx: Tx, organization_id: uuid.UUID, outcomes: Sequence[str]) -> list[dict[str, Any]]:
    """Jobs in these states without what they carry, at most a thousand of each, oldest first."""
    return [
        {
            "id": str(as_id(row[0])),
            "queue": row[1],
            "kind": row[2],
            "outcome": row[3],
            "attempts": row[4],
            "max_attempts": row[5],
            "run_at": as_instant(row[6]).isoformat(),
            "last_error": row[7],
            "created_at": as_instant(row[8]).isoformat(),
        }
        for outcome in outcomes
        for row in tx.all(_JOBS, {"organization_id": organization_id, "outcome": outcome})
    ]
