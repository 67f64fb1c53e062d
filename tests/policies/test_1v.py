"""What 1VALET covers, gathers and uses, promise by promise: what each allows, refuses and records.

The figures are literals, worked out from the policy by hand; none is read from the pack.
"""

from datetime import date

import pytest

from consent.policies.kinds import documents, sentence
from tests.policies.packs_1v import (
    NYC,
    ONTARIO,
    codes,
    draft,
    features,
    gathering,
    goes,
    grounds_of,
    holds,
    inventory,
    named,
    parts,
    policy,
    rulebook,
    settles,
    share,
    states,
    v1,
    word,
)


def test_there_are_58_commitments_numbered_without_a_gap() -> None:
    assert [one.id for one in policy().commitments] == [f"1V-{number:02d}" for number in range(1, 59)]


def test_1v_01_is_the_privacy_policy_of_29_june_2022_with_two_companions() -> None:
    assert (policy().title, policy().last_updated.isoformat()) == ("Privacy Policy", "2022-06-29")
    assert str(documents.effective_day(v1(1))) == "2022-06-29"
    companions = ["facial-entry-policy", "stripe-terms-and-policy"]
    states(
        1,
        title="Privacy Policy",
        last_updated="2022-06-29",
        date_format="YYYY-MM-DD",
        effective_date="not-stated",
        companion_documents=companions,
    )
    settles(1, effective="last-updated-midnight-local")
    assert {one.policy for one in parts()[1]} == {"privacy-policy", *companions}
    assert "facial entry policy and stripe terms and policy" in sentence(v1(1))


def test_1v_02_covers_five_surfaces_and_five_roles_and_nothing_is_held_for_another() -> None:
    surfaces = ["website", "resident-app", "1connect-portal", "partner-portal", "other-portals"]
    states(2, persons=["resident", "property-manager", "owner", "visitor", "business-partner"], surfaces=surfaces)
    organization = parts()[0]
    assert {one.service for one in (*organization.programs, *organization.data_categories)} <= set(surfaces)
    assert "website, resident App, 1Connect portal, partner portal and other portals" in sentence(v1(2))
    assert "resident, property manager, owner, visitor and business partner" in sentence(v1(2))


def test_1v_03_data_is_gathered_on_two_grounds_only() -> None:
    states(3, grounds=["provide-service", "improve-experience"])
    for ground in ("provide-service", "improve-experience"):
        assert inventory().may_collect("identifiers", gathering(ground=ground)).answer == "allow"
    refused = inventory().may_collect("identifiers", gathering(ground="curiosity"))
    assert (refused.answer, codes(refused), named(refused)) == ("deny", ["no-ground"], {"1V-03"})


def test_1v_04_names_three_classes_and_keeps_passcodes_encrypted_only() -> None:
    categories = ["identifiers", "account-information", "communications"]
    states(4, data_categories=categories, passcode_storage="encrypted-only")
    holds(4, *categories)
    encrypted = gathering(traits={"passcode_storage": "encrypted-only"})
    assert inventory().may_collect("account-information", encrypted).answer == "allow"
    refused = inventory().may_collect("account-information", gathering(traits={"passcode_storage": "plain"}))
    assert (refused.answer, named(refused)) == ("deny", {"1V-04"})
    assert inventory().may_collect("religion", gathering()).answer == "deny"


def test_1v_05_payment_data_of_owners_and_partners_is_passed_on_and_leaves_a_token() -> None:
    states(5, data_categories=["commercial", "financial"], financial_persons=["owner", "business-partner"])
    settles(5, storage=["token", "last-four-digits"])
    holds(5, "commercial", "financial")
    assert inventory().may_collect("financial", gathering(person="owner")).answer == "allow"
    assert inventory().may_collect("financial", gathering(person="business-partner")).answer == "allow"
    refused = inventory().may_collect("financial", gathering(person="resident"))
    assert (refused.answer, named(refused)) == ("deny", {"1V-05"})
    assert inventory().may_hold("financial").answer == "deny"
    assert named(inventory().may_hold("last-four-digits")) == {"1V-05"}


def test_1v_06_residents_pay_with_stripe_under_its_own_terms() -> None:
    states(6, persons="resident", recipients=["stripe"], governed_by="stripe-terms")
    shown = frozenset({"stripe-terms"})
    assert named(share("financial", "stripe", person="resident", shown=shown)) == {"1V-06"}
    assert codes(share("financial", "stripe", person="resident")) == ["terms-not-shown"]
    assert codes(share("financial", "stripe", person="owner", shown=shown)) == ["not-of-this-person"]


def test_1v_07_location_is_no_finer_than_the_postal_code_and_trails_carry_no_name() -> None:
    states(
        7,
        data_categories=["technical", "hardware-usage", "geolocation"],
        geolocation_precision=["city", "state", "postal-code"],
        navigation_data="anonymized",
        automatic_purposes=["security", "operation", "internal-analytics-reporting"],
    )
    holds(7, "technical", "hardware-usage", "geolocation")
    for fit in ("city", "state", "postal-code"):
        assert (
            inventory().may_collect("geolocation", gathering(traits={"geolocation_precision": fit})).answer == "allow"
        )
    street = inventory().may_collect("geolocation", gathering(traits={"geolocation_precision": "street"}))
    assert (street.answer, named(street)) == ("deny", {"1V-07"})
    trail = inventory().may_collect("technical", gathering(traits={"navigation_data": "identifiable"}))
    assert (trail.answer, named(trail)) == ("deny", {"1V-07"})
    for purpose in ("security", "operation", "internal-analytics-reporting"):
        used = inventory().may_use("technical", purpose, basis="legitimate-interest")
        assert (used.answer, named(used)) == ("allow", {"1V-07"})
    trail_without_names = gathering(traits={"navigation_data": "anonymized"})
    assert inventory().may_collect("technical", trail_without_names).answer == "allow"


