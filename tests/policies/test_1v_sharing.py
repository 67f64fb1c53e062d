"""To whom 1VALET writes and gives data, promise by promise: what each allows and what it refuses.

The figures are literals, worked out from the policy by hand; none is read from the pack.
"""

from consent.policies.kinds import sentence, sharing
from tests.policies.packs_1v import (
    NOBODY,
    ON_FILE,
    STOPPED,
    about,
    agreed,
    ask,
    codes,
    named,
    offer,
    parts,
    settles,
    share,
    states,
    v1,
)


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
