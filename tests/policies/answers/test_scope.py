"""How far policies reach: what each covers, what stands beside it, and who governs where it does not."""

import pytest

from consent.policies.answers.scope import Scope
from consent.policies.answers.trackers import Tracker
from consent.policies.packs import load_organization, load_versions
from consent.policies.rulebook import Rulebook, compile_rulebook
from tests.policies.house import NOW, POLICIES


def rulebook(slug: str) -> Rulebook:
    """The shipped pack."""
    return compile_rulebook(load_organization(POLICIES / slug), load_versions(POLICIES / slug), (), NOW)


def scope(slug: str) -> Scope:
    """Its map."""
    return rulebook(slug).scope


@pytest.mark.parametrize(
    ("slug", "promise", "surfaces", "persons"),
    [
        ("valley-smart-homes", "VSH-02", ["website", "internet-access", "managed-networking", "sms-mms", "voip",
                                          "billing", "customer-support"], 0),
        ("1valet", "1V-02", ["website", "resident-app", "1connect-portal", "partner-portal", "other-portals"], 5),
        ("voxvalley", "VOX-02", ["voxvalley.com", "developer.vox-cpaas.com", "cloud-services"], 3),
        ("smartt", "SMT-03", [], 4),
    ],
)  # fmt: skip
def test_vsh_02_1v_02_vox_02_smt_03_each_policy_covers_what_it_names(
    slug: str, promise: str, surfaces: list[str], persons: int
) -> None:
    (reach,) = scope(slug).reaches()
    assert (reach.commitment, [one.place for one in reach.areas], len(reach.persons)) == (promise, surfaces, persons)
    for place in surfaces:
        assert scope(slug).covering(place).policies == ((reach.policy, reach.version, promise),)


def test_vsh_02_what_runs_on_a_service_stands_beside_it() -> None:
    (reach,) = scope("valley-smart-homes").reaches()
    voip = next(one for one in reach.areas if one.place == "voip")
    assert "call-recording" in voip.features
    assert "call-recordings" in voip.data


def test_vsh_02_a_place_it_does_not_name_is_not_covered_and_nobody_knows_who_governs_there() -> None:
    found = scope("valley-smart-homes").covering("car-park")
    assert (found.covered, found.policies, found.outside, found.ground) == (False, (), None, "VSH-02")


def test_1v_02_portals_that_lead_here_are_covered_one_by_one() -> None:
    assert scope("1valet").covering("vendor-portal").covered
    assert not scope("1valet").covering("portal-of-nobody").covered


@pytest.mark.parametrize(
    "place", ["jane.doe+flat12@example.com-portal", "Jane-portal", "a b-portal", "-portal", "x\n-portal"]
)
def test_what_is_no_word_of_the_settings_is_no_portal(place: str) -> None:
    assert not scope("1valet").covering(place).covered


def test_a_policy_beside_that_names_no_surface_covers_none_that_the_others_leave_out() -> None:
    found = scope("1valet").covering("intercom-panel")
    assert (found.covered, found.ground) == (False, "1V-02")


def test_1v_06_payments_of_residents_are_stripes_and_its_document_stands_beside_ours() -> None:
    found = scope("1valet").covering("resident-payments")
    assert found.outside is not None
    assert (found.covered, found.outside.document, found.ground) == (False, "stripe-terms-and-policy", "1V-02")
    beside = {one.policy: (one.version, one.features) for one in scope("1valet").beside()}
    assert beside["stripe-terms-and-policy"] == ("2022-06-29", ())
    assert beside["facial-entry-policy"] == ("2022-06-29", ("facial-entry",))


@pytest.mark.parametrize(("slug", "promise"), [("smartt", "SMT-03"), ("valtt", "VAL-01")])
def test_smt_03_a_policy_that_names_no_surface_holds_wherever_nobody_else_does(slug: str, promise: str) -> None:
    found = scope(slug).covering("shop-window")
    assert (found.covered, [one for _, _, one in found.policies]) == (True, [promise])
    assert not scope("smartt").covering("linked-sites").covered


def test_a_document_that_is_not_published_has_no_version() -> None:
    organization, versions = load_organization(POLICIES / "1valet"), load_versions(POLICIES / "1valet")
    alone = [one for one in versions if one.policy == "privacy-policy"]
    assert {one.version for one in Scope(organization, alone).beside()} == {None}


@pytest.mark.parametrize(
    ("slug", "surface", "said"),
    [
        ("valley-smart-homes", "car-park", "Nobody has written down who governs there."),
        ("1valet", "linked-sites", "Each has a privacy policy of its own."),
    ],
)
def test_a_tracker_outside_the_scope_is_refused_and_told_who_governs_there(slug: str, surface: str, said: str) -> None:
    found = rulebook(slug).trackers.may_set(Tracker("analytics", surface, consent=True))
    outside = [one for one in found.reasons if one.code == "outside-scope"]
    assert found.answer == "deny"
    assert [said in one.text for one in outside] == [True]
    assert not [one for one in rulebook(slug).trackers.may_set(Tracker("analytics", "website", consent=True)).reasons
                if one.code == "outside-scope"]  # fmt: skip
