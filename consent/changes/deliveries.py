"""Who tells a webhook now, and what came of it: one worker holds it, and only its holder moves it on."""

import uuid
from datetime import datetime, timedelta
from typing import NamedTuple

from consent.changes import queries, service
from consent.changes.cursors import Position
from consent.changes.service import Endpoint
from consent.db import Sql, Tx
from consent.db.types import as_id
from consent.gateways.callbacks.retries import Verdict
from consent.ledger.keys import Keyring
from consent.organizations import service as organizations

LEASE = timedelta(seconds=60)  # a call and the look-up of its name take less; renewed before each call

_CANDIDATES = Sql(
    "SELECT id, log_id, leaf_index, test_id FROM webhook_endpoint WHERE organization_id = :organization_id"
    " AND (locked_until IS NULL OR locked_until < :now)"
    " AND (test_id IS NOT NULL OR (disabled_at IS NULL AND (run_at IS NULL OR run_at <= :now)))"
)
_CLAIM = Sql(
    "UPDATE webhook_endpoint SET locked_by = :me, locked_until = :until"
    " WHERE organization_id = :organization_id AND id = :id AND (locked_until IS NULL OR locked_until < :now)"
)
_HOLD = Sql(
    "UPDATE webhook_endpoint SET locked_until = :until"
    " WHERE organization_id = :organization_id AND id = :id AND locked_by = :me"
)
_RELEASE = Sql(
    "UPDATE webhook_endpoint SET locked_by = NULL, locked_until = NULL"
    " WHERE organization_id = :organization_id AND id = :id AND locked_by = :me"
)
# Whoever lost the lease, or was overtaken by a replay, changes nothing: the place must be the one it began from.
_UPDATE = "UPDATE webhook_endpoint SET "
_WHERE_IT_STOOD = (
    " WHERE organization_id = :organization_id AND id = :id AND locked_by = :me"
    " AND log_id = :was_log AND leaf_index = :was_leaf"
)
_MOVE = Sql(_UPDATE + "log_id = :to_log, leaf_index = :to_leaf" + _WHERE_IT_STOOD)
_DELIVERED = Sql(
    _UPDATE + "log_id = :to_log, leaf_index = :to_leaf, attempts = 0, run_at = NULL,"
    " failing_since = NULL, last_id = :last_id, last_at = :at, last_status = :status, last_error = '',"
    " delivered_at = :at, delivered = delivered + 1" + _WHERE_IT_STOOD
)
_FAILED = Sql(
    _UPDATE + "attempts = :failures, run_at = :run_at, failing_since = :since, last_id = :last_id,"
    " last_at = :at, last_status = :status, last_error = :error" + _WHERE_IT_STOOD
)
_SWITCH_OFF = Sql(
    "UPDATE webhook_endpoint SET disabled_at = :at, disabled_why = :why, run_at = NULL"
    " WHERE organization_id = :organization_id AND id = :id AND locked_by = :me"
)
_TESTED = Sql(
    "UPDATE webhook_endpoint SET test_id = NULL, last_id = :last_id, last_at = :at, last_status = :status,"
    " last_error = :error WHERE organization_id = :organization_id AND id = :id AND test_id = :last_id"
)


class Claim(NamedTuple):
    """Which webhook, and who holds it."""

    organization_id: uuid.UUID
    id: uuid.UUID
    me: str

    @property
    def place(self) -> dict[str, object]:
        """What the statements ask for."""
        return {"organization_id": self.organization_id, "id": self.id, "me": self.me}


class Outcome(NamedTuple):
    """What came of an attempt."""

    webhook_id: uuid.UUID
    verdict: Verdict
    at: datetime
    status: int | None
    error: str
    failures: int
    since: datetime
    run_at: datetime
    switched_off: str


def due(tx: Tx, organization_id: uuid.UUID, now: datetime) -> list[uuid.UUID]:
    """The webhooks that have something to be told, are due, and that nobody holds."""
    rows = tx.all(_CANDIDATES, {"organization_id": organization_id, "now": now})
    if not rows:
        return []
    end = queries.end(tx, organization_id)
    return [
        as_id(identity)
        for identity, log_id, leaf_index, test_id in rows
        if test_id is not None or Position(log_id, leaf_index) < end
    ]


def claim(tx: Tx, keyring: Keyring, held: Claim, now: datetime) -> Endpoint | None:
    """The webhook, held until the lease ends; None when somebody else holds it or it is gone."""
    if tx.run(_CLAIM, held.place | {"until": now + LEASE, "now": now}) != 1:
        return None
    return service.find(tx, keyring, held.organization_id, held.id)


def hold(tx: Tx, held: Claim, now: datetime) -> bool:
    """The lease begins anew; False when it was lost."""
    return tx.run(_HOLD, held.place | {"until": now + LEASE}) == 1


def release(tx: Tx, held: Claim) -> None:
    """Nobody holds it any more."""
    tx.run(_RELEASE, held.place)


def move(tx: Tx, held: Claim, was: Position, to: Position) -> bool:
    """What lay between was no change it asked for."""
    return tx.run(_MOVE, held.place | _from(was) | _to(to)) == 1


def record(tx: Tx, keyring: Keyring, held: Claim, was: Position, to: Position, outcome: Outcome) -> bool:
    """The attempt is written down, and the webhook moved on if it was delivered; False when the lease was lost."""
    attempt = (
        held.place
        | _from(was)
        | {
            "last_id": outcome.webhook_id,
            "at": outcome.at,
            "status": outcome.status,
        }
    )
    if outcome.verdict is Verdict.DELIVERED:
        return tx.run(_DELIVERED, attempt | _to(to)) == 1
    failed = attempt | {
        "error": outcome.error,
        "failures": outcome.failures,
        "since": outcome.since,
        "run_at": outcome.run_at,
    }
    if tx.run(_FAILED, failed) != 1:
        return False
    if outcome.switched_off:
        tx.run(_SWITCH_OFF, held.place | {"at": outcome.at, "why": outcome.switched_off})
        said = {"webhook": str(held.id), "reason": outcome.switched_off}
        organizations.record(tx, keyring, held.organization_id, "webhook.disabled", said, outcome.at)
    return True


def record_test(tx: Tx, held: Claim, outcome: Outcome) -> None:
    """What came of the test; it is not tried again."""
    attempt = {
        "last_id": outcome.webhook_id,
        "at": outcome.at,
        "status": outcome.status,
        "error": outcome.error,
    }
    tx.run(_TESTED, held.place | attempt)


def _from(position: Position) -> dict[str, object]:
    return {"was_log": position.log_id, "was_leaf": position.leaf_index}


def _to(position: Position) -> dict[str, object]:
    return {"to_log": position.log_id, "to_leaf": position.leaf_index}
