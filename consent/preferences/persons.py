"""Which people have something on record at an address that several share."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from consent.db import Tx
from consent.ledger.keys import Keyring
from consent.preferences import service as preferences
from consent.preferences.page import holder, standing
from consent.subjects import service as subjects


def is_on_record(tx: Tx, organization_id: uuid.UUID, places: Iterable[tuple[str, int]], person_id: uuid.UUID) -> bool:
    """Whether this person said something at one of these places (channel, short tag) and has it still."""
    asked = {"organization_id": organization_id}
    found = tx.gather(
        *((preferences.SELECT_STATE, asked | {"channel": channel, "tag64": tag64}) for channel, tag64 in places)
    )
    return person_id in standing.known_at([preferences.state_from(rows) for rows in found])


def given_up_at(keyring: Keyring, tx: Tx, organization_id: uuid.UUID, contact_point_id: uuid.UUID) -> datetime | None:
    """When it was last reported that whoever had this contact point has it no more; None where nothing was."""
    contact = subjects.by_id(tx, keyring, organization_id, contact_point_id)
    if contact is None:
        return None
    return holder.changed_at([preferences.read(tx, organization_id, contact.channel, contact.tag64)])
