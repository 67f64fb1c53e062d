"""A company's own dates: the worked dates of the sample policies, rounding, and which of several binds."""

from datetime import UTC, date, datetime

import pytest

from consent.deadlines import add, earliest, latest, window_back, zone
from consent.errors import BadInput

LA, TORONTO, NEW_YORK = zone("America/Los_Angeles"), zone("America/Toronto"), zone("America/New_York")
BOTH = ("US-NY", "CA-ON")


def test_a_log_window_of_nine_months_begins_on_the_first_of_the_month() -> None:
    # SMT-43: received on 30 November 2023; 270 days would begin on 5 March.
    assert window_back("P9M", date(2023, 11, 30), LA, aligned=True).first == date(2023, 2, 1)
    assert window_back("P9M", date(2023, 11, 30), LA).first == date(2023, 2, 28)


def test_twelve_months_back_from_a_leap_day_reach_one_day_further_than_365() -> None:
    assert window_back("P12M", date(2024, 2, 29), LA).first == date(2023, 2, 28)  # 1V-48


def test_the_window_is_set_by_the_local_day_of_receipt() -> None:
    window = window_back("P9M", datetime(2023, 12, 1, 5, tzinfo=UTC), LA, aligned=True)
    assert (window.first, window.last) == (date(2023, 2, 1), date(2023, 11, 30))
    assert any("set by that day" in step for step in window.steps)


def test_door_records_of_new_york_go_within_ninety_days_not_three_months() -> None:
    assert add("P90D", "calendar-day", date(2024, 1, 15), NEW_YORK).due == date(2024, 4, 14)  # 1V-27
    assert add("P3M", "calendar-month", date(2024, 1, 15), NEW_YORK).due == date(2024, 4, 15)


def test_reference_data_counts_from_the_earlier_of_withdrawal_and_moving_out() -> None:
    # 1V-28: withdrawn on 1 March, moved out on 31 May.
    dates = [
        (name, add("P90D", "calendar-day", day, NEW_YORK).due)
        for name, day in (("moving out", date(2024, 5, 31)), ("withdrawal", date(2024, 3, 1)))
    ]
    assert [due for _, due in dates] == [date(2024, 8, 29), date(2024, 5, 30)]
    binding = earliest(dates, NEW_YORK)
    assert (binding.name, binding.due) == ("withdrawal", date(2024, 5, 30))


def test_thirty_days_of_notice_are_thirty_full_days() -> None:
    # VAL-24: announced on 31 January 2024; one month would be 29 February.
    told = datetime(2024, 1, 31, 15, tzinfo=UTC)
    assert add("P30D", "calendar-day", told, TORONTO, bound="at-least").due == date(2024, 3, 2)
    assert add("P30D", "calendar-day", told, TORONTO).due == date(2024, 3, 1)
    assert add("P1M", "calendar-month", told, TORONTO, bound="at-least").due == date(2024, 3, 1)


def test_business_days_of_two_countries_skip_only_the_holidays_they_share() -> None:
    # 1V-33: detected on Friday 28 June 2024, with Canada Day and Independence Day in between.
    found = date(2024, 6, 28)
    assert add("P10D", "business-day", found, TORONTO, BOTH).due == date(2024, 7, 12)
    assert add("P10D", "business-day", found, TORONTO, ["US"]).due == date(2024, 7, 15)
    assert add("P10D", "business-day", found, TORONTO, ["CA"]).due == date(2024, 7, 15)
    assert add("P10D", "calendar-day", found, TORONTO, BOTH).due == date(2024, 7, 8)
    assert add("P1D", "business-day", date(2024, 8, 30), TORONTO, BOTH).due == date(2024, 9, 3)  # Labour Day is shared
    assert add("P1D", "business-day", date(2024, 12, 24), TORONTO, ["GB", "DE", "US"]).due == date(2024, 12, 26)


def test_elapsed_time_is_an_instant() -> None:
    due = add("PT24H", "elapsed", datetime(2026, 11, 1, 0, tzinfo=NEW_YORK), NEW_YORK).due
    assert due.isoformat() == "2026-11-01T23:00:00-05:00"


@pytest.mark.parametrize(
    ("period", "basis", "places", "bound", "words"),
    [
        ("P10D", "working-day", BOTH, "at-most", "not a basis"),
        ("P10D", "calendar-day", BOTH, "about", "not a bound"),
        ("P1M", "business-day", BOTH, "at-most", "cannot be counted in business days"),
        ("P10D", "business-day", (), "at-most", "need the jurisdictions"),
        ("P1M", "elapsed", (), "at-most", "elapsed time"),
        ("PT5H", "calendar-day", (), "at-most", "holds hours"),
    ],
)
def test_what_cannot_be_counted_is_refused(
    period: str, basis: str, places: tuple[str, ...], bound: str, words: str
) -> None:
    with pytest.raises(BadInput, match=words):
        add(period, basis, datetime(2026, 6, 1, tzinfo=UTC), LA, places, bound=bound)


def test_the_earliest_binds_what_is_due_and_the_latest_what_is_kept() -> None:
    dates = [("policy", date(2026, 12, 20)), ("US-CA-RESPOND", date(2027, 1, 4))]
    assert earliest(dates, LA).name == "policy"
    assert latest(dates, LA).name == "US-CA-RESPOND"
    assert "the earliest binds" in earliest(dates, LA).steps[-1]


def test_an_hour_of_a_day_comes_before_the_end_of_that_day() -> None:
    hour = datetime(2026, 12, 20, 9, tzinfo=LA)
    assert earliest([("day", date(2026, 12, 20)), ("hour", hour)], LA).name == "hour"
    assert latest([("day", date(2026, 12, 20)), ("hour", hour)], LA).name == "day"


def test_nothing_to_choose_from_is_refused() -> None:
    with pytest.raises(BadInput, match="no date"):
        earliest([], LA)
