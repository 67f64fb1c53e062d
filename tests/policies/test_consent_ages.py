"""How long a consent lasts, and from which age something is sold: figures of laws, receipts and promises."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import uuid4

import pytest

from consent.policies.packs import BadPack, load_law, load_organization, load_versions, parse_organization
from consent.policies.questions import ConsentFact, Facts, Question, Standing
from consent.policies.rulebook import Rulebook, Verdict, compile_rulebook
from tests.policies.house import POLICIES, codes

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)


@cache
def book(slug: str, receipt: str = "unlimited", without: str = "") -> Rulebook:
    """A company's, with this duration in its receipts and without one commitment."""
    organization, versions = load_organization(POLICIES / slug), load_versions(POLICIES / slug)
    programs = tuple(
        replace(one, receipt={**one.receipt, "validity_duration": receipt}) for one in organization.programs
    )
    told = replace(organization, programs=programs, sha256=f"{receipt}{without}".encode())
    left = tuple(
        replace(
            one,
            commitments=tuple(each for each in one.commitments if each.id not in without.split()),
            commitments_sha256=f"{one.policy}{without}".encode(),
        )
        for one in versions
    )
    return compile_rulebook(told, left, load_law(POLICIES / "law"), NOW)


def ask(
    made: Rulebook, program: str, kind: str, channel: str = "email", consents: tuple[Any, ...] = (), **facts: Any
) -> Verdict:
    question = Question(program, kind, channel, NOW, facts=Facts(**facts))
    return made.may_contact(question, Standing(None, consents))


def implied(made: Rulebook, **facts: Any) -> Verdict:
    return ask(made, "tailored-marketing", "tailored-marketing", jurisdiction="CA-BC", **facts)


def test_the_law_ends_what_a_purchase_implied_after_two_years_and_is_named() -> None:
    made = book("smartt")
    assert implied(made, last_purchase_on=date(2024, 11, 21)).answer == "allow"
    over = implied(made, last_purchase_on=date(2024, 11, 20))
    (reason,) = over.reasons
    assert (reason.code, reason.law, reason.clause is not None) == ("implied-over", "CAN-CASL-EBR", True)


def only_by_law() -> Rulebook:
    """Smartt's, had it promised nothing of such mail itself."""
    mine = [one.id for one in book("smartt").promises if one.id.startswith("SMT-") and "implied_for" in one.decided]
    assert mine
    return book("smartt", without=" ".join(mine))


@pytest.mark.parametrize(
    ("inquiry", "answer"),
    [(date(2026, 5, 21), "allow"), (date(2026, 5, 20), "deny"), (date(2026, 11, 22), "deny"), (None, "deny")],
)
def test_an_inquiry_implies_consent_for_six_months_where_only_the_law_asks(inquiry: date | None, answer: str) -> None:
    assert implied(only_by_law(), last_inquiry_on=inquiry).answer == answer


def test_a_promise_that_speaks_of_purchases_is_not_widened_by_an_inquiry() -> None:
    denied = implied(book("smartt"), last_inquiry_on=date(2026, 11, 1))
    assert codes(denied) == ["no-consent", "fact-missing"]


@pytest.mark.parametrize(("days", "answer"), [(365, "allow"), (366, "deny")])
def test_a_consent_lasts_as_long_as_its_receipt_says(days: int, answer: str) -> None:
    given = ConsentFact("newsletter", None, "given", NOW - timedelta(days=days), uuid4(), "x")
    found = ask(book("smartt", "P1Y"), "newsletter", "newsletter", consents=(given,))
    assert found.answer == answer
    if answer == "deny":
        (reason,) = found.reasons
        assert (reason.code, reason.commitment, reason.entry) == ("consent-expired", "SMT-17", given.event_id)
        assert "1 year" in reason.text
    assert ask(book("smartt"), "newsletter", "newsletter", consents=(given,)).answer == "allow"


def test_a_duration_that_is_none_is_refused_when_the_pack_is_read() -> None:
    text = (POLICIES / "smartt" / "organization.toml").read_text("utf-8")
    wrong = text.replace('withdrawal_method = "', 'validity_duration = "a year"\nwithdrawal_method = "', 1)
    with pytest.raises(BadPack, match="validity_duration"):
        parse_organization(wrong)


# Company, program, class, facts besides the age, the age from which it is allowed, the commitment that says so.
YOUNG: tuple[tuple[str, str, str, str, dict[str, Any], int, str], ...] = (
    ("1valet", "partner-offers", "partner-offer", "email", {"jurisdiction": "US-CA"}, 13, "1V-34"),
    ("valtt", "offers", "offer", "email", {}, 18, "VAL-21"),
    ("voxvalley", "promotional-email", "promotion", "email", {"jurisdiction": "US", "registered": True}, 16, "VOX-37"),
    ("valley-smart-homes", "marketing-email", "promotion", "email", {}, 13, "VSH-60"),
)


@pytest.mark.parametrize(("slug", "program", "kind", "channel", "facts", "age", "commitment"), YOUNG)
def test_nothing_is_sold_to_the_young_and_the_answer_names_who_promised_it(
    slug: str, program: str, kind: str, channel: str, facts: dict[str, Any], age: int, commitment: str
) -> None:
    for known in ({"minor": True}, {"age": age - 1}):
        denied = ask(book(slug), program, kind, channel, **facts, **known)
        reasons = [one for one in denied.reasons if one.code == "minor"]
        assert [one.commitment for one in reasons] == [commitment]
        assert reasons[0].clause
    assert "minor" not in codes(ask(book(slug), program, kind, channel, **facts, age=age))
    assert "minor" not in codes(ask(book(slug), program, kind, channel, **facts))


def test_service_still_reaches_the_young_where_nobody_promised_otherwise() -> None:
    assert "minor" not in codes(ask(book("valley-smart-homes"), "service-email", "outage", minor=True))
