"""What an act wrote, read back from the ledger: for the summary after it, and for undoing it."""

import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from consent.db import Sql, Tx
from consent.db.transaction import Row
from consent.db.types import as_id
from consent.ledger import bodies
from consent.ledger.bodies import Leaf

# How long an act can be undone by one press; later the switches say the same.
UNDO_WITHIN = timedelta(minutes=30)
NEWEST = 40  # entries of a contact point that are looked through

_NEWEST = Sql(
    "SELECT e.body FROM contact_point c JOIN ledger_event e ON e.organization_id = c.organization_id"
    " AND e.stream_id = c.id WHERE c.organization_id = :organization_id AND c.channel = :channel"
    " AND c.tag64 = :tag64 ORDER BY e.stream_seq DESC LIMIT :most"
)
# The entries behind what holds at a contact point, each once.
_BEHIND = Sql(
    "SELECT event_id, body FROM ledger_event WHERE organization_id = :organization_id AND event_id IN"
    " (SELECT event_id FROM preference WHERE organization_id = :organization_id AND channel = :channel"
    " AND tag64 = :tag64)"
)


@dataclass(frozen=True, slots=True)
class Told:
    """The entries of one act, the oldest first, and what can still be done about it."""

    leaves: tuple[Leaf, ...]
    undone: bool
    in_time: bool

    @property
    def can_be_undone(self) -> bool:
        """Was it done lately, by a press that is no undoing itself?"""
        consents = any(one.type.startswith("consent.") for one in self.leaves)
        return consents and self.in_time and not self.undone and not any("undoes" in one.data for one in self.leaves)


def newest(tx: Tx, organization_id: uuid.UUID, places: Iterable[tuple[str, int]]) -> list[Leaf]:
    """The newest entries of these contact points, by channel and short tag."""
    asked = [
        (_NEWEST, {"organization_id": organization_id, "channel": channel, "tag64": tag64, "most": NEWEST})
        for channel, tag64 in places
    ]
    return [bodies.parse(bytes(row[0])) for rows in tx.gather(*asked) for row in rows]


def of_act(leaves: Sequence[Leaf], act: str, now: datetime) -> Told | None:
    """What the act of this mark wrote, if it wrote anything here."""
    mine = sorted((one for one in leaves if one.data.get("act") == act), key=lambda one: (one.recorded_at, one.id))
    if not mine:
        return None
    undone = any(one.data.get("undoes") == act for one in leaves)
    return Told(tuple(mine), undone, now - mine[-1].recorded_at <= UNDO_WITHIN)


def behind(organization_id: uuid.UUID, channel: str, tag64: int) -> tuple[Sql, dict[str, object]]:
    """What to ask for the entries behind what holds at this contact point; `methods` reads the answer."""
    return _BEHIND, {"organization_id": organization_id, "channel": channel, "tag64": tag64}


def methods(rows: Iterable[Row]) -> dict[uuid.UUID, str]:
    """How each of these entries came about, by the method that the ledger holds; the body is not proven by this."""
    found = ((as_id(event), json.loads(bytes(body))["data"].get("method")) for event, body in rows)
    return {event: method for event, method in found if isinstance(method, str)}
