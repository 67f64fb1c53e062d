"""Each promise of Valley Smart Homes by its id: a case it allows and one it refuses, or the figure it stands for.

The figures are literals, worked out from the policy by hand; none is read from the pack.
"""

from uuid import uuid4

import pytest

from consent.policies.check_version import check_version
from consent.policies.kinds import (
    KINDS,
    Promise,
    consent,
    data,
    documents,
    messaging,
    notices,
    refusing,
    requests,
    retention,
    sharing,
)
from consent.policies.packs import parse_version
from consent.policies.reading import Source
from consent.policies.rulebook import ConsentDraft, Facts, Standing
from consent.policies.version import Commitment
from tests.policies.house import NOW, TEXTS, ask, codes, fact, named, rulebook, stop, valley


def vsh(number: int) -> Commitment:
    found = valley()[1][0].commitment(f"VSH-{number:02d}")
    assert found is not None
    return found


def draft(**changes: object) -> ConsentDraft:
    whole = ConsentDraft(
        program=TEXTS,
        channel="sms",
        address="+15095550142",
        state="given",
        occurred_at=NOW,
        method="web-form",
        wording_text="I agree to get texts.",
        wording_language="en",
        ip="192.0.2.7",
    )
    return whole._replace(**changes)


def findings(**changes: object) -> list[tuple[str, str | None]]:
    return [(one.field, one.commitment) for one in rulebook().consent_findings(draft(**changes))]


def consented(program: str = TEXTS) -> Standing:
    return Standing(None, (fact(program=program),))


def uses(number: int, purposes: set[str], refused: str, of: str | None = None) -> None:
    promise = vsh(number)
    assert set(promise.parameters["purposes"]) == purposes
    if of is not None:
        assert all(data.may_use(promise, of, one) for one in purposes)
        assert data.may_use(promise, of, refused) is False
        assert data.may_use(promise, "something-else", refused) is None


def goes_to(number: int, of: str, recipients: set[str]) -> None:
    promise = vsh(number)
    assert set(promise.parameters["recipients"]) == recipients
    assert all(sharing.may_go_to(promise, of, one) for one in recipients)
    assert sharing.may_go_to(promise, of, "data-brokers") is False


def holds(number: int, categories: set[str]) -> None:
    assert set(data.categories_declared(vsh(number))) == categories
    assert categories <= {one.key for one in valley()[0].data_categories}


def test_there_are_63_commitments_numbered_without_a_gap() -> None:
    assert [one.id for one in valley()[1][0].commitments] == [f"VSH-{number:02d}" for number in range(1, 64)]


def test_vsh_01_is_the_privacy_policy_of_2_january_2025() -> None:
    assert (valley()[1][0].title, valley()[1][0].last_updated.isoformat()) == ("Privacy Policy", "2025-01-02")
    assert str(documents.effective_day(vsh(1))) == "2025-01-02"


def test_vsh_02_covers_seven_surfaces() -> None:
    surfaces = {"website", "internet-access", "managed-networking", "sms-mms", "voip", "billing", "customer-support"}
    assert set(vsh(2).parameters["surfaces"]) == surfaces
    assert {one.service for one in valley()[0].data_categories} <= surfaces


def test_vsh_03_measures_are_reviewed_yearly_and_nothing_is_guaranteed() -> None:
    assert vsh(3).parameters["measures"] == ["administrative", "technical", "physical"]
    assert (vsh(3).parameters["guarantee"], vsh(3).decided["review_every"]) == ("none", "P1Y")


def test_vsh_04_internet_only_customers_data_serves_five_ends() -> None:
    uses(4, {"provisioning", "network-operation", "network-security", "customer-support", "billing"}, "marketing")
    assert vsh(4).parameters["persons"] == "internet-only-customer"


def test_vsh_05_names_five_classes_for_internet_service() -> None:
    holds(
        5,
        {"account-contact", "provisioning-identifiers", "network-diagnostics", "aggregate-usage", "security-abuse"},
    )


def test_vsh_06_traffic_content_is_never_held_but_our_own_texts_are() -> None:
    for banned in ("webpages", "full-urls", "uri-paths", "query-strings", "search-queries", "messages", "emails",
                   "files", "av-streams", "payloads"):  # fmt: skip
        assert data.must_not_hold(vsh(6), banned, "customer-internet-traffic")
    assert not data.must_not_hold(vsh(6), "messages", "own-sms")
    assert not data.must_not_hold(vsh(6), "uptime", "customer-internet-traffic")
    assert vsh(6).parameters["exceptions"] == "none"


def test_vsh_07_managed_networking_is_off_without_subscription_and_equipment() -> None:
    assert vsh(7).parameters == {
        "feature": "managed-networking",
        "gate": ["active-subscription", "supported-equipment"],
        "default": "disabled",
    }


def test_vsh_08_internet_data_goes_to_four_recipients_as_needed() -> None:
    recipients = {"network-operators-wholesale", "local-puds", "service-vendors", "authorities-legal-process"}
    goes_to(8, "internet-service", recipients)
    assert vsh(8).parameters["condition"] == "necessary-only"


