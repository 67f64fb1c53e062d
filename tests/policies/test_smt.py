"""Each promise of Smartt by its id: what it allows and what it refuses, what it records, the date it gives.

The figures are literals, worked out from the agreement by hand; none is read from the pack.
"""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from consent.deadlines.promises import add, window_back
from consent.policies.answers.inventory import Gathering
from consent.policies.answers.sharing import Transfer
from consent.policies.check_version import check_version
from consent.policies.kinds import consent, data, documents, requests, sentence
from consent.policies.questions import Verdict
from consent.policies.reading import Source
from tests.policies.packs_smt import VANCOUVER, book, by, smartt, smt, version

AT_HOME = ("CA", "CA-BC")


def states(number: int, **parameters: Any) -> None:
    """The commitment says exactly this, and says it in a sentence for people."""
    promise = smt(number)
    assert promise.parameters == parameters
    assert sentence(promise).endswith(".")


def settles(number: int, **decided: Any) -> None:
    """What the wording leaves open is settled exactly so, with question, value and reason on record."""
    promise = smt(number)
    assert promise.decided == decided
    assert promise.open is not None
    assert promise.open.question and promise.open.value and promise.open.reason


def names(*keys: str, among: str) -> None:
    """organization.toml knows all of these."""
    known = {one.key for one in getattr(smartt(), among)}
    assert set(keys) <= known


def collected(category: str, **changes: Any) -> Verdict:
    """May this be gathered through a web form, announced, for a purpose that was told?"""
    told = {"announcement": "every-recordable-call"}
    how = Gathering(**{"source": "web-forms", "purpose": "inquiries", "traits": told, **changes})
    return book().inventory.may_collect(category, how)


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
    assert by(book().inventory.may_use("referral", "tailored-marketing")) == [("purpose-not-listed", "SMT-22")]
    program = smartt().program("referral-contact")
    assert program is not None
    assert (program.footing, program.marketing) == ("opt-out", False)


def test_smt_23_forums_warn_before_somebody_posts() -> None:
    states(23, surface="forums")
    assert "forums" in sentence(smt(23))


def test_smt_24_portal_registration_is_automatic_and_subscribes_to_nothing() -> None:
    states(24, default="registered", feature="portals", marketing_consent=False)
    assert "no mailing list" in sentence(smt(24))


def test_smt_25_each_list_has_a_switch_that_works_at_once() -> None:
    states(
        25,
        channel=["email", "electronic"],
        via=["portal"],
        scope=["services", "mailing-lists"],
        per_list=True,
    )
    settles(
        25,
        effect="at-receipt",
        within="P10D",
        within_basis="business-day",
        mechanisms=["unsubscribe-in-message"],
    )
    # Friday is day 0; two weekends do not count.
    assert add("P10D", "business-day", date(2026, 11, 20), VANCOUVER, AT_HOME).due == date(2026, 12, 4)


def test_smt_26_only_a_current_super_user_who_is_logged_in_corrects_the_account() -> None:
    states(
        26,
        request_types=["correction"],
        persons="super-user",
        conditions=["current-user", "login"],
        frequency="any-time",
    )


def test_smt_27_individuals_turn_to_the_super_user_and_after_10_business_days_to_staff() -> None:
    states(27, request_types=["correction"], persons="individual-user", route="super-user")
    settles(
        27,
        fallback="staff",
        fallback_after="P10D",
        fallback_after_basis="business-day",
        deadline="P30D",
        deadline_basis="calendar-day",
    )
    received = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
    assert add("P10D", "business-day", received, VANCOUVER, AT_HOME).due == date(2026, 12, 4)
    assert add("P30D", "calendar-day", received, VANCOUVER).due == date(2026, 12, 20)


def test_smt_28_five_classes_cannot_be_refused_but_maintenance_must_matter() -> None:
    classes = [
        "sales-transaction",
        "critical-update-service-notice",
        "operational-change",
        "legal-disclosure",
        "network-upgrade-maintenance",
    ]
    states(
        28,
        message_classes=classes,
        condition={"network-upgrade-maintenance": "materially-affects-delivery"},
        list_is_examples=True,
    )
    program = smartt().program("service-notices")
    assert program is not None
    assert (list(program.message_classes), program.footing) == (classes, "required")


def test_smt_29_registration_says_who_guards_passwords() -> None:
    states(29, where=["portal-registration"])
    assert "portal registration" in sentence(smt(29))


def test_smt_30_names_seven_measures() -> None:
    states(
        30,
        measures=[
            "network-security",
            "policies",
            "procedures",
            "training",
            "physical-access",
            "access-control",
            "secure-transmission",
        ],
    )


def test_smt_31_a_breach_is_told_by_mail_where_the_law_requires_it() -> None:
    states(
        31,
        channel=["email"],
        trigger=["acquisition", "reasonable-belief"],
        condition="law-requires",
        audience="affected-individuals",
    )


def test_smt_32_promptly_is_3_days_from_the_belief() -> None:
    states(
        32,
        applies_to="SMT-31",
        period="unset",
        exceptions=["law-requires-delay", "criminal-investigation"],
    )
    settles(32, period="P3D", period_basis="calendar-day", starts="reasonable-belief")
    assert add("P3D", "calendar-day", date(2024, 6, 28), VANCOUVER).due == date(2024, 7, 1)


