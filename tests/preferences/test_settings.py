"""What a person sets besides yes and no, as a pure fold: pause, language, frequency, refused sale, limited use."""

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.errors import BadInput
from consent.ids import new_id
from consent.policies.organization import OrganizationPack
from consent.preferences import numbers, rules, settings
from consent.preferences.models import NOBODY
from consent.preferences.rules import Fact, State
from tests.policies.answers.companies import organization

NOW = datetime(2026, 11, 20, 20, 15, tzinfo=UTC)
SOON, LATER = "2026-12-01T08:00:00.000Z", "2027-02-01T08:00:00.000Z"
ANA, BEN = UUID(int=7), UUID(int=8)


@pytest.fixture
def valtt() -> OrganizationPack:
    return organization("VAL")


def told(type: str, seconds: int = 0, *programs: str, **data: Any) -> Fact:
    """An event of so many seconds after now."""
    at = NOW + timedelta(seconds=seconds)
    fact = rules.fact_of(type, data, programs, at, new_id(at), "page", "email")
    assert fact is not None
    return fact


def held(*facts: Fact, person: UUID | None = None, at: datetime = NOW) -> settings.Settings:
    return settings.settings_of(rules.fold(facts), at, person)


def test_nothing_is_set_for_somebody_who_set_nothing() -> None:
    assert held(told("consent.given", 0, "news")) == settings.Settings()


def test_a_pause_holds_until_its_instant_and_ends_without_a_word() -> None:
    pause = told("pause.set", until=SOON)
    assert held(pause).paused_until == datetime.fromisoformat(SOON)
    assert held(pause, at=datetime.fromisoformat(SOON)).paused_until is None


def test_a_pause_of_some_programs_leaves_the_others_alone() -> None:
    found = held(told("pause.set", 0, "news", "offers", until=SOON))
    assert (found.paused_until, sorted(found.paused_programs)) == (None, ["news", "offers"])
    assert found.pause("news") == datetime.fromisoformat(SOON)
    assert found.pause("alerts") is None


def test_of_two_pauses_the_longer_one_counts_for_a_program() -> None:
    state = rules.fold([told("pause.set", until=LATER), told("pause.set", 1, "news", until=SOON)])
    assert settings.settings_of(state, NOW).pause("news") == datetime.fromisoformat(LATER)
    found = settings.pause_of(state, "news")
    assert found is not None
    assert found[0] == datetime.fromisoformat(LATER)


def test_a_pause_that_is_ended_is_over_and_one_set_later_is_not() -> None:
    everything, one, end = (
        told("pause.set", until=SOON),
        told("pause.set", 1, "news", until=SOON),
        told("pause.ended", 2),
    )
    assert held(everything, one, end) == settings.Settings()
    assert held(told("pause.set", 3, until=LATER), end).paused_until == datetime.fromisoformat(LATER)


def test_ending_the_pause_of_one_program_leaves_the_pause_of_all() -> None:
    found = held(told("pause.set", until=SOON), told("pause.ended", 1, "news"))
    assert found.pause("news") == datetime.fromisoformat(SOON)


@pytest.mark.parametrize("day", range(1, 9))
def test_of_the_same_instant_the_pause_stands_and_its_end_does_not(day: int) -> None:
    until = f"2026-12-0{day}T08:00:00.000Z"
    facts = [told("pause.ended"), told("pause.set", until=until)]
    assert held(*facts).paused_until == held(*reversed(facts)).paused_until == datetime.fromisoformat(until)


def test_a_pause_and_a_stop_leave_each_other_alone() -> None:
    stop = told("consent.withdrawn", 1, "news", scope="channel")
    state = rules.fold([told("consent.given", 0, "news"), stop, told("pause.set", 2, until=SOON)])
    assert state[rules.NUMBER].state == state["news", NOBODY].state == "withdrawn"
    after = rules.fold(
        [told("consent.given", 0, "news"), stop, told("pause.set", 2, until=SOON), told("pause.ended", 3)]
    )
    assert after[rules.NUMBER].state == after["news", NOBODY].state == "withdrawn"


def test_the_newest_language_holds() -> None:
    assert held(told("language.chosen", 5, language="fr"), told("language.chosen", 0, language="es")).language == "fr"


def test_a_frequency_holds_for_its_program_until_it_is_ended() -> None:
    chosen, end = told("frequency.chosen", 0, "news", choice="1/P7D"), told("frequency.ended", 1, "news")
    assert {key: one.choice for key, one in held(chosen).frequencies.items()} == {"news": "1/P7D"}
    assert held(chosen, end).frequencies == {}


def test_whoever_gets_the_number_next_inherits_neither_language_nor_frequency() -> None:
    set_ = [
        told("language.chosen", language="fr"),
        told("frequency.chosen", 0, "news", choice="1/P7D"),
        told("pause.set", until=SOON),
        told("sale.refused"),
    ]
    found = held(*set_, told("number.reported", 9, kind="recycled"))
    assert (found.language, found.frequencies) == (None, {})
    assert found.paused_until is not None  # a no stays
    assert found.sale_refused_since is not None
    assert held(*set_, told("number.reported", 9, kind="ported")).language == "fr"


