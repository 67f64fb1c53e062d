"""Periods of ISO 8601, from years to seconds, that keep the exact words they were written in."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from consent.errors import BadInput

_FORM = re.compile(
    r"P(?=[0-9T])(?:([0-9]{1,4})Y)?(?:([0-9]{1,4})M)?(?:([0-9]{1,4})W)?(?:([0-9]{1,6})D)?"
    r"(?:T(?=[0-9])(?:([0-9]{1,6})H)?(?:([0-9]{1,7})M)?(?:([0-9]{1,8})S)?)?"
)


@dataclass(frozen=True)
class Period:
    """A length of time; months and days stay apart, for three months are no ninety days."""

    text: str
    months: int = 0
    days: int = 0
    seconds: int = 0

    @classmethod
    def parse(cls, text: str, field: str = "period") -> "Period":
        """The period that `text` says; refused with an example where it says none."""
        found = _FORM.fullmatch(text) if isinstance(text, str) else None
        if found is None:
            raise BadInput(f'"{text}" is not a period; write P10D, P9M, P1Y or PT72H (ISO 8601)', field=field)
        years, months, weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
        return cls(text, years * 12 + months, weeks * 7 + days, hours * 3600 + minutes * 60 + seconds)

    @property
    def in_days(self) -> bool:
        """Are there only days in it?"""
        return not self.months and not self.seconds

    @property
    def in_hours(self) -> bool:
        """Is it a stretch of elapsed time, without months or years?"""
        return not self.months

    @property
    def elapsed(self) -> timedelta:
        """The stretch on the UTC line; a day is 24 hours there."""
        return timedelta(days=self.days, seconds=self.seconds)

    def after(self, day: date) -> date:
        """The date this period later: months keep the day number or clamp to the month's last day."""
        return self._from(day, 1)

    def before(self, day: date) -> date:
        """The date this period earlier, with the same clamp."""
        return self._from(day, -1)

    def _from(self, day: date, sign: int) -> date:
        try:
            return clamped(day, sign * self.months) + timedelta(days=sign * self.days)
        except (OverflowError, ValueError):
            raise BadInput(f"{self.text} from {day} leads outside the calendar", field="period") from None

    def words(self) -> str:
        """The period in words: "1 year and 3 months", "72 hours"."""
        years, months = divmod(self.months, 12)
        hours, rest = divmod(self.seconds, 3600)
        minutes, seconds = divmod(rest, 60)
        parts = (
            (years, "year"),
            (months, "month"),
            (self.days, "day"),
            (hours, "hour"),
            (minutes, "minute"),
            (seconds, "second"),
        )
        said = [f"{number} {unit}{'' if number == 1 else 's'}" for number, unit in parts if number]
        return " and ".join(said) or "no time"


def clamped(day: date, months: int) -> date:
    """The same day number `months` later or earlier, or the last day of a month that is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1] if 1 <= year <= 9999 else 28
    return date(year, month + 1, min(day.day, last))
