"""What is on record for each contact point, one after the other, as the gate is asked about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from consent.db import Sql, Tx
from consent.db.types import as_id
from consent.preferences import numbers
from consent.preferences.rules import State
from consent.preferences.service import state_from

_STATES = Sql(
    "SELECT channel, tag64, contact_point_id, program, person_id, state, occurred_at, event_id, policy,"
    " policy_version, sender, stopped, detail FROM preference WHERE organization_id = :organization_id"
    " ORDER BY channel, tag64"
)


@dataclass(frozen=True, slots=True)
class OnRecord:
    """One contact point and everything that was said about it."""

    channel: str
    contact_point_id: UUID
    state: State

    @property
    def persons(self) -> frozenset[UUID]:
        """Who said it, as far as that is known."""
        return frozenset(person for program, person in self.state if person.int > 0 and program != numbers.IN_REVIEW)


def on_record(tx: Tx, organization_id: UUID) -> Iterator[OnRecord]:
    """Every contact point of which something is on record, in flat memory."""
    rows = tx.stream(_STATES, {"organization_id": organization_id})
    for (channel, _tag), mine in groupby(rows, key=lambda row: (row[0], row[1])):
        kept = list(mine)
        yield OnRecord(str(channel), as_id(kept[0][2]), state_from([tuple(row[3:]) for row in kept]))
