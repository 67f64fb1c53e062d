"""What is to be done about limits that were missed: the records go, or a hold says why they stay; that ends it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from consent.db import Sql, Tx
from consent.db.types import as_instant
from consent.incidents.rules import Duty, title
from consent.policies.answers.reasons import because
from consent.policies.rulebook import Rulebook
from consent.retention.rows import day_of
from consent.web.messages import N_

GONE = N_("The records are disposed of, or a hold says why they stay")
_MISSES = Sql(
    'SELECT m.because, m.due_on, m."left", m.closed_at FROM incident_miss o'
    " JOIN retention_miss m ON m.organization_id = o.organization_id AND m.id = o.miss_id"
    " WHERE o.organization_id = :organization_id AND o.incident_id = :id ORDER BY m.due_on, m.store"
)


@dataclass(frozen=True, slots=True)
class Late:
    """One limit that was missed; `closed_at` is when none of its records was left."""

    because: tuple[str, ...]
    due_on: date
    left: int
    closed_at: datetime | None


def of(tx: Tx, organization_id: UUID, incident_id: UUID) -> list[Late]:
    """The missed limits of that file, the oldest first."""
    rows = tx.all(_MISSES, {"organization_id": organization_id, "id": incident_id})
    return [
        Late(tuple(row[0].split()), day, row[2], None if row[3] is None else as_instant(row[3]))
        for row in rows
        if (day := day_of(row[1])) is not None
    ]


def duties(rulebook: Rulebook, missed: Sequence[Late]) -> tuple[Duty, ...]:
    """One for each promise or law whose limits were missed, due on the first of these days; done once nothing is left.

    What today's rulebook no longer says is a duty all the same: it was promised when the limit passed.
    """
    found = []
    for key in dict.fromkeys(promise for one in missed for promise in one.because):
        mine = [one for one in missed if key in one.because]
        waits = [one for one in mine if one.closed_at is None]
        ends = [one.closed_at for one in mine if one.closed_at is not None]
        promise = rulebook.promise(key)
        reasons = () if promise is None else (because("missed", title(promise), promise),)
        day, done = min(one.due_on for one in mine), None if waits else max(ends)
        found.append(Duty(f"{key}:gone", GONE, "due", day, (), (), reasons, done_at=done))
    return tuple(found)
