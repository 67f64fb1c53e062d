"""Internet service and managed networks at Valley, promise by promise: a case allowed, one refused, a figure.

The figures are literals, worked out from the policy by hand; none is read from the pack.
"""

from uuid import uuid4

import pytest

from consent.policies.check_version import check_version
from consent.policies.kinds import (
    KINDS,
    Promise,
    consent,
    data,
    documents,
    requests,
    retention,
    sharing,
)
from consent.policies.packs import parse_version
from consent.policies.reading import Source
from consent.policies.version import Commitment
from tests.policies.house import valley
from tests.policies.packs_vsh import goes_to, holds, uses, vsh


def test_there_are_63_commitments_numbered_without_a_gap() -> None:
    assert [one.id for one in valley()[1][0].commitments] == [f"VSH-{number:02d}" for number in range(1, 64)]


def test_vsh_01_is_the_privacy_policy_of_2_january_2025() -> None:
    assert (valley()[1][0].title, valley()[1][0].last_updated.isoformat()) == ("Privacy Policy", "2025-01-02")
    assert str(documents.effective_day(vsh(1))) == "2025-01-02"


def test_vsh_02_covers_seven_surfaces() -> None:
    surfaces = {"website", "internet-access", "managed-networking", "sms-mms", "voip", "billing", "customer-support"}
    assert set(vsh(2).parameters["surfaces"]) == surfaces
    assert {one.service for one in valley()[0].data_categories} <= surfaces


def test_vsh_03_measures_are_reviewed_yearly_and_nothing_is_guaranteed() -> None:
    assert vsh(3).parameters["measures"] == ["administrative", "technical", "physical"]
    assert (vsh(3).parameters["guarantee"], vsh(3).decided["review_every"]) == ("none", "P1Y")


def test_vsh_04_internet_only_customers_data_serves_five_ends() -> None:
    uses(4, {"provisioning", "network-operation", "network-security", "customer-support", "billing"}, "marketing")
    assert vsh(4).parameters["persons"] == "internet-only-customer"


def test_vsh_05_names_five_classes_for_internet_service() -> None:
    holds(
        5,
        {"account-contact", "provisioning-identifiers", "network-diagnostics", "aggregate-usage", "security-abuse"},
    )


def test_vsh_06_traffic_content_is_never_held_but_our_own_texts_are() -> None:
    for banned in ("webpages", "full-urls", "uri-paths", "query-strings", "search-queries", "messages", "emails",
                   "files", "av-streams", "payloads"):  # fmt: skip
        assert data.must_not_hold(vsh(6), banned, "customer-internet-traffic")
    assert not data.must_not_hold(vsh(6), "messages", "own-sms")
    assert not data.must_not_hold(vsh(6), "uptime", "customer-internet-traffic")
    assert vsh(6).parameters["exceptions"] == "none"


def test_vsh_07_managed_networking_is_off_without_subscription_and_equipment() -> None:
    assert vsh(7).parameters == {
        "feature": "managed-networking",
        "gate": ["active-subscription", "supported-equipment"],
        "default": "disabled",
    }


def test_vsh_08_internet_data_goes_to_four_recipients_as_needed() -> None:
    recipients = {"network-operators-wholesale", "local-puds", "service-vendors", "authorities-legal-process"}
    goes_to(8, "internet-service", recipients)
    assert vsh(8).parameters["condition"] == "necessary-only"


def test_vsh_09_logs_stay_180_days_and_account_data_12_months_after_service() -> None:
    assert retention.kept_for(vsh(9), "network-diagnostics") == ("P180D", "recorded")
    assert retention.kept_for(vsh(9), "account-contact") == ("P12M", "service-end")
    assert retention.kept_for(vsh(9), "invoices") is None


def test_vsh_10_remote_management_needs_the_customers_permission() -> None:
    assert vsh(10).parameters["feature"] == "managed-networking"
    assert vsh(10).parameters["granted_by"] == "customer"
    assert not consent.needs_opt_in(vsh(10), "sms", False)


def test_vsh_11_remote_management_ends_at_once_and_devices_within_2_business_days() -> None:
    assert vsh(11).decided == {
        "effect": "at-receipt",
        "finished_within": "P2D",
        "finished_within_basis": "business-day",
    }
    assert vsh(11).parameters["refusal_allowed"] is False


def test_vsh_12_destinations_are_no_finer_than_the_registrable_domain_for_90_days() -> None:
    holds(
        12,
        {"device-identifiers", "ip-assignments", "status-uptime", "signal-performance", "aggregate-bandwidth",
         "destination-tld-or-endpoint"},
    )  # fmt: skip
    assert vsh(12).decided == {"finest_destination": "registrable-domain", "retention": "P90D"}
    assert vsh(12).parameters["gate"] == "VSH-07"


def test_vsh_13_managed_customers_traffic_stays_unread_too() -> None:
    for banned in ("full-urls", "uri-paths", "query-strings", "decrypted-traffic", "packet-payloads",
                   "communication-content"):  # fmt: skip
        assert data.must_not_hold(vsh(13), banned)
    assert not data.must_not_hold(vsh(13), "destination-tld-or-endpoint")


def test_vsh_14_managed_networking_data_serves_five_ends_only() -> None:
    purposes = {"operate-maintain", "diagnose-resolve", "optimize", "threat-detection", "customer-support"}
    uses(14, purposes, "marketing", of="managed-networking")
    assert vsh(14).parameters["closed_list"] is True


def test_vsh_15_management_platforms_neither_sell_nor_advertise() -> None:
    for purpose in ("sale", "advertising", "analytics"):
        assert sharing.forbids(vsh(15), "managed-networking", "cloud-management-platforms", purpose)
    assert not sharing.forbids(vsh(15), "managed-networking", "cloud-management-platforms", "deliver-managed-services")


def test_vsh_16_platform_policies_are_supplied_within_10_days() -> None:
    assert requests.answer_within(vsh(16), "platform-policy-copy") == ("P10D", "calendar-day")
    assert requests.answer_within(vsh(16), "deletion") is None


@pytest.mark.parametrize("commitment", valley()[1][0].commitments, ids=lambda one: one.id)
def test_each_commitment_says_itself_in_one_plain_sentence(commitment: Promise) -> None:
    said = KINDS[commitment.kind].sentence(commitment.parameters, commitment.decided)
    assert said[0].isupper()
    assert said.endswith(".")
    assert "-" not in said or "@" in said or commitment.kind == "policy-metadata"


@pytest.mark.parametrize("commitment", valley()[1][0].commitments, ids=lambda one: one.id)
def test_each_clause_that_is_moved_away_is_noticed(commitment: Commitment) -> None:
    version = valley()[1][0]
    text = version.commitments_toml.replace(
        f'anchor = "{commitment.clause.anchor}"', f'anchor = "nowhere {uuid4().hex}"'
    )
    spoiled = parse_version(version.policy, version.version, version.text, text)
    source = Source(text, "commitments.toml")
    check_version(spoiled, source)
    assert any(one.message.startswith(f"{commitment.id}: the words") for one in source.findings)
