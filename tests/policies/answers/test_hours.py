"""The hours of sales messages: by every clock the person may live by, first minute inside, last one outside."""

from datetime import UTC, date, datetime, time, timedelta

import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consent.deadlines import zone
from consent.policies.answers.hours import Hours
from consent.policies.numbering import shipped
from consent.policies.packs import load_law
from consent.policies.whereabouts import NOWHERE, Area, Whereabouts
from tests.policies.house import POLICIES

LAW = tuple(one for one in load_law(POLICIES / "law") if one.of_hours)
TODAY = date(2026, 11, 21)
IN_FORCE = [one for one in LAW if one.is_in_force(TODAY)]
WASHINGTON = (Area(("US-WA",), ("America/Los_Angeles",)),)
FLORIDA_WEST = (Area(("US-FL",), ("America/New_York", "America/Chicago")),)


def hours(*ids: str) -> Hours:
    return Hours(None, [one for one in IN_FORCE if one.id in ids])


def law() -> Hours:
    return Hours(None, (), IN_FORCE)


def local(text: str, name: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone(name)).astimezone(UTC)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "answer"),
    [
        ("2026-11-20T07:59:59", "deny"),
        ("2026-11-20T08:00", "allow"),
        ("2026-11-20T19:59:59", "allow"),
        ("2026-11-20T20:00", "deny"),
    ],
)
def test_the_opening_minute_is_inside_and_the_closing_one_outside(at: str, answer: str) -> None:
    verdict = hours("US-WA-QH").may_go("sms", local(at, "America/Los_Angeles"), WASHINGTON)
    assert verdict.answer == answer
    assert {one.law for one in verdict.reasons} == (set() if answer == "allow" else {"US-WA-QH"})


def test_at_the_closing_minute_the_next_time_is_tomorrow() -> None:
    at = local("2026-11-20T20:00", "America/Los_Angeles")
    assert hours("US-WA-QH").may_go("sms", at, WASHINGTON).next_allowed == utc("2026-11-21T16:00")


def test_a_denial_says_the_time_there_and_the_hours() -> None:
    (reason,) = hours("US-WA-QH").may_go("sms", utc("2026-11-20T05:30"), WASHINGTON).reasons
    assert (reason.code, reason.law) == ("outside-hours", "US-WA-QH")
    assert reason.text == "It is 21:30 in America/Los_Angeles; the hours there are 08:00-20:00."


def test_every_zone_the_person_may_be_in_must_be_open() -> None:
    at = utc("2026-11-20T13:30")  # 08:30 in Tallahassee, 07:30 in Pensacola
    assert hours("US-FL-QH").may_go("sms", at, (Area(("US-FL",), ("America/New_York",)),)).answer == "allow"
    verdict = hours("US-FL-QH").may_go("sms", at, FLORIDA_WEST)
    assert (verdict.answer, verdict.next_allowed) == ("deny", utc("2026-11-20T14:00"))


def test_where_nobody_knows_the_zone_nothing_goes_and_no_time_is_named() -> None:
    verdict = law().may_go("sms", utc("2026-11-20T20:00"), NOWHERE)
    assert (verdict.answer, [one.code for one in verdict.reasons]) == ("deny", ["hours-unknown"])
    assert verdict.next_allowed is None
    assert law().next_allowed("sms", utc("2026-11-20T20:00"), NOWHERE) is None


def test_a_channel_without_any_hours_is_always_open() -> None:
    assert law().may_go("email", utc("2026-11-20T08:00"), WASHINGTON).answer == "allow"
    assert law().may_go("email", utc("2026-11-20T08:00"), NOWHERE).answer == "allow"
    assert law().next_allowed("email", utc("2026-11-20T08:00"), NOWHERE) == utc("2026-11-20T08:00")


def test_calls_keep_the_hours_too() -> None:
    assert law().may_go("voice", utc("2026-11-20T08:00"), WASHINGTON).answer == "deny"


@pytest.mark.parametrize(("at", "answer"), [("2026-11-21T09:00", "allow"), ("2026-11-22T11:59", "deny")])
def test_a_sunday_may_have_hours_of_its_own(at: str, answer: str) -> None:
    dallas = shipped().of("+12145550142")
    assert law().may_go("sms", local(at, "America/Chicago"), dallas).answer == answer


