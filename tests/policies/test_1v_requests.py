"""Requests, changes and contacts of 1VALET, promise by promise: what each allows, the date it gives.

The figures are literals, worked out from the policy by hand; none is read from the pack.
"""

from datetime import UTC, date, datetime
from pathlib import Path

from consent.policies.answers.notices import Change
from consent.policies.kinds import requests, sentence
from tests.policies.packs_1v import (
    ASKED,
    CALIFORNIAN,
    CANADIAN,
    COMMITMENTS,
    PRIVACY,
    VISITOR,
    asking,
    codes,
    counted,
    dates,
    deleted,
    draft,
    found_in,
    named,
    notices,
    offers,
    parts,
    rulebook,
    settles,
    states,
    v1,
)


def test_1v_43_anybody_looks_at_their_account_as_often_as_they_like() -> None:
    states(
        43,
        request_types=["access-account"],
        persons="anyone",
        frequency="unlimited",
        jurisdictions="any",
    )
    for anybody in (CALIFORNIAN, CANADIAN, VISITOR):
        assert offers(anybody)["access-account"] == "1V-43"
    often = [date(2026, 11, day) for day in range(1, 15)]
    assert counted(CALIFORNIAN, "access-account", ASKED, *often).decision == "answer"


def test_1v_44_corrections_are_answered_within_30_days() -> None:
    states(
        44,
        request_types=["correction"],
        persons="anyone",
        via=["property-management", "email"],
        contacts=[PRIVACY],
        deadline="unset",
    )
    settles(44, deadline="P30D", deadline_basis="calendar-day", extended="as-law")
    for anybody in (CALIFORNIAN, CANADIAN, VISITOR):
        assert dates("correction", anybody) == ("1V-44", date(2026, 12, 20), None)
    (way,) = [one for one in asking().offered(VISITOR) if one.request_type == "correction"]
    assert (way.ways, way.contacts) == (("property-management", "email"), (PRIVACY,))


def test_1v_45_canadians_get_access_within_30_days() -> None:
    states(
        45,
        request_types=["access"],
        jurisdictions=["CA"],
        persons="resident-of-canada",
        via=["email"],
        contacts=[PRIVACY],
        representative="allowed",
        verification="may-ask-more",
        frequency="unlimited",
        deadline="unset",
    )
    settles(45, deadline="P30D", deadline_basis="calendar-day", extended="as-law")
    assert dates("access", CANADIAN) == ("1V-45", date(2026, 12, 20), None)
    assert "access" not in offers(CALIFORNIAN)
    assert "may-ask-more" in asking().check("access", CANADIAN).methods
    assert [one.representative for one in asking().offered(CANADIAN) if one.request_type == "access"] == [True]
    (way,) = [one for one in asking().offered(CANADIAN) if one.request_type == "access"]
    assert (way.ways, way.contacts, way.representative) == (("email",), (PRIVACY,), True)


def test_1v_46_californians_get_specific_pieces_within_45_days_acknowledged_in_10_business_days() -> None:
    states(
        46,
        request_types=["specific-pieces"],
        jurisdictions=["US-CA"],
        persons="california-resident",
        via=["email"],
        contacts=[PRIVACY],
        representative="allowed",
        limits=["1V-47", "1V-48"],
        deadline="unset",
    )
    settles(
        46,
        extended="as-law",
        acknowledge_within="P10D",
        acknowledge_within_basis="business-day",
        deadline="P45D",
        deadline_basis="calendar-day",
    )
    assert dates("specific-pieces", CALIFORNIAN) == ("1V-46", date(2027, 1, 4), date(2026, 12, 4))
    assert "specific-pieces" not in offers(CANADIAN)
    assert asking().may_ask("specific-pieces", VISITOR).answer == "deny"
    (way,) = [one for one in asking().offered(CALIFORNIAN) if one.request_type == "specific-pieces"]
    assert (way.ways, way.contacts, way.representative) == (("email",), (PRIVACY,), True)


