"""Dates of a company's own promises: added, looked back, and the one that binds among several."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from consent.deadlines import calendars, zones
from consent.deadlines.calendars import Calendar
from consent.deadlines.compute import instant, shown
from consent.deadlines.conventions import Convention, Counted, business_days, count, said
from consent.deadlines.periods import Period
from consent.errors import BadInput

BASES = ("calendar-day", "business-day", "calendar-month", "elapsed")
BOUNDS = ("at-most", "at-least")


def add(
    period: Period | str,
    basis: str,
    start: datetime | date,
    zone: ZoneInfo,
    jurisdictions: Iterable[str] = (),
    *,
    bound: str = "at-most",
) -> Counted:
    """The last day within a promised period, or (`at-least`) the first day after so many full ones.

    Business days skip only holidays that all `jurisdictions` share: another place's holiday makes nobody wait.
    """
    period = Period.parse(period) if isinstance(period, str) else period
    if bound not in BOUNDS:
        raise BadInput(f'"{bound}" is not a bound; known are: {", ".join(BOUNDS)}', field="bound")
    if basis == "elapsed":
        return count(Convention.HRS, period, start, zone)
    if basis == "business-day":
        ended = _business(period, start, zone, jurisdictions)
    elif basis in ("calendar-day", "calendar-month"):
        ended = count(Convention.CLAMP, period, start, zone)
    else:
        raise BadInput(f'"{basis}" is not a basis of counting; known are: {", ".join(BASES)}', field="basis")
    if bound == "at-most" or isinstance(ended.due, datetime):
        return ended
    day = ended.due + timedelta(days=1)
    return Counted(day, (*ended.steps, f"At least so long means full days: not before {said(day)}, 00:00."))


def _business(period: Period, start: datetime | date, zone: ZoneInfo, jurisdictions: Iterable[str]) -> Counted:
    if not period.in_days:
        raise BadInput(f"{period.text} cannot be counted in business days; write days, such as P10D", field="period")
    day = zones.local_date(start, zone)
    places = sorted({calendar_key(place) for place in jurisdictions})
    if not places:
        raise BadInput("business days need the jurisdictions whose holidays matter", field="jurisdictions")
    calendar = calendars.common([_calendar(place) for place in places])
    ended = business_days(day, period.days, calendar)
    opening = f"{said(day)} is day 0; {period.days} business days follow."
    if len(places) > 1:
        opening += " Only holidays that all of these places share are left out."
    return Counted(ended.due, (opening, *ended.steps, f"Calendar: {calendar.source}."))


def calendar_key(place: str) -> str:
    """Whose calendar a jurisdiction goes by: the whole country, but the nation in the UK and the part in the EU."""
    country = place.split("-")[0].upper()
    return country if country in ("US", "CA") else place.upper()


def _calendar(place: str) -> Calendar:
    country = place.split("-")[0]
    if country == "US":
        return calendars.us_federal()
    if country == "CA":
        return calendars.canada_business()
    if country in ("GB", "UK"):
        return calendars.united_kingdom(place)
    return calendars.european(place)


@dataclass(frozen=True)
class Window:
    """The days a request reaches back to, both ends included."""

    first: date
    last: date
    steps: tuple[str, ...]


def window_back(period: Period | str, receipt: datetime | date, zone: ZoneInfo, *, aligned: bool = False) -> Window:
    """What lies within `period` before the receipt, rounded outwards; `aligned` begins on the first of the month."""
    period = Period.parse(period) if isinstance(period, str) else period
    if period.seconds:
        raise BadInput(f"{period.text} holds hours; a window looks back whole days", field="period")
    last = zones.local_date(receipt, zone)
    same = period.before(last)
    first = same.replace(day=1) if aligned else same
    steps = [f"Received on {said(last)} in {zone.key} (time zone data {zones.VERSION}): the window is set by that day."]
    steps.append(f"{period.words()} back is {said(same)}.")
    if aligned:
        steps.append(f"Rounded outwards to the first of its month: {said(first)}.")
    return Window(first, last, tuple(steps))


@dataclass(frozen=True)
class Binding:
    """The date that binds among several, and whose it is."""

    name: str
    due: date | datetime
    steps: tuple[str, ...]


Named = tuple[str, date | datetime]


def earliest(dates: Iterable[Named], zone: ZoneInfo) -> Binding:
    """The first of several dates by which something is due: promise and law are both kept by it."""
    return _chosen(sorted(dates, key=lambda one: instant(one[1], zone)), "the earliest binds")


def latest(dates: Iterable[Named], zone: ZoneInfo) -> Binding:
    """The last of several dates until which something is kept, or before which it may not be done."""
    return _chosen(sorted(dates, key=lambda one: instant(one[1], zone), reverse=True), "the latest binds")


def _chosen(ordered: list[Named], why: str) -> Binding:
    if not ordered:
        raise BadInput("there is no date to choose from", field="dates")
    name, due = ordered[0]
    listed = "; ".join(f"{one}: {shown(when)}" for one, when in ordered)
    return Binding(name, due, (f"{listed}.", f"{name} gives {shown(due)}: {why}."))