def test_the_next_opening_is_named_across_a_closed_day() -> None:
    late = local("2026-11-21T21:30", "America/Chicago")  # Saturday evening; on Sunday it opens at noon
    assert law().next_allowed("sms", late, shipped().of("+12145550142")) == local("2026-11-22T12:00", "America/Chicago")


def test_rules_of_places_where_the_number_is_not_say_nothing() -> None:
    at = local("2026-11-20T20:30", "America/Los_Angeles")
    assert law().may_go("sms", at, shipped().of("+14155550142")).answer == "allow"  # California has no hours of its own
    assert law().may_go("sms", at, (Area(("US",), ("America/Los_Angeles",)),)).answer == "deny"  # it may be Washington


def test_places_without_hours_have_those_of_the_service() -> None:
    london = shipped().of("+442079460123")
    assert law().may_go("sms", utc("2026-11-20T20:00"), london).reasons[0].law == "COMPANY-QH"
    assert law().may_go("sms", utc("2026-11-20T19:59"), london).answer == "allow"
    assert law().next_allowed("sms", utc("2026-11-21T22:00"), london) == utc("2026-11-22T12:00")  # a Sunday


# Number, its zone, a weekday, and the hours of that day: the fact sheet, row by row, within the federal 08:00-21:00.
ROWS = [
    ("+15095550142", "America/Los_Angeles", "2026-11-20", "08:00-20:00"),  # Washington
    ("+14155550142", "America/Los_Angeles", "2026-11-20", "08:00-21:00"),  # California: federal alone
    ("+13055550142", "America/New_York", "2026-11-20", "08:00-20:00"),  # Florida
    ("+14055550142", "America/Chicago", "2026-11-20", "08:00-20:00"),  # Oklahoma
    ("+14105550142", "America/New_York", "2026-11-20", "08:00-20:00"),  # Maryland
    ("+15035550142", "America/Los_Angeles", "2026-11-20", "08:00-20:00"),  # Oregon
    ("+12145550142", "America/Chicago", "2026-11-20", "09:00-21:00"),  # Texas
    ("+12145550142", "America/Chicago", "2026-11-22", "12:00-21:00"),  # and on Sunday
    ("+12035550142", "America/New_York", "2026-11-20", "09:00-20:00"),  # Connecticut
    ("+18045550142", "America/New_York", "2026-11-20", "08:00-21:00"),  # Virginia
    ("+12055550142", "America/Chicago", "2026-11-20", "08:00-20:00"),  # Alabama
    ("+12055550142", "America/Chicago", "2026-11-22", "00:00-00:00"),  # not on Sunday
    ("+12255550142", "America/Chicago", "2026-11-22", "00:00-00:00"),  # Louisiana
    ("+12285550142", "America/Chicago", "2026-11-22", "00:00-00:00"),  # Mississippi
    ("+12285550142", "America/Chicago", "2026-11-21", "08:00-20:00"),
    ("+15025550142", "America/New_York", "2026-11-20", "10:00-21:00"),  # Kentucky
    ("+16175550142", "America/New_York", "2026-11-20", "08:00-20:00"),  # Massachusetts
    ("+14015550142", "America/New_York", "2026-11-20", "09:00-18:00"),  # Rhode Island
    ("+14015550142", "America/New_York", "2026-11-21", "10:00-17:00"),
    ("+14015550142", "America/New_York", "2026-11-22", "00:00-00:00"),
    ("+18015550142", "America/Denver", "2026-11-21", "08:00-21:00"),  # Utah
    ("+18015550142", "America/Denver", "2026-11-22", "00:00-00:00"),
    ("+12155550142", "America/New_York", "2026-11-22", "12:00-21:00"),  # Pennsylvania
    ("+16125550142", "America/Chicago", "2026-11-20", "09:00-21:00"),  # Minnesota
    ("+13135550142", "America/New_York", "2026-11-20", "09:00-21:00"),  # Michigan
    ("+15055550142", "America/Denver", "2026-11-20", "09:00-21:00"),  # New Mexico
    ("+17025550142", "America/Los_Angeles", "2026-11-20", "09:00-20:00"),  # Nevada
    ("+13075550142", "America/Denver", "2026-11-20", "08:00-20:00"),  # Wyoming
    ("+16045550142", "America/Vancouver", "2026-11-20", "09:00-21:30"),  # British Columbia
    ("+16045550142", "America/Vancouver", "2026-11-22", "10:00-18:00"),
]


