"""Each promise of Smartt by its id, sections 1 to 6: what it allows and refuses, what it records, the date it gives.

The figures are literals, worked out from the agreement by hand; none is read from the pack. Messages, requests, time
kept and notices are asked at their doors in the files beside this one.
"""

from dataclasses import replace
from datetime import date

import pytest

from consent.deadlines.promises import add
from consent.policies.answers.sharing import Transfer
from consent.policies.check_version import check_version
from consent.policies.kinds import consent, data, documents, sentence
from consent.policies.reading import Source
from tests.policies.packs_smt import VANCOUVER, book, by, collected, names, settles, smartt, smt, states, version

AT_HOME = ("CA", "CA-BC")


def test_there_are_45_commitments_numbered_without_a_gap() -> None:
    assert [one.id for one in version().commitments] == [f"SMT-{number:02d}" for number in range(1, 46)]


@pytest.mark.parametrize("policy", ["privacy-agreement", "rate-card"])
def test_every_clause_is_found_in_the_text_and_every_parameter_fits_its_kind(policy: str) -> None:
    pack = version(policy)
    source = Source(pack.commitments_toml, "commitments.toml")
    check_version(pack, source)
    assert source.findings == []


def test_smt_01_is_the_privacy_agreement_of_13_october_2023_with_a_rate_card_beside_it() -> None:
    states(
        1,
        title="Privacy Agreement",
        last_updated="2023-10-13",
        date_format="Month D, YYYY",
        effective_date="not-stated",
        companion_documents=["rate-card"],
    )
    settles(1, effective="last-updated-midnight-local")
    assert documents.effective_day(smt(1)) == date(2023, 10, 13)


def test_smt_rc_01_the_rate_card_is_a_version_of_its_own() -> None:
    card = version("rate-card")
    (header,) = card.commitments
    assert (header.id, card.title, card.last_updated) == ("SMT-RC-01", "Rate Card", date(2023, 10, 13))
    assert header.parameters == {
        "title": "Rate Card",
        "last_updated": "2023-10-13",
        "date_format": "Month D, YYYY",
        "effective_date": "not-stated",
    }
    assert header.decided == {"effective": "last-updated-midnight-local"}
    assert documents.effective_day(header) == date(2023, 10, 13)


def test_smt_02_use_binds_to_the_agreement_and_users_watch_for_changes() -> None:
    states(2, by="use", user_duty="monitor-changes")


def test_smt_03_users_are_visitors_platform_users_customers_and_super_users() -> None:
    states(3, persons=["visitor", "platform-user", "customer", "super-user"])


def test_smt_04_data_comes_from_six_sources() -> None:
    sources = ["automated", "web-forms", "sales-invoicing", "online-communication", "offline", "third-party"]
    states(4, sources=sources)
    assert book().inventory.sources() == set(sources)
    for source in sources:
        assert collected("contact", source=source).answer == "allow"
    for unnamed in ("bought-list", None):
        assert by(collected("contact", source=unnamed)) == [("no-source", "SMT-04")]


def test_smt_05_names_four_classes_and_settles_how_long_each_class_stays() -> None:
    classes = ["contact", "financial", "web-use", "preferences-privileges"]
    states(5, data_categories=classes)
    assert data.categories_declared(smt(5)) == tuple(classes)
    names(*classes, among="data_categories")
    for one in classes:
        assert by(collected(one)) == [("declared", "SMT-05")]
    assert by(collected("health")) == [("not-declared", None)]
    assert book().inventory.may_hold("financial").answer == "allow"
    for code in ("cvv", "cvc"):
        assert ("never-stored", "SMT-05") in by(book().inventory.may_hold(code))
    two_years = {"for": "P24M", "from": "relationship-end"}
    seven_years = {"for": "P7Y", "from": "fiscal-year-end"}
    one_year = {"for": "P365D", "from": "recorded"}
    a_month = {"for": "P30D", "from": "feature-end"}
    settles(
        5,
        never_stored=["cvv", "cvc"],
        periods={
            "contact": two_years,
            "preferences-privileges": two_years,
            "physical-location": two_years,
            "requirements": two_years,
            "financial": seven_years,
            "purchases": seven_years,
            "address": seven_years,
            "payment": seven_years,
            "web-use": one_year,
            "network-technical": one_year,
            "unique-id": one_year,
            "preferences-profile": one_year,
            "portal-access": one_year,
            "referral": {"for": "P24M", "from": "last-contact"},
            "customer-content": a_month,
            "media": a_month,
            "instructions": a_month,
        },
    )


