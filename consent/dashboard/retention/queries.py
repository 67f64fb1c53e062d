"""Reads of what is due, missed and gone, each a range of an index."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from consent.db import Sql, Tx
from consent.db.types import as_id, as_instant
from consent.policies.answers.holdings import Held
from consent.policies.answers.limits import limits_of
from consent.policies.kinds import Promise
from consent.policies.law import LawRule
from consent.policies.rulebook import Rulebook
from consent.retention.rows import day_of, stored_day
from consent.retention.rules import WARN_BEFORE

WEEKS = 12
SHOWN = 50

_BY_DAY = Sql(
    "SELECT dispose_on, count(*) FROM held_record WHERE organization_id = :organization_id"
    " AND dispose_on < :until GROUP BY dispose_on ORDER BY dispose_on"
)
_MISSED = Sql(
    'SELECT category, store, due_on, count, "left", because, (SELECT i.id FROM incident_miss o'
    " JOIN incident i ON i.organization_id = o.organization_id AND i.id = o.incident_id WHERE o.organization_id ="
    " m.organization_id AND o.miss_id = m.id AND i.state = 'open' LIMIT 1) FROM retention_miss m"
    " WHERE organization_id = :organization_id AND closed_at IS NULL ORDER BY due_on LIMIT :most"
)
_STUCK = Sql(
    "SELECT id, category, store, count, due_on, state, last_error FROM disposal_batch"
    " WHERE organization_id = :organization_id AND state IN ('by_hand', 'sent', 'waiting')"
    " AND (state = 'by_hand' OR due_on <= :soon) ORDER BY due_on LIMIT :most"
)
_GONE = Sql(
    "SELECT done_at, category, store, method, count, because, backups_gone_by FROM disposal_batch"
    " WHERE organization_id = :organization_id AND done_at IS NOT NULL ORDER BY done_at DESC LIMIT :most"
)


@dataclass(frozen=True, slots=True)
class Missed:
    """Records that were still there after their last lawful day, and the open file about them."""

    category: str
    store: str
    due_on: date
    count: int
    left: int
    because: tuple[str, ...]
    file: UUID | None


@dataclass(frozen=True, slots=True)
class Stuck:
    """A batch that waits for a person, or for a store near the last lawful day."""

    id: UUID
    category: str
    store: str
    count: int
    due_on: date
    by_hand: bool
    error: str


@dataclass(frozen=True, slots=True)
class Gone:
    """A batch that was done."""

    at: datetime
    category: str
    store: str
    method: str
    count: int
    because: tuple[str, ...]
    backups_gone_by: date | None


@dataclass(frozen=True, slots=True)
class Rule:
    """How long a class of data stays somewhere, counted from what, and which promise or law says so."""

    category: str
    period: str
    event: str
    at_least: bool
    places: tuple[str, ...]
    named: str
    is_law: bool


def by_week(tx: Tx, organization_id: UUID, today: date) -> tuple[int, list[tuple[date, int]]]:
    """How many records are due by today, and in each of the next weeks."""
    until = today + timedelta(weeks=WEEKS)
    rows = tx.all(_BY_DAY, {"organization_id": organization_id, "until": stored_day(tx, until)})
    due, weeks = 0, [0] * WEEKS
    for row in rows:
        day = day_of(row[0]) or today
        if day <= today:
            due += int(row[1])
        else:
            weeks[(day - today).days // 7] += int(row[1])
    return due, [(today + timedelta(weeks=number), count) for number, count in enumerate(weeks)]


def missed(tx: Tx, organization_id: UUID) -> list[Missed]:
    """The limits that passed, the oldest first."""
    rows = tx.all(_MISSED, {"organization_id": organization_id, "most": SHOWN})
    return [
        Missed(
            row[0],
            row[1],
            _day(row[2]),
            row[3],
            row[4],
            tuple(row[5].split()),
            None if row[6] is None else as_id(row[6]),
        )
        for row in rows
    ]


def stuck(tx: Tx, organization_id: UUID, today: date) -> list[Stuck]:
    """Batches that somebody should look at, the most urgent first."""
    soon = stored_day(tx, today + WARN_BEFORE)
    rows = tx.all(_STUCK, {"organization_id": organization_id, "soon": soon, "most": SHOWN})
    return [
        Stuck(as_id(row[0]), row[1], row[2], row[3], _day(row[4]), row[5] == "by_hand", row[6])
        for row in rows
        if row[5] == "by_hand" or row[6]
    ]


def gone(tx: Tx, organization_id: UUID) -> list[Gone]:
    """What went, the newest first."""
    rows = tx.all(_GONE, {"organization_id": organization_id, "most": SHOWN})
    return [
        Gone(as_instant(row[0]), row[1], row[2], row[3], row[4], tuple(row[5].split()), day_of(row[6])) for row in rows
    ]


def rules(rulebook: Rulebook) -> list[Rule]:
    """Every limit on every class of data, wherever it holds."""
    found: dict[Rule, None] = {}
    retention = rulebook.retention
    places = {None, *(place for one in rulebook.promises for place in _places(one))}
    for category in retention.categories():
        for place in sorted(places, key=lambda one: one or ""):
            held = Held(category, {}, place)
            for limit in limits_of(rulebook.promises, retention.groups, held):
                where = _places(limit.promise)
                law = isinstance(limit.promise, LawRule)
                rule = Rule(category, limit.period, limit.event, limit.at_least, where, limit.promise.id, law)
                found[rule] = None
    return list(found)


def _places(one: Promise) -> tuple[str, ...]:
    if one.kind != "retention-limit":
        return ()
    named: Any = one.jurisdictions if isinstance(one, LawRule) else one.parameters.get("jurisdictions", ())
    return tuple(place for place in named if place not in ("any", "*"))


def _day(value: Any) -> date:
    found = day_of(value)
    assert found is not None
    return found
