"""Periods: what they say, and where they lead."""

from datetime import date

import pytest

from consent.deadlines import Period
from consent.errors import BadInput


@pytest.mark.parametrize(
    ("text", "months", "days", "seconds", "words"),
    [
        ("P10D", 0, 10, 0, "10 days"),
        ("P9M", 9, 0, 0, "9 months"),
        ("P1Y", 12, 0, 0, "1 year"),
        ("P1Y2M3DT4H5M6S", 14, 3, 14706, "1 year and 2 months and 3 days and 4 hours and 5 minutes and 6 seconds"),
        ("P2W", 0, 14, 0, "14 days"),
        ("PT72H", 0, 0, 259200, "72 hours"),
        ("P0D", 0, 0, 0, "no time"),
        ("P3Y14D", 36, 14, 0, "3 years and 14 days"),
    ],
)
def test_a_period_keeps_its_text_and_its_parts_apart(
    text: str, months: int, days: int, seconds: int, words: str
) -> None:
    made = Period.parse(text)
    assert (made.text, made.months, made.days, made.seconds, made.words()) == (text, months, days, seconds, words)


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "P1", "10D", "p10d", "P-1D", "P1.5D", "P1DT", "P1D ", "P1H", "ten days"]
)
def test_what_is_no_period_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(BadInput, match="write P10D"):
        Period.parse(text)


@pytest.mark.parametrize(
    ("start", "text", "end"),
    [
        (date(2026, 1, 31), "P1M", date(2026, 2, 28)),
        (date(2028, 1, 31), "P1M", date(2028, 2, 29)),
        (date(2024, 2, 29), "P1Y", date(2025, 2, 28)),
        (date(2024, 2, 29), "P4Y", date(2028, 2, 29)),
        (date(2026, 5, 31), "P9M", date(2027, 2, 28)),
        (date(2025, 8, 31), "P18M", date(2027, 2, 28)),
        (date(2026, 12, 31), "P2M", date(2027, 2, 28)),
        (date(2026, 1, 31), "P1M1D", date(2026, 3, 1)),
        (date(2024, 1, 15), "P90D", date(2024, 4, 14)),
    ],
)
def test_months_clamp_and_days_count(start: date, text: str, end: date) -> None:
    assert Period.parse(text).after(start) == end


def test_ninety_days_are_not_three_months() -> None:
    assert Period.parse("P90D") != Period.parse("P3M")
    assert Period.parse("P3M").after(date(2024, 1, 15)) == date(2024, 4, 15)


@pytest.mark.parametrize("start", [date(9999, 12, 31), date(1, 1, 1)])
def test_a_period_that_leaves_the_calendar_is_refused(start: date) -> None:
    period = Period.parse("P9999Y")
    with pytest.raises(BadInput, match="outside the calendar"):
        period.after(start) if start.year > 1 else period.before(start)
