"""Each promise of 1VALET by its id: what it allows and what it refuses, what it records, the date it gives.

The figures are literals, worked out from the policy by hand; none is read from the pack.
"""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from consent.policies.answers.incidents import Delay
from consent.policies.answers.notices import Change
from consent.policies.answers.requests import Asker
from consent.policies.answers.retention import Hold
from consent.policies.kinds import data, documents, requests, retention, sentence, sharing
from consent.policies.rulebook import ConsentDraft
from tests.policies.packs_1v import (
    ASKED,
    CALIFORNIAN,
    CANADIAN,
    COMMITMENTS,
    NOBODY,
    NOW,
    NYC,
    ON_FILE,
    ONTARIO,
    STOPPED,
    VISITOR,
    about,
    ages,
    agreed,
    ask,
    asking,
    breached,
    codes,
    counted,
    dates,
    deleted,
    features,
    found_in,
    gathering,
    goes,
    grounds_of,
    inventory,
    named,
    notices,
    offer,
    offers,
    parts,
    policy,
    rulebook,
    share,
    tracker,
    trackers,
    v1,
    word,
)

PRIVACY = "privacy@1valet.com"
GENERAL = (
    "identifiers",
    "account-information",
    "communications",
    "technical",
    "hardware-usage",
    "geolocation",
    "bulletin-board-posts",
    "directory-entries",
    "settings-changes",
    "authentication-data",
    "reference-data",
)


def states(number: int, **parameters: Any) -> None:
    """The commitment says exactly this, and says it in a sentence for people."""
    promise = v1(number)
    assert promise.parameters == parameters
    assert sentence(promise).endswith(".")


def settles(number: int, **decided: Any) -> None:
    """What the wording leaves open is settled exactly so, with question, value and reason on record."""
    promise = v1(number)
    assert promise.decided == decided
    assert promise.open is not None
    assert promise.open.question and promise.open.value and promise.open.reason


def holds(number: int, *categories: str) -> None:
    """The commitment declares these classes of data and no other, and the organization knows them."""
    assert data.categories_declared(v1(number)) == categories
    assert set(categories) <= {one.key for one in parts()[0].data_categories}


def draft(**changes: Any) -> ConsentDraft:
    """A consent to texts about one's services, typed on the website, unless changed."""
    whole = ConsentDraft(
        program="service-texts",
        channel="sms",
        address="+16135550142",
        state="given",
        occurred_at=NOW,
        method="web-form",
        wording_text="I agree to get texts.",
        wording_language="en",
        ip="192.0.2.7",
    )
    return whole._replace(**changes)


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


def test_1v_12_information_can_be_refused_and_offers_in_canada_wait_for_consent() -> None:
    states(
        12,
        message_classes=["feature-information", "important-update", "partner-offer"],
        consent="opt-out",
        mechanism="in-message-instructions",
        channel="unspecified",
    )
    settles(
        12,
        effect="at-receipt",
        within="P10D",
        within_basis="business-day",
        opt_in_for=["partner-offer"],
        opt_in_in=["CA"],
    )
    for channel in ("email", "push"):
        for one in ("feature-information", "important-update"):
            assert named(ask("information", one, channel)) == {"1V-12"}
            refused = ask("information", one, channel, STOPPED)
            assert (codes(refused), named(refused)) == (["suppressed"], {"1V-12"})
        assert offer("US-CA", channel=channel).answer == "allow"
        assert codes(offer("US-CA", STOPPED, channel)) == ["suppressed"]
        for canada in ("CA", "CA-QC"):
            waiting = offer(canada, channel=channel)
            assert (codes(waiting), named(waiting)) == (["no-consent"], {"1V-12"})
            assert offer(canada, agreed("partner-offers"), channel).answer == "allow"
        assert "fact-missing" in codes(offer(None, channel=channel))
    assert named(offer("US-CA")) == {"1V-12"}
    assert "in message instructions" in sentence(v1(12))


