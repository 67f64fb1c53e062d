"""The eight ways laws count days; each count says its steps, its calendar and what it skipped."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from consent.deadlines import calendars, zones
from consent.deadlines.calendars import WEEKEND, Calendar
from consent.deadlines.periods import Period
from consent.errors import BadInput


class Convention(StrEnum):
    """How a period is counted; the codes are those written in the files of the law."""

    BD_US = "C-BD-US"  # business days, federal holidays of 5 U.S.C. 6103
    CD_US = "C-CD-US"  # calendar days; no state's roll-over is relied upon, the earlier date is always safe
    CAN = "C-CAN"  # Interpretation Act, R.S.C. 1985, c. I-21, ss. 26-28
    BD_CAN = "C-BD-CAN"  # business days under CASL, which does not define them
    EU = "C-EU"  # Regulation (EEC, Euratom) 1182/71, art. 3
    UK = "C-UK"  # corresponding date, next working day: the ICO's reading of UK GDPR art. 12A
    HRS = "C-HRS"  # elapsed time
    CLAMP = "C-CLAMP"  # months and years of retention


BUSINESS = frozenset({Convention.BD_US, Convention.BD_CAN})
_SAID = {
    Convention.BD_US: "the day of receipt is day 0, weekends and federal holidays do not count",
    Convention.CD_US: "the day of receipt is day 0, every day counts, nothing rolls",
    Convention.CAN: "the first day is left out, the last counts; a Sunday or listed holiday rolls, a Saturday does not",
    Convention.BD_CAN: "day 0 is left out, weekends and listed holidays do not count",
    Convention.EU: "the day of the event is left out; a weekend or holiday rolls to the next working day",
    Convention.UK: "the corresponding date; a weekend or bank holiday rolls to the next working day",
    Convention.HRS: "elapsed time on the UTC line, nothing rolls",
    Convention.CLAMP: "the same day number, or the last day of a shorter month; nothing rolls",
}


@dataclass(frozen=True)
class Counted:
    """A date (or, for hours, an instant in the zone) and the sentences that lead to it."""

    due: date | datetime
    steps: tuple[str, ...]


def count(
    convention: Convention | str,
    period: Period,
    start: datetime | date,
    zone: ZoneInfo,
    *,
    region: str | None = None,
    rolls: bool = True,
    without: frozenset[date] = frozenset(),
) -> Counted:
    """The end of `period` from `start` on; `without` are days that do not count, `rolls` moves an end off a day off."""
    convention = Convention(convention)
    wrong = misfit(convention, period)
    if wrong:
        raise BadInput(wrong, field="period")
    if convention is Convention.HRS:
        return _elapsed(period, start, zone)
    day = zones.local_date(start, zone)
    calendar = calendar_of(convention, region, zone)
    opening = (_day_zero(start, day, zone), f"{convention} ({period.text}): {_SAID[convention]}.")
    if convention in BUSINESS and calendar:
        ended = business_days(day, period.days, calendar)
    else:
        ended = _calendar_days(convention, period, day, calendar if rolls else None, without)
    last = (f"Calendar: {calendar.source}.",) if calendar else ()
    return Counted(ended.due, opening + ended.steps + last)


def misfit(convention: Convention, period: Period) -> str | None:
    """Why this period cannot be counted this way, or nothing."""
    if convention is Convention.HRS:
        return None if period.in_hours else f"{period.text} holds months, which elapsed time does not know"
    if period.seconds:
        return f"{period.text} holds hours; {convention} counts dates, hours are C-HRS"
    if convention in BUSINESS and not period.in_days:
        return f"{period.text} holds months; {convention} counts business days, such as P10D"
    return None


def calendar_of(convention: Convention, region: str | None, zone: ZoneInfo) -> Calendar | None:
    """Whose days off matter, where any do."""
    if convention is Convention.BD_US:
        return calendars.us_federal()
    if convention is Convention.CAN:
        return calendars.canada()
    if convention is Convention.BD_CAN:
        return calendars.canada_business()
    if convention is Convention.UK:
        return calendars.united_kingdom(region)
    if convention is Convention.EU:
        return calendars.european(region, zone.key)
    return None


def business_days(day: date, days: int, calendar: Calendar) -> Counted:
    """The `days`-th working day after `day`, which is day 0 whatever weekday it is; never ends on a day off."""
    passed: list[date] = []
    left = days
    while left:
        day = _next(day)
        if calendar.why_off(day):
            passed.append(day)
        else:
            left -= 1
    steps = (*_skipped(passed, calendar), f"Business day {days} is {said(day)}.")
    return Counted(day, steps)


def _calendar_days(
    convention: Convention, period: Period, day: date, calendar: Calendar | None, without: frozenset[date]
) -> Counted:
    end = period.after(day)
    steps = [f"{said(day)} plus {period.words()} is {said(end)}{_clamp(period, day, end)}."]
    if without:
        end, taken = _walk_around(day, end, without)
        steps.append(f"{taken} days of pause are left out: the end moves to {said(end)}.")
    if calendar:
        rolled = calendar.next_open(end)
        while end < rolled:
            steps.append(f"{said(end)} is a day off ({calendar.why_off(end)}): the next day is taken.")
            end = _next(end)
        steps.append(f"The last day is {said(end)}.")
    elif convention not in (Convention.CD_US, Convention.CLAMP):
        steps.append("This kind of date does not roll to another day.")
    return Counted(end, tuple(steps))


def _walk_around(day: date, end: date, without: frozenset[date]) -> tuple[date, int]:
    """Move `end` by each day of pause within the period that has begun, also by those the moving brings in."""
    taken = 0
    while True:
        inside = sum(1 for one in without if day < one <= end)
        if inside == taken:
            return end, taken
        end += timedelta(days=inside - taken)
        taken = inside


def _elapsed(period: Period, start: datetime | date, zone: ZoneInfo) -> Counted:
    if not isinstance(start, datetime):
        raise BadInput(
            "hours are counted from an instant; give a time with its offset, not a date", field="received_at"
        )
    begun = zones.aware(start)
    try:
        end = (begun + period.elapsed).astimezone(zone)
    except OverflowError:
        raise BadInput(f"{period.text} leads outside the calendar", field="period") from None
    steps = (
        f"The clock starts at {begun.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC.",
        f"{Convention.HRS} ({period.text}): {_SAID[Convention.HRS]}.",
        f"{period.words()} later it is {end.isoformat()} in {zone.key} (time zone data {zones.VERSION}).",
    )
    return Counted(end, steps)


def _day_zero(start: datetime | date, day: date, zone: ZoneInfo) -> str:
    if isinstance(start, datetime):
        data = f"time zone data {zones.VERSION}"
        return f"{start.isoformat()} is {said(day)} in {zone.key} ({data}): that date is day 0."
    return f"{said(day)} is day 0."


def _skipped(passed: Iterable[date], calendar: Calendar) -> Iterable[str]:
    """One sentence for the weekends, one for each holiday on a weekday."""
    days = list(passed)
    weekend = [day.isoformat() for day in days if day.weekday() in WEEKEND]
    if weekend:
        yield f"Not counted, weekend: {', '.join(weekend)}."
    for day in days:
        if day.weekday() not in WEEKEND:
            yield f"Not counted, holiday: {said(day)} ({calendar.why_off(day)})."


def _clamp(period: Period, day: date, end: date) -> str:
    short = period.months and not period.days and end.day != day.day
    return f", the last day of a month that has no day {day.day}" if short else ""


def _next(day: date) -> date:
    try:
        return day + timedelta(days=1)
    except OverflowError:
        raise BadInput("the count leads outside the calendar", field="period") from None


def said(day: date) -> str:
    """A date with its weekday: "Friday 2026-07-03"."""
    return f"{day:%A} {day.isoformat()}"
