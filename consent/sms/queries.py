"""Reads of the texts that arrived."""

import uuid
from collections.abc import Iterator

from consent.db import Sql, Tx
from consent.db.types import as_id
from consent.ledger import disclosures, keys
from consent.ledger.keys import Keyring
from consent.ledger.service import FACTS

_INBOUND = Sql(
    "SELECT i.event_id, d.ciphertext, d.key_version, k.wrapped_key, i.outcome, i.review FROM inbound i"
    " JOIN ledger_disclosure d ON d.organization_id = i.organization_id AND d.event_id = i.event_id"
    " AND d.name = :facts"
    " JOIN stream_key k ON k.organization_id = i.organization_id AND k.stream_id = i.contact_point_id"
    " WHERE i.organization_id = :organization_id ORDER BY i.event_id"
)


def gateway_ids(tx: Tx, keyring: Keyring, organization_id: uuid.UUID) -> Iterator[tuple[str, str, str]]:
    """The gateway's id, the meaning and the review state of every stored text whose facts are still readable."""
    for event_id, sealed, version, wrapped, outcome, review in tx.all(
        _INBOUND, {"organization_id": organization_id, "facts": FACTS}
    ):
        if wrapped is None:
            continue
        key = keyring.stream_key(organization_id, bytes(wrapped))
        plain = keys.open_facts(key, bytes(sealed), organization_id, as_id(event_id), FACTS, version)
        for one in disclosures.unpack(plain):
            if one.name == "provider_msg_id":
                yield str(one.value), outcome, review
