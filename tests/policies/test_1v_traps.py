"""The traps that a naive reading of 1VALET's policy falls into, each by its number.

The figures are literals, worked out by hand.
"""

from datetime import date

from consent.deadlines import window_back
from consent.policies.kinds import documents, retention, sharing
from consent.policies.kinds.notices import lead_time
from tests.policies.packs_1v import (
    OTTAWA,
    by,
    codes,
    gathering,
    inventory,
    named,
    parts,
    policy,
    share,
    v1,
)

# Traps that a door to come has to stand up to: what it keeps, not what is decided here.
LATER = {
    "T-33": "retention: an open request freezes ordinary jobs, never the New York City limits",
    "T-51": "imports and privacy_requests: a corrected value is not overwritten by the next import",
    "T-56": "retention: disposals and refusals are applied again after a restore",
    "T-57": "retention: an anonymised record keeps no key",
    "T-58": "privacy_requests: the reduced request file outlives the deletion",
    "T-67": "disclosures: the direct-marketing question is answered from the ledger of transfers",
    "T-99": "ledger: entries hold pseudonymous keys",
}


def test_t_23_the_vendor_never_gets_the_audience_of_an_offer() -> None:
    for chosen in (False, True):
        refused = share("identifiers", "chosen-third-party-vendors", "marketing", chosen=chosen)
        assert (codes(refused), named(refused)) == (["banned"], {"1V-14"})
    assert share("identifiers", "chosen-third-party-vendors", chosen=True).answer == "allow"
    assert codes(share("identifiers", "chosen-third-party-vendors")) == ["not-chosen"]


def test_t_30_new_york_city_has_two_clocks_of_90_days() -> None:
    assert retention.kept_for(v1(27), "authentication-data") == ("P90D", "collection-or-generation")
    assert retention.kept_for(v1(27), "reference-data") is None
    assert retention.kept_for(v1(28), "authentication-data") is None
    assert by("P90D", "calendar-day", date(2024, 1, 15)) == date(2024, 4, 14)  # three months would be a day late
    assert by("P90D", "calendar-day", date(2024, 3, 1)) == date(2024, 5, 30)


def test_t_34_ten_business_days_and_ninety_calendar_days_each_name_their_basis() -> None:
    assert v1(33).parameters["period_basis"] == "business-day"
    assert v1(27).parameters["period_basis"] == "calendar-day"
    places = parts()[0].jurisdictions
    assert by("P10D", "business-day", date(2024, 6, 28), *places) == date(2024, 7, 12)
    assert by("P10D", "calendar-day", date(2024, 6, 28)) == date(2024, 7, 8)


def test_t_35_only_holidays_that_both_countries_share_are_skipped() -> None:
    places = parts()[0].jurisdictions
    assert by("P10D", "business-day", date(2024, 6, 28), *places) == date(2024, 7, 12)
    # Labour Day 2026 is a holiday in both: it is skipped.
    assert by("P10D", "business-day", date(2026, 8, 31), *places) == date(2026, 9, 15)


def test_t_36_within_rounds_down_and_a_window_rounds_outwards() -> None:
    assert by("P90D", "calendar-day", date(2024, 1, 15)) == date(2024, 4, 14)
    assert window_back("P12M", date(2024, 2, 29), OTTAWA).first == date(2023, 2, 28)


def test_t_37_the_breach_clock_starts_at_detection_with_a_written_reason() -> None:
    assert v1(33).decided["starts"] == "detection"
    opened = v1(33).open
    assert opened is not None
    assert "earliest moment" in opened.reason


def test_t_41_twice_a_year_and_twelve_months_back_are_two_things() -> None:
    assert (v1(47).parameters["per"], v1(48).parameters["window"]) == ("P1Y", "P12M")
    assert v1(47).decided["counted"] == "calendar-year"
    assert window_back("P12M", date(2024, 2, 29), OTTAWA).first == date(2023, 2, 28)  # 365 days: 2023-03-01


def test_t_44_the_date_of_the_update_is_taken_as_that_of_effect_and_said_so() -> None:
    assert v1(1).parameters["effective_date"] == "not-stated"
    assert documents.effective_day(v1(1)) == date(2022, 6, 29)
    assert v1(1).open is not None


def test_t_45_the_date_is_written_year_first() -> None:
    assert v1(1).parameters["date_format"] == "YYYY-MM-DD"
    assert "Last modified: 2022-06-29" in policy().text


def test_t_48_what_the_wording_leaves_open_has_a_figure_and_a_reason() -> None:
    opened = v1(24).open
    assert opened is not None
    assert opened.reason
    assert all(one["for"] for one in v1(24).decided["periods"].values())


def test_t_75_landlord_and_property_management_are_two_recipients() -> None:
    here = {"building": "elgin-1", "recipient_building": "elgin-1"}
    assert share("identifiers", "property-management", **here).answer == "allow"
    refused = share("identifiers", "landlord", **here)
    assert (codes(refused), named(refused)) == (["condition-missing"], {"1V-20"})


def test_t_76_authorities_need_a_law_also_abroad_and_nobody_has_to_be_told() -> None:
    lawful = {"met": frozenset({"applicable-law"}), "instrument": "order 12-3456", "compelled": True}
    given = share("identifiers", "authorities-foreign", "legal-requirements", country="US", **lawful)
    assert codes(given) == ["listed"]  # no "tell-the-person"
    assert share("identifiers", "authorities-foreign", "legal-requirements", **lawful).answer == "deny"


def test_t_78_advertising_among_the_purposes_hands_nobody_person_level_data() -> None:
    assert inventory().may_use("identifiers", "third-party-advertising", basis="contract").answer == "deny"
    assert named(share("identifiers", "advertisers", "advertising")) == {"1V-14"}


def test_t_80_a_verification_number_passes_through_and_is_never_stored() -> None:
    assert inventory().may_collect("financial", gathering(person="owner")).answer == "allow"
    refused = inventory().may_hold("verification-number")
    assert "1V-32" in named(refused)
    assert "never-stored" in codes(refused)


def test_t_87_technical_data_is_personal_whatever_the_wording_calls_it() -> None:
    assert inventory().is_personal("technical")
    assert sharing.forbids(v1(14), "technical", "third-parties", "sale")


def test_t_92_a_change_is_told_by_its_date_and_nobody_is_mailed() -> None:
    assert lead_time(v1(56)) is None
    assert v1(56).parameters["channel"] == ["policy-page", "policy-page-date"]
