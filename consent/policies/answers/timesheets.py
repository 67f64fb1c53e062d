"""The hours of some rules by one clock: which are open on a day, and when they open on the line of UTC."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from consent.deadlines import Calendar
from consent.deadlines.calendars import us_state
from consent.policies.kinds import Promise
from consent.policies.law import LawRule

Hours = tuple[str, str]  # from the first minute inside to the first one outside, "HH:MM"
NEVER: Hours = ("00:00", "00:00")
_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_KEPT = 64  # days


class Timesheet:
    """Rules that bind together in one zone: open is when every one of them is."""

    def __init__(self, where: ZoneInfo, rules: Sequence[Promise]) -> None:
        self.zone = where
        self._rules = tuple(rules)
        self._calendars = {id(one): _holidays(one) for one in self._rules}
        self._days: dict[date, tuple[Hours, ...]] = {}

    def is_open(self, local: datetime) -> bool:
        """Whether a message may go at this local time; the opening minute is inside, the closing one outside."""
        said = f"{local:%H:%M}"
        return any(begin <= said < end for begin, end in self.day(local.date()))

    def shown(self, local: datetime) -> Hours:
        """The hours of that day that hold this time, else the next ones, else the last; NEVER where all are closed."""
        said, found = f"{local:%H:%M}", self.day(local.date())
        return next((one for one in found if said < one[1]), found[-1] if found else NEVER)

    def closed(self, local: datetime) -> list[Promise]:
        """The rules that are closed at this local time."""
        said = f"{local:%H:%M}"
        return [
            rule
            for rule in self._rules
            if not any(begin <= said < end for begin, end in self.hours_of(rule, local.date()))
        ]

    def day(self, day: date) -> tuple[Hours, ...]:
        """The hours in which all rules are open on that day, in order; none where one is closed all day."""
        found = self._days.get(day)
        if found is None:
            if len(self._days) >= _KEPT:
                self._days.clear()
            found = (("00:00", "24:00"),)
            for rule in self._rules:
                found = _common(found, self.hours_of(rule, day))
            self._days[day] = found
        return found

    def hours_of(self, rule: Promise, day: date) -> tuple[Hours, ...]:
        """The hours of one rule on that day."""
        calendar = self._calendars[id(rule)]
        if calendar is not None and calendar.why_off(day):
            return ()
        rows: Sequence[Mapping[str, Any]] = rule.parameters["window"]
        return tuple(sorted((row["from"], row["until"]) for row in rows if day.weekday() in _days(row["days"])))

    def openings(self, day: date) -> Iterator[datetime]:
        """The instants at which the hours of that day begin; both, where the clock shows that time twice."""
        for begin, _ in self.day(day):
            for fold in (0, 1):
                yield datetime.combine(day, time.fromisoformat(begin), self.zone).replace(fold=fold).astimezone(UTC)


def shifts(where: ZoneInfo, day: date) -> Iterator[datetime]:
    """The instant of that UTC day at which the clock is changed, if it is: what was closed may be open after it."""
    before = datetime.combine(day, time(), UTC)
    after = before + timedelta(days=1)
    if _offset(where, before) == _offset(where, after):
        return
    start = _offset(where, before)
    while after - before > timedelta(minutes=1):
        middle = before + (after - before) / 2
        middle = middle.replace(second=0, microsecond=0)
        before, after = (middle, after) if _offset(where, middle) == start else (before, middle)
    yield after


def _offset(where: ZoneInfo, at: datetime) -> timedelta | None:
    return at.astimezone(where).utcoffset()


def _common(some: Sequence[Hours], others: Sequence[Hours]) -> tuple[Hours, ...]:
    both = ((max(a[0], b[0]), min(a[1], b[1])) for a in some for b in others)
    return tuple(sorted(one for one in both if one[0] < one[1]))


def _days(named: str) -> range:
    first, _, last = named.partition("-")
    return range(_WEEK.index(first), _WEEK.index(last or first) + 1)


def _holidays(rule: Promise) -> Calendar | None:
    """The holidays on which this rule is closed, of the state whose law it is."""
    if not isinstance(rule, LawRule) or "closed_on" not in rule.parameters:
        return None
    return us_state(rule.jurisdictions[0].removeprefix("US-"))
