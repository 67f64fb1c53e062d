"""Texts, website and mail of Valley, promise by promise: a case allowed and one refused, or the figure.

The figures are literals, worked out from the policy by hand; none is read from the pack.
"""

import pytest

from consent.policies.kinds import (
    consent,
    documents,
    messaging,
    retention,
    sharing,
)
from consent.policies.rulebook import Facts, Standing
from tests.policies.house import NOW, TEXTS, ask, codes, fact, named, rulebook, stop, valley
from tests.policies.packs_vsh import consented, draft, findings, goes_to, holds, uses, vsh


def test_vsh_17_no_text_without_an_opt_in() -> None:
    assert ask(standing=consented()).answer == "allow"
    refused = ask()
    assert (refused.answer, codes(refused)) == ("deny", ["no-consent"])
    assert named(refused) == {"VSH-17", "US-TCPA-PEC"}


def test_vsh_18_carries_eight_classes_by_text_and_no_other() -> None:
    classes = {
        "outage", "appointment-reminder", "technician-update", "price-quote", "feedback-request", "invoice",
        "billing-notice", "service-communication",
    }  # fmt: skip
    assert messaging.allowed_classes(vsh(18), "sms") == classes
    for one in classes:
        assert ask(message_class=one, standing=consented(), facts=Facts(reference="T-2210")).answer == "allow"
    for one in ("price-quote", "feedback-request"):
        bare = ask(message_class=one, standing=consented())
        assert [(why.code, why.commitment) for why in bare.reasons] == [("fact-missing", "VSH-18")]
    refused = ask(message_class="support", standing=consented())
    assert (refused.answer, named(refused)) == ("deny", {"VSH-18"})


@pytest.mark.parametrize("design", ["mandatory", "pre_ticked", "bundled"])
def test_vsh_19_an_opt_in_that_was_a_condition_or_preset_is_no_consent(design: str) -> None:
    assert findings() == []
    assert [field for field, _ in findings(**{design: True})] == [design]
    assert "mandatory" in consent.controls_refused(vsh(19), "sms")
    assert consent.controls_refused(vsh(19), "email") == frozenset()


@pytest.mark.parametrize(
    ("lost", "field"),
    [
        ({"occurred_at": None}, "occurred_at"),
        ({"occurred_at": NOW.replace(tzinfo=None)}, "occurred_at"),
        ({"method": " "}, "method"),
        ({"wording_text": None}, "wording.text"),
        ({"wording_text": None, "wording_language": None}, "wording"),
        ({"wording_language": None}, "wording.language"),
        ({"ip": None}, "ip"),
        ({"address": None}, "address"),
        ({"program": None}, "program"),
    ],
)
def test_vsh_20_a_consent_lacking_any_of_six_fields_is_refused(lost: dict[str, object], field: str) -> None:
    (only,) = rulebook().consent_findings(draft(**lost))
    assert (only.field, only.commitment, only.law) == (field, "VSH-20", "US-TCPA-PEWC")


def test_vsh_20_a_complete_consent_is_accepted_with_an_ip_or_a_reason() -> None:
    assert findings() == []
    assert findings(ip=None, ip_absent_reason="given on paper", method="paper") == []


def test_vsh_20_a_refusal_or_withdrawal_needs_no_form() -> None:
    for state in ("refused", "withdrawn"):
        assert findings(state=state, ip=None, wording_text=None, wording_language=None) == []


def test_vsh_21_names_six_classes_for_texting() -> None:
    holds(
        21,
        {"mobile-number", "name-or-account-id", "opt-status-preferences", "message-text-in-out", "delivery-metadata",
         "consent-records"},
    )  # fmt: skip


def test_vsh_22_texting_data_serves_three_ends_only() -> None:
    purposes = {"deliver-notifications", "support-coordination", "suppression-abuse-delivery"}
    uses(22, purposes, "marketing", of="sms-mms")


def test_vsh_23_a_number_on_the_list_gets_nothing_until_a_fresh_opt_in() -> None:
    listed = ask(standing=Standing(stop(), (fact(),)))
    assert (listed.answer, codes(listed)) == ("deny", ["suppressed", "on-suppression-list"])
    assert "VSH-23" in named(listed)
    assert ask(standing=Standing(stop(-5), (fact(days=-4),))).answer == "allow"
    assert vsh(23).parameters["survives"] == ["deletion-request", "account-closure", "number-import"]
    assert vsh(23).parameters["expiry"] == "none"


@pytest.mark.parametrize("kind", ["help", "start"])
def test_vsh_24_frequency_and_rates_are_said(kind: str) -> None:
    text = rulebook().reply(kind)
    assert "Message frequency may vary" in text
    assert "Msg & data rates may apply" in text


def test_vsh_24_an_opt_in_wording_without_rates_lacks_something() -> None:
    place = ("opt-in-form", "sms", "en")
    assert documents.statements_lacking(vsh(24), *place, "Frequency may vary.") == ["message-and-data-rates"]
    assert documents.statements_lacking(vsh(24), *place, "Frequency may vary. Data rates may apply.") == []
    assert documents.statements_lacking(vsh(24), "invoice", "sms", "en", "") == []


def test_vsh_25_stop_ends_every_program_that_texts() -> None:
    assert rulebook().stop_scope("+15095550100") == (TEXTS,)
    assert rulebook().stop_scope("a sender nobody knows") == (TEXTS,)
    denied = ask(standing=Standing(stop(), (fact(),)))
    assert denied.reasons[0].commitment == "VSH-25"
    assert vsh(25).decided["keywords"] == [
        "STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPT OUT",
    ]  # fmt: skip


