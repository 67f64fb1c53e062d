"""A pause and a chosen frequency at the gate: they hold back what can be refused, and never let anything through."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.policies.packs import load_law, load_versions
from consent.policies.questions import FrequencyFact, PauseFact, SentFact, Standing, StopFact
from consent.policies.rulebook import ConsentFact, Question, Rulebook, Verdict, compile_rulebook
from consent.policies.whereabouts import Area, Whereabouts
from tests.policies.answers.companies import organization
from tests.policies.house import POLICIES, codes, valley

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)  # noon in Washington
ENTRY, GIVEN = UUID(int=5), UUID(int=6)
NEWS, TEXTS, REQUIRED = "marketing-email", "account-service-notifications", "service-email"
UNTIL = NOW + timedelta(days=3)
THERE: Whereabouts = (Area(("US-WA",), ("America/Los_Angeles",)),)


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return compile_rulebook(*valley(), NOW)


def ask(book: Rulebook, program: str, *consents: ConsentFact, at: datetime = NOW, **known: Any) -> Verdict:
    kind, channel = {NEWS: ("promotion", "email"), TEXTS: ("outage", "sms"), REQUIRED: ("outage", "email")}[program]
    return book.may_contact(
        Question(program, kind, channel, at), Standing(known.pop("stopped", None), consents, **known)
    )


def agreed(program: str, state: Any = "given") -> ConsentFact:
    return ConsentFact(program, None, state, NOW - timedelta(days=30), GIVEN, "x")


def paused(until: datetime = UNTIL) -> PauseFact:
    return PauseFact(until, ENTRY)


def weekly(most: int = 1) -> FrequencyFact:
    return FrequencyFact(most, "P7D", ENTRY)


def sent(*hours: float, program: str = NEWS) -> tuple[SentFact, ...]:
    return tuple(SentFact(program, "promotion", NOW - timedelta(hours=one)) for one in hours)


def test_a_pause_holds_back_what_can_be_refused_until_it_ends(book: Rulebook) -> None:
    for verdict in (ask(book, NEWS, paused=paused()), ask(book, TEXTS, agreed(TEXTS), paused=paused())):
        assert (verdict.answer, codes(verdict), verdict.next_allowed) == ("deny", ["paused"], UNTIL)
        assert verdict.reasons[0].entry == ENTRY
        assert verdict.reasons[0].commitment


def test_a_pause_ends_by_itself_to_the_instant(book: Rulebook) -> None:
    assert ask(book, NEWS, paused=paused(), at=UNTIL - timedelta(milliseconds=1)).answer == "deny"
    assert ask(book, NEWS, paused=paused(), at=UNTIL).answer == "allow"


def test_what_is_required_goes_during_a_pause(book: Rulebook) -> None:
    assert ask(book, REQUIRED, paused=paused(), frequency=weekly(), sent=sent(1, program=REQUIRED)).answer == "allow"


def test_the_answer_to_a_keyword_goes_during_a_pause(book: Rulebook) -> None:
    asked = Question(TEXTS, "keyword-reply", "sms", NOW, answers_keyword=True)
    assert book.may_contact(asked, Standing(None, (), paused=paused())).answer == "allow"


def test_a_stop_beats_a_pause_and_no_end_of_it_is_told(book: Rulebook) -> None:
    verdict = ask(book, TEXTS, agreed(TEXTS), stopped=StopFact(NOW - timedelta(days=1), GIVEN), paused=paused())
    assert codes(verdict)[0] == "suppressed"
    assert "paused" in codes(verdict)
    assert verdict.next_allowed is None


def test_as_many_messages_as_were_chosen_go_and_no_more(book: Rulebook) -> None:
    assert ask(book, NEWS, frequency=weekly(2), sent=sent(24)).answer == "allow"
    verdict = ask(book, NEWS, frequency=weekly(2), sent=sent(24, 48))
    assert (verdict.answer, codes(verdict)) == ("deny", ["frequency-chosen"])
    assert verdict.next_allowed == NOW - timedelta(hours=48) + timedelta(days=7)
    assert verdict.reasons[0].text.startswith("The person wants to hear of this program at most 2 times within 7 days")
    assert verdict.reasons[0].clause == "organization.toml, programs.marketing-email"


def test_the_last_of_them_counts_for_the_whole_period_and_not_a_moment_longer(book: Rulebook) -> None:
    assert ask(book, NEWS, frequency=weekly(), sent=sent(7 * 24 - 0.001)).answer == "deny"
    assert ask(book, NEWS, frequency=weekly(), sent=sent(7 * 24)).answer == "allow"


def test_messages_of_other_programs_do_not_count(book: Rulebook) -> None:
    assert ask(book, NEWS, frequency=weekly(), sent=sent(1, 2, 3, program=REQUIRED)).answer == "allow"


def test_of_pause_and_frequency_the_later_end_counts(book: Rulebook) -> None:
    short = ask(book, NEWS, paused=paused(NOW + timedelta(hours=1)), frequency=weekly(), sent=sent(24))
    assert codes(short) == ["paused", "frequency-chosen"]
    assert short.next_allowed == NOW + timedelta(days=6)
    assert ask(book, NEWS, paused=paused(NOW + timedelta(days=9)), frequency=weekly(), sent=sent(24)).next_allowed == (
        NOW + timedelta(days=9)
    )


def test_after_a_pause_that_ends_at_night_a_sale_waits_for_the_morning() -> None:
    sells = compile_rulebook(organization("VAL"), load_versions(POLICIES / "valtt"), load_law(POLICIES / "law"), NOW)
    question = Question("offers", "offer", "sms", NOW)
    standing = Standing(None, (agreed("offers"),), where=THERE)
    assert sells.may_contact(question, standing).answer == "allow"
    night = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)  # midnight in Washington
    held = sells.may_contact(question, standing._replace(paused=paused(night)))
    assert (codes(held), held.next_allowed) == (["paused"], datetime(2026, 11, 25, 16, 0, tzinfo=UTC))
    at_night = sells.may_contact(
        question._replace(at=night), standing._replace(paused=paused(night + timedelta(days=2)))
    )
    assert set(codes(at_night)) == {"paused", "outside-hours"}
    assert at_night.next_allowed == datetime(2026, 11, 27, 16, 0, tzinfo=UTC)


settings = st.fixed_dictionaries(
    {},
    optional={
        "paused": st.integers(-5, 5).map(lambda days: paused(NOW + timedelta(days=days))),
        "frequency": st.builds(weekly, st.integers(1, 3)),
    },
)


@given(
    program=st.sampled_from([NEWS, TEXTS, REQUIRED]),
    state=st.sampled_from([None, "given", "refused", "withdrawn", "expired"]),
    stopped=st.sampled_from([None, StopFact(NOW - timedelta(days=1), GIVEN)]),
    hours=st.lists(st.integers(1, 300), max_size=4),
    wishes=settings,
)
def test_no_setting_ever_turns_a_no_into_a_yes(
    program: str, state: str | None, stopped: StopFact | None, hours: list[int], wishes: dict[str, Any]
) -> None:
    book = compile_rulebook(*valley(), NOW)
    consents = (agreed(program, state),) if state else ()
    known: dict[str, Any] = {"stopped": stopped, "sent": sent(*hours, program=program)}
    without, with_them = ask(book, program, *consents, **known), ask(book, program, *consents, **known, **wishes)
    assert with_them.answer == "deny" or without.answer == "allow"
    assert set(codes(without)) <= set(codes(with_them)) or without.answer == "allow"
