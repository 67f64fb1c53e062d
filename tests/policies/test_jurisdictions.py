"""Places within places: one answer for the gate, the law, requests and trackers."""

from datetime import date

import pytest

from consent.policies.answers.asking import Asker
from consent.policies.answers.requests import Requests
from consent.policies.answers.trackers import Trackers
from consent.policies.jurisdictions import any_may_hold, holds, same_place
from consent.policies.packs import load_law
from tests.policies.answers.companies import changed, organization, with_law
from tests.policies.answers.test_trackers import COUNT
from tests.policies.house import POLICIES


@pytest.mark.parametrize(
    ("place", "somebody", "surely", "maybe"),
    [
        ("US", "US-WA", True, True),
        ("US-WA", "US", False, True),
        ("US-WA", "US-OR", False, False),
        ("EU", "FR", True, True),
        ("EEA", "DE-BY", True, True),
        ("FR", "EU", False, True),
        ("EU", "GB", False, False),
        ("CA", "US-CA", False, False),
        ("*", "NZ", True, True),
    ],
)
def test_a_country_holds_its_parts_and_a_union_its_members(
    place: str, somebody: str, surely: bool, maybe: bool
) -> None:
    assert holds(place, somebody) is surely
    assert any_may_hold([place], somebody) is maybe


def test_words_without_places_speak_of_everybody_and_words_with_places_of_nobody_unplaced() -> None:
    assert same_place([], None) and same_place(["any"], None)
    assert not same_place(["US"], None)


def test_a_law_of_the_union_binds_a_company_of_a_member_state() -> None:
    european = [one for one in load_law(POLICIES / "law") if one.jurisdictions == ("EU",) and one.in_force_from]
    day = date(2026, 11, 21)
    assert any(one.binds(day, ("FR",)) for one in european)
    assert not any(one.binds(day, ("US-WA",)) for one in european)


def test_a_request_from_a_member_state_has_the_rights_of_the_union() -> None:
    requests = Requests(organization("VOX"), with_law("VOX"))
    from_france = requests.may_ask("access", Asker(jurisdiction="FR")).reasons
    from_the_union = requests.may_ask("access", Asker(jurisdiction="EU")).reasons
    assert {one.law for one in from_france} == {one.law for one in from_the_union} != {None}


def test_a_tracker_that_waits_in_the_union_waits_in_its_member_states() -> None:
    promises = changed("VSH", "VSH-36", decided=True, opt_in_for=["analytics"], opt_in_in=["EU"])
    trackers = Trackers(organization("VSH"), promises)
    codes = {
        place: {one.code for one in trackers.may_set(COUNT._replace(consent=None, jurisdiction=place)).reasons}
        for place in ("FR", "JP")
    }
    assert ["no-consent" in codes[one] for one in ("FR", "JP")] == [True, False]


def test_a_territory_under_its_own_code_is_within_the_united_states() -> None:
    assert holds("US", "PR")
    assert holds("US", "US-PR")
    assert not holds("PR", "US-WA")
