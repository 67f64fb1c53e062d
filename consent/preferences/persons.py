"""Which people have something on record at an address that several share."""

import uuid
from collections.abc import Iterable

from consent.db import Tx
from consent.preferences import service as preferences
from consent.preferences.page import standing


def is_on_record(tx: Tx, organization_id: uuid.UUID, places: Iterable[tuple[str, int]], person_id: uuid.UUID) -> bool:
    """Whether this person said something at one of these places (channel, short tag) and has it still."""
    asked = {"organization_id": organization_id}
    found = tx.gather(
        *((preferences.SELECT_STATE, asked | {"channel": channel, "tag64": tag64}) for channel, tag64 in places)
    )
    return person_id in standing.known_at([preferences.state_from(rows) for rows in found])
