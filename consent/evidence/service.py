"""Receipts and bundles of what stands in the ledger."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from consent.db import Tx
from consent.errors import NotFound
from consent.evidence import bundles, receipts
from consent.evidence.bundles import Bundle
from consent.evidence.receipts import Issuer
from consent.ledger import anchors, bodies, queries
from consent.ledger.bodies import Leaf
from consent.ledger.keys import Keyring
from consent.policies import service as policies
from consent.policies.receipt_facts import company_of
from consent.policies.rulebook import Rulebook


def receipt_of(leaf: Leaf, rulebook: Rulebook, keyring: Keyring, organization_id: UUID, url: str) -> str:
    """The signed receipt of a consent event. Made anew it is the same: its key is the one of that time."""
    issuer = Issuer(url, rulebook.organization.slug)
    stated = receipts.claims(leaf, [_facts_of(rulebook, code) for code in leaf.purposes], issuer)
    return receipts.sign(stated, keyring.receipt_key(organization_id, leaf.recorded_at))


def receipt(tx: Tx, keyring: Keyring, organization_id: UUID, event_id: UUID, url: str) -> str:
    """The signed receipt of a stored event; NotFound where there is none."""
    leaf = bodies.parse(_stored(tx, organization_id, event_id).body)
    if leaf.type not in receipts.STATES:
        raise NotFound("There is no receipt of this entry: it is about no consent.")
    return receipt_of(leaf, policies.rulebook_at(tx, organization_id, leaf.occurred_at), keyring, organization_id, url)


def bundle(
    tx: Tx, keyring: Keyring, organization_id: UUID, event_id: UUID, url: str, names: Iterable[str] = ()
) -> Bundle:
    """Receipt, body and proof of one event, with the personal facts of these names and no others."""
    stored = _stored(tx, organization_id, event_id)
    wanted = frozenset(names)
    known = queries.facts(tx, keyring, organization_id, event_id) if wanted else []
    shown = [one for one in known if one.name in wanted]
    proof = queries.proof_of(tx, organization_id, event_id)
    stamps = anchors.of_proof(tx, organization_id, stored.log_id, proof) if proof is not None else ()
    return bundles.make(receipt(tx, keyring, organization_id, event_id, url), stored.body, shown, proof, stamps)


def _stored(tx: Tx, organization_id: UUID, event_id: UUID) -> queries.StoredEvent:
    stored = queries.event(tx, organization_id, event_id)
    if stored is None:
        raise NotFound("There is no such entry.")
    return stored


def _facts_of(rulebook: Rulebook, code: str) -> Mapping[str, Any]:
    """What the pack says about a program; of a feature its words, of what the pack no longer has, the code alone."""
    if rulebook.program(code) is not None:
        return rulebook.receipt_facts(code)
    governing, organization = rulebook.policy_version, rulebook.organization
    feature = rulebook.features.feature(code)
    named = {"purpose": feature.sentence, "service": feature.name} if feature is not None else {"purpose": code}
    return {
        "notice": {
            "id": governing.policy,
            "version": governing.version,
            "language": organization.languages[0],
        },
        "processing": [
            {
                **named,
                "purpose_code": code,
                "purpose_type": [],
                "lawful_basis": "dpv:Consent",
                "pii": [],
                "controllers": ["p1"],
                "recipients": [],
                "processing_method": [],
                "storage_locations": [],
                "retention_period": "not stated",
                "jurisdiction": list(organization.jurisdictions),
                "withdrawal_method": "",
                "privacy_rights": "",
                "geographic_restrictions": [],
            }
        ],
        "parties": [company_of(organization)],
    }
