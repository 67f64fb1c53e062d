"""The days off, held against the dates that the laws give."""

from datetime import date

import pytest

from consent.deadlines import calendars
from consent.errors import BadInput
from tests.deadlines.literals import CANADA, THANKSGIVING, US

D = date


@pytest.mark.parametrize(
    "observed",
    [D(2026, 7, 3), D(2027, 6, 18), D(2027, 7, 5), D(2027, 12, 24), D(2027, 12, 31), D(2028, 11, 10)],
)
def test_a_federal_holiday_on_a_weekend_is_observed_beside_it(observed: date) -> None:
    assert "observed" in (calendars.us_federal().why_off(observed) or "")


@pytest.mark.parametrize("year", [2026, 2027, 2028])
def test_the_federal_weekdays_off_are_exactly_these(year: int) -> None:
    listed = {day for day in calendars.us_federal().holidays(year) if day.weekday() < 5}
    assert listed == {day for day in US if day.year == year}


@pytest.mark.parametrize("day", [D(2026, 11, 27), D(2026, 3, 31), D(2025, 1, 9), D(2026, 12, 24)])
def test_a_states_day_off_or_a_day_of_mourning_is_no_federal_holiday(day: date) -> None:
    assert calendars.us_federal().why_off(day) is None


@pytest.mark.parametrize("year", [2026, 2027, 2028])
def test_canada_has_the_nine_days_of_section_35(year: int) -> None:
    assert set(calendars.canada().holidays(year)) == {day for day in CANADA if day.year == year}
    listed = {day for day in CANADA | THANKSGIVING if day.year == year}
    assert set(calendars.canada_business().holidays(year)) == listed


def test_boxing_day_is_not_on_the_canadian_list_and_saturday_is_a_day_like_others() -> None:
    canada = calendars.canada()
    assert canada.why_off(D(2026, 12, 26)) is None  # a Saturday, too
    assert canada.why_off(D(2026, 12, 27)) == "Sunday"
    assert canada.why_off(D(2026, 12, 28)) is None


def test_canada_day_moves_from_a_sunday_to_monday() -> None:
    # 1 July 2029 is a Sunday: the legal holiday is 2 July (Holidays Act, s. 2).
    assert calendars.canada().next_open(D(2029, 7, 1)) == D(2029, 7, 3)


def test_no_day_of_mourning_or_labour_day_before_it_was_law() -> None:
    assert calendars.canada().why_off(D(2020, 9, 30)) is None  # since 2021
    assert calendars.us_federal().why_off(D(2020, 6, 19)) is None  # since 2021


ENGLAND_2026 = {D(2026, 1, 1), D(2026, 4, 3), D(2026, 4, 6), D(2026, 5, 4), D(2026, 5, 25), D(2026, 8, 31)} | {
    D(2026, 12, 25),
    D(2026, 12, 28),
}


def test_england_and_wales_have_these_bank_holidays() -> None:
    for region in (None, "GB", "GB-ENG", "GB-WLS", "England and Wales"):
        england = calendars.united_kingdom(region)
        assert {day for day in england.holidays(2026) if day.weekday() < 5} == ENGLAND_2026
        assert england.why_off(D(2027, 12, 27)) and england.why_off(D(2027, 12, 28))


def test_bank_holidays_differ_by_nation() -> None:
    scotland, northern = calendars.united_kingdom("GB-SCT"), calendars.united_kingdom("Northern Ireland")
    assert (scotland.why_off(D(2026, 4, 6)), bool(scotland.why_off(D(2026, 1, 2)))) == (None, True)
    assert (bool(northern.why_off(D(2026, 3, 17))), scotland.why_off(D(2026, 3, 17))) == (True, None)
    assert (bool(scotland.why_off(D(2026, 8, 3))), scotland.why_off(D(2026, 8, 31))) == (True, None)


def test_the_member_state_comes_from_the_region_else_from_the_zone() -> None:
    unity = D(2025, 10, 3)  # a Friday, off in Germany
    assert calendars.european("DE").why_off(unity)
    assert calendars.european(None, "Europe/Berlin").why_off(unity)
    assert calendars.european("EU", "Europe/Berlin").why_off(unity)
    assert calendars.european("FR", "Europe/Berlin").why_off(unity) is None
    assert calendars.european("EU-FR").why_off(D(2026, 7, 14))
    assert calendars.european("DE-BY").why_off(D(2026, 1, 6)) and not calendars.european("DE").why_off(D(2026, 1, 6))


def test_outside_the_union_only_weekends_are_off() -> None:
    nowhere = calendars.european(None, "America/New_York")
    assert nowhere.why_off(D(2026, 12, 25)) is None
    assert nowhere.why_off(D(2026, 12, 26)) == "Saturday"


def test_every_member_state_has_a_calendar() -> None:
    assert all(calendars.european(state).holidays(2026) for state in calendars.EU_STATES)


def test_only_a_holiday_of_every_place_is_common() -> None:
    both = calendars.common([calendars.us_federal(), calendars.canada_business()])
    assert both.why_off(D(2024, 7, 1)) is None and both.why_off(D(2024, 7, 4)) is None
    assert both.why_off(D(2024, 9, 2)) and both.why_off(D(2024, 12, 25))
    assert both.why_off(D(2024, 6, 29)) == "Saturday"


@pytest.mark.parametrize("region", ["XX", "GB-XYZ", "France"])
def test_an_unknown_nation_is_refused(region: str) -> None:
    with pytest.raises(BadInput, match="not a nation"):
        calendars.united_kingdom(region)


@pytest.mark.parametrize("region", ["GB-SCT", "XX", "DE-XX"])
def test_an_unknown_member_state_is_refused(region: str) -> None:
    with pytest.raises(BadInput):
        calendars.european(region)


def test_the_version_of_the_data_is_said() -> None:
    assert "holidays 0." in calendars.us_federal().source
