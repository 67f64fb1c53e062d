"""Receipts in the words of others: ISO/IEC TS 27560 as JSON-LD with DPV, and Kantara Consent Receipt 1.1.

Exports are copies for other programs; the signed receipt stays the evidence. Pure: claims in, documents out.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

Claims = Mapping[str, Any]

CONTEXT = {
    "dct": "http://purl.org/dc/terms/",
    "dpv": "https://w3id.org/dpv#",
    "pd": "https://w3id.org/dpv/pd#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
# What DPV calls the states of a consent (https://w3id.org/dpv#ConsentStatus).
STATUS = {
    "given": "dpv:ConsentGiven",
    "refused": "dpv:ConsentRefused",
    "withdrawn": "dpv:ConsentWithdrawn",
    "expired": "dpv:ConsentExpired",
}
KANTARA_VERSION = "KI-CR-v1.1.0"
EXPLICIT = "EXPLICIT"


def iso_27560(claims: Claims) -> dict[str, Any]:
    """The receipt as a JSON-LD consent receipt record (ISO/IEC TS 27560:2023 in the terms of DPV)."""
    record = claims["record"]
    parties = {party["party_id"]: party for party in record["parties"]}
    return {
        "@context": CONTEXT,
        "@type": "dpv:ConsentReceipt",
        "@id": f"urn:uuid:{claims['jti']}",
        "dct:identifier": claims["jti"],
        "dct:conformsTo": list(claims["conforms_to"]),
        "dct:hasVersion": record["schema_version"],
        "dct:language": record["language"],
        "dct:issued": {"@type": "xsd:integer", "@value": claims["iat"]},
        "dct:isPartOf": f"urn:uuid:{record['record_id']}",
        "dpv:hasDataSubject": {"@id": f"urn:uuid:{record['pii_principal_id']}"},
        "dpv:hasNotice": {
            "@type": "dpv:PrivacyNotice",
            "@id": record["notice"]["url"],
            "dct:identifier": record["notice"]["id"],
            "dct:hasVersion": record["notice"]["version"],
            "dct:language": record["notice"]["language"],
            "dpv:hasHash": record["notice"]["sha256"],
        },
        "dpv:hasProcess": [_process(one, parties) for one in record["processing"]],
        "dpv:hasConsentStatus": [
            {
                "@type": STATUS[event["event_state"]],
                "dct:identifier": event["event_id"],
                "dct:date": {"@type": "xsd:dateTime", "@value": event["event_time"]},
                "dct:valid": event["validity_duration"],
                "dpv:isIndicatedBy": {"@id": f"urn:uuid:{event['entity_id']}"},
                "dpv:hasIndicationMethod": event["method"],
                "dct:type": event["event_type"],
            }
            for event in record["events"]
        ],
    }


def kantara(claims: Claims) -> dict[str, Any]:
    """The receipt in the fields of Kantara's Consent Receipt 1.1; what that has no field for is left out."""
    record = claims["record"]
    event = record["events"][-1]
    names = {party["party_id"]: party["name"] for party in record["parties"]}
    moment = datetime.fromisoformat(event["event_time"])
    return {
        "version": KANTARA_VERSION,
        "jurisdiction": ", ".join(_once(place for one in record["processing"] for place in one["jurisdiction"])),
        "consentTimestamp": int(moment.timestamp()),
        "collectionMethod": event["method"],
        "consentReceiptID": claims["jti"],
        "language": record["language"],
        "piiPrincipalId": record["pii_principal_id"],
        "piiControllers": [
            _without_blanks(
                {
                    "piiController": party["name"],
                    "contact": party.get("contact", ""),
                    "address": party.get("address", ""),
                    "email": party.get("email", ""),
                    "phone": party.get("phone", ""),
                    "piiControllerUrl": party.get("url", ""),
                }
            )
            for party in record["parties"]
            if party["role"] == "controller"
        ],
        "policyUrl": record["notice"]["url"],
        "services": [_kantara_service(one, names, event["event_state"]) for one in record["processing"]],
        "sensitive": any(pii["sensitive"] for one in record["processing"] for pii in one["pii"]),
        "spiCat": _once(pii["type"] for one in record["processing"] for pii in one["pii"] if pii["sensitive"]),
    }


FORMATS: dict[str, Callable[[Claims], dict[str, Any]]] = {"iso-27560": iso_27560, "kantara": kantara}


def _process(processing: Claims, parties: Mapping[str, Claims]) -> dict[str, Any]:
    return {
        "@type": "dpv:Process",
        "dpv:hasPurpose": {
            "dct:title": processing["purpose"],
            "dct:identifier": processing["purpose_code"],
            "@type": list(processing["purpose_type"]),
        },
        "dpv:hasLegalBasis": {"@type": processing["lawful_basis"]},
        "dpv:hasPersonalData": [
            {"@type": pii["type"], "dpv:isOptional": pii["optional"], "dpv:isSensitive": pii["sensitive"]}
            for pii in processing["pii"]
        ],
        "dpv:hasDataController": [_party(parties[one]) for one in processing["controllers"]],
        "dpv:hasRecipient": [_party(parties[one]) for one in processing["recipients"]],
        "dpv:hasDataSource": processing["collection_method"],
        "dpv:hasProcessing": [{"@type": one} for one in processing["processing_method"]],
        "dpv:hasService": processing.get("service", ""),
        "dpv:hasStorageCondition": {
            "dpv:hasLocation": list(processing["storage_locations"]),
            "dpv:hasDuration": processing["retention_period"],
        },
        "dpv:hasJurisdiction": list(processing["jurisdiction"]),
        "dpv:hasConsentControl": processing["withdrawal_method"],
        "dpv:hasRight": processing["privacy_rights"],
    }


def _party(party: Claims) -> dict[str, Any]:
    contact = {"dpv:hasName": party.get("contact", ""), "dpv:hasEmail": party.get("email", "")}
    return _without_blanks(
        {
            "@type": party["type"],
            "dpv:hasName": party["name"],
            "dpv:hasAddress": party.get("address", ""),
            "dpv:hasContact": _without_blanks(contact) or "",
            "dpv:hasURL": party.get("url", ""),
        }
    )


def _kantara_service(processing: Claims, names: Mapping[str, str], state: str) -> dict[str, Any]:
    recipients = [names[one] for one in processing["recipients"]]
    purpose = {
        "purpose": processing["purpose"],
        "purposeCategory": list(processing["purpose_type"]),
        "consentType": EXPLICIT if state == "given" else f"{EXPLICIT} ({state})",
        "piiCategory": [pii["type"] for pii in processing["pii"]],
        "primaryPurpose": True,
        "termination": processing["retention_period"],
        "thirdPartyDisclosure": bool(recipients),
    }
    if recipients:
        purpose["thirdPartyName"] = ", ".join(recipients)
    return {"service": processing.get("service") or processing["purpose"], "purposes": [purpose]}


def _without_blanks(members: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value != ""}


def _once(values: Any) -> list[str]:
    return list(dict.fromkeys(values))