def test_1v_47_two_a_calendar_year_and_beyond_that_a_person_decides() -> None:
    states(47, request_type="specific-pieces", jurisdictions=["US-CA"], max=2, per="P1Y")
    settles(47, counted="calendar-year", beyond="staff-decides")
    new_year = datetime(2024, 1, 10, 15, 0, tzinfo=UTC)
    first = counted(CALIFORNIAN, "specific-pieces", new_year, date(2023, 12, 5), date(2023, 12, 20))
    assert (first.counted, first.rolling, first.limit, first.decision) == (0, 2, 2, "answer")
    third = counted(CALIFORNIAN, "specific-pieces", ASKED, date(2026, 2, 1), date(2026, 3, 1))
    assert (third.counted, third.decision) == (2, "staff-decides")
    unfinished = counted(CALIFORNIAN, "specific-pieces", ASKED, date(2026, 2, 1), None, None)
    assert (unfinished.counted, unfinished.decision) == (1, "answer")
    assert counted(CALIFORNIAN, "deletion", ASKED, date(2026, 2, 1), date(2026, 3, 1)).limit is None


def test_1v_48_reaches_back_twelve_calendar_months_from_receipt() -> None:
    states(
        48,
        request_type="specific-pieces",
        window="P12M",
        period_basis="calendar-month",
        anchor_event="request-receipt",
    )
    leap = asking().window("specific-pieces", datetime(2024, 2, 29, 15, 0, tzinfo=UTC))
    assert leap is not None
    assert (leap.first, leap.last) == (date(2023, 2, 28), date(2024, 2, 29))
    usual = asking().window("specific-pieces", ASKED)
    assert usual is not None
    assert usual.first == date(2025, 11, 20)
    assert asking().window("access", ASKED) is None


def test_1v_49_the_question_about_direct_marketing_is_never_counted_and_expects_nobody() -> None:
    states(
        49,
        request_types=["direct-marketing-disclosure"],
        jurisdictions=["US-CA"],
        frequency="not-capped",
        representative="allowed",
        expected_answer="none-shared",
    )
    settles(49, deadline="P30D", deadline_basis="calendar-day", extended="as-law")
    assert dates("direct-marketing-disclosure", CALIFORNIAN) == ("1V-49", date(2026, 12, 20), None)
    assert "direct-marketing-disclosure" not in offers(CANADIAN)
    many = [date(2026, 3, day) for day in range(1, 8)]
    assert counted(CALIFORNIAN, "direct-marketing-disclosure", ASKED, *many).decision == "answer"
    (way,) = [one for one in asking().offered(CALIFORNIAN) if one.request_type == "direct-marketing-disclosure"]
    assert way.representative


def test_1v_50_californians_have_what_they_gave_deleted_within_45_days() -> None:
    states(
        50,
        request_types=["deletion"],
        jurisdictions=["US-CA"],
        data_scope="collected-from-person",
        representative="allowed",
        outcomes=["deleted", "anonymized"],
        frequency="not-capped",
        deadline="unset",
    )
    settles(
        50,
        extended="as-law",
        acknowledge_within="P10D",
        acknowledge_within_basis="business-day",
        deadline="P45D",
        deadline_basis="calendar-day",
        open_to="listed-jurisdictions",
    )
    assert dates("deletion", CALIFORNIAN) == ("1V-50", date(2027, 1, 4), date(2026, 12, 4))
    assert "deletion" not in offers(CANADIAN)
    assert deleted(CALIFORNIAN, "identifiers").outcome == "deleted"
    for source in ("property-management", "automatic", None):
        assert deleted(CALIFORNIAN, "identifiers", source).outcome == "outside-the-right"
    (way,) = [one for one in asking().offered(CALIFORNIAN) if one.request_type == "deletion"]
    assert way.representative
    assert dates("deletion", CANADIAN) == (None, None, None)


def test_1v_51_six_examples_of_grounds_to_keep_and_none_for_new_york_city() -> None:
    grounds = [
        "complete-transaction",
        "perform-contract",
        "property-management-contract",
        "repair-errors",
        "fraud-security",
        "legal-obligation",
    ]
    states(51, exceptions=grounds, list_is_examples=True, applies_to_tdpa_data=False)
    assert all(requests.may_be_kept_for(v1(51), one) for one in grounds)
    assert not requests.may_be_kept_for(v1(51), "marketing")
    for ground in grounds:
        kept = deleted(CALIFORNIAN, "identifiers", "person", ground)
        assert (kept.outcome, [one.commitment for one in kept.reasons]) == ("kept", ["1V-51"])
        assert deleted(CALIFORNIAN, "authentication-data", "person", ground).outcome == "deleted"
    assert deleted(CALIFORNIAN, "identifiers", "person", "whim").outcome == "for-a-person"