@pytest.mark.parametrize(("number", "name", "day", "window"), ROWS)
def test_each_state_by_hand(number: str, name: str, day: str, window: str) -> None:
    where = shipped().of(number)
    (row,) = law().zones("sms", local(f"{day}T12:30", name), where)
    assert (row.zone, f"{row.local:%H:%M}", row.window) == (name, "12:30", window)
    begin, _, end = window.partition("-")
    for minute, inside in ((begin, True), (end, False)):
        at = local(f"{day}T{minute}", name)
        assert (law().may_go("sms", at, where).answer == "allow") is (inside and begin != end)
        assert (law().may_go("sms", at - timedelta(minutes=1), where).answer == "allow") is (
            not inside and begin != end
        )


@pytest.mark.parametrize(
    ("number", "name", "day"),
    [
        ("+12255550142", "America/Chicago", "2026-11-26"),  # Thanksgiving in Louisiana
        ("+12055550142", "America/Chicago", "2026-12-25"),  # Christmas in Alabama
        ("+18015550142", "America/Denver", "2026-07-24"),  # Pioneer Day in Utah, a day of the state alone
        ("+14015550142", "America/New_York", "2026-08-10"),  # Victory Day in Rhode Island
        ("+12255550142", "America/Chicago", "2027-01-01"),
    ],
)
def test_a_holiday_of_the_state_is_closed_where_its_rule_says_so(number: str, name: str, day: str) -> None:
    verdict = law().may_go("sms", local(f"{day}T12:00", name), shipped().of(number))
    assert verdict.answer == "deny"
    assert any(one.text.endswith("that day is closed there.") for one in verdict.reasons)
    elsewhere = shipped().of("+13075550142")  # Wyoming names no holidays
    assert law().may_go("sms", local(f"{day}T12:00", "America/Denver"), elsewhere).answer == "allow"


def test_the_next_opening_lies_beyond_holiday_and_sunday() -> None:
    christmas = local("2026-12-24T20:30", "America/Chicago")  # Thursday; closed on Friday, open on Saturday
    assert law().next_allowed("sms", christmas, shipped().of("+12255550142")) == local(
        "2026-12-26T08:00", "America/Chicago"
    )


def test_permanent_time_is_kept_after_november_2026() -> None:
    vancouver, edmonton = shipped().of("+16045550142"), shipped().of("+14035550142")
    assert law().may_go("sms", utc("2026-11-20T16:00"), vancouver).answer == "allow"  # 09:00 at UTC-7, 08:00 before
    assert law().may_go("sms", utc("2026-11-20T15:00"), edmonton).answer == "allow"
    assert law().may_go("sms", utc("2025-11-20T16:00"), vancouver).answer == "deny"


def test_the_navajo_nation_keeps_daylight_time_and_the_rest_of_arizona_does_not() -> None:
    flagstaff, phoenix = shipped().of("+19285550142"), shipped().of("+16025550142")
    evening = utc("2026-07-16T03:30")  # 20:30 in Phoenix, 21:30 on the reservation
    assert law().may_go("sms", evening, phoenix).answer == "allow"
    assert law().may_go("sms", evening, flagstaff).answer == "deny"


# A window in the small hours, where clocks are changed: no law has one, but an organization may promise one.
def small_hours(begin: str, until: str) -> Hours:
    rule = next(one for one in IN_FORCE if one.id == "US-QH")
    row = {"days": "mon-sun", "from": begin, "until": until}
    changed = type(rule)(**{**rule.__dict__, "parameters": {**rule.parameters, "window": [row]}})
    return Hours(None, [changed])


def test_an_opening_that_the_clock_skips_is_the_moment_after_the_gap() -> None:
    before = utc("2026-03-08T09:00")  # 01:00 in Seattle; at 02:00 the clock goes to 03:00, which is 10:00 UTC
    assert small_hours("02:30", "04:00").next_allowed("sms", before, WASHINGTON) == utc("2026-03-08T10:00")


