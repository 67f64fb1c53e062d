"""Calls, billing and requests at Valley, promise by promise: a case allowed and one refused, or the figure.

The figures are literals, worked out from the policy by hand; none is read from the pack.
"""

from consent.policies.kinds import (
    data,
    notices,
    refusing,
    requests,
    retention,
    sharing,
)
from tests.policies.house import ask, codes, named, valley
from tests.policies.packs_vsh import findings, goes_to, holds, uses, vsh


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
