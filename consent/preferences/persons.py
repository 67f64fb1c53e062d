"""Which people have something on record at an address that several share."""

import uuid
from collections.abc import Iterable

from consent.db import Sql, Tx

_HERE = Sql(
    "SELECT 1 FROM preference WHERE organization_id = :organization_id AND channel = :channel AND tag64 = :tag64"
    " AND person_id = :person_id LIMIT 1"
)


def is_on_record(tx: Tx, organization_id: uuid.UUID, places: Iterable[tuple[str, int]], person_id: uuid.UUID) -> bool:
    """Whether something was ever said for this person at one of these places (channel and short tag)."""
    asked = {"organization_id": organization_id, "person_id": person_id}
    found = tx.gather(*((_HERE, asked | {"channel": channel, "tag64": tag64}) for channel, tag64 in places))
    return any(found)
