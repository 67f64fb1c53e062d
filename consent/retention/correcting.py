"""The day of an event was told wrong, and the right one lies earlier: what is kept would stay too long.

An event that is told again moves a clock later alone, so that a mistake never disposes of anything too soon. Earlier
goes with a reason and a second person's word (S39); the ledger shows both days.
"""

import uuid
from collections.abc import Mapping
from datetime import date, datetime, time

from consent.db import Tx
from consent.errors import BadInput, Conflict, Filled, NotFound
from consent.ledger.bodies import instant
from consent.ledger.keys import Keyring
from consent.policies.governing import InForce
from consent.retention import clocks, hold_rows
from consent.retention.clocks import Happened, Said
from consent.staff import approvals
from consent.staff.approvals import Approval
from consent.staff.doors import Member
from consent.web.messages import N_

WHAT = "record.correct"
NO_RECORD = N_("There is no such record, or it is on its way out.")
NO_EVENT = N_("Choose the event whose day is wrong: nothing of the others was told of this record.")
NOT_EARLIER = N_("Give a day before %(known)s. A later one needs nobody's word: tell the event again.")
NOT_ALLOWED = N_("Nobody has approved it yet, or it waited too long.")
MOVED_ON = N_("This record counts from another day by now, or has gone. Look at it again.")


def events_of(tx: Tx, organization_id: uuid.UUID, record_id: uuid.UUID) -> Mapping[str, datetime]:
    """What was told of a record that is still on the list; NotFound for one that is not, or is on its way out."""
    told = clocks.told(tx, organization_id, record_id)
    if told is None:
        raise NotFound(NO_RECORD)
    return told


def propose(
    tx: Tx, keyring: Keyring, in_force: InForce, member: Member, record_id: uuid.UUID, event: str, day: date,
    reason: str, now: datetime,
) -> None:  # fmt: skip
    """It waits for a second person. BadInput for an event that was not told, or a day that is not earlier."""
    rulebook, organization_id = in_force.rulebook, in_force.log.organization_id
    known = events_of(tx, organization_id, record_id).get(event)
    if known is None:
        raise BadInput(NO_EVENT, field="event")
    local = known.astimezone(rulebook.retention.zone).date()
    if day >= local:
        raise BadInput(Filled(NOT_EARLIER, known=local), field="day")
    at = datetime.combine(day, time(12), rulebook.retention.zone)
    facts = {"event": event, "happened_at": instant(at), "instead_of": instant(known), "why": reason}
    ripe = approvals.ripe_at(tx, rulebook.organization, organization_id, now)
    approvals.ask(
        tx, keyring, member.id, organization_id, WHAT, record_id, facts, now, name=member.name, ripe_at=ripe
    )  # fmt: skip


def standing(tx: Tx, organization_id: uuid.UUID, record_id: uuid.UUID, now: datetime) -> Approval | None:
    """What was proposed for this record and still waits or counts."""
    found = approvals.newest(tx, organization_id, WHAT, record_id)
    return found if found is not None and (found.waits(now) or found.counts(now)) else None


def carry_out(
    tx: Tx, keyring: Keyring, in_force: InForce, member: Member, record_id: uuid.UUID, now: datetime
) -> int:  # fmt: skip
    """The records count from the earlier day; how many. Conflict where nobody approved it, or it was done before."""
    found = approvals.newest(tx, in_force.log.organization_id, WHAT, record_id)
    if found is None or not found.counts(now):
        raise Conflict(NOT_ALLOWED)
    at, wrong = (datetime.fromisoformat(found.facts[name]) for name in ("happened_at", "instead_of"))
    reckoner = hold_rows.reckoner(tx, in_force.rulebook, now)
    happened, said = Happened(found.facts["event"], at, record_id), Said(member.name, found.facts["why"])
    moved = clocks.correct(tx, keyring, in_force.log, reckoner, happened, wrong, said, now)
    if not moved:
        raise Conflict(MOVED_ON)
    return moved