def test_1v_13_messages_about_the_persons_own_services_go_on_and_carry_no_offer() -> None:
    states(13, message_classes=["requested-service", "received-service"], offers_inside="banned")
    for channel in ("email", "push", "voice"):
        for one in ("requested-service", "received-service"):
            for standing in (NOBODY, STOPPED):
                assert named(about(one, channel, standing)) == {"1V-13"}
            mixed = about(one, channel, content="Your lock is mended. Upgrade today: 20% off!")
            assert (codes(mixed), named(mixed)) == (["content-promotional"], {"1V-13"})
            assert codes(ask("service-messages", one, channel)) == ["fact-missing"]


def test_1v_14_nothing_goes_to_third_parties_for_sale_marketing_or_advertising() -> None:
    states(
        14,
        recipients=["third-parties"],
        banned_purpose=["sale", "marketing", "advertising"],
        exceptions="none",
    )
    for purpose in ("sale", "marketing", "advertising"):
        assert sharing.forbids(v1(14), "identifiers", "third-parties", purpose)
    assert not sharing.forbids(v1(14), "identifiers", "third-parties", "data-processing")
    for recipient in ("advertisers", "business-partners", "chosen-third-party-vendors", "third-parties"):
        for purpose in ("sale", "marketing", "advertising"):
            refused = share("identifiers", recipient, purpose, chosen=True, consent="this-transfer")
            assert (codes(refused), named(refused)) == (["banned"], {"1V-14"})
    assert share("identifiers", "business-partners").answer == "allow"


def test_1v_15_nothing_that_identifies_is_made_public_but_ones_own_posts() -> None:
    states(15, banned=["public-release-identifying"], exceptions=["bulletin-board-self-posted"])
    assert sharing.forbids(v1(15), "identifiers", "third-parties", "public-release-identifying")
    assert not sharing.forbids(v1(15), "identifiers", "property-management", "troubleshooting")
    assert named(share("identifiers", "public")) == {"1V-15"}
    posted = share("bulletin-board-posts", "public", ground="bulletin-board-self-posted")
    assert codes(posted) == ["unlisted-recipient"]


def test_1v_16_third_parties_need_a_ground_and_five_conditions() -> None:
    states(
        16,
        grounds=["legal-duty", "data-processing", "current-or-prospective-services"],
        conditions=["necessary-only", "written-contract", "confidentiality", "security", "no-other-use"],
    )
    for missing in ON_FILE:
        refused = share("identifiers", "business-partners", met=ON_FILE - {missing})
        assert (codes(refused), named(refused)) == (["condition-missing"], {"1V-16"})
    for ground in ("legal-duty", "data-processing", "current-or-prospective-services"):
        assert share("identifiers", "business-partners", ground=ground).answer == "allow"
    assert codes(share("identifiers", "business-partners", ground="curiosity")) == ["no-ground"]


def test_1v_17_five_routine_recipients_and_vendors_only_if_the_person_chose_them() -> None:
    recipients = [
        "affiliates",
        "property-management",
        "business-partners",
        "chosen-third-party-vendors",
        "internet-service-providers",
    ]
    states(17, recipients=recipients, vendor_condition="person-chose-vendor")
    assert set(recipients) <= {one.key for one in parts()[0].recipients}
    for recipient in ("business-partners", "internet-service-providers", "affiliates"):
        assert named(share("identifiers", recipient)) == {"1V-17"}
    assert share("identifiers", "chosen-third-party-vendors", chosen=True).answer == "allow"
    refused = share("identifiers", "chosen-third-party-vendors")
    assert (codes(refused), named(refused)) == (["not-chosen"], {"1V-17"})
    there = {"building": "elgin-1", "recipient_building": "elgin-1"}
    assert share("identifiers", "property-management", **there).answer == "allow"
    elsewhere = share("identifiers", "property-management", building="elgin-1", recipient_building="bank-2")
    assert codes(elsewhere) == ["another-building"]
    assert codes(share("identifiers", "data-brokers")) == ["unlisted-recipient"]