def test_vsh_09_logs_stay_180_days_and_account_data_12_months_after_service() -> None:
    assert retention.kept_for(vsh(9), "network-diagnostics") == ("P180D", "recorded")
    assert retention.kept_for(vsh(9), "account-contact") == ("P12M", "service-end")
    assert retention.kept_for(vsh(9), "invoices") is None


def test_vsh_10_remote_management_needs_the_customers_permission() -> None:
    assert vsh(10).parameters["feature"] == "managed-networking"
    assert vsh(10).parameters["granted_by"] == "customer"
    assert not consent.needs_opt_in(vsh(10), "sms", False)


def test_vsh_11_remote_management_ends_at_once_and_devices_within_2_business_days() -> None:
    assert vsh(11).decided == {
        "effect": "at-receipt",
        "finished_within": "P2D",
        "finished_within_basis": "business-day",
    }
    assert vsh(11).parameters["refusal_allowed"] is False


def test_vsh_12_destinations_are_no_finer_than_the_registrable_domain_for_90_days() -> None:
    holds(
        12,
        {"device-identifiers", "ip-assignments", "status-uptime", "signal-performance", "aggregate-bandwidth",
         "destination-tld-or-endpoint"},
    )  # fmt: skip
    assert vsh(12).decided == {"finest_destination": "registrable-domain", "retention": "P90D"}
    assert vsh(12).parameters["gate"] == "VSH-07"


def test_vsh_13_managed_customers_traffic_stays_unread_too() -> None:
    for banned in ("full-urls", "uri-paths", "query-strings", "decrypted-traffic", "packet-payloads",
                   "communication-content"):  # fmt: skip
        assert data.must_not_hold(vsh(13), banned)
    assert not data.must_not_hold(vsh(13), "destination-tld-or-endpoint")


def test_vsh_14_managed_networking_data_serves_five_ends_only() -> None:
    purposes = {"operate-maintain", "diagnose-resolve", "optimize", "threat-detection", "customer-support"}
    uses(14, purposes, "marketing", of="managed-networking")
    assert vsh(14).parameters["closed_list"] is True


def test_vsh_15_management_platforms_neither_sell_nor_advertise() -> None:
    for purpose in ("sale", "advertising", "analytics"):
        assert sharing.forbids(vsh(15), "managed-networking", "cloud-management-platforms", purpose)
    assert not sharing.forbids(vsh(15), "managed-networking", "cloud-management-platforms", "deliver-managed-services")


def test_vsh_16_platform_policies_are_supplied_within_10_days() -> None:
    assert requests.answer_within(vsh(16), "platform-policy-copy") == ("P10D", "calendar-day")
    assert requests.answer_within(vsh(16), "deletion") is None


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


def test_vsh_42_marketing_calls_are_off_without_a_legal_basis() -> None:
    denied = ask("marketing-calls", "promotion", "voice")
    assert (denied.answer, codes(denied), named(denied)) == ("deny", ["no-legal-basis"], {"VSH-42"})
    assert vsh(42).decided["expiry"] == "none"


def test_vsh_43_marketing_calls_can_be_refused_in_three_ways() -> None:
    assert vsh(43).parameters["via"] == ["during-call", "email", "phone"]
    assert refusing.stops_marketing(vsh(43), "voice")
    assert not refusing.stops_channel(vsh(43), "voice")


def test_vsh_44_voip_data_goes_to_five_recipients() -> None:
    recipients = {"voip-platform-and-subprocessors", "upstream-carriers", "emergency-services", "vendors",
                  "authorities-legal-process"}  # fmt: skip
    goes_to(44, "voip", recipients)


def test_vsh_45_names_six_classes_for_voip() -> None:
    holds(
        45,
        {"account-contact", "voip-identifiers", "call-detail", "voicemail-messaging", "support-records",
         "security-abuse"},
    )  # fmt: skip
    assert vsh(45).parameters["call_detail_purposes"] == [
        "billing",
        "troubleshooting",
        "reliability",
        "fraud-prevention",
    ]


def test_vsh_46_the_registered_location_serves_emergency_calls_only() -> None:
    uses(46, {"emergency-routing", "emergency-location"}, "billing", of="registered-location")
    assert vsh(46).parameters["recipients"] == ["emergency-services"]


def test_vsh_47_calls_are_not_routinely_monitored() -> None:
    assert data.must_not_hold(vsh(47), "routine-call-monitoring")
    assert vsh(47).parameters["exceptions"] == ["VSH-48"]


def test_vsh_48_recording_is_off_and_asks_everybody_and_stays_90_days() -> None:
    assert vsh(48).parameters["default"] == "disabled"
    assert vsh(48).decided == {"consent_from": "all-parties", "recordings": "P90D"}


def test_vsh_49_voicemail_goes_30_days_after_the_feature_ends() -> None:
    assert (vsh(49).parameters["gate"], vsh(49).decided["purge_after"]) == ("enabled", "P30D")


def test_vsh_50_call_details_stay_18_months_and_the_location_30_days() -> None:
    assert retention.kept_for(vsh(50), "call-detail") == ("P18M", "recorded")
    assert retention.kept_for(vsh(50), "registered-location") == ("P30D", "service-end")


