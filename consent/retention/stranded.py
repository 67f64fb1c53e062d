"""Records of people who were erased that wait for an event: nobody can be named any more of whom it could be told.

The erasure itself says nothing about the event: a tenant who had their data erased may live there still, and a law may
want a record kept from the day they leave. So it is no clock by itself. Somebody says on which day the event came, with
a reason; what a law wants kept stays for its time, counted from that day.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from consent.db import Sql, Tx
from consent.db.types import as_id, as_instant
from consent.deadlines.zones import local_date
from consent.errors import BadInput, NotFound
from consent.ledger.keys import Keyring
from consent.policies.answers.holdings import Held
from consent.policies.governing import InForce
from consent.retention import clocks, hold_rows
from consent.retention.clocks import Happened, Said
from consent.retention.reckoning import Reckoner
from consent.retention.rows import KEPT, kept_from
from consent.web.messages import N_

MOST = 1_000  # records that one look finds; the others follow when these have their day
NOT_STRANDED = N_("Nothing of this person waits for an event any more.")
NO_EVENT = N_("Choose the event for which the records wait.")
NOT_YET = N_("Give the day on which it happened: today or an earlier one.")

_FOUND = Sql(
    f"SELECT {KEPT}, gone.done_at FROM held_record"  # noqa: S608 - fixed columns
    " JOIN (SELECT stream_id, min(done_at) AS done_at FROM erasure_journal WHERE organization_id = :organization_id"
    " GROUP BY stream_id) gone ON gone.stream_id = held_record.person_id"
    " WHERE held_record.organization_id = :organization_id AND state = 'waiting' ORDER BY person_id, id LIMIT :most"
)


@dataclass(frozen=True, slots=True)
class Stranded:
    """What is left of one person who was erased, and the events for which it waits; `erased_on` by the local clock."""

    person_id: uuid.UUID
    erased_on: date
    categories: tuple[str, ...]
    stores: tuple[str, ...]
    count: int
    events: tuple[str, ...]


def found(tx: Tx, organization_id: uuid.UUID, reckoner: Reckoner) -> list[Stranded]:
    """Everybody of whom something waits for an event that nobody can tell any more."""
    people: dict[uuid.UUID, list[Any]] = {}
    for row in tx.all(_FOUND, {"organization_id": organization_id, "most": MOST}):
        people.setdefault(as_id(row[1]), []).append(row)
    return [_of(reckoner, person, rows) for person, rows in people.items()]


def settle(
    tx: Tx, keyring: Keyring, in_force: InForce, person_id: uuid.UUID, event: str, day: date, said: Said, now: datetime
) -> int:
    """The event came on that day, as somebody says: the records count from it. How many have another date now.

    NotFound where nothing of this person waits, BadInput for another event or a day to come.
    """
    reckoner = hold_rows.reckoner(tx, in_force.rulebook, now)
    organization_id, zone = in_force.log.organization_id, in_force.rulebook.retention.zone
    one = next((each for each in found(tx, organization_id, reckoner) if each.person_id == person_id), None)
    if one is None:
        raise NotFound(NOT_STRANDED)
    if event not in one.events:
        raise BadInput(NO_EVENT, field="event")
    if day > reckoner.today(now):
        raise BadInput(NOT_YET, field="day")
    at = min(datetime.combine(day, time(12), zone), now)
    happened = Happened(event, at, person_id=person_id)
    return len(clocks.start(tx, keyring, in_force.log, reckoner, happened, "staff", now, said))


def _of(reckoner: Reckoner, person_id: uuid.UUID, rows: Sequence[Any]) -> Stranded:
    retention = reckoner.rulebook.retention
    kept = [kept_from(row) for row in rows]
    things = {one.thing for one in kept}
    events = {
        event
        for one in things
        for event in retention.awaited(Held(one.category, dict(one.events), one.place, one.role, one.use))
    }
    return Stranded(
        person_id,
        local_date(as_instant(rows[0][11]), retention.zone),
        tuple(sorted({one.category for one in things})),
        tuple(sorted({one.store for one in kept})),
        len(rows),
        tuple(sorted(events)),
    )
