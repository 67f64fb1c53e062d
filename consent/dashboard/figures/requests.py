"""How requests stand and how they went: open by age, days to close, on time; and the counts that statutes ask for."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, tzinfo
from statistics import mean, median
from typing import Any
from uuid import UUID

from consent.db import Sql, Tx
from consent.db.types import as_instant
from consent.deadlines.zones import midnight
from consent.ids import oldest_id
from consent.privacy_requests.rules import OVER, UNDER_WAY

AGES = (7, 30, 45)  # days since the receipt, up to and including; the last age has no end
_OPEN = Sql(
    "SELECT request_type, received_at, answer_by FROM privacy_request"  # noqa: S608 - fixed words
    f" WHERE organization_id = :organization_id AND {UNDER_WAY}"
)
_CLOSED = Sql(
    "SELECT request_type, state, received_at, closed_at, answer_by FROM privacy_request"
    " WHERE organization_id = :organization_id AND closed_at >= :since AND closed_at < :until"
)
# Requests received in a year were entered in it or later, and ids follow the time of entering.
_RECEIVED = Sql(
    "SELECT p.request_type, p.state, p.received_at, p.closed_at, p.answer_by,"
    " EXISTS (SELECT 1 FROM request_outcome o WHERE o.organization_id = p.organization_id AND o.request_id = p.id"
    " AND o.outcome IN ('refuse', 'keep')) FROM privacy_request p WHERE p.organization_id = :organization_id"
    " AND p.id >= :first AND p.received_at >= :since AND p.received_at < :until"
)
_DUE = Sql(
    "SELECT count(*) FROM privacy_request"  # noqa: S608 - fixed words
    f" WHERE organization_id = :organization_id AND {UNDER_WAY} AND answer_by <= :day"
)
FULFILLED, DENIED = OVER[0], OVER[1]


@dataclass(frozen=True, slots=True)
class Opened:
    """How many of one type are open, by age; the last is overdue, whatever its age."""

    request_type: str
    by_age: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """The requests that were closed in a month: None where none was."""

    first: date
    median_days: float | None
    on_time: float | None  # percent of those that had a date


@dataclass(slots=True)
class Counted:
    """The statutory counts of one type in a year: 11 CCR 7102 (US-CA-METRICS), and what else is asked alike."""

    request_type: str
    received: int = 0
    complied: int = 0
    partly: int = 0
    denied: int = 0
    taken_back: int = 0
    open: int = 0
    median_days: float | None = None
    mean_days: float | None = None


def due_until(tx: Tx, organization_id: UUID, day: date) -> int:
    """How many open requests have to be answered by that day; those that are overdue are among them."""
    row = tx.one(_DUE, {"organization_id": organization_id, "day": day.isoformat()})
    return int(row[0]) if row is not None else 0


def opened(tx: Tx, organization_id: UUID, today: date, zone: tzinfo) -> list[Opened]:
    """What is open, by type and age."""
    found: dict[str, list[int]] = defaultdict(lambda: [0] * (len(AGES) + 2))
    for request_type, received_at, answer_by in tx.all(_OPEN, {"organization_id": organization_id}):
        late = answer_by is not None and date.fromisoformat(str(answer_by)) < today
        age = (today - as_instant(received_at).astimezone(zone).date()).days
        place = len(AGES) + 1 if late else next((at for at, most in enumerate(AGES) if age <= most), len(AGES))
        found[request_type][place] += 1
    return [Opened(name, tuple(ages)) for name, ages in sorted(found.items())]


def months(tx: Tx, organization_id: UUID, today: date, zone: tzinfo, count: int = 12) -> list[Month]:
    """How the requests went that were closed in the last months, this one included; the oldest month first."""
    firsts = [_month(today, back) for back in range(count - 1, -2, -1)]
    asked: dict[str, object] = {"since": midnight(firsts[0], zone), "until": midnight(firsts[-1], zone)}
    closed: dict[date, list[tuple[int, bool | None]]] = defaultdict(list)
    for row in tx.all(_CLOSED, asked | {"organization_id": organization_id}):
        if row[1] in (FULFILLED, DENIED):
            day, took, in_time = _took(row, zone)
            closed[day.replace(day=1)].append((took, in_time))
    return [_month_of(first, closed[first]) for first in firsts[:-1]]


def counted(tx: Tx, organization_id: UUID, year: int, zone: tzinfo) -> list[Counted]:
    """The counts of the requests received in a calendar year, by type."""
    since, until = midnight(date(year, 1, 1), zone), midnight(date(year + 1, 1, 1), zone)
    asked = {"organization_id": organization_id, "since": since, "until": until, "first": oldest_id(since)}
    found: dict[str, Counted] = {}
    days: dict[str, list[int]] = defaultdict(list)
    for row in tx.all(_RECEIVED, asked):
        one = found.setdefault(row[0], Counted(row[0]))
        _count(one, row[1], partly=bool(row[5]))
        if row[1] in (FULFILLED, DENIED) and row[3] is not None:
            days[row[0]].append(_took(row, zone)[1])
    for name, one in found.items():
        one.median_days, one.mean_days = _rounded(median, days[name]), _rounded(mean, days[name])
    return [found[name] for name in sorted(found)]


def _count(one: Counted, state: str, *, partly: bool) -> None:
    one.received += 1
    if state == FULFILLED:
        one.complied += 1
        one.partly += partly
    elif state == DENIED:
        one.denied += 1
    elif state in OVER:
        one.taken_back += 1
    else:
        one.open += 1


def _took(row: tuple[Any, ...], zone: tzinfo) -> tuple[date, int, bool | None]:
    """The day of closing, the days since the receipt, and whether it was in time; None without a date to keep."""
    received, closed = (as_instant(one).astimezone(zone).date() for one in (row[2], row[3]))
    in_time = None if row[4] is None else closed <= date.fromisoformat(str(row[4]))
    return closed, (closed - received).days, in_time


def _month_of(first: date, closed: list[tuple[int, bool | None]]) -> Month:
    dated = [in_time for _, in_time in closed if in_time is not None]
    share = round(100 * sum(dated) / len(dated), 1) if dated else None
    return Month(first, _rounded(median, [took for took, _ in closed]), share)


def _rounded(of: Any, days: Iterable[int]) -> float | None:
    listed = list(days)
    return round(float(of(listed)), 1) if listed else None


def _month(today: date, back: int) -> date:
    """The first of the month so many months ago."""
    at = today.year * 12 + today.month - 1 - back
    return date(at // 12, at % 12 + 1, 1)