def test_a_refused_sale_is_the_persons_and_one_without_a_name_is_everybodys() -> None:
    mine = told("sale.refused", person=str(ANA))
    assert held(mine, person=ANA).sale_refused_since == NOW
    assert held(mine, person=BEN).sale_refused_since is None
    assert held(mine).sale_refused_since == NOW  # who it is about is not known: doubt favours the person
    assert held(told("sale.refused"), person=BEN).sale_refused_since == NOW


def test_only_what_the_same_person_says_later_takes_a_refusal_back() -> None:
    refused, permitted = told("sale.refused", person=str(ANA)), told("sale.permitted", 1, person=str(ANA))
    assert held(refused, permitted, person=ANA).sale_refused_since is None
    assert held(refused, told("sale.permitted", 1, person=str(BEN)), person=ANA).sale_refused_since == NOW
    shared = told("sale.refused")
    assert held(shared, permitted, person=ANA).sale_refused_since is None
    later = told("sale.refused", 1, person=str(ANA))
    assert held(shared, later, person=ANA).sale_refused_since == NOW + timedelta(seconds=1)
    assert held(shared, permitted, person=BEN).sale_refused_since == NOW
    assert held(told("sale.permitted", person=str(ANA)), refused, person=ANA).sale_refused_since == NOW


def test_a_signal_is_told_from_a_press() -> None:
    assert held(told("sale.refused", signal=settings.GPC)).sale_refused_by_signal
    assert not held(told("sale.refused")).sale_refused_by_signal


def test_a_limited_use_is_not_a_refused_sale() -> None:
    found = held(told("use.limited"))
    assert (found.limit_use_since, found.sale_refused_since) == (NOW, None)
    assert held(told("use.limited"), told("use.permitted", 1)) == settings.Settings()


@given(
    st.lists(
        st.sampled_from(
            [
                told("pause.set", 0, until=SOON),
                told("pause.set", 1, "news", until=LATER),
                told("pause.ended", 1),
                told("pause.ended", 2, "news"),
                told("language.chosen", 1, language="fr"),
                told("frequency.chosen", 1, "news", choice="1/P7D"),
                told("frequency.ended", 1, "news"),
                told("sale.refused", 1, person=str(ANA)),
                told("sale.permitted", 1, person=str(ANA)),
                told("use.limited", 2),
                told("number.reported", 2, kind="recycled"),
                told("consent.given", 2, "news"),
                told("consent.withdrawn", 2, "news", scope="channel"),
            ]
        ),
        unique_by=lambda one: one.event_id,
    ),
    st.randoms(use_true_random=False),
)
def test_the_order_of_arrival_does_not_matter(history: list[Fact], chance: random.Random) -> None:
    shuffled = list(history)
    chance.shuffle(shuffled)
    state: State = {}
    for fact in sorted(history, key=lambda one: one.order):
        state = rules.apply(state, fact)
    assert rules.fold(shuffled) == rules.fold(history) == state


def test_a_pause_begins_again_at_midnight_where_the_organization_is(valtt: OrganizationPack) -> None:
    wish = settings.pause(valtt, date(2026, 12, 1), NOW)
    assert wish.data == {"until": "2026-12-01T05:00:00.000Z"}  # New York


@pytest.mark.parametrize(
    "until", [date(2026, 11, 20), date(2026, 11, 19), date(1, 1, 1), date(2027, 11, 21), date(9999, 12, 31)]
)
def test_a_pause_in_the_past_or_of_more_than_a_year_is_refused(valtt: OrganizationPack, until: date) -> None:
    with pytest.raises(BadInput) as refused:
        settings.pause(valtt, until, NOW)
    assert refused.value.field == "paused_until"
    assert settings.pause(valtt, date(2027, 11, 20), NOW)


def test_what_is_required_cannot_be_paused_nor_what_is_unknown(valtt: OrganizationPack) -> None:
    required = next(one.key for one in valtt.programs if one.footing == "required")
    for key in (required, "no-such-program"):
        with pytest.raises(BadInput):
            settings.pause(valtt, date(2026, 12, 1), NOW, [key])


def test_only_a_frequency_that_is_offered_can_be_chosen(valtt: OrganizationPack) -> None:
    offering = next(one for one in valtt.programs if one.frequencies)
    assert settings.choose_frequency(valtt, offering.key, offering.frequencies[0].choice).programs == (offering.key,)
    silent = next(one for one in valtt.programs if not one.frequencies)
    for program, choice in ((offering.key, "99/P1D"), (silent.key, "1/P7D"), ("no-such-program", "1/P7D")):
        with pytest.raises(BadInput):
            settings.choose_frequency(valtt, program, choice)


def test_only_a_language_that_is_written_here_can_be_chosen(valtt: OrganizationPack) -> None:
    assert settings.choose_language(valtt, valtt.languages[0])
    assert settings.choose_language(valtt, "fr")
    with pytest.raises(BadInput):
        settings.choose_language(valtt, "xx")


def test_no_setting_is_taken_for_a_program() -> None:
    for row in (numbers.PAUSE, numbers.within(numbers.FREQUENCY, "news"), numbers.LANGUAGE, numbers.SALE, numbers.USE):
        assert not numbers.of_program(row)