def test_1v_18_a_successor_or_the_buyer_of_a_building_may_get_the_data() -> None:
    states(18, recipients=["business-successor", "building-acquirer"])
    assert named(share("identifiers", "business-successor")) == {"1V-18"}
    sold = share("identifiers", "building-acquirer", building="elgin-1", recipient_building="elgin-1")
    assert named(sold) == {"1V-18"}
    other = share("identifiers", "building-acquirer", building="bank-2", recipient_building="elgin-1")
    assert (codes(other), named(other)) == (["another-building"], {"1V-18"})


def test_1v_19_authorities_at_home_and_abroad_get_data_under_applicable_law() -> None:
    states(19, recipients=["authorities-domestic", "authorities-foreign"], condition="applicable-law")
    lawful = {"met": frozenset({"applicable-law"}), "instrument": "order 12-3456"}
    assert named(share("identifiers", "authorities-domestic", "legal-requirements", **lawful)) == {"1V-19"}
    assert share("identifiers", "authorities-foreign", "legal-requirements", country="US", **lawful).answer == "allow"
    assert codes(share("identifiers", "authorities-foreign", "legal-requirements", **lawful)) == ["no-country"]
    asked = share("identifiers", "authorities-domestic", "legal-requirements", met=frozenset({"applicable-law"}))
    assert codes(asked) == ["no-instrument"]
    assert codes(share("identifiers", "authorities-domestic", instrument="a letter")) == ["condition-missing"]


def test_1v_20_the_landlord_gets_data_for_safety_only() -> None:
    states(20, recipients=["landlord"], condition="safety-necessity")
    here = {"building": "elgin-1", "recipient_building": "elgin-1", "met": frozenset({"safety-necessity"})}
    approved = share("identifiers", "landlord", reason="smoke in 4B", approver="privacy officer", **here)
    assert (approved.answer, named(approved)) == ("allow", {"1V-20"})
    assert codes(share("identifiers", "landlord", reason="smoke in 4B", **here)) == ["no-reason-or-approver"]
    assert codes(share("identifiers", "landlord", **{**here, "met": ON_FILE})) == ["condition-missing"]


def test_1v_21_roommates_of_the_same_home_are_alerted_to_a_changed_setting() -> None:
    states(21, recipients=["roommates"], condition="settings-change-alert", same_unit=True)
    home = {"unit": "4B", "recipient_unit": "4B", "met": frozenset({"settings-change-alert"})}
    assert named(share("settings-changes", "roommates", **home)) == {"1V-21"}
    assert codes(share("settings-changes", "roommates", **{**home, "recipient_unit": "5A"})) == ["another-unit"]
    assert codes(share("settings-changes", "roommates", **{**home, "met": ON_FILE})) == ["condition-missing"]


def test_1v_22_visitors_see_of_the_directory_what_a_call_needs() -> None:
    states(22, recipients=["building-visitors"], condition="directory-necessity")
    assert named(share("directory-entries", "building-visitors", met=frozenset({"directory-necessity"}))) == {"1V-22"}
    assert codes(share("directory-entries", "building-visitors")) == ["condition-missing"]


def test_1v_23_the_board_warns_who_sees_a_post() -> None:
    states(23, surface="resident-app", audience=["community-tenants", "property-management"])
    assert "community tenants and property management" in sentence(v1(23))
    assert "here: resident App" in sentence(v1(23))


def test_1v_24_everything_goes_90_days_after_the_account_ends_where_nothing_else_is_said() -> None:
    states(24, data="all", period="unset", criteria=["requested-service"], trigger="service-end")
    kept = {
        **{one: {"for": "P90D", "from": "account-end"} for one in GENERAL},
        "verification-data": {"for": "P0D", "from": "request-closed"},
    }
    settles(24, periods=kept)
    assert retention.kept_for(v1(24), "identifiers") == ("P90D", "account-end")
    assert retention.kept_for(v1(24), "consent-records") is None
    for category in GENERAL:
        kept = goes(category, {"account-end": date(2026, 1, 31)}, ONTARIO)
        assert (kept.due, grounds_of(kept)) == (date(2026, 5, 1), ["1V-24"])
        assert goes(category, {}, ONTARIO).state == "waiting"
    closed = {"request-closed": date(2026, 1, 31)}
    assert goes("verification-data", closed, ONTARIO).due == date(2026, 1, 31)