def test_vsh_51_card_and_bank_numbers_are_never_stored() -> None:
    for banned in ("full-card-number", "bank-account-number", "cvv"):
        assert data.must_not_hold(vsh(51), banned)
    assert not data.must_not_hold(vsh(51), "token")
    assert vsh(51).parameters["exceptions"] == "none"


def test_vsh_52_autopay_charges_only_what_was_enrolled() -> None:
    assert vsh(52).parameters["covers"] == ["recurring-amounts", "other-authorized-charges"]


def test_vsh_53_autopay_ends_at_receipt() -> None:
    assert vsh(53).decided == {"effect": "at-receipt", "already_in_progress": "review"}
    assert vsh(53).parameters["contacts"] == ["sales@valleysmarthomes.com", "509-557-0508"]


def test_vsh_54_names_four_classes_for_billing() -> None:
    holds(54, {"billing-identity", "invoices", "payment-history", "limited-payment-method"})


def test_vsh_55_billing_data_serves_six_ends() -> None:
    purposes = {"invoicing", "payment-processing", "recurring-billing", "billing-support", "fraud-prevention",
                "business-tax-records"}  # fmt: skip
    uses(55, purposes, "marketing", of="billing")


def test_vsh_56_billing_data_goes_to_three_recipients() -> None:
    goes_to(
        56, "billing", {"payment-processors-banks", "billing-accounting-support-vendors", "authorities-legal-or-tax"}
    )
    assert vsh(56).parameters["banned_purpose"] == "third-party-own-marketing"


def test_vsh_57_billing_records_stay_7_years_from_the_fiscal_year_end() -> None:
    for category in ("billing-identity", "invoices", "payment-history", "limited-payment-method"):
        assert retention.kept_for(vsh(57), category) == ("P7Y", "fiscal-year-end")


def test_vsh_58_anybody_gets_an_answer_within_30_days() -> None:
    for one in ("access", "correction", "deletion"):
        assert requests.answer_within(vsh(58), one) == ("P30D", "calendar-day")
    assert requests.answer_within(vsh(58), "portability") is None
    assert (vsh(58).parameters["persons"], vsh(58).parameters["fee"]) == ("anyone", "none")
    assert vsh(58).decided["verification"] == ["login", "code-to-contact-on-file", "two-data-points-by-phone"]


def test_vsh_59_four_grounds_keep_data_despite_a_deletion_request() -> None:
    for ground in ("billing", "dispute-resolution", "security", "compliance"):
        assert requests.may_be_kept_for(vsh(59), ground)
    assert not requests.may_be_kept_for(vsh(59), "marketing")
    assert vsh(59).parameters["list_is_examples"] is True


def test_vsh_60_nobody_under_13_opts_in() -> None:
    assert findings(declared_age=13) == []
    assert findings(declared_age=12) == [("declared_age", "VSH-60")]
    assert vsh(60).decided["delete_within"] == "P5D"


def test_vsh_61_promises_a_new_date_and_no_notice() -> None:
    assert notices.lead_of(vsh(61).parameters, vsh(61).decided) is None
    assert vsh(61).parameters["channel"] == ["policy-page-date"]


def test_vsh_62_is_reached_at_one_address_and_one_number() -> None:
    organization = valley()[0]
    assert (vsh(62).parameters["email"], vsh(62).parameters["phone"]) == (
        "sales@valleysmarthomes.com",
        "+1-509-557-0508",
    )
    assert (organization.email, organization.phone) == ("sales@valleysmarthomes.com", "509-557-0508")


def test_vsh_63_billing_data_never_serves_the_marketing_of_others() -> None:
    assert sharing.forbids(vsh(63), "billing", "third-parties", "third-party-own-marketing")
    assert not sharing.forbids(vsh(63), "mobile-number", "third-parties", "third-party-own-marketing")
    assert not sharing.forbids(vsh(63), "billing", "affiliates", "third-party-own-marketing")


@pytest.mark.parametrize("commitment", valley()[1][0].commitments, ids=lambda one: one.id)
def test_each_commitment_says_itself_in_one_plain_sentence(commitment: Promise) -> None:
    said = KINDS[commitment.kind].sentence(commitment.parameters, commitment.decided)
    assert said[0].isupper()
    assert said.endswith(".")
    assert "-" not in said or "@" in said or commitment.kind == "policy-metadata"


@pytest.mark.parametrize("commitment", valley()[1][0].commitments, ids=lambda one: one.id)
def test_each_clause_that_is_moved_away_is_noticed(commitment: Commitment) -> None:
    version = valley()[1][0]
    text = version.commitments_toml.replace(
        f'anchor = "{commitment.clause.anchor}"', f'anchor = "nowhere {uuid4().hex}"'
    )
    spoiled = parse_version(version.policy, version.version, version.text, text)
    source = Source(text, "commitments.toml")
    check_version(spoiled, source)
    assert any(one.message.startswith(f"{commitment.id}: the words") for one in source.findings)
