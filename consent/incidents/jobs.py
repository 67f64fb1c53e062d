"""Everybody on the list of an incident is told by mail: in small batches, resumed where they ended, nobody twice."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from consent.db import Database, Sql, Tx
from consent.db.types import as_id
from consent.incidents import queries, service
from consent.incidents.letters import letter_of
from consent.ledger.keys import Keyring
from consent.outbox import mail
from consent.policies.governing import Governing
from consent.subjects import service as subjects
from consent.subjects.addresses import canonical

BATCH = 50  # people whose streams one transaction holds

_TELLING = Sql("SELECT id FROM incident WHERE organization_id = :organization_id AND state = 'open' AND telling = :yes")


@dataclass(frozen=True, slots=True)
class Herald:
    """With what people are told."""

    db: Database
    keyring: Keyring
    governing: Governing


def tell(herald: Herald, organization_id: UUID, now: datetime) -> int:
    """Whoever can be reached by mail was told of every incident whose telling has begun; how many that were."""
    with herald.db.read(organization_id) as tx:
        waiting = [as_id(row[0]) for row in tx.all(_TELLING, {"organization_id": organization_id, "yes": True})]
    return sum(_tell(herald, organization_id, one, now) for one in waiting)


def _tell(herald: Herald, organization_id: UUID, incident_id: UUID, now: datetime) -> int:
    desk = service.Desk(herald.keyring, herald.governing.now(organization_id, now), "system", "system")
    after, count = UUID(int=0), 0
    while True:
        with herald.db.read(organization_id) as tx:
            found = queries.untold(tx, organization_id, incident_id, after, BATCH)
        if not found:
            return count
        after = found[-1]
        told = herald.db.write(lambda tx, ids=found: _batch(tx, desk, incident_id, ids, now), organization_id)  # type: ignore[misc]
        if told is None:
            return count
        count += told


def _batch(tx: Tx, desk: service.Desk, incident_id: UUID, contacts: list[UUID], now: datetime) -> int | None:
    """How many of them were told; None where nobody may be told any more: a ground, a ban or a law came since."""
    incident = queries.one(tx, desk.keyring, desk.organization_id, incident_id, lock=True)
    if incident is None or not incident.telling:
        return None
    if queries.against_telling(tx, desk.in_force.rulebook, desk.organization_id, incident, now) is not None:
        return None
    letter, count = letter_of(incident.words), 0
    for one in contacts:
        contact = subjects.by_id(tx, desk.keyring, desk.organization_id, one)
        if contact is None or contact.address is None or contact.key is None:
            continue  # erased meanwhile
        if service.record_told(tx, desk, incident, contact, "mail", now):
            mail.write(
                tx, desk.keyring, desk.organization_id, contact.key, canonical("email", contact.address, None), letter,
                now, kind="mail.incident", contact_point_id=contact.id, unique_key=f"incident:{incident_id}:{one}",
            )  # fmt: skip
            count += 1
    return count