def test_1v_25_law_keeps_transactions_7_years_but_never_keyless_entry_data_of_new_york_city() -> None:
    states(25, exceptions=["tax", "accounting", "other-legal"], applies_to_tdpa_data=False)
    settles(
        25,
        periods={
            "commercial": {"for": "P7Y", "from": "recorded"},
            "consent-records": {"for": "P5Y", "from": "enrolment-end"},
            "request-files": {"for": "P24M", "from": "request-closed"},
            "suppression-list": {"for": "unlimited", "from": "recorded"},
        },
    )
    leap = date(2024, 2, 29)
    assert goes("commercial", {"recorded": leap}, ONTARIO).due == date(2031, 2, 28)
    assert goes("consent-records", {"enrolment-end": leap}, ONTARIO).due == date(2029, 2, 28)
    assert goes("request-files", {"request-closed": leap}, ONTARIO).due == date(2026, 2, 28)
    assert goes("suppression-list", {"recorded": leap}, ONTARIO).state == "unlimited"
    ended = {"account-end": date(2026, 1, 31)}
    for ground in ("tax", "accounting", "other-legal"):
        held = goes("identifiers", ended, ONTARIO, Hold(ground, date(2026, 4, 1), date(2027, 1, 1)))
        assert (held.due, grounds_of(held)) == (date(2027, 1, 1), ["1V-24", "1V-25"])
    whim = goes("identifiers", ended, ONTARIO, Hold("whim", date(2026, 4, 1), date(2027, 1, 1)))
    assert (whim.due, len(whim.escalate)) == (date(2026, 5, 1), 1)
    (told,) = rulebook().receipt_facts("service-texts")["processing"]
    assert told["retention_period"] == "P5Y"  # what the receipt says is what is kept


def test_1v_26_data_ends_deleted_anonymous_or_isolated_and_backups_turn_over_in_90_days() -> None:
    states(
        26,
        outcomes=["deleted", "anonymized", "isolated-pending-deletion"],
        trigger="no-legitimate-need",
        backup_handling="isolate",
    )
    settles(26, backup_rotation="P90D")
    gone = goes("identifiers", {"account-end": date(2026, 1, 31)}, ONTARIO)
    assert gone.outcomes == ("deleted", "anonymized", "isolated-pending-deletion")
    assert gone.backups_gone_by == date(2026, 7, 30)


def test_1v_27_what_opened_a_door_in_new_york_city_is_gone_after_90_days() -> None:
    states(
        27,
        jurisdictions=["US-NY-NYC"],
        persons="tenant",
        data="authentication-data",
        period="P90D",
        period_basis="calendar-day",
        bound="at-most",
        trigger="collection-or-generation",
        outcomes=["removed", "deleted", "anonymized"],
        exceptions="1V-29",
    )
    assert retention.kept_for(v1(27), "authentication-data") == ("P90D", "collection-or-generation")
    assert retention.kept_for(v1(27), "reference-data") is None
    opened = {"collected": date(2024, 1, 15)}
    gone = goes("authentication-data", opened)
    assert (gone.due, gone.target, grounds_of(gone)) == (date(2024, 4, 14), date(2024, 4, 13), ["1V-27"])
    assert gone.outcomes == ("removed", "deleted", "anonymized")
    assert goes("authentication-data", opened, ONTARIO).due is None
    assert goes("authentication-data", opened, person="visitor").due is None


