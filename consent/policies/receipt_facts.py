"""What a consent receipt tells about a program: notice, processing and parties, in the terms of ISO/IEC TS 27560."""

from collections.abc import Sequence
from typing import Any, Protocol

from consent.policies.kinds.retention import kept_for
from consent.policies.organization import OrganizationPack, Program
from consent.policies.version import PolicyVersionPack


class _Ref(Protocol):
    @property
    def policy(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def sha256(self) -> str: ...


def receipt_facts(
    organization: OrganizationPack, program: Program, versions: Sequence[PolicyVersionPack], governing: _Ref
) -> dict[str, Any]:
    """`notice`, `processing` (one entry), `parties` and `validity_duration` for the receipts of this program."""
    table = program.receipt
    recipients = [one for one in organization.recipients if one.key in table.get("recipients", [])]
    version = next(one for one in versions if (one.policy, one.version) == (governing.policy, governing.version))
    parties = [company_of(organization)] + [
        {"party_id": f"p{number}", "name": one.name, "role": "recipient", "type": "dpv:DataProcessor"}
        for number, one in enumerate(recipients, 2)
    ]
    return {
        "notice": {
            "id": governing.policy,
            "version": governing.version,
            "sha256": governing.sha256,
            "title": version.title,
            "language": organization.languages[0],
        },
        "processing": [
            {
                "purpose": program.sentence,
                "purpose_code": program.key,
                "purpose_type": list(table.get("purpose_type", [])),
                "lawful_basis": table.get("lawful_basis", "dpv:Consent"),
                "service": program.name,
                "pii": [dict(one) for one in table.get("pii", [])],
                "controllers": ["p1"],
                "recipients": [one["party_id"] for one in parties[1:]],
                "processing_method": list(table.get("processing_method", ["dpv:Use"])),
                "storage_locations": list(table.get("storage_locations", [])),
                "retention_period": _retention(versions, table.get("retention_of", "consent-records")),
                "jurisdiction": list(organization.jurisdictions),
                "withdrawal_method": table.get("withdrawal_method", ""),
                "privacy_rights": table.get("privacy_rights", ""),
                "geographic_restrictions": [],
            }
        ],
        "parties": parties,
        "validity_duration": table.get("validity_duration", "unlimited"),
    }


def company_of(organization: OrganizationPack) -> dict[str, Any]:
    """The organization as the first party of a receipt."""
    company = {
        "party_id": "p1",
        "name": organization.name,
        "role": "controller",
        "type": "dpv:DataController",
        "email": organization.email,
        "phone": organization.phone,
        "contact": organization.privacy_contact or organization.email,
    }
    if organization.postal_address:
        company["address"] = organization.postal_address
    if organization.website:
        company["url"] = organization.website
    return company


def _retention(versions: Sequence[PolicyVersionPack], category: str) -> str:
    """The period the policy keeps this class of data, so that a receipt never says another figure."""
    for version in versions:
        for commitment in version.commitments:
            kept = kept_for(commitment, category)
            if kept is not None:
                return kept[0]
            # Proof of consent may stay by an exception from the general period, settled class by class.
            settled = commitment.decided.get("periods", {}).get(category)
            if commitment.kind == "retention-exception" and settled is not None:
                return str(settled["for"])
    return "not stated"