def test_vsh_26_promotion_never_goes_by_text_whatever_the_consent() -> None:
    for program in (TEXTS, "marketing-email", "marketing-calls"):
        denied = ask(program, "promotion", "sms", consented(program))
        assert denied.answer == "deny"
        assert ("marketing-banned", "VSH-26") in [(one.code, one.commitment) for one in denied.reasons]


def test_vsh_27_help_is_answered_after_stop_with_company_contacts_and_stop() -> None:
    answer = ask(TEXTS, "keyword-reply", standing=Standing(stop(), ()), answers_keyword=True)
    assert answer.answer == "allow"
    assert "VSH-27" in named(answer)
    text = rulebook().reply("help")
    for part in ("Valley Smart Homes", "sales@valleysmarthomes.com", "509-557-0508", "STOP"):
        assert part in text


def test_vsh_28_opt_in_data_never_goes_out_for_marketing_even_to_affiliates() -> None:
    for recipient in ("third-parties", "affiliates"):
        for purpose in ("marketing", "promotion"):
            assert sharing.forbids(vsh(28), "mobile-number", recipient, purpose)
    assert not sharing.forbids(vsh(28), "mobile-number", "carriers", "deliver-notifications")
    assert vsh(28).parameters["override_by_consent"] is False


def test_vsh_29_texting_data_goes_to_platforms_aggregators_and_carriers() -> None:
    goes_to(29, "sms-mms", {"messaging-platforms", "aggregators", "carriers"})
    assert vsh(29).parameters["condition"] == ["necessary-only", "on-behalf", "confidentiality", "security"]


def test_vsh_30_texts_stay_24_months_and_consents_5_years_after_enrollment() -> None:
    assert retention.kept_for(vsh(30), "message-text-in-out") == ("P24M", "recorded")
    assert retention.kept_for(vsh(30), "delivery-metadata") == ("P24M", "recorded")
    assert retention.kept_for(vsh(30), "consent-records") == ("P5Y", "enrollment-end")
    assert retention.kept_for(vsh(30), "suppression-list") == ("unlimited", "recorded")


@pytest.mark.parametrize("kind", ["help", "start"])
def test_vsh_31_urgent_matters_go_by_phone(kind: str) -> None:
    text = rulebook().reply(kind)
    assert "not guaranteed" in text
    assert "if it is urgent, call 509-557-0508" in text
    assert documents.statements_lacking(vsh(31), "help-reply", "sms", "en", "Write to us.") == ["509-557-0508"]


def test_vsh_32_website_data_goes_to_the_host_and_its_subcontractors() -> None:
    goes_to(32, "website-submitted", {"hosting-provider", "hosting-subcontractors"})
    goes_to(32, "website-technical", {"hosting-provider", "hosting-subcontractors"})


def test_vsh_33_website_input_stays_12_months() -> None:
    holds(33, {"contact-details", "service-address-interest", "booking-notes", "messages-uploads"})
    assert vsh(33).decided["retention"] == "P12M"


def test_vsh_34_an_inquiry_is_no_marketing_audience() -> None:
    purposes = {"answer-inquiry", "quote", "schedule-perform", "service-updates", "correspondence"}
    uses(34, purposes, "marketing", of="website-submitted")


def test_vsh_35_automatic_data_stay_12_months_then_only_totals() -> None:
    holds(35, {"ip-approx-location", "device-browser", "page-views", "telemetry"})
    assert vsh(35).decided == {"retention": "P12M", "then": "aggregate"}


def test_vsh_36_analytics_and_ad_measurement_are_switched_separately() -> None:
    assert vsh(36).parameters["optional"] == ["analytics", "ad-measurement"]
    assert vsh(36).decided == {
        "on_site_control": True,
        "separately_switchable": ["analytics", "ad-measurement"],
    }


def test_vsh_37_a_number_from_the_website_is_no_consent() -> None:
    assert consent.needs_opt_in(vsh(37), "sms", False)
    assert not consent.needs_opt_in(vsh(37), "email", False)
    assert consent.controls_refused(vsh(37), "sms") == {"pre_ticked", "bundled"}


def test_vsh_38_says_that_linked_sites_have_their_own_policies() -> None:
    assert vsh(38).parameters == {"where": ["website"]}
    assert "governed by their own policies" in valley()[1][0].text


def test_vsh_39_service_mail_and_calls_need_no_consent_and_carry_no_promotion() -> None:
    classes = {"service-request", "scheduling", "technician-update", "price-quote", "invoice", "billing-question",
               "outage", "feedback-request", "support"}  # fmt: skip
    assert messaging.allowed_classes(vsh(39), "email") == classes
    for program, channel in (("service-email", "email"), ("service-calls", "voice")):
        for one in classes:
            assert ask(program, one, channel).answer == "allow"
        assert ask(program, "promotion", channel).answer == "deny"


def test_vsh_40_the_log_of_contacts_stays_24_months() -> None:
    holds(40, {"contact-log", "support-notes"})
    assert vsh(40).decided["retention"] == "P24M"


def test_vsh_41_unsubscribing_ends_marketing_mail_and_not_service_mail() -> None:
    program = "marketing-email"
    assert ask(program, "promotion", "email").answer == "allow"
    gone = Standing(stop(), ())
    assert ask(program, "promotion", "email", gone).answer == "deny"
    assert "VSH-41" in named(ask(program, "promotion", "email", gone))
    assert ask("service-email", "invoice", "email", gone).answer == "allow"
    withdrawn = Standing(None, (fact("withdrawn", program=program),))
    assert ask(program, "promotion", "email", withdrawn).answer == "deny"
    assert (vsh(41).decided["effect"], vsh(41).decided["within"]) == ("at-receipt", "P10D")
    assert vsh(41).decided["within_basis"] == "business-day"