def test_smt_06_ordinary_exchanges_leave_technical_data_of_the_network() -> None:
    states(6, data_categories=["network-technical"])
    assert data.categories_declared(smt(6)) == ("network-technical",)
    names("network-technical", among="data_categories")
    assert by(collected("network-technical")) == [("declared", "SMT-06")]


def test_smt_07_cookies_hold_three_things_for_six_ends() -> None:
    states(
        7,
        cookie_data=["unique-id", "preferences-profile", "portal-access"],
        cookie_purposes=["login", "navigation", "avoid-duplicate-entry", "analysis", "relevance", "cart"],
    )
    names("unique-id", "preferences-profile", "portal-access", among="data_categories")


def test_smt_08_a_cookie_typically_stays_365_days() -> None:
    states(8, lifetime="P365D", bound="typical-not-maximum", exceptions=["persistent-until-removed"])
    assert "365 days" in sentence(smt(8))


def test_smt_09_the_company_offers_no_switch_and_explains_the_browsers() -> None:
    states(
        9,
        on_site_opt_out="none",
        controls=["browser-alert", "browser-reject-all", "browser-originating-only"],
    )


def test_smt_10_only_a_cookie_that_secures_a_transaction_is_needed() -> None:
    states(10, exception="transaction-security-cookie")
    assert "transaction security cookie" in sentence(smt(10))


def test_smt_11_recordings_serve_three_ends_are_announced_and_go_after_180_days() -> None:
    purposes = ["quality-control", "customer-support", "employee-training"]
    states(11, data="call-recordings", purposes=purposes, selection="random")
    assert all(data.may_use(smt(11), "call-recordings", one) for one in purposes)
    assert data.may_use(smt(11), "call-recordings", "tailored-marketing") is False
    assert book().inventory.may_use("call-recordings", "employee-training").answer == "allow"
    refused = book().inventory.may_use("call-recordings", "tailored-marketing")
    assert ("purpose-not-listed", "SMT-11") in by(refused)
    assert by(collected("call-recordings", traits={})) == [("not-announced", "SMT-11")]
    settles(
        11,
        announcement="every-recordable-call",
        retention="P180D",
        retention_from="recorded",
        unless="open-ticket",
    )


def test_smt_12_recordings_stay_in_the_house_guarded_like_sensitive_data() -> None:
    states(12, data="call-recordings", storage="company-internal", security="same-as-sensitive-customer-data")
    settles(12, review_every="P1Y")


def test_smt_13_recordings_may_be_tied_to_tickets_for_three_further_ends() -> None:
    purposes = ["troubleshooting", "experience-improvement", "service-improvement"]
    states(13, data="call-recordings", link=["ticket", "user-profile"], purposes=purposes)
    assert all(data.may_use(smt(13), "call-recordings", one) for one in purposes)
    assert data.may_use(smt(13), "call-recordings", "tailored-marketing") is False
    assert by(book().inventory.may_use("call-recordings", "troubleshooting")) == [("purpose-listed", "SMT-13")]


def test_smt_14_a_managed_profile_needs_the_customers_permission() -> None:
    states(
        14,
        feature="managed-online-profile",
        granted_by="customer",
        recipients=["public", "third-party-sites"],
        data=["customer-content", "media", "instructions"],
    )
    assert consent.feature_permission(smt(14), "managed-online-profile")
    assert not consent.feature_permission(smt(14), "portals")
    for recipient in ("public", "third-party-sites"):
        asked = Transfer("customer-content", recipient, "publication", consent="this-transfer")
        assert book().sharing.may_share(asked).answer == "allow"
        assert by(book().sharing.may_share(replace(asked, consent=None))) == [("no-permission", "SMT-14")]
        assert by(book().sharing.may_share(replace(asked, data="financial"))) == [("unlisted-recipient", None)]
    names("public", "third-party-sites", among="recipients")
    names("customer-content", "media", "instructions", among="data_categories")


def test_smt_15_data_serves_eight_ends() -> None:
    purposes = [
        "transactions",
        "service-support",
        "content-selection",
        "inquiries",
        "community-alerts",
        "tailored-marketing",
        "quotes-followup",
        "provisioning",
    ]
    states(15, purposes=purposes)
    for one in purposes:
        assert by(book().inventory.may_use("contact", one)) == [("purpose-listed", "SMT-15")]
    assert by(book().inventory.may_use("contact", "credit-scoring")) == [("purpose-not-listed", "SMT-15")]