def test_1v_28_reference_data_goes_90_days_after_the_earlier_of_moving_out_and_withdrawing() -> None:
    states(
        28,
        jurisdictions=["US-NY-NYC"],
        persons="tenant",
        data="reference-data",
        period="P90D",
        period_basis="calendar-day",
        bound="at-most",
        trigger=["permanent-vacate", "consent-withdrawal"],
        trigger_rule="earliest",
        exceptions="1V-29",
    )
    settles(28, trigger_rule="earliest", stops_on="new-consent")
    moved, withdrew = {"permanent-vacate": date(2024, 5, 31)}, {"consent-withdrawal": date(2024, 3, 1)}
    assert goes("reference-data", moved).due == date(2024, 8, 29)
    both = goes("reference-data", {**moved, **withdrew})
    assert (both.due, set(grounds_of(both))) == (date(2024, 5, 30), {"1V-28"})
    assert goes("reference-data", {}).state == "waiting"
    assert goes("reference-data", {**withdrew, "new-consent": date(2024, 4, 1)}).due is None
    assert goes("reference-data", moved, ONTARIO).due is None
    incident = Hold("security-incident-detection", date(2024, 8, 20))
    kept = goes("reference-data", moved, NYC, incident)
    assert (kept.due, grounds_of(kept)) == (date(2024, 9, 19), ["1V-28", "1V-29"])
    taxed = goes("reference-data", moved, NYC, Hold("tax", date(2024, 8, 20), date(2030, 1, 1)))
    assert (taxed.due, [one.code for one in taxed.escalate]) == (date(2024, 8, 29), ["ground-not-admitted"])


def test_1v_29_three_grounds_alone_keep_it_longer_30_days_at_a_time() -> None:
    grounds = ["security-incident-detection", "malicious-fraud-illegal", "debugging-repair"]
    states(29, jurisdictions=["US-NY-NYC"], exceptions=grounds, closed_list=True)
    settles(29, hold_for="P30D", renewable=True, renewal_needs="written-reason")
    opened, since = {"collected": date(2024, 1, 15)}, date(2024, 4, 10)
    for ground in grounds:
        held = goes("authentication-data", opened, NYC, Hold(ground, since))
        assert (held.due, grounds_of(held)) == (date(2024, 5, 10), ["1V-27", "1V-29"])
    renewed = Hold("debugging-repair", since, None, ((date(2024, 5, 1), "the lock still fails"),))
    assert goes("authentication-data", opened, NYC, renewed).due == date(2024, 5, 31)
    unsaid = Hold("debugging-repair", since, None, ((date(2024, 5, 1), " "),))
    assert goes("authentication-data", opened, NYC, unsaid).due == date(2024, 5, 10)
    for ground in ("tax", "legal-obligation", "perform-contract", "other-legal"):
        refused = goes("authentication-data", opened, NYC, Hold(ground, since, date(2030, 1, 1)))
        assert (refused.due, [one.code for one in refused.escalate]) == (date(2024, 4, 14), ["ground-not-admitted"])
    elsewhere = goes("identifiers", {"account-end": date(2024, 1, 15)}, ONTARIO, Hold("debugging-repair", since))
    assert [one.code for one in elsewhere.escalate] == ["ground-not-admitted"]  # the list is for New York City data


def test_1v_30_facial_and_keyless_entry_end_at_once_in_three_ways() -> None:
    states(30, feature=["facial-entry", "keyless-entry"], effect=["stop-collection", "start-clock-1V-28"])
    settles(30, via=["app", "email", "phone"], effect="at-receipt")
    for feature in ("facial-entry", "keyless-entry"):
        on = [word(feature, "given", 1)]
        assert features().may_run(feature, on).answer == "allow"
        off = features().may_run(feature, [*on, word(feature, "withdrawn", 2)])
        assert (codes(off), named(off)) == (["feature-withdrawn"], {"1V-30"})
        ending = features().ending(feature)
        assert ending is not None
        assert (ending.ways, ending.effect, ending.refusal_allowed) == (("app", "email", "phone"), "at-receipt", False)
        assert "intercom" in (ending.consequence or "")  # the other ways in are shown
    withdrawn = {"consent-withdrawal": date(2024, 3, 1)}
    assert goes("reference-data", withdrawn).due == date(2024, 5, 30)


def test_1v_31_scans_every_month_and_a_review_every_year() -> None:
    states(
        31,
        measures=[
            "vulnerability-scanning",
            "secured-network",
            "restricted-access",
            "confidentiality-duty",
            "ssl-encryption",
        ],
    )
    settles(31, scan_every="P1M", review_every="P1Y")
    assert "scanned every 1 month" in sentence(v1(31))
    assert "reviewed every 1 year" in sentence(v1(31))
    assert "nobody can promise perfection" in sentence(v1(31))
    assert (
        "vulnerability scanning, secured network, restricted access, confidentiality duty and SSL encryption"
        in sentence(v1(31))
    )


