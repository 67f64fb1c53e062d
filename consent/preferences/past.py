"""What held at an instant that is over: the fold of what the ledger held then."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from consent.db import Sql, Tx
from consent.ledger.streams import IN_ANY_LOG
from consent.preferences import rules
from consent.preferences.rebuild import contacts
from consent.preferences.rules import State
from consent.preferences.service import facts_of

_BODIES = Sql(
    f"SELECT body FROM ledger_event WHERE organization_id = :organization_id AND {IN_ANY_LOG}"  # noqa: S608 - fixed
    " AND stream_id = :stream_id AND recorded_at <= :until ORDER BY log_id, stream_seq"
)


def state_at(tx: Tx, organization_id: UUID, contact_point_id: UUID, until: datetime) -> State:
    """What held for a contact point by everything recorded until then, whatever was recorded since."""
    asked = {"organization_id": organization_id, "stream_id": contact_point_id, "until": until}
    return rules.fold(facts_of(bytes(row[0]) for row in tx.all(_BODIES, asked)))


def dump(tx: Tx, organization_id: UUID, until: datetime) -> Iterator[tuple[Any, ...]]:
    """What held then, contact point by contact point, in rows like those of `queries.dump`."""
    for contact, channel, tag64 in contacts(tx, organization_id):
        for (program, person), one in sorted(state_at(tx, organization_id, contact, until).items()):
            said = (one.state, one.policy, one.policy_version, contact)
            yield channel, tag64, program, person, *said, one.occurred_at, one.stopped, one.sender, one.detail
