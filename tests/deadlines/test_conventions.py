"""The eight conventions, each case walked by hand."""

from datetime import UTC, date, datetime

import pytest

from consent.deadlines import Convention, Period, count, zone
from consent.errors import BadInput

LA, TORONTO, LONDON, BERLIN = map(zone, ("America/Los_Angeles", "America/Toronto", "Europe/London", "Europe/Berlin"))


def end(convention: str, start: str, period: str, region: str | None = None, where: object = LA) -> str:
    return count(convention, Period.parse(period), date.fromisoformat(start), where, region=region).due.isoformat()


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-06-26", 10, "2026-07-13"),  # Friday; Independence Day is observed on Friday 3 July
        ("2026-07-04", 10, "2026-07-17"),  # received on a Saturday: day 1 is Monday
        ("2026-07-03", 10, "2026-07-17"),  # received on a holiday: the same
        ("2027-06-17", 1, "2027-06-21"),  # Juneteenth on Saturday, observed on Friday
        ("2027-07-02", 1, "2027-07-06"),  # Independence Day on Sunday, observed on Monday
        ("2027-12-23", 1, "2027-12-27"),  # Christmas on Saturday
        ("2027-12-30", 1, "2028-01-03"),  # New Year on Saturday, observed in the old year
        ("2028-11-09", 1, "2028-11-13"),  # Veterans Day on Saturday
        ("2026-11-25", 1, "2026-11-27"),  # the day after Thanksgiving is no federal holiday
        ("2026-10-09", 1, "2026-10-13"),  # Columbus Day is one
        ("2026-12-21", 15, "2027-01-13"),
        ("2026-11-20", 0, "2026-11-20"),
    ],
)
def test_us_business_days(start: str, days: int, due: str) -> None:
    assert end("C-BD-US", start, f"P{days}D") == due


@pytest.mark.parametrize(
    ("start", "period", "due"),
    [
        ("2026-11-20", "P45D", "2027-01-04"),
        ("2026-11-20", "P90D", "2027-02-18"),
        ("2026-06-26", "P30D", "2026-07-26"),  # a Sunday: nothing rolls
        ("2026-11-10", "P45D", "2026-12-25"),  # Christmas: nothing rolls
        ("2026-01-15", "P45D", "2026-03-01"),
    ],
)
def test_us_calendar_days_do_not_roll(start: str, period: str, due: str) -> None:
    assert end("C-CD-US", start, period) == due


@pytest.mark.parametrize(
    ("start", "period", "due"),
    [
        ("2026-09-04", "P30D", "2026-10-05"),  # Sunday 4 October
        ("2026-09-03", "P30D", "2026-10-03"),  # a Saturday is no holiday
        ("2026-03-04", "P30D", "2026-04-04"),  # Good Friday: the next day is a Saturday, and good
        ("2026-03-06", "P30D", "2026-04-07"),  # Easter Sunday, then Easter Monday
        ("2026-08-31", "P30D", "2026-10-01"),  # 30 September
        ("2026-11-25", "P30D", "2026-12-26"),  # Christmas; Boxing Day is not on the list
        ("2026-08-08", "P30D", "2026-09-08"),  # Labour Day
        ("2026-09-12", "P30D", "2026-10-12"),  # Thanksgiving rolls nothing here: the earlier date is safe
        ("2026-08-31", "P6M", "2027-03-01"),  # clamped to 28 February, a Sunday
        ("2029-06-01", "P30D", "2029-07-03"),  # Canada Day on a Sunday, kept on Monday
    ],
)
def test_canadian_periods_roll_from_sundays_and_listed_days_not_from_saturdays(
    start: str, period: str, due: str
) -> None:
    assert end("C-CAN", start, period, where=TORONTO) == due


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-09-28", 10, "2026-10-14"),  # 30 September and Thanksgiving do not count
        ("2026-12-24", 1, "2026-12-28"),  # Boxing Day, moved or not, is none
        ("2026-04-02", 1, "2026-04-07"),  # Good Friday and Easter Monday
        ("2026-05-15", 1, "2026-05-19"),  # Victoria Day
    ],
)
def test_canadian_business_days(start: str, days: int, due: str) -> None:
    assert end("C-BD-CAN", start, f"P{days}D", where=TORONTO) == due


@pytest.mark.parametrize(
    ("start", "period", "region", "due"),
    [
        ("2026-01-31", "P1M", "DE", "2026-03-02"),  # 28 February is a Saturday
        ("2026-01-31", "P3M", "DE", "2026-04-30"),  # from the receipt, not from the clamped end
        ("2028-01-31", "P1M", "DE", "2028-02-29"),
        ("2026-06-14", "P1M", "FR", "2026-07-15"),  # 14 July
        ("2026-06-14", "P1M", "DE", "2026-07-14"),
        ("2026-04-01", "P1M", "DE", "2026-05-04"),  # 1 May, a Friday
        ("2026-11-26", "P1M", "DE", "2026-12-28"),
        ("2026-12-06", "P1M", "DE-BY", "2027-01-07"),  # Epiphany, off in Bavaria
    ],
)
def test_european_periods_end_on_a_working_day_of_the_place(start: str, period: str, region: str, due: str) -> None:
    assert end("C-EU", start, period, region, BERLIN) == due