def test_1v_32_card_and_bank_data_is_never_held_and_payments_never_handled() -> None:
    banned = ["card-number", "verification-number", "bank-account-number", "transaction-processing"]
    states(32, banned=banned, exceptions="none")
    assert all(data.must_not_hold(v1(32), one) for one in banned)
    assert not data.must_not_hold(v1(32), "token")
    assert named(inventory().may_hold("card-number")) == {"1V-32"}
    assert inventory().may_hold("token").answer == "allow"


def test_1v_33_a_breach_is_told_within_10_business_days_that_both_countries_share() -> None:
    states(
        33,
        channel=["email"],
        period="P10D",
        period_basis="business-day",
        bound="at-most",
        trigger="breach",
        audience="affected-persons",
    )
    settles(33, starts="detection", holidays="common-to-all-jurisdictions", audience="affected-persons")
    friday = datetime(2024, 6, 28, 14, 0, tzinfo=UTC)
    notice = breached(friday, occurred_at=friday - timedelta(days=40), confirmed_at=friday + timedelta(days=9))
    assert (notice.state, notice.due) == ("due", date(2024, 7, 12))
    assert (notice.channels, notice.audience) == (("email",), ("affected-persons",))
    later = breached(friday, delay=Delay("criminal-investigation", "police", date(2024, 8, 1)))
    assert (later.state, later.due) == ("due", date(2024, 7, 12))  # the promise knows no ground to wait
    assert {one.commitment for one in later.reasons} == {"1V-33"}
    assert ask("breach-notices", "breach-notice", "email", STOPPED).answer == "allow"


def test_1v_34_nobody_under_13_enrols_or_is_marketed_to() -> None:
    states(34, min_age=13, knowing_collection="banned", marketing_to_under="banned")
    grown = agreed("partner-offers")
    assert offer("CA-ON", grown, minor=False).answer == "allow"
    refused = offer("CA-ON", grown, minor=True)
    assert (codes(refused), named(refused)) == (["minor"], {"1V-34"})
    young = rulebook().consent_findings(draft(declared_age=12))
    assert {one.commitment for one in young} == {"1V-34"}
    assert rulebook().consent_findings(draft(declared_age=13)) == ()
    assert ages().minimum("marketing") == (13, ("1V-34",))
    for act in ("opt-in", "register", "collect", "marketing"):
        assert named(ages().may(act, 12)) == {"1V-34"}
        assert (ages().may(act, 12).answer, ages().may(act, 13).answer) == ("deny", "allow")


def test_1v_35_a_parents_report_suspends_at_once_and_deletes_within_5_days() -> None:
    states(35, request_type="minor-report", persons="parent", via=["email", "phone"], deadline="unset")
    settles(35, deadline="P5D", deadline_basis="calendar-day", suspend_within="P0D")
    parent = Asker(frozenset({"parent"}), "US-NY")
    table = asking().timetable("minor-report", ASKED, parent)
    assert (table.binding, table.due, table.suspend_by) == ("1V-35", date(2026, 11, 25), date(2026, 11, 20))
    assert asking().may_ask("minor-report", VISITOR).answer == "deny"
    (way,) = [one for one in asking().offered(parent) if one.request_type == "minor-report"]
    assert way.ways == ("email", "phone")


def test_1v_36_links_and_vendor_purchases_carry_a_notice() -> None:
    states(36, surface=["website", "portals", "resident-app"])
    assert "here: website, portals and resident App" in sentence(v1(36))


