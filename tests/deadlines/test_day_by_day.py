"""Against a slow second implementation that walks one day at a time, with its own lists of holidays."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from consent.deadlines import Clock, Convention, DateKind, Facts, Period, add, compute, count, window_back, zone
from tests.deadlines.literals import CANADA, THANKSGIVING, US

DAY = timedelta(days=1)
# The lists reach from 2026 to 2028: starts and lengths are drawn so that every end lies within.
starts = st.dates(date(2026, 1, 1), date(2028, 8, 1))
instants = st.datetimes(datetime(2026, 1, 2), datetime(2028, 8, 1), timezones=st.just(UTC))  # noqa: DTZ001
PLACES = ("America/Los_Angeles", "America/Vancouver", "America/St_Johns", "Europe/London", "Pacific/Kiritimati", "UTC")
zones = st.sampled_from(PLACES)


def weekend(day: date) -> bool:
    return day.strftime("%a") in ("Sat", "Sun")


def walk_business(start: date, days: int, off: frozenset[date]) -> date:
    day, counted = start, 0
    while counted < days:
        day += DAY
        if not weekend(day) and day not in off:
            counted += 1
    return day


def walk_days(start: date, days: int) -> date:
    day = start
    for _ in range(days):
        day += DAY
    return day


def walk_months(start: date, months: int) -> date:
    """Go on day by day until the month has changed so often; the last day seen with a number not above the start's."""
    day, best, changed = start, start, 0
    while changed <= months:
        if changed == months and day.day <= start.day:
            best = day
        if (day + DAY).month != day.month:
            changed += 1
        day += DAY
    return best


@given(starts, st.integers(0, 30))
def test_us_business_days(start: date, days: int) -> None:
    due = count("C-BD-US", Period.parse(f"P{days}D"), start, zone("UTC")).due
    assert due == walk_business(start, days, US)


@given(starts, st.integers(0, 30))
def test_canadian_business_days(start: date, days: int) -> None:
    due = count("C-BD-CAN", Period.parse(f"P{days}D"), start, zone("UTC")).due
    assert due == walk_business(start, days, CANADA | THANKSGIVING)


@given(starts, st.integers(1, 30))
def test_business_days_common_to_both(start: date, days: int) -> None:
    due = add(f"P{days}D", "business-day", start, zone("UTC"), ["US-WA", "CA-BC"]).due
    assert due == walk_business(start, days, US & (CANADA | THANKSGIVING))
    assert due <= walk_business(start, days, US)
    assert due <= walk_business(start, days, CANADA | THANKSGIVING)


@given(starts, st.integers(0, 120))
def test_calendar_days(start: date, days: int) -> None:
    assert count("C-CD-US", Period.parse(f"P{days}D"), start, zone("UTC")).due == walk_days(start, days)


@given(starts, st.integers(0, 90))
def test_canadian_periods(start: date, days: int) -> None:
    due = walk_days(start, days)
    while due.strftime("%a") == "Sun" or due in CANADA:
        due += DAY
    assert count("C-CAN", Period.parse(f"P{days}D"), start, zone("UTC")).due == due


@given(st.dates(date(2000, 1, 1), date(2050, 1, 1)), st.integers(0, 30))
def test_months_clamp(start: date, months: int) -> None:
    due = count("C-CLAMP", Period.parse(f"P{months}M"), start, zone("UTC")).due
    assert due == walk_months(start, months)


@given(st.dates(date(2000, 1, 1), date(2050, 1, 1)), st.integers(1, 30))
def test_a_window_back_reaches_at_least_as_far_as_counting_forward_does(last: date, months: int) -> None:
    window = window_back(f"P{months}M", last, zone("UTC"))
    assert walk_months(window.first, months) <= last
    assert walk_months(window.first + DAY, months) > last - 4 * DAY
    assert window_back(f"P{months}M", last, zone("UTC"), aligned=True).first == window.first.replace(day=1)


@given(instants, zones, st.integers(0, 400))
def test_hours_are_seconds_since_the_start_wherever_they_are_shown(begun: datetime, place: str, hours: int) -> None:
    due = count("C-HRS", Period.parse(f"PT{hours}H"), begun, zone(place)).due
    assert isinstance(due, datetime)
    assert due.timestamp() - begun.timestamp() == hours * 3600


@given(instants, zones, st.integers(0, 60))
def test_the_day_of_receipt_is_that_of_the_zone(begun: datetime, place: str, days: int) -> None:
    due = count("C-CD-US", Period.parse(f"P{days}D"), begun, zone(place)).due
    assert due == walk_days(begun.astimezone(zone(place)).date(), days)


@given(st.dates(date(2026, 1, 1), date(2028, 1, 1)), st.sets(st.integers(1, 60), max_size=25))
def test_a_pause_day_is_a_day_that_does_not_count(start: date, offsets: set[int]) -> None:
    # Pauses of single days, the last not after the end: the walk counts the days that are in none.
    paused = {start + timedelta(days=offset) for offset in offsets}
    owed, day = (walk_months(start, 1) - start).days, start
    while owed:
        day += DAY
        owed -= day not in paused
    begun = datetime(start.year, start.month, start.day, 12, tzinfo=UTC)
    clock = Clock(DateKind.KEEP_UNTIL, Convention.UK, Period.parse("P1M"), pauses=True)
    within = tuple((one, one) for one in sorted(paused) if one <= day)
    assert compute(clock, Facts(begun, pauses=within), zone("UTC")).due == day
