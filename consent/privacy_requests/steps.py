"""The timeline of a request: every step with its entry in the ledger."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from consent.db import Sql, Tx
from consent.db.types import as_id, as_instant

# Whoever adds a step holds the request's row, so no two take the same number.
_ADD = Sql(
    "INSERT INTO request_step (organization_id, request_id, number, kind, at, by_member, entry_id, facts)"
    " VALUES (:organization_id, :request_id, 1 + (SELECT coalesce(max(number), 0) FROM request_step"
    " WHERE organization_id = :organization_id AND request_id = :request_id), :kind, :at, :by_member, :entry_id,"
    " :facts)"
)
_ALL = Sql(
    "SELECT number, kind, at, by_member, entry_id, facts FROM request_step"
    " WHERE organization_id = :organization_id AND request_id = :request_id ORDER BY number"
)
_LAST = Sql(
    "SELECT number, kind, at, by_member, entry_id, facts FROM request_step"
    " WHERE organization_id = :organization_id AND request_id = :request_id ORDER BY number DESC LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class Step:
    """What was done, when, by which member (None: by itself or by the person), and the entry that proves it."""

    number: int
    kind: str
    at: datetime
    by_member: uuid.UUID | None
    entry_id: uuid.UUID | None
    facts: Mapping[str, Any]


def add(
    tx: Tx, organization_id: uuid.UUID, request_id: uuid.UUID, kind: str, at: datetime,
    by_member: uuid.UUID | None, entry_id: uuid.UUID | None, facts: Mapping[str, object],
) -> None:  # fmt: skip
    """One more line; `facts` hold nothing personal."""
    place = {"organization_id": organization_id, "request_id": request_id, "kind": kind, "at": at}
    told = json.dumps(facts, default=str, sort_keys=True)
    tx.run(_ADD, place | {"by_member": by_member, "entry_id": entry_id, "facts": told})


def timeline(tx: Tx, organization_id: uuid.UUID, request_id: uuid.UUID) -> tuple[Step, ...]:
    """Every step, the oldest first."""
    rows = tx.all(_ALL, {"organization_id": organization_id, "request_id": request_id})
    return tuple(_step(row) for row in rows)


def last(tx: Tx, organization_id: uuid.UUID, request_id: uuid.UUID) -> Step | None:
    """The newest step."""
    row = tx.one(_LAST, {"organization_id": organization_id, "request_id": request_id})
    return None if row is None else _step(row)


def _step(row: tuple[Any, ...]) -> Step:
    number, kind, at, member, entry, facts = row
    return Step(
        number,
        kind,
        as_instant(at),
        None if member is None else as_id(member),
        None if entry is None else as_id(entry),
        json.loads(facts),
    )