@pytest.mark.parametrize(
    ("start", "region", "due"),
    [
        ("2026-03-03", None, "2026-04-07"),  # Good Friday to Easter Monday
        ("2026-03-03", "GB-SCT", "2026-04-06"),  # Scotland has no Easter Monday
        ("2026-02-17", "GB-NIR", "2026-03-18"),  # St Patrick's Day
        ("2026-02-17", None, "2026-03-17"),
        ("2026-11-28", None, "2026-12-29"),  # the substitute for Boxing Day
        ("2027-11-27", None, "2027-12-29"),  # two substitutes
        ("2026-01-31", None, "2026-03-02"),
    ],
)
def test_uk_months_end_on_the_corresponding_date_or_the_next_working_day(
    start: str, region: str | None, due: str
) -> None:
    assert end("C-UK", start, "P1M", region, LONDON) == due


@pytest.mark.parametrize(
    ("start", "period", "where", "due"),
    [
        ("2026-10-24T10:00:00+02:00", "PT72H", "Europe/Berlin", "2026-10-27T09:00:00+01:00"),  # the clocks turn back
        ("2026-03-27T10:00:00+01:00", "PT72H", "Europe/Berlin", "2026-03-30T11:00:00+02:00"),  # and forward
        ("2026-11-01T05:58:00+00:00", "PT5M", "America/New_York", "2026-11-01T01:03:00-05:00"),
        ("2026-10-31T20:00:00-07:00", "PT48H", "America/Vancouver", "2026-11-02T20:00:00-07:00"),  # no turning back
        ("2026-12-24T20:00:00+00:00", "PT24H", "Europe/London", "2026-12-25T20:00:00+00:00"),  # hours never roll
    ],
)
def test_hours_run_on_the_line_of_utc(start: str, period: str, where: str, due: str) -> None:
    counted = count("C-HRS", Period.parse(period), datetime.fromisoformat(start), zone(where))
    assert counted.due.isoformat() == due


@pytest.mark.parametrize(
    ("start", "period", "due"),
    [
        ("2024-02-29", "P3Y", "2027-02-28"),
        ("2026-11-20", "P5Y", "2031-11-20"),
        ("2026-05-31", "P9M", "2027-02-28"),
        ("2026-08-20", "P3M", "2026-11-20"),
    ],
)
def test_retention_clamps_and_never_rolls(start: str, period: str, due: str) -> None:
    assert end("C-CLAMP", start, period) == due


def test_the_evening_of_the_west_coast_is_still_that_day() -> None:
    late = datetime(2026, 6, 27, 6, 30, tzinfo=UTC)  # Friday 23:30 in Los Angeles
    assert count("C-BD-US", Period.parse("P10D"), late, LA).due == date(2026, 7, 13)
    assert count("C-BD-US", Period.parse("P10D"), late, zone("UTC")).due == date(2026, 7, 13)
    assert count("C-CD-US", Period.parse("P1D"), late, LA).due == date(2026, 6, 27)
    assert count("C-CD-US", Period.parse("P1D"), late, zone("UTC")).due == date(2026, 6, 28)


def test_the_steps_name_each_date_the_reason_and_the_versions() -> None:
    counted = count("C-BD-US", Period.parse("P10D"), datetime(2026, 6, 26, 18, tzinfo=UTC), LA)
    said = " ".join(counted.steps)
    for words in (
        "Friday 2026-06-26 in America/Los_Angeles",
        "time zone data 2026",
        "C-BD-US (P10D)",
        "2026-07-04",
        "Friday 2026-07-03 (Independence Day (observed))",
        "Business day 10 is Monday 2026-07-13",
        "5 U.S.C. 6103",
        "holidays 0.",
    ):
        assert words in said


def test_a_day_off_the_count_lies_after_day_zero() -> None:
    without = frozenset({date(2026, 6, 1), date(2026, 6, 10)})
    assert count("C-UK", Period.parse("P1M"), date(2026, 6, 1), LONDON, without=without).due == date(2026, 7, 2)


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(BadInput, match="without an offset"):
        count("C-CD-US", Period.parse("P1D"), datetime(2026, 6, 27), LA)  # noqa: DTZ001


def test_hours_need_an_instant() -> None:
    with pytest.raises(BadInput, match="not a date"):
        count("C-HRS", Period.parse("PT72H"), date(2026, 6, 27), LA)


@pytest.mark.parametrize(
    ("convention", "period"),
    [("C-HRS", "P1M"), ("C-BD-US", "P1M"), ("C-BD-CAN", "P1Y"), ("C-EU", "PT72H"), ("C-CD-US", "P1DT1H")],
)
def test_a_period_that_does_not_fit_its_convention_is_refused(convention: str, period: str) -> None:
    with pytest.raises(BadInput):
        count(Convention(convention), Period.parse(period), datetime(2026, 6, 27, tzinfo=UTC), LA)