def test_smt_33_scope_and_integrity_are_two_tasks_of_each_breach() -> None:
    states(33, duties=["determine-scope", "restore-integrity"])


def test_smt_34_the_site_says_what_links_of_others_are_for() -> None:
    states(34, where=["website"])
    assert "website" in sentence(smt(34))


def test_smt_35_a_new_purpose_is_mailed_30_days_before_the_use() -> None:
    states(
        35,
        channel=["email"],
        trigger="purpose-differs-from-collection",
        audience="affected-users",
        opt_out_applies=False,
        lead_time="unset",
    )
    settles(35, before_use=True, lead_time="P30D")


def test_smt_36_a_material_change_needs_mail_or_a_notice_on_the_site() -> None:
    states(
        36,
        channel=["email", "website-notice"],
        channel_rule="any-one",
        lead_time="none",
        applies_to="material-change",
    )


def test_smt_37_the_extra_mail_goes_to_the_opted_in_only() -> None:
    states(37, channel=["email"], audience="opted-in-users", optional=True, additional_to="website-notice")


def test_smt_38_usage_figures_serve_four_ends_for_24_months() -> None:
    purposes = ["billing", "overuse-charges", "network-details-trends", "website-response-analysis"]
    states(38, data="traffic-usage", purposes=purposes, safeguards="internal-policies")
    assert all(data.may_use(smt(38), "traffic-usage", one) for one in purposes)
    assert data.may_use(smt(38), "traffic-usage", "tailored-marketing") is False
    assert book().inventory.may_use("traffic-usage", "overuse-charges").answer == "allow"
    assert by(book().inventory.may_use("traffic-usage", "tailored-marketing")) == [("purpose-not-listed", "SMT-38")]
    settles(38, retention="P24M", retention_from="recorded")


def test_smt_39_total_usage_is_looked_up_in_the_portal() -> None:
    states(
        39,
        request_types=["usage-total"],
        persons="user",
        via=["data-statistics-portal"],
        verification="login",
        fee="none-stated",
    )


def test_smt_40_four_sorts_of_company_people_may_ask_for_a_log_on_two_grounds() -> None:
    states(
        40,
        request_types=["usage-log-file"],
        persons=["administrator", "officer", "director", "appointed-representative"],
        grounds=["legal-requirement", "internal-audit"],
    )
    assert requests.types_of(smt(40).parameters) == ["usage-log-file"]
    assert requests.answer_within(smt(40), "usage-log-file") is None


def test_smt_41_who_asks_stands_on_file_at_receipt_and_at_release() -> None:
    states(41, request_types=["usage-log-file"], check="authorized-on-file", discretion="smartt")
    settles(41, checked_at=["receipt", "release"])


def test_smt_42_shared_logs_are_never_released() -> None:
    states(42, banned=["communal-logs", "shared-logs"], allowed="customer-only-logs")
    own = Transfer("usage-logs", "telecommunications-companies", "internal-audit", ("contact",), owners=1)
    assert ("banned", "SMT-42") not in by(book().sharing.may_share(own))
    for owners in (2, None):  # uncounted rows may be somebody else's
        assert by(book().sharing.may_share(replace(own, owners=owners))) == [("banned", "SMT-42")]
    for logs in ("communal-logs", "shared-logs"):
        assert by(book().sharing.may_share(replace(own, data=logs))) == [("banned", "SMT-42")]


@pytest.mark.parametrize(
    ("received", "first"),
    [
        (date(2023, 11, 30), date(2023, 2, 1)),
        (date(2024, 11, 30), date(2024, 2, 1)),
        (date(2026, 3, 1), date(2025, 6, 1)),
    ],
)
def test_smt_43_logs_reach_back_to_the_first_of_the_ninth_month_before(received: date, first: date) -> None:
    states(
        43,
        request_type="usage-log-file",
        window="P9M",
        period_basis="calendar-month",
        anchor_event="request-receipt",
    )
    settles(43, aligned="first-of-month", keep_for="P10M")
    assert window_back("P9M", received, VANCOUVER, aligned=True).first == first


def test_smt_44_the_fee_follows_eligibility_and_precedes_tabulation() -> None:
    states(
        44,
        request_type="usage-log-file",
        fee="rate-card",
        per="request",
        due_before=["tabulation", "release"],
    )
    settles(44, charged="after-eligibility", waived_for=["usage-total", "own-personal-data"])


def test_smt_45_is_reached_at_the_head_office_by_phone_post_and_fax_and_by_a_mailbox_of_the_operators() -> None:
    states(
        45,
        postal="#113-3855 Henning Drive, BC V5C 6N3, Canada",
        phone_toll_free="+1-888-407-6937",
        phone="+1-604-473-9700",
        fax="+1-604-473-9080",
        email="not-stated",
    )
    settles(45, email="privacy@smartt.example")
    organization = smartt()
    assert (organization.email, organization.phone) == ("privacy@smartt.example", "604-473-9700")
    assert organization.postal_address == "#113-3855 Henning Drive, BC V5C 6N3, Canada"
