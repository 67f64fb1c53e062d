"""Caps on sales messages: counted over elapsed hours, by subject or all together."""

from datetime import UTC, datetime, timedelta

from consent.deadlines import Period
from consent.policies.answers.frequency import Frequency
from consent.policies.caps import Cap
from consent.policies.packs import load_law
from consent.policies.questions import SentFact
from consent.policies.whereabouts import NOWHERE, Area
from tests.policies.house import POLICIES

NOW = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)
LAW = [one for one in load_law(POLICIES / "law") if one.of_hours and one.is_in_force(NOW.date())]
FLORIDA, OREGON, OHIO = ((Area((place,), ("America/New_York",)),) for place in ("US-FL", "US-OR", "US-OH"))


def sent(*hours: float, program: str = "news") -> list[SentFact]:
    return [SentFact(program, "offer", NOW - timedelta(hours=one)) for one in hours]


def reached(book: Frequency, where: tuple[Area, ...], told: list[SentFact]) -> list[tuple[str | None, datetime]]:
    limits = book.limits("sms", "news", where)
    found = book.reached(limits, "news", told, NOW, lambda program, of: of != "notice")
    return [(one.reason.law, one.free_at) for one in found]


def law() -> Frequency:
    return Frequency((), LAW, ())


def test_the_third_message_may_go_and_the_fourth_may_not() -> None:
    assert reached(law(), FLORIDA, sent(1, 2)) == []
    assert reached(law(), FLORIDA, sent(1, 2, 3)) == [("US-FL-QH", NOW + timedelta(hours=21))]


def test_after_a_whole_day_a_message_counts_no_more() -> None:
    assert reached(law(), FLORIDA, sent(1, 2, 24)) == []
    assert len(reached(law(), FLORIDA, sent(1, 2, 23.999))) == 1


def test_of_more_than_allowed_the_newest_decide_when_it_may_go_again() -> None:
    assert reached(law(), FLORIDA, sent(1, 2, 3, 4, 5)) == [("US-FL-QH", NOW + timedelta(hours=21))]


def test_the_same_subject_is_the_same_program_but_oregon_counts_all() -> None:
    mixed = sent(1, 2) + sent(3, program="other")
    assert reached(law(), FLORIDA, mixed) == []
    assert reached(law(), OREGON, mixed) == [("US-OR-QH", NOW + timedelta(hours=21))]


def test_what_does_not_sell_is_not_counted() -> None:
    notices = [SentFact("news", "notice", NOW - timedelta(hours=1))] * 3
    assert reached(law(), FLORIDA, notices) == []


def test_no_cap_binds_where_no_law_has_one() -> None:
    assert reached(law(), OHIO, sent(*range(1, 20))) == []
    assert law().looks_back("sms", "news", OHIO) is None
    assert law().looks_back("sms", "news", FLORIDA) == timedelta(hours=24)
    assert law().looks_back("email", "news", FLORIDA) is None


def test_an_organizations_own_cap_binds_everywhere_for_its_programs() -> None:
    own = Frequency((), LAW, [Cap(2, Period.parse("P7D"), ("news",)), Cap(1, Period.parse("P1D"), ("other",))])
    assert own.looks_back("sms", "news", NOWHERE) == timedelta(days=7)
    assert own.looks_back("sms", "third", OHIO) is None
    (one,) = own.reached(own.limits("sms", "news", OHIO), "news", sent(30, 40), NOW, lambda program, of: True)
    assert one.free_at == NOW + timedelta(days=7, hours=-40)
    assert one.reason.text == (
        "Within 7 days 2 sales messages went there, and at most 2 may, as organization.toml says."
    )
