"""Find a request by an exact identifier: its number, or the whole address it came from; parts find nothing."""

import uuid

from consent.dashboard.requests.filters import LIST, Filters
from consent.db import Sql, Tx
from consent.db.types import as_id
from consent.ledger.keys import Keyring
from consent.privacy_requests import rules
from consent.subjects import service as subjects
from consent.subjects.addresses import BadAddress, Kind, canonical

LONGEST = 320
_BY_REFERENCE = Sql(
    "SELECT id FROM privacy_request WHERE organization_id = :organization_id AND reference = :reference"
)
_HAS_REQUEST = Sql(
    "SELECT id FROM privacy_request WHERE organization_id = :organization_id AND contact_point_id = :contact LIMIT 1"
)


def find(tx: Tx, keyring: Keyring, organization_id: uuid.UUID, text: str, region: str | None) -> str | None:
    """Where the result stands: the page of the request, or the queue of one contact point; no address is in either."""
    asked = {"organization_id": organization_id}
    reference = rules.typed(text, (5, 5)) if len(text) <= 20 else ""
    if reference and (row := tx.one(_BY_REFERENCE, asked | {"reference": reference})) is not None:
        return f"{LIST}/{as_id(row[0])}"
    for channel in ("email",) if "@" in text else ("sms", "voice"):
        try:
            address = canonical(channel, text, region)
        except BadAddress:
            continue
        if address.kind not in (Kind.E164, Kind.EMAIL):
            continue
        contact = subjects.find(tx, organization_id, subjects.tagged(keyring, organization_id, address))
        if contact is not None and tx.one(_HAS_REQUEST, asked | {"contact": contact}) is not None:
            return Filters(contact=str(contact)).address()
    return None