def test_smt_16_banks_get_address_and_payment() -> None:
    recipients = ["card-clearing-houses", "banks", "similar-required-parties"]
    states(16, recipients=recipients, fields=["address", "payment"], condition="required-for-transaction")
    names(*recipients, among="recipients")
    names("address", "payment", among="data_categories")
    needed = frozenset({"required-for-transaction"})
    for recipient in recipients:
        asked = Transfer("financial", recipient, "transactions", ("address", "payment"), met=needed)
        assert book().sharing.may_share(asked).answer == "allow"
        assert by(book().sharing.may_share(replace(asked, met=frozenset()))) == [("condition-missing", "SMT-16")]
        assert by(book().sharing.may_share(replace(asked, fields=("contact",)))) == [("field-not-allowed", "SMT-16")]
    assert book().sharing.may_share(replace(asked, recipient="data-brokers")).answer == "deny"


def test_smt_17_lists_rest_on_an_opt_in_of_their_own() -> None:
    states(17, channel=["email"], program=["newsletter", "mailing-list"], consent="opt-in")
    for program in ("newsletter", "mailing-list"):
        assert consent.needs_opt_in(smt(17), "email", True, program)
    assert not consent.needs_opt_in(smt(17), "email", False, "service-notices")
    assert not consent.needs_opt_in(smt(17), "voice", True, "newsletter")


def test_smt_18_reseller_alerts_come_with_the_programme_and_offers_can_be_refused() -> None:
    classes = ["release", "pricing", "terms", "special-offer", "campaign"]
    states(18, program="reseller-community", message_classes=classes, consent="programme-enrolment")
    settles(18, refusable=["special-offer", "campaign"])
    names(*classes, among="message_classes")


def test_smt_19_marketing_by_purchases_rests_on_24_months_or_an_opt_in() -> None:
    states(
        19,
        message_classes=["tailored-marketing"],
        data=["purchases", "requirements"],
        consent="not-stated",
    )
    settles(19, implied_for="P24M", bases=["consent", "implied"])
    assert add("P24M", "calendar-month", date(2024, 11, 21), VANCOUVER).due == date(2026, 11, 21)
    names("purchases", "requirements", among="data_categories")


def test_smt_20_quote_requests_go_to_sales_and_resellers() -> None:
    states(20, recipients=["sales-staff", "resellers"], fields=["contact"], purpose="quote-follow-up")
    names("sales-staff", "resellers", among="recipients")
    asked = Transfer("contact", "resellers", "quote-follow-up", ("contact",), reference="inquiry-1017")
    assert book().sharing.may_share(asked).answer == "allow"
    assert by(book().sharing.may_share(replace(asked, reference=None))) == [("no-reference", "SMT-20")]
    assert by(book().sharing.may_share(replace(asked, purpose="campaign"))) == [("purpose-not-listed", "SMT-20")]
    assert by(book().sharing.may_share(replace(asked, fields=("financial",)))) == [("field-not-allowed", "SMT-20")]


def test_smt_21_telecoms_never_get_financial_data() -> None:
    states(
        21,
        recipients=["telecommunications-companies"],
        fields=["physical-location", "contact"],
        banned_fields=["financial"],
    )
    names("telecommunications-companies", among="recipients")
    names("physical-location", "contact", "financial", among="data_categories")
    payload = Transfer("contact", "telecommunications-companies", "provisioning", ("physical-location", "contact"))
    assert book().sharing.may_share(payload).answer == "allow"
    refused = book().sharing.may_share(replace(payload, fields=("contact", "financial")))
    assert by(refused) == [("field-not-allowed", "SMT-21")]


def test_smt_22_referred_people_are_no_marketing_audience() -> None:
    purposes = ["administrative", "provisioning", "verify-interest", "referral-tracking"]
    states(22, data="referral", purposes=purposes, closed_list=True)
    assert all(data.may_use(smt(22), "referral", one) for one in purposes)
    assert data.may_use(smt(22), "referral", "tailored-marketing") is False
    assert data.may_use(smt(22), "contact", "tailored-marketing") is None
    assert book().inventory.may_use("referral", "verify-interest").answer == "allow"
    assert by(book().inventory.may_use("referral", "tailored-marketing")) == [("purpose-closed", "SMT-22")]
    program = smartt().program("referral-contact")
    assert program is not None
    assert (program.footing, program.marketing) == ("opt-out", False)
