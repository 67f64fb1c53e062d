"""Who works on a task now, and what came of a try: one worker holds it, and only its holder moves it on."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from consent.db import Sql, Tx
from consent.gateways.stores.base import Awaited, Outcome, Partly, Receipt, StoreFailed
from consent.privacy_requests import steps
from consent.privacy_requests.tasks import rules, service
from consent.privacy_requests.tasks.service import COLUMNS, Task

LEASE = timedelta(minutes=2)  # one call, or one batch of a database, takes less; renewed by every batch

_DUE = (
    "SELECT id FROM request_task WHERE organization_id = :organization_id AND run_at <= :now"
    " AND state IN ('waiting', 'sent', 'last') AND (locked_until IS NULL OR locked_until < :now)"
    " ORDER BY run_at LIMIT :most"
)
_ANY_DUE = Sql(_DUE)
_CLAIM = (
    "UPDATE request_task SET locked_by = :me, locked_until = :until,"
    " first_tried_at = coalesce(first_tried_at, :now)"
    " WHERE organization_id = :organization_id AND id IN ({due}) RETURNING "
)
_CLAIM_DUE = Sql(
    _CLAIM.format(due=_DUE) + COLUMNS, postgresql=_CLAIM.format(due=_DUE + " FOR UPDATE SKIP LOCKED") + COLUMNS
)
_HELD = " WHERE organization_id = :organization_id AND id = :id AND locked_by = :me AND state <> 'done'"
_UPDATE = "UPDATE request_task SET "
_WENT_ON = Sql(
    _UPDATE + "token = :token, count = count + :count, attempts = 0, last_error = '', locked_until = :until" + _HELD
)
_WAITS = Sql(
    _UPDATE + "state = :state, run_at = :run_at, attempts = :attempts, last_error = :error,"
    " escalated_at = :escalated_at, locked_by = NULL, locked_until = NULL" + _HELD
)


@dataclass(frozen=True, slots=True)
class Lease:
    """A task that one worker holds."""

    organization_id: uuid.UUID
    task: Task
    me: str

    @property
    def place(self) -> dict[str, object]:
        """What the statements ask for."""
        return {"organization_id": self.organization_id, "id": self.task.id, "me": self.me}


def is_due(tx: Tx, organization_id: uuid.UUID, now: datetime) -> bool:
    """Is there a task that somebody can take up now?"""
    return tx.one(_ANY_DUE, {"organization_id": organization_id, "now": now, "most": 1}) is not None


def claim(tx: Tx, organization_id: uuid.UUID, me: str, now: datetime, most: int) -> list[Lease]:
    """Up to `most` tasks that are due, held by `me`."""
    asked = {"organization_id": organization_id, "now": now, "most": most, "me": me, "until": now + LEASE}
    return [Lease(organization_id, service.task_from(row), me) for row in tx.all(_CLAIM_DUE, asked)]


def record(tx: Tx, lease: Lease, came: Outcome | StoreFailed, chance: float, now: datetime) -> bool:
    """What came of a try is written down; True where the task goes on at once under the same lease."""
    if isinstance(came, Receipt):
        service.settle(tx, lease.organization_id, lease.task, came)
        return False
    if isinstance(came, Partly):
        moved = lease.place | {"token": came.token, "count": came.count, "until": now + LEASE}
        return tx.run(_WENT_ON, moved) == 1
    if isinstance(came, Awaited):
        if came.by_hand:
            _to_a_person(tx, lease, "", now)
        else:
            _wait(tx, lease, "sent", now + rules.RECEIPT_WITHIN, lease.task.attempts, "", now=now)
        return False
    _failed(tx, lease, came, chance, now)
    return False


def postpone(tx: Tx, lease: Lease, until: datetime, why: str = "") -> None:
    """Nothing was tried: its time has not come, for the reason `why`."""
    _wait(tx, lease, lease.task.state, until, lease.task.attempts, why, now=until)


def _failed(tx: Tx, lease: Lease, failure: StoreFailed, chance: float, now: datetime) -> None:
    """Again after a growing wait; after three days, or where trying is no use, a person takes over."""
    attempts, since = lease.task.attempts + 1, lease.task.first_tried_at or now
    if lease.task.state != "last" and (failure.for_good or rules.is_given_up(since, now)):
        _to_a_person(tx, lease, failure.code, now)
        return
    run_at = rules.next_try(attempts, now, chance, failure.retry_after)
    state = "last" if lease.task.state == "last" else "waiting"
    _wait(tx, lease, state, run_at, attempts, failure.code, now=now)


def _to_a_person(tx: Tx, lease: Lease, error: str, now: datetime) -> None:
    _wait(tx, lease, "by_hand", now, lease.task.attempts, error, escalated_at=now if error else None, now=now)
    told = {"store": lease.task.store, "category": lease.task.category, "action": lease.task.action, "why": error}
    steps.add(tx, lease.organization_id, lease.task.request_id, "store_by_hand", now, None, None, told)


def _wait(
    tx: Tx, lease: Lease, state: str, run_at: datetime, attempts: int, error: str, *, now: datetime,
    escalated_at: datetime | None = None,
) -> None:  # fmt: skip
    waits = {"state": state, "run_at": run_at, "attempts": attempts, "error": error[:64], "escalated_at": escalated_at}
    tx.run(_WAITS, lease.place | waits)