def test_1v_52_who_asks_is_checked_while_the_clock_runs() -> None:
    states(
        52,
        request_types=["access", "specific-pieces", "direct-marketing-disclosure", "deletion"],
        methods="additional-information",
    )
    settles(52, verification=["login-or-code-to-contact-on-file", "one-data-match"], pauses=False)
    for request_type, asker in (
        ("access", CANADIAN),
        ("specific-pieces", CALIFORNIAN),
        ("direct-marketing-disclosure", CALIFORNIAN),
        ("deletion", CALIFORNIAN),
    ):
        check = asking().check(request_type, asker)
        assert check.methods[:2] == ("login-or-code-to-contact-on-file", "one-data-match")
        assert not check.pauses
        assert check.reasons[0].commitment == "1V-52"
    assert asking().check("correction", VISITOR).methods == ()


def test_1v_53_a_representative_proves_authority_and_the_person_is_matched() -> None:
    states(
        53,
        jurisdictions=["CA", "US-CA"],
        request_types=["access", "specific-pieces", "direct-marketing-disclosure", "deletion"],
        not_stated_for=["correction"],
    )
    settles(53, verification=["authority", "principal-identity"])
    both = frozenset({"authority", "principal-identity"})
    for request_type in ("access", "specific-pieces", "direct-marketing-disclosure", "deletion"):
        for asker in (CALIFORNIAN, CANADIAN):
            assert asking().may_represent(request_type, asker, both).answer == "allow"
        for half in both:
            assert named(asking().may_represent(request_type, CALIFORNIAN, both - {half})) == {"1V-53"}
        assert asking().may_represent(request_type, VISITOR, both).answer == "deny"
    assert codes(asking().may_represent("correction", CALIFORNIAN, both)) == ["not-stated"]
    assert named(asking().may_represent("correction", CALIFORNIAN, both)) == {"1V-53"}


def test_1v_54_californians_are_told_that_nothing_is_sold(tmp_path: Path) -> None:
    states(54, jurisdictions=["US-CA"], mechanism="none", because="no-sale")
    assert "none" in sentence(v1(54))
    assert "no sale" in sentence(v1(54))
    chosen = 'vendor_condition = "person-chose-vendor"'
    sold = found_in(tmp_path, chosen, f'{chosen}\npurposes = ["sale"]', COMMITMENTS)
    assert any("1V-14 bans" in one for one in sold)  # whoever sells contradicts the statement


def test_1v_55_nobody_is_treated_worse_for_using_a_right(tmp_path: Path) -> None:
    states(55, persons="anyone", covers="all-privacy-rights")
    assert "Nobody" in sentence(v1(55))
    assert "order of work" in sentence(v1(55))
    found = found_in(tmp_path, 'condition = "safety-necessity"', 'condition = "opted-out"', COMMITMENTS)
    assert any(one.startswith("1V-20") for one in found)


def test_1v_56_a_change_is_told_by_a_newer_date_on_the_page() -> None:
    states(56, channel=["policy-page", "policy-page-date"], lead_time="none")
    change = Change(frozenset({"retention"}))
    (duty,) = notices().duties(change)
    assert (duty.channels, duty.enough, duty.lead) == (("policy-page", "policy-page-date"), "all", None)
    assert notices().enough(change, frozenset({"policy-page", "policy-page-date"})).answer == "allow"
    assert named(notices().enough(change, frozenset({"policy-page"}))) == {"1V-56"}
    assert "policy page, policy page date" in sentence(v1(56))


def test_1v_57_use_counts_as_acceptance_and_continued_use_too() -> None:
    states(57, by="use", includes="continued-use-after-effective-date")
    for method in ("use", "continued-use", "account-creation"):
        (found,) = rulebook().consent_findings(draft(method=method))
        assert (found.field, found.commitment) == ("method", "1V-57")
    assert rulebook().consent_findings(draft()) == ()
    assert "use and continued use after effective date" in sentence(v1(57))
    assert "never a consent" in sentence(v1(57))


def test_1v_58_one_address_and_one_toll_free_number() -> None:
    states(58, email="privacy@1valet.com", phone="+1-833-993-1212")
    assert (parts()[0].email, parts()[0].phone) == ("privacy@1valet.com", "1-833-993-1212")
    assert "privacy@1valet.com and +1-833-993-1212" in sentence(v1(58))
