"""One consent, its receipt and the keys to check it with; no policy pack needed."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from consent.evidence import bundles, receipts
from consent.evidence.receipts import Issuer
from consent.ledger import bodies, published, queries
from consent.ledger.disclosures import Disclosure
from consent.ledger.service import Entry
from tests.ledger.house import ORGANIZATION, House

ISSUER = Issuer("https://consent.example", "acme")
FACTS: dict[str, Any] = {
    "notice": {"id": "sms-terms", "version": "7", "sha256": "A" * 43, "language": "en"},
    "processing": [
        {
            "purpose": "Appointment reminders by text",
            "purpose_code": "reminders",
            "purpose_type": ["dpv:CommunicationManagement"],
            "lawful_basis": "dpv:Consent",
            "service": "Reminders",
            "pii": [{"type": "pd:TelephoneNumber", "optional": False, "sensitive": False}],
            "controllers": ["p1"],
            "recipients": ["p2"],
            "processing_method": ["dpv:Use"],
            "storage_locations": ["CA"],
            "retention_period": "P3Y",
            "jurisdiction": ["CA-ON"],
            "withdrawal_method": "Reply STOP",
            "privacy_rights": "https://acme.example/rights",
            "geographic_restrictions": [],
        }
    ],
    "parties": [
        {
            "party_id": "p1",
            "name": "Acme Clinic",
            "role": "controller",
            "type": "dpv:DataController",
            "email": "privacy@acme.example",
            "contact": "Privacy Officer",
            "address": "1 Main Street",
            "url": "https://acme.example",
        },
        {"party_id": "p2", "name": "A carrier", "role": "recipient", "type": "dpv:DataProcessor"},
    ],
    "validity_duration": "P2Y",
}
DATA = {"method": "web-form", "policy": "sms-terms", "policy_version": "7", "policy_sha256": "A" * 43}


@dataclass
class Scene:
    """A sealed consent among others, and everything a holder has of it."""

    house: House
    entry: Entry
    claims: dict[str, Any]
    receipt: str
    jwks: dict[str, Any]
    bundle: bundles.Bundle


@pytest.fixture
def scene(tmp_path: Path) -> Any:
    """A consent given for one program, sealed."""
    house = House.build(tmp_path)
    house.happen(3)
    (entry,) = house.happen(type="consent.given", source="api", purposes=("reminders",), data=DATA, message=None)
    house.happen(2)
    house.seal()
    leaf = bodies.parse(entry.body)
    claims = receipts.claims(leaf, [FACTS], ISSUER)
    receipt = receipts.sign(claims, house.keyring.receipt_key(ORGANIZATION, leaf.recorded_at))
    with house.db.read(ORGANIZATION) as tx:
        proof = queries.proof_of(tx, ORGANIZATION, entry.event_id)
    made = bundles.make(receipt, entry.body, shown(house, entry.event_id), proof)
    yield Scene(house, entry, claims, receipt, published.jwks(house.keyring, [ORGANIZATION]), made)
    house.db.close()


def shown(house: House, event_id: UUID) -> list[Disclosure]:
    """The personal facts of an event."""
    with house.db.read(ORGANIZATION) as tx:
        return queries.facts(tx, house.keyring, ORGANIZATION, event_id)
