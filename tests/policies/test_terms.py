"""Footings that depend on place, purchase or membership: chosen per channel and jurisdiction, never globally."""

from datetime import date
from functools import cache
from typing import Any

import pytest

from consent.policies.packs import load_law, load_organization, load_versions, parse_organization
from consent.policies.rulebook import (
    ConsentFact,
    Facts,
    Question,
    Rulebook,
    Standing,
    StopFact,
    Verdict,
    compile_rulebook,
)
from tests.policies.house import NOW, POLICIES, codes, fact, stop

INTEREST = """
[[programs.offers.bases]]
channel = "email"
jurisdiction = "US-OR"
basis = "legitimate-interest"
for = "customers"
assessment = "Customers expect news of what they use; each mail can be refused at once."

[programs.offers.frequency]"""


@cache
def book(slug: str, *, interest: bool = False) -> Rulebook:
    """A shipped pack with the law in force; `interest` adds a basis for one state to Valtt's offers by e-mail."""
    organization = load_organization(POLICIES / slug)
    if interest:
        organization = parse_organization(organization.source.replace("\n[programs.offers.frequency]", INTEREST, 1))
    return compile_rulebook(organization, load_versions(POLICIES / slug), load_law(POLICIES / "law"), NOW)


def ask(
    rules: Rulebook,
    program: str,
    message_class: str,
    *consents: ConsentFact,
    channel: str = "email",
    stopped: StopFact | None = None,
    **facts: Any,
) -> Verdict:
    question = Question(program, message_class, channel, NOW, facts=Facts(**facts))
    return rules.may_contact(question, Standing(stopped, consents))


def test_t_19_an_interest_in_one_state_lets_nothing_go_elsewhere() -> None:
    valtt = book("valtt", interest=True)
    allowed = ask(valtt, "offers", "offer", jurisdiction="US-OR", registered=True)
    assert (allowed.answer, allowed.reasons[0].basis) == ("allow", "legitimate-interest")
    assert codes(ask(valtt, "offers", "offer", jurisdiction="US-WA", registered=True)) == ["no-consent"]
    assert codes(ask(valtt, "offers", "offer", registered=True)) == ["no-consent", "fact-missing"]
    assert codes(ask(valtt, "offers", "offer", jurisdiction="US-OR", registered=False)) == ["not-a-customer"]
    assert codes(ask(valtt, "offers", "offer", channel="sms", jurisdiction="US-OR", registered=True)) == ["no-consent"]


def test_t_19_a_refusal_ends_what_rests_on_an_interest() -> None:
    valtt = book("valtt", interest=True)
    known = {"jurisdiction": "US-OR", "registered": True}
    assert ask(valtt, "offers", "offer", fact("withdrawn", program="offers"), **known).answer == "deny"
    assert codes(ask(valtt, "offers", "offer", stopped=stop(), **known))[0] == "suppressed"
    given = ask(valtt, "offers", "offer", fact(program="offers"), jurisdiction="US-WA")
    assert (given.answer, given.reasons[0].basis) == ("allow", "consent")


def test_a_machine_never_writes_or_calls_without_consent() -> None:
    valtt = book("valtt", interest=True)
    for program, channel in (("automated-service-texts", "sms"), ("automated-service-calls", "voice")):
        known = {"reference": "order 7", "registered": True, "jurisdiction": "US-OR"}
        assert codes(ask(valtt, program, "service-related", channel=channel, **known)) == ["no-consent"]
        by_consent = ask(valtt, program, "service-related", fact(program=program), channel=channel, **known)
        assert by_consent.answer == "allow"


def test_a_law_of_one_country_binds_for_people_there_and_for_those_of_whom_nothing_is_known() -> None:
    valet = book("1valet")
    offer = ("partner-offers", "partner-offer")
    assert ask(valet, *offer, jurisdiction="US-CA").reasons[0].basis == "legitimate-interest"
    (asked,) = ask(valet, *offer, jurisdiction="CA-ON").reasons
    assert (asked.code, asked.commitment) == ("no-consent", "1V-12")
    unknown = ask(valet, *offer)
    assert (unknown.answer, "fact-missing" in codes(unknown)) == ("deny", True)
    assert ask(valet, *offer, fact(program="partner-offers")).answer == "allow"


@pytest.mark.parametrize(
    ("bought", "answer"),
    [(date(2024, 11, 21), "allow"), (date(2024, 11, 20), "deny"), (date(2026, 12, 1), "deny"), (None, "deny")],
)
def test_a_purchase_implies_consent_for_24_months_and_no_day_longer(bought: date | None, answer: str) -> None:
    found = ask(
        book("smartt"), "tailored-marketing", "tailored-marketing", last_purchase_on=bought, jurisdiction="CA-BC"
    )
    assert found.answer == answer
    assert answer == "deny" or found.reasons[0].basis == "implied"


def test_t_21_the_button_stops_promotion_and_nothing_else() -> None:
    vox = book("voxvalley")
    known = {"jurisdiction": "US-NY", "registered": True}
    assert ask(vox, "promotional-email", "promotion", **known).answer == "allow"
    assert ask(vox, "promotional-email", "promotion", stopped=stop(), **known).answer == "deny"
    assert ask(vox, "administrative-email", "purchase", stopped=stop(), reference="order 7").answer == "allow"
    assert codes(ask(vox, "administrative-email", "purchase", stopped=stop())) == ["fact-missing"]
    assert ask(vox, "promotional-email", "promotion", jurisdiction="US-NY", registered=False).answer == "deny"
