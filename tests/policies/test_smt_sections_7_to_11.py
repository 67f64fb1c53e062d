"""Each promise of Smartt by its id, from section 7 on: portals, security, notices, monitoring and the head office.

The figures are literals, worked out from the agreement by hand; none is read from the pack.
"""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from consent.deadlines.promises import add, window_back
from consent.policies.answers.sharing import Transfer
from consent.policies.kinds import data, requests, sentence
from tests.policies.packs_smt import VANCOUVER, book, by, settles, smartt, smt, states

AT_HOME = ("CA", "CA-BC")


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
    settles(30, review_every="P1Y")


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