def test_1v_08_door_images_stay_30_days_and_count_as_authentication_data_in_new_york_city() -> None:
    states(
        8,
        data_categories=["sensory-image"],
        trigger="entry-or-visit-public-door",
        persons=["resident", "visitor"],
    )
    settles(
        8,
        retention="P30D",
        retention_from="recorded",
        treat_as="authentication-data",
        treat_where=["US-NY-NYC"],
        treat_when="keyless-entry",
    )
    seen = gathering(person="visitor", moment="entry-or-visit-public-door", source="automatic")
    assert inventory().may_collect("sensory-image", seen).answer == "allow"
    assert named(inventory().may_collect("sensory-image", gathering(person="visitor"))) == {"1V-08"}
    at_the_door = gathering(person="owner", moment="entry-or-visit-public-door")
    assert named(inventory().may_collect("sensory-image", at_the_door)) == {"1V-08"}
    treated = inventory().treated_as
    assert treated("sensory-image", "US-NY-NYC", "keyless-entry") == "authentication-data"
    assert treated("sensory-image", "US-NY-NYC", "surveillance") == "sensory-image"
    assert treated("sensory-image", "CA-ON", "keyless-entry") == "sensory-image"
    filmed = {"recorded": date(2024, 1, 15)}
    image = goes("sensory-image", filmed, ONTARIO, use="keyless-entry")
    assert (image.due, grounds_of(image)) == (date(2024, 2, 14), ["1V-08"])
    assert goes("sensory-image", filmed, NYC, use="surveillance").due == date(2024, 2, 14)
    key = goes("sensory-image", filmed, NYC, use="keyless-entry")
    assert (key.due, grounds_of(key)) == (date(2024, 4, 14), ["1V-27"])


def test_1v_09_facial_entry_is_switched_on_by_the_person_under_a_policy_of_its_own() -> None:
    states(9, feature="facial-entry", channel=["app"], consent="opt-in", companion_document="facial-entry-policy")
    assert v1(9).parameters["companion_document"] in {one.policy for one in parts()[1]}
    assert named(features().may_run("facial-entry")) == {"1V-09"}
    running = features().may_run("facial-entry", [word("facial-entry", "given", 1)])
    assert (running.answer, named(running)) == ("allow", {"1V-09"})
    elsewhere = [word("service-texts", "given", 1)]
    assert codes(features().may_run("facial-entry", elsewhere)) == ["feature-off"]
    companion = features().companion("facial-entry")
    assert companion is not None
    assert (companion.policy, companion.version) == ("facial-entry-policy", "2022-06-29")
    by_manager = draft(program="facial-entry", granted_by="property-manager")
    assert [one.field for one in rulebook().consent_findings(by_manager)] == ["granted_by"]
    assert rulebook().consent_findings(draft(program="facial-entry", granted_by="person")) == ()


def test_1v_10_every_item_has_one_of_five_sources() -> None:
    states(10, sources=["person", "property-management", "affiliates", "business-partners", "automatic"])
    for source in ("person", "property-management", "affiliates", "business-partners", "automatic"):
        assert inventory().may_collect("identifiers", gathering(source=source)).answer == "allow"
    refused = inventory().may_collect("identifiers", gathering(source=None))
    assert (refused.answer, named(refused)) == ("deny", {"1V-10"})


def test_1v_11_data_serves_eight_ends_on_four_bases_and_never_third_party_marketing() -> None:
    states(
        11,
        bases=["legitimate-interest", "request", "contract", "legal-obligation"],
        purposes=[
            "performing-services",
            "security-fraud",
            "repairs",
            "research-development",
            "feedback-request",
            "legal-requirements",
            "business-purposes",
            "quality-safety",
        ],
    )
    settles(11, excluded=["third-party-marketing", "third-party-advertising"], messages="own-only")
    assert inventory().may_use("identifiers", "repairs", basis="contract").answer == "allow"
    assert named(inventory().may_use("identifiers", "repairs")) == {"1V-11"}
    refused = inventory().may_use("identifiers", "third-party-marketing", basis="request")
    assert (refused.answer, named(refused)) == ("deny", {"1V-11"})
    assert "purpose-excluded" in codes(refused)
    for basis in ("legitimate-interest", "request", "contract", "legal-obligation"):
        for purpose in v1(11).parameters["purposes"]:
            assert inventory().may_use("identifiers", purpose, basis=basis).answer == "allow"
    assert codes(inventory().may_use("identifiers", "resale", basis="request")) == ["purpose-not-listed"]


@pytest.mark.parametrize(
    ("identity", "policy", "title"),
    [
        ("1V-FEP-01", "facial-entry-policy", "Facial Entry Policy"),
        ("1V-STR-01", "stripe-terms-and-policy", "Stripe Terms and Policy"),
    ],
)
def test_1v_fep_01_and_1v_str_01_name_the_wording_a_consent_points_to(identity: str, policy: str, title: str) -> None:
    (version,) = [one for one in parts()[1] if one.policy == policy]
    (header,) = version.commitments
    assert (header.id, version.title) == (identity, title)
    assert header.parameters == {
        "title": title,
        "last_updated": "2022-06-29",
        "date_format": "YYYY-MM-DD",
        "effective_date": "not-stated",
    }
    assert header.decided == {"effective": "last-updated-midnight-local"}