def test_an_hour_that_comes_twice_is_open_twice() -> None:
    book = small_hours("01:30", "02:00")
    assert [
        book.may_go("sms", utc(at), WASHINGTON).answer
        for at in ("2026-11-01T08:29", "2026-11-01T08:30", "2026-11-01T09:00", "2026-11-01T09:30", "2026-11-01T10:00")
    ] == ["deny", "allow", "deny", "allow", "deny"]
    assert book.next_allowed("sms", utc("2026-11-01T09:00"), WASHINGTON) == utc("2026-11-01T09:30")


def test_what_closed_before_the_clock_went_back_is_open_again_after_it() -> None:
    book = small_hours("00:30", "01:30")
    assert book.next_allowed("sms", utc("2026-11-01T08:45"), WASHINGTON) == utc("2026-11-01T09:00")


def test_windows_that_never_meet_have_no_next_time() -> None:
    apart = (Area(("US-WA",), ("America/Los_Angeles",)), Area(("US-GU",), ("Pacific/Guam",)))
    narrow = small_hours("09:00", "10:00")
    assert narrow.next_allowed("sms", utc("2026-11-20T20:00"), apart) is None
    assert narrow.may_go("sms", utc("2026-11-20T20:00"), apart).next_allowed is None


NUMBERS = ["+15095550142", "+18505550142", "+12145550142", "+14015550142", "+18675550142", "+19285550142",
           "+12255550142", "+17095550142", "+442079460123", "+61491570156", "+12085550142", "+16845550142"]  # fmt: skip
INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


def naive(at: datetime, where: Whereabouts) -> bool:
    """The same question asked plainly: every rule of every place in every zone, the window as numbers of minutes."""
    days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    for area in where:
        rules = [one for one in IN_FORCE if one.id != "COMPANY-QH" and _within(one.jurisdictions, area.places)]
        for rule in rules or [one for one in IN_FORCE if one.id == "COMPANY-QH"]:
            for name in area.zones:
                there = at.astimezone(zone(name))
                minute = there.hour * 60 + there.minute
                for row in rule.parameters["window"]:
                    first, _, last = row["days"].partition("-")
                    if not days.index(first) <= there.weekday() <= days.index(last or first):
                        continue
                    begin, end = (int(row[key][:2]) * 60 + int(row[key][3:]) for key in ("from", "until"))
                    if begin <= minute < end and not _closed(rule.parameters, rule.jurisdictions[0], there.date()):
                        break
                else:
                    return False
    return bool(where)


def _within(ruled: tuple[str, ...], places: tuple[str, ...]) -> bool:
    return any(place == one or place.startswith(one + "-") for one in ruled for place in places)


def _closed(parameters: object, place: str, day: date) -> bool:
    return "closed_on" in parameters and day in holidays.country_holidays("US", subdiv=place[3:])  # type: ignore[operator]


@settings(max_examples=400, deadline=None)
@given(at=INSTANTS, number=st.sampled_from(NUMBERS))
def test_the_answer_is_that_of_a_plain_reading(at: datetime, number: str) -> None:
    where = shipped().of(number)
    assert (law().may_go("sms", at, where).answer == "allow") is naive(at, where)


@settings(max_examples=60, deadline=None)
@given(at=INSTANTS, number=st.sampled_from(NUMBERS))
def test_the_next_time_is_the_first_minute_that_is_open(at: datetime, number: str) -> None:
    where, book = shipped().of(number), law()
    if naive(at, where):
        assert book.may_go("sms", at, where).next_allowed is None
        return
    opens = book.may_go("sms", at, where).next_allowed
    assert opens is not None
    quarter = at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0)
    quarters = (quarter + timedelta(minutes=15 * count) for count in range(1, 4 * 24 * 8))
    assert opens == next(one for one in quarters if naive(one, where))  # every window and offset here is of quarters


def test_the_turn_of_the_year_is_a_day_like_others() -> None:
    eve = local("2026-12-31T23:59", "America/Los_Angeles")
    assert law().next_allowed("sms", eve, WASHINGTON) == local("2027-01-01T08:00", "America/Los_Angeles")
    assert datetime.combine(date(2027, 1, 1), time(16), UTC) == law().next_allowed("sms", eve, WASHINGTON)
