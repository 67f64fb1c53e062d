"""When a row says that the person acted, as far as its words can be trusted. Pure.

A time that is not exact is a span: a yes counts from its beginning and a no from its end, so that doubt never
lets a yes overtake a no.
"""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from consent.deadlines import zones
from consent.imports.mapping import UNIX

_ONE = timedelta(milliseconds=1)  # the ledger's smallest step
_YEARS = range(1970, 2200)
_SECONDS = re.compile(r"\d{9,11}")


class When(NamedTuple):
    """The span in which somebody acted; both ends are the same where the time is exact."""

    earliest: datetime
    latest: datetime

    @property
    def exact(self) -> bool:
        """Whether it is one instant."""
        return self.earliest == self.latest


class NoTime(ValueError):
    """The words are no time; the message is a code of `rules`."""


def read(text: str, zone: str | None, formats: Sequence[str] = ()) -> When:
    """The span the words name; NoTime says "unreadable-time" or "no-zone"."""
    try:
        moment, whole_day = _parsed(text, formats)
    except (ValueError, OverflowError):
        raise NoTime("unreadable-time") from None
    if moment.year not in _YEARS:
        raise NoTime("unreadable-time")
    if moment.tzinfo is not None and not whole_day:
        utc = moment.astimezone(UTC)
        return When(utc, utc)
    if zone is None or zone not in zones.names():
        raise NoTime("no-zone")
    where = zones.zone(zone)
    return _day(moment.date(), where) if whole_day else _local(moment, where)


def _parsed(text: str, formats: Sequence[str]) -> tuple[datetime, bool]:
    """The moment, and whether only its day is meant."""
    for form in formats:
        if form == UNIX:
            if _SECONDS.fullmatch(text):
                return datetime.fromtimestamp(int(text), UTC), False
            continue
        try:
            found = datetime.strptime(text, form)  # noqa: DTZ007  (the zone follows)
        except ValueError:
            continue
        return found, not any(mark in form for mark in ("%H", "%I", "%c", "%X", "%s", "%T"))
    if formats:
        raise ValueError
    return datetime.fromisoformat(text), len(text) <= 10


def _day(day: date, where: ZoneInfo) -> When:
    begins = datetime.combine(day, time(), where).astimezone(UTC)
    ends = datetime.combine(day + timedelta(days=1), time(), where).astimezone(UTC) - _ONE
    return When(begins, ends)


def _local(moment: datetime, where: ZoneInfo) -> When:
    """An hour that comes twice, when clocks go back, is a span of both."""
    first = moment.replace(tzinfo=where, fold=0).astimezone(UTC)
    second = moment.replace(tzinfo=where, fold=1).astimezone(UTC)
    return When(min(first, second), max(first, second))
