"""Registries, relationships, reassignment and age: what stands between a sale and a number, by figures of the law."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import uuid4

import pytest

from consent.policies.number_care import NumberCare
from consent.policies.questions import NO_NUMBER, CopyFact, Facts, NumberFacts, QueryFact, Standing, StopFact
from consent.policies.rulebook import ConsentFact, Question, Rulebook, Verdict, compile_rulebook
from tests.policies.house import codes, valley

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)  # in Valley's zone, too
US, CANADA = "national-do-not-call-registry", "national-do-not-call-list"
CALLS = "marketing-calls"


@cache
def book(care: NumberCare = NumberCare(), place: str = "US-WA") -> Rulebook:
    """Valley's, where marketing calls are permitted, serving one place."""
    organization, versions, law = valley()
    programs = tuple(
        replace(one, legal_basis="where permitted", footing="opt-out") if one.key == CALLS else one
        for one in organization.programs
    )
    told = replace(
        organization, programs=programs, numbers=care, jurisdictions=(place,), sha256=repr((care, place)).encode()
    )
    return compile_rulebook(told, versions, law, NOW)


def ask(
    number: NumberFacts = NO_NUMBER,
    consent: int | None = None,
    care: NumberCare = NumberCare(),
    place: str = "US-WA",
    **facts: Any,
) -> Verdict:
    """May a sales call go; `consent` is how many days ago it was given."""
    given = [ConsentFact(CALLS, None, "given", NOW - timedelta(days=consent), uuid4(), "x")] if consent else []
    question = Question(CALLS, "promotion", "voice", NOW, facts=Facts(jurisdiction=place, **facts))
    return book(care, place).may_contact(question, Standing(None, tuple(given), number))


def copy(age: int = 1, listed: bool = True, name: str = US, complete: bool = True) -> NumberFacts:
    return NumberFacts(copies=(CopyFact(name, TODAY - timedelta(days=age), listed, complete, uuid4()),))


def about(verdict: Verdict) -> set[str]:
    """The codes that are about the number."""
    return {one for one in codes(verdict) if one.startswith(("on-", "registry", "number"))}


def test_a_listed_number_is_not_sold_to_and_the_answer_names_law_and_date_of_the_copy() -> None:
    reason = next(one for one in ask(copy(age=3)).reasons if one.code == "on-registry")
    assert (reason.law, reason.clause) == ("US-TCPA-NDNC", "47 CFR 64.1200(c)(2)")
    assert "2026-11-18" in reason.text
    assert reason.entry is not None


def test_a_number_that_is_not_listed_may_be_called() -> None:
    assert about(ask(copy(listed=False))) == set()


def test_a_consent_passes_the_registry() -> None:
    assert about(ask(copy(), consent=10)) == set()


@pytest.mark.parametrize(
    ("fact", "last_day", "place", "name"),
    [
        ("last_purchase_on", date(2025, 5, 21), "US-WA", US),
        ("last_inquiry_on", date(2026, 8, 21), "US-WA", US),
        ("last_purchase_on", date(2025, 5, 21), "CA-BC", CANADA),
        ("last_inquiry_on", date(2026, 5, 21), "CA-BC", CANADA),
    ],
)
def test_a_relationship_passes_the_registry_up_to_its_last_day(
    fact: str, last_day: date, place: str, name: str
) -> None:
    assert about(ask(copy(name=name), place=place)) == {"on-registry"}
    assert about(ask(copy(name=name), place=place, **{fact: last_day})) == set()
    day_before = last_day - timedelta(days=1)
    assert about(ask(copy(name=name), place=place, **{fact: day_before})) == {"on-registry"}


@pytest.mark.parametrize(("place", "name", "law"), [
    ("US-WA", US, "US-TCPA-NDNC-SCRUB"), ("CA-BC", CANADA, "CAN-DNCL-SCRUB")
])  # fmt: skip
def test_a_copy_of_31_days_may_be_used_and_an_older_one_may_not(place: str, name: str, law: str) -> None:
    care = NumberCare(scrub=(name,))
    assert about(ask(copy(31, listed=False, name=name), care=care, place=place)) == set()
    old = ask(copy(32, listed=False, name=name), care=care, place=place)
    reason = next(one for one in old.reasons if one.code == "registry-copy-old")
    assert reason.law == law
    assert "2026-10-20" in reason.text
    assert about(ask(copy(32, listed=False, name=name), place=place)) == set()  # nobody said that it scrubs


def test_without_any_copy_or_with_half_of_one_nothing_is_sold_where_the_company_scrubs() -> None:
    care = NumberCare(scrub=(US,))
    assert about(ask(care=care)) == {"registry-copy-old"}
    assert about(ask(copy(listed=False, complete=False), care=care)) == {"registry-copy-old"}
    assert about(ask(copy(complete=False))) == {"on-registry"}
    assert about(ask(care=care, consent=3)) == set()


def test_the_companys_own_list_yields_to_a_later_consent_only() -> None:
    asked = NumberFacts(do_not_call=StopFact(NOW - timedelta(days=5), uuid4()))
    assert about(ask(asked, last_purchase_on=TODAY)) == {"on-do-not-call-list"}
    assert about(ask(asked, consent=6)) == {"on-do-not-call-list"}
    assert about(ask(asked, consent=5)) == {"on-do-not-call-list"}
    assert about(ask(asked, consent=4)) == set()


def answered(answer: str = "no", days_ago: int = 1, since: int = 60) -> NumberFacts:
    asked = QueryFact(answer, TODAY - timedelta(days=since), NOW - timedelta(days=days_ago), uuid4())
    return NumberFacts(queried=asked)


ASKING = NumberCare(ask_reassigned=True)


def test_an_old_consent_needs_a_fresh_answer_where_the_company_asks() -> None:
    denied = ask(consent=46, care=ASKING)
    reason = next(one for one in denied.reasons if one.code == "number-not-asked-about")
    assert (reason.law, reason.clause) == ("US-TCPA-RND", "47 CFR 64.1200(m)")
    assert about(ask(consent=45, care=ASKING)) == set()
    assert about(ask(consent=46)) == set()


@pytest.mark.parametrize(
    ("number", "enough"),
    [
        (answered(), True),
        (answered(days_ago=45), True),
        (answered(days_ago=46), False),
        (answered(since=59), False),
        (answered("no-data"), False),
    ],
)
def test_only_a_fresh_no_about_the_day_of_the_consent_is_enough(number: NumberFacts, enough: bool) -> None:
    assert (about(ask(number, consent=60, care=ASKING)) == set()) is enough


def test_only_questions_of_sales_look_at_registries() -> None:
    assert book().scrubs(CALLS, "promotion", "voice")
    assert not book().scrubs("service-calls", "scheduling", "voice")
    assert not book().scrubs("marketing-email", "promotion", "email")
