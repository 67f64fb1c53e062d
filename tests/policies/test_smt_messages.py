"""Smartt's promises about messages at the gate: lists, the reseller programme, purchases, what nobody refuses."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from consent.policies.questions import Facts, Question, Standing, StopFact, Verdict
from tests.policies.house import stop
from tests.policies.packs_smt import NOW, book, by, draft, word

YESTERDAY = NOW - timedelta(days=1)


def ask(
    program: str,
    message_class: str,
    *consents: Any,
    stopped: StopFact | None = None,
    at: datetime = NOW,
    content: str | None = None,
    channel: str = "email",
    **facts: Any,
) -> Verdict:
    """May this go to somebody who has said this, under these facts?"""
    question = Question(program, message_class, channel, at, content, facts=Facts(**facts))
    return book().may_contact(question, Standing(stopped, consents))


def codes(verdict: Verdict) -> list[str]:
    return [one.code for one in verdict.reasons]


def refused(field: str, **changes: Any) -> bool:
    """Is the draft refused for this field?"""
    return field in [one.field for one in book().consent_findings(draft(**changes))]


@pytest.mark.parametrize("program", ["newsletter", "mailing-list"])
def test_smt_17_list_mail_goes_to_those_who_joined_that_list(program: str) -> None:
    other = "mailing-list" if program == "newsletter" else "newsletter"
    assert ask(program, program, word(program)).answer == "allow"
    for consents in ((), (word(other),), (word(program, "withdrawn"),)):
        denied = ask(program, program, *consents)
        assert denied.answer == "deny"
        assert {one.commitment for one in denied.reasons} == {"SMT-17"}


def test_smt_18_a_member_gets_all_five_classes_and_nobody_else_any() -> None:
    for one in ("release", "pricing", "terms", "special-offer", "campaign"):
        assert ask("reseller-community", one, member=True).answer == "allow"
        assert by(ask("reseller-community", one, member=False))[0] == ("not-a-member", "SMT-18")
        assert by(ask("reseller-community", one))[0] == ("fact-missing", "SMT-18")
        assert ask("reseller-community", one, word("reseller-community"), member=False).answer == "deny"


def test_smt_18_who_refuses_offers_still_gets_prices_and_terms() -> None:
    no = word("reseller-community", "withdrawn")
    for one in ("special-offer", "campaign"):
        assert ask("reseller-community", one, no, member=True).answer == "deny"
    for one in ("release", "pricing", "terms"):
        assert ask("reseller-community", one, no, member=True).answer == "allow"


@pytest.mark.parametrize(
    ("bought", "answer"),
    [
        (date(2026, 11, 20), "allow"),
        (date(2024, 11, 21), "allow"),  # the last day of the 24 months is today
        (date(2024, 11, 20), "deny"),
        (None, "deny"),
    ],
)
def test_smt_19_a_purchase_carries_marketing_for_24_months(bought: date | None, answer: str) -> None:
    found = ask("tailored-marketing", "tailored-marketing", last_purchase_on=bought, jurisdiction="CA-BC")
    assert found.answer == answer
    if answer == "allow":
        assert [one.basis for one in found.reasons] == ["implied"]
    else:
        assert "SMT-19" in {one.commitment for one in found.reasons}


def test_smt_19_an_opt_in_carries_it_without_a_purchase_and_a_refusal_ends_both() -> None:
    program = "tailored-marketing"
    assert ask(program, program, word(program), jurisdiction="CA-BC").answer == "allow"
    no = word(program, "withdrawn")
    assert ask(program, program, no, last_purchase_on=date(2026, 11, 20), jurisdiction="CA-BC").answer == "deny"


def test_smt_22_a_referred_person_gets_no_marketing_by_the_referral() -> None:
    assert ask("referral-contact", "referral-interest-check", channel="voice").answer == "allow"
    for offer in ("newsletter", "tailored-marketing", "special-offer"):
        assert "class-not-in-program" in codes(ask("referral-contact", offer))
    again = "Join now: 20 % off your first month"
    assert ask("newsletter", "newsletter", content=again).answer == "deny"


def test_smt_25_leaving_one_list_leaves_the_other_and_a_stop_leaves_both() -> None:
    left = (word("newsletter", "given", YESTERDAY), word("newsletter", "withdrawn"), word("mailing-list"))
    assert ask("newsletter", "newsletter", *left).answer == "deny"
    assert ask("mailing-list", "mailing-list", *left).answer == "allow"
    both = (
        word("newsletter", at=YESTERDAY - timedelta(days=9)),
        word("mailing-list", at=YESTERDAY - timedelta(days=9)),
    )
    for program in ("newsletter", "mailing-list"):
        assert by(ask(program, program, *both, stopped=stop(-1)))[0] == ("suppressed", "SMT-25")


@pytest.mark.parametrize(
    "message_class",
    ["sales-transaction", "critical-update-service-notice", "operational-change", "legal-disclosure"],
)
def test_smt_28_what_cannot_be_refused_goes_after_a_refusal_with_its_reference(message_class: str) -> None:
    assert ask("service-notices", message_class).answer == "allow"
    gone = ask("service-notices", message_class, stopped=stop(), reference="order-2210")
    assert by(gone) == [("not-refusable", "SMT-28")]
    assert ask("service-notices", message_class, stopped=stop()).answer == "deny"
    assert by(ask("service-notices", message_class, content="Buy one, get a special offer")) == [
        ("content-promotional", "SMT-28")
    ]


def test_smt_28_maintenance_needs_a_persons_mark() -> None:
    one = ("service-notices", "network-upgrade-maintenance")
    assert by(ask(*one, materially_affects_delivery=True)) == [("not-refusable", "SMT-28")]
    assert by(ask(*one, materially_affects_delivery=False)) == [("not-material", "SMT-28")]
    assert by(ask(*one)) == [("fact-missing", "SMT-28")]


def test_smt_02_use_is_no_consent_to_a_list() -> None:
    assert not refused("method")
    for method in ("use", "continued-use", "account-creation"):
        assert refused("method", method=method)


def test_smt_24_registration_for_a_portal_is_no_consent_to_a_list() -> None:
    assert refused("method", method="portal-registration")


def test_t_18_whatever_can_be_refused_obeys_a_stop_although_no_clause_offers_it() -> None:
    for channel in ("email", "voice", "post"):
        assert ask("referral-contact", "referral-administration", channel=channel).answer == "allow"
        denied = ask("referral-contact", "referral-administration", channel=channel, stopped=stop())
        assert codes(denied) == ["suppressed"]


def test_t_24_routine_maintenance_can_be_refused() -> None:
    assert ask("service-news", "routine-maintenance").answer == "allow"
    assert ask("service-news", "routine-maintenance", word("service-news", "withdrawn")).answer == "deny"
    assert ask("service-news", "routine-maintenance", stopped=stop()).answer == "deny"


def test_t_25_an_offer_inside_a_notice_turns_the_whole_into_promotion() -> None:
    notice = "Your order 2210 ships today."
    assert ask("service-notices", "sales-transaction", content=notice).answer == "allow"
    mixed = ask("service-notices", "sales-transaction", content=f"{notice} 20 % off your next router!")
    assert by(mixed) == [("content-promotional", "SMT-28")]


def test_t_26_leaving_the_list_the_programme_and_the_portal_are_three_events() -> None:
    offers, prices = ("reseller-community", "campaign"), ("reseller-community", "pricing")
    left_list = word("reseller-community", "withdrawn")
    assert [ask(*one, left_list, member=True).answer for one in (offers, prices)] == ["deny", "allow"]
    assert [ask(*one, member=False).answer for one in (offers, prices)] == ["deny", "deny"]
    closed = word("portals", "withdrawn")
    assert [ask(*one, closed, member=True).answer for one in (offers, prices)] == ["allow", "allow"]


def test_t_27_acceptance_by_use_opens_no_list_and_no_feature() -> None:
    for program in ("newsletter", "mailing-list", "managed-online-profile"):
        assert refused("method", program=program, method="continued-use")


def test_t_93_the_purpose_mail_ignores_opt_outs_and_the_extra_mail_asks_for_them() -> None:
    assert ask("duty-notices", "purpose-change-notice", stopped=stop()).answer == "allow"
    assert ask("policy-change-extra", "policy-change-extra").answer == "deny"
    assert ask("policy-change-extra", "policy-change-extra", word("policy-change-extra")).answer == "allow"
    assert ask("policy-change-extra", "policy-change-extra", stopped=stop()).answer == "deny"


def test_smt_31_a_breach_notice_goes_whatever_was_refused() -> None:
    assert ask("duty-notices", "breach-notice", stopped=stop()).answer == "allow"
