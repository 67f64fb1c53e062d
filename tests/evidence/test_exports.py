"""Receipts in the words of others, member by member of the mapping."""

from typing import Any

from consent.evidence import exports
from tests.evidence.conftest import Scene


def test_the_27560_record_holds_every_mandatory_field(scene: Scene) -> None:
    made = exports.iso_27560(scene.claims)
    assert made["@id"] == f"urn:uuid:{scene.entry.event_id}"
    assert made["dct:conformsTo"][0] == "ISO/IEC TS 27560:2023"
    assert made["dpv:hasNotice"]["dct:hasVersion"] == "7"
    assert made["dct:language"] == "en"
    (process,) = made["dpv:hasProcess"]
    assert process["dpv:hasPurpose"]["dct:identifier"] == "reminders"
    assert process["dpv:hasLegalBasis"] == {"@type": "dpv:Consent"}
    assert process["dpv:hasPersonalData"][0]["@type"] == "pd:TelephoneNumber"
    assert process["dpv:hasStorageCondition"] == {"dpv:hasLocation": ["CA"], "dpv:hasDuration": "P3Y"}
    assert process["dpv:hasJurisdiction"] == ["CA-ON"]
    assert process["dpv:hasConsentControl"] == "Reply STOP"
    assert process["dpv:hasDataController"][0]["dpv:hasName"] == "Acme Clinic"
    assert process["dpv:hasRecipient"][0]["dpv:hasName"] == "A carrier"
    (status,) = made["dpv:hasConsentStatus"]
    assert status["@type"] == "dpv:ConsentGiven"
    assert status["dct:valid"] == "P2Y"


def test_every_prefix_of_the_27560_record_is_declared(scene: Scene) -> None:
    made = exports.iso_27560(scene.claims)
    assert prefixes(made) <= made["@context"].keys() | {"urn", "https"}


def prefixes(value: Any) -> set[str]:
    if isinstance(value, dict):
        names = {key.split(":")[0] for key in value if ":" in key}
        types = value.get("@type", [])
        names |= {one.split(":")[0] for one in ([types] if isinstance(types, str) else types)}
        return names.union(*(prefixes(inner) for name, inner in value.items() if name != "@context"))
    if isinstance(value, list):
        return set().union(*(prefixes(inner) for inner in value))
    return set()


def test_the_kantara_receipt_holds_its_mandatory_fields(scene: Scene) -> None:
    made = exports.kantara(scene.claims)
    assert made["version"] == "KI-CR-v1.1.0"
    assert made["jurisdiction"] == "CA-ON"
    assert made["consentTimestamp"] == int(scene.entry.occurred_at.timestamp())
    assert made["consentReceiptID"] == str(scene.entry.event_id)
    assert made["piiControllers"][0] == {
        "piiController": "Acme Clinic",
        "contact": "Privacy Officer",
        "address": "1 Main Street",
        "email": "privacy@acme.example",
        "piiControllerUrl": "https://acme.example",
    }
    (purpose,) = made["services"][0]["purposes"]
    assert purpose["consentType"] == "EXPLICIT"
    assert purpose["piiCategory"] == ["pd:TelephoneNumber"]
    assert (purpose["termination"], purpose["thirdPartyName"]) == ("P3Y", "A carrier")
    assert made["sensitive"] is False
