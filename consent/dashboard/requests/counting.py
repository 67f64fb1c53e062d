"""How many requests are under way of each sort: one look at the table, and every count of the page comes from it."""

import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from consent.dashboard.requests import waiting
from consent.dashboard.requests.filters import ME, NOBODY, Filters
from consent.dashboard.requests.risk import SOON, WEEK, Risk
from consent.db import Sql, Tx
from consent.db.types import as_id
from consent.privacy_requests.rules import UNDER_WAY

_RISKS = (Risk.OVERDUE, Risk.TODAY, Risk.SOON, Risk.WEEK, Risk.LATER, Risk.UNDATED)
_NEXT = ("", waiting.APPROVE, waiting.DECIDE)
ANSWERED = "answered"  # the state of a group: over, and a person has still to do something or to tell it
_STATES = ("open", "in_progress", "approved")
# Risk, next and state in one number, 8 and 4 values apart: as three columns they cost the sorting of 10,000 rows a
# quarter more. Most requests are due later, so that is asked first.
_COUNTED = " ".join(
    (
        "SELECT CASE WHEN answer_by > :week THEN 4 WHEN answer_by < :today THEN 0 WHEN answer_by = :today THEN 1",
        "WHEN answer_by <= :soon THEN 2 WHEN answer_by IS NULL THEN 5 ELSE 3 END",
        f"+ {waiting.case('8', '16', '0')}",
        "+ CASE state WHEN 'open' THEN 0 WHEN 'in_progress' THEN 32 ELSE 64 END,",
        "request_type, place, assigned_to, count(*)",
        f"FROM privacy_request WHERE organization_id = :organization_id AND {UNDER_WAY} GROUP BY 1, 2, 3, 4",
    )
)
_SQL = Sql(
    _COUNTED,
    postgresql=_COUNTED.replace(":today", "CAST(:today AS date)")
    .replace(":soon", "CAST(:soon AS date)")
    .replace(":week", "CAST(:week AS date)"),
)
_ANSWERED = Sql(
    "SELECT request_type, place, assigned_to, count(*) FROM privacy_request"  # noqa: S608 - words of ours
    f" WHERE organization_id = :organization_id AND {waiting.ANSWERED} GROUP BY 1, 2, 3"
)
_BY_HAND = Sql(
    "SELECT count(DISTINCT request_id) FROM request_task WHERE organization_id = :organization_id AND state = 'by_hand'"
)
K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Group:
    """How many that are not finished are alike in everything that filters ask for."""

    state: str
    request_type: str
    place: str
    assigned_to: uuid.UUID | None
    risk: Risk
    next: str
    count: int


@dataclass(frozen=True, slots=True)
class Counts:
    """What the page says beside its filters. `hidden_overdue`: overdue ones that this view leaves out."""

    total: int
    shown: int
    overdue: int
    hidden_overdue: int
    by_state: dict[str, int]
    by_type: dict[str, int]
    by_due: dict[str, int]
    by_next: dict[str, int]
    by_place: dict[str, int]
    by_assignee: dict[uuid.UUID | None, int]


def by_hand(tx: Tx, organization_id: uuid.UUID) -> int:
    """Of how many something waits for a person, whatever their state."""
    row = tx.one(_BY_HAND, {"organization_id": organization_id})
    return int(row[0]) if row is not None else 0


def groups(tx: Tx, organization_id: uuid.UUID, today: date) -> list[Group]:
    """Everything under way, and what is answered and waits for a person, counted by what can be filtered."""
    asked = {"organization_id": organization_id, "today": today}
    asked |= {"soon": today + timedelta(days=SOON), "week": today + timedelta(days=WEEK)}
    under_way = [
        Group(_STATES[number >> 5], kind, place or "", None if who is None else as_id(who), _RISKS[number & 7],
              _NEXT[number >> 3 & 3], count)
        for number, kind, place, who, count in tx.all(_SQL, asked)
    ]  # fmt: skip
    return under_way + [
        Group(ANSWERED, kind, place or "", None if who is None else as_id(who), Risk.LAST, "", count)
        for kind, place, who, count in tx.all(_ANSWERED, {"organization_id": organization_id})
    ]


def count(found: Sequence[Group], filters: Filters, me: uuid.UUID) -> Counts:
    """The counts of a view; each filter says how many there are of each value, whatever the others leave out."""
    overdue = sum(one.count for one in found if one.risk is Risk.OVERDUE)
    seen = [one for one in found if _fits(one, filters, me)]
    return Counts(
        sum(one.count for one in found),
        sum(one.count for one in seen),
        overdue,
        overdue - sum(one.count for one in seen if one.risk is Risk.OVERDUE),
        _tally(found, lambda one: one.state),
        _tally(found, lambda one: one.request_type),
        _tally(found, lambda one: one.risk.value),
        _tally(found, lambda one: one.next),
        _tally(found, lambda one: one.place),
        _tally(found, lambda one: one.assigned_to),
    )


def _tally(found: Sequence[Group], name: Callable[[Group], K]) -> dict[K, int]:
    tally: Counter[K] = Counter()
    for one in found:
        tally[name(one)] += one.count
    return dict(tally)


def _fits(one: Group, filters: Filters, me: uuid.UUID) -> bool:
    if filters.contact:
        return False
    wanted = {"": one.assigned_to, NOBODY: None, ME: me}.get(filters.assignee, filters.assignee)
    return (
        filters.state in ("", one.state)
        and filters.request_type in ("", one.request_type)
        and filters.due in ("", one.risk.value)
        and filters.place in ("", one.place)
        and filters.next in ("", one.next)
        and str(wanted) == str(one.assigned_to)
    )
