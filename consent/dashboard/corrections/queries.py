"""What waits to be decided, each with the value that was corrected and the one that came."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from consent.db import Sql, Tx
from consent.db.types import as_id, as_instant
from consent.ledger import keys
from consent.ledger.keys import Keyring
from consent.privacy_requests.answers import corrected
from consent.privacy_requests.answers.corrected import ADDRESS, VALUE, Brought
from consent.subjects import service as subjects
from consent.subjects.addresses import masked
from consent.web.masking import mask

MOST = 100
_STANDS = Sql(
    "SELECT sealed_value, request_id, corrected_at FROM corrected_value WHERE organization_id = :organization_id"
    " AND contact_point_id = :contact_point_id AND field = :field"
)
_COUNT = Sql(
    "SELECT count(*) FROM (SELECT 1 FROM correction_conflict WHERE organization_id = :organization_id"
    " AND settled_at IS NULL LIMIT :most) counted"
)


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field of somebody: what stands since they had it corrected, and what a source brought against it."""

    id: UUID
    person: str
    name: str
    source: str
    found_at: datetime
    came: str = field(repr=False)
    stands: str = field(default="", repr=False)
    request_id: UUID | None = None
    corrected_at: datetime | None = None


def waiting(tx: Tx, keyring: Keyring, organization_id: UUID) -> Sequence[Conflict]:
    """The oldest first; addresses are masked, so that nobody is unmasked in passing."""
    found = corrected.waiting(tx, keyring, organization_id, MOST)
    return [_conflict(tx, keyring, organization_id, one) for one in found]


def count(tx: Tx, organization_id: UUID, most: int) -> int:
    """How many wait; counted up to `most`."""
    row = tx.one(_COUNT, {"organization_id": organization_id, "most": most})
    return int(row[0]) if row is not None else 0


def _conflict(tx: Tx, keyring: Keyring, organization_id: UUID, one: Brought) -> Conflict:
    contact = subjects.by_id(tx, keyring, organization_id, one.contact_point_id)
    channel = contact.channel if contact is not None else ""
    shown = masked(channel, contact.address) if contact is not None and contact.address is not None else ""
    came = _shown(one.field, channel, one.value)
    place = {"organization_id": organization_id, "contact_point_id": one.contact_point_id, "field": one.field}
    row = tx.one(_STANDS, place)
    if row is None or contact is None or contact.key is None:
        return Conflict(one.id, shown, one.field, one.source, one.found_at, came)
    where = f"{VALUE}|{one.field}"
    said = keys.open_facts(contact.key, bytes(row[0]), organization_id, one.contact_point_id, where).decode()
    stands = _shown(one.field, channel, said)
    return Conflict(one.id, shown, one.field, one.source, one.found_at, came, stands, as_id(row[1]), as_instant(row[2]))


def _shown(name: str, channel: str, value: str) -> str:
    return masked(channel, value) if name == ADDRESS else mask(value)