def test_1v_37_preference_cookies_never_reach_the_app() -> None:
    states(
        37,
        allowed_surfaces=["website", "portals"],
        banned_surfaces=["resident-app"],
        cookie_purposes=["preferences"],
    )
    for surface in ("website", "1connect-portal", "partner-portal"):
        assert named(tracker("preferences", surface)) == {"1V-37"}
        assert tracker("preferences", surface).answer == "allow"
    assert tracker("preferences", "resident-app").answer == "deny"
    assert "1V-37" in named(tracker("preferences", "resident-app"))
    assert codes(tracker("profiling", "website")) == ["purpose-not-named"]


def test_1v_38_advertising_stands_on_website_and_partner_portal_only() -> None:
    states(
        38,
        allowed_surfaces=["website", "partner-portal"],
        banned_surfaces=["1connect-portal", "resident-app"],
        recipients=["advertisers", "google-adsense"],
        data=["ip-address", "isp", "browser"],
    )
    for recipient in ("advertisers", "google-adsense"):
        for surface in ("website", "partner-portal"):
            shown = tracker("advertising", surface, recipient)
            assert (shown.answer, named(shown)) == ("allow", {"1V-38"})
        for surface in ("1connect-portal", "resident-app", "other-portals"):
            refused = tracker("advertising", surface, recipient, cookie=False)
            assert (codes(refused), named(refused)) == (["surface-banned"], {"1V-38"})


def test_1v_39_analytics_names_the_way_out_and_keeps_no_cookie_in_the_app() -> None:
    states(
        39,
        surfaces=["website", "portals", "resident-app"],
        recipients=["google"],
        opt_out_url="https://tools.google.com/dlpage/gaoptout",
        info_url="https://policies.google.com/technologies/partner-sites",
    )
    settles(39, app_analytics="cookieless-non-behavioural")
    for surface in ("website", "1connect-portal"):
        assert named(tracker("analytics", surface, "google")) == {"1V-39"}
    in_the_app = tracker("analytics", "resident-app", "google", cookie=False)
    assert (in_the_app.answer, named(in_the_app)) == ("allow", {"1V-39"})
    assert "app-analytics" in codes(tracker("analytics", "resident-app", "google"))
    assert trackers().controls().opt_out_urls == ("https://tools.google.com/dlpage/gaoptout",)


def test_1v_40_browsers_and_security_software_are_the_control_and_no_switch_is_promised() -> None:
    states(40, controls=["browser", "security-software"], on_site_control="not-promised")
    controls = trackers().controls()
    assert (controls.on_site, controls.switches, controls.browser) == (False, (), ("browser", "security-software"))


def test_1v_41_do_not_track_is_not_honoured_and_global_privacy_control_is_where_tags_are() -> None:
    states(41, dnt="not-honoured", gpc="not-stated")
    settles(41, gpc="honour", surfaces=["website", "partner-portal"])
    assert v1(41).decided["surfaces"] == v1(38).parameters["allowed_surfaces"]
    (said,) = trackers().statements()
    assert 'do not react to the browser\'s "Do Not Track"' in said
    assert "we obey it on website and partner portal" in said
    for surface in ("website", "partner-portal"):
        refused = tracker("advertising", surface, "advertisers", gpc=True)
        assert (codes(refused), named(refused)) == (["gpc-sent"], {"1V-41"})
        assert tracker("advertising", surface, "advertisers", dnt=True).answer == "allow"
    assert tracker("analytics", "1connect-portal", "google", gpc=True).answer == "allow"


def test_1v_42_no_cookie_tracks_and_no_third_party_follows_behaviour_in_the_app() -> None:
    states(
        42,
        banned=["tracking-cookies", "app-third-party-behavioral-tracking"],
        allowed=["anonymized-tracking-website-portals"],
    )
    followed = tracker("preferences", "website", behavioural=True)
    assert (codes(followed), named(followed)) == (["tracking-banned"], {"1V-42"})
    assert "1V-42" in named(tracker("analytics", "resident-app", "google", cookie=False, behavioural=True))
    assert tracker("analytics", "website", "google").answer == "allow"


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
    settles(44, deadline="P30D", deadline_basis="calendar-day")
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
    settles(45, deadline="P30D", deadline_basis="calendar-day")
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
    settles(49, deadline="P30D", deadline_basis="calendar-day")
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
