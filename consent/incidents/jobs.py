"""Everybody on the list of an incident is told by mail: in small batches, resumed where they ended, nobody twice."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from consent.db import Database, Sql, Tx
from consent.db.types import as_id
from consent.incidents import another_way, former, queries, service
from consent.incidents.letters import letter_of
from consent.ledger.keys import Keyring
from consent.outbox import mail
from consent.policies.governing import Governing
from consent.subjects import service as subjects
from consent.subjects.addresses import canonical

NOBODY = UUID(int=0)
BATCH = 50  # people whose streams one transaction holds

_OPEN = Sql("SELECT id, telling FROM incident WHERE organization_id = :organization_id AND state = 'open' ORDER BY id")


@dataclass(frozen=True, slots=True)
class Herald:
    """With what people are told."""

    db: Database
    keyring: Keyring
    governing: Governing


def tell(herald: Herald, organization_id: UUID, now: datetime) -> int:
    """Whose letters left was told, and whoever mail can reach has a letter in the outbox; how many new ones there are.

    They are of the incidents whose telling has begun.
    """
    with herald.db.read(organization_id) as tx:
        found = [(as_id(row[0]), bool(row[1])) for row in tx.all(_OPEN, {"organization_id": organization_id})]
    if not found:
        return 0
    desk = service.Desk(herald.keyring, herald.governing.now(organization_id, now), "system", "system")
    for incident_id, _ in found:
        _settle(herald, desk, incident_id, now)
        _set_aside(herald, desk, incident_id, now)
    return sum(_tell(herald, desk, incident_id, now) for incident_id, telling in found if telling)


def _settle(herald: Herald, desk: service.Desk, incident_id: UUID, now: datetime) -> None:
    """Only a letter that left has told anybody: the others wait, or somebody must tell their people."""
    settled = True
    while settled:
        with herald.db.read(desk.organization_id) as tx:
            found = queries.left(tx, desk.organization_id, incident_id, BATCH)
        settled = bool(found) and herald.db.write(
            lambda tx, some=found: _note(tx, desk, incident_id, some, now),  # type: ignore[misc]
            desk.organization_id,
        )


def _set_aside(herald: Herald, desk: service.Desk, incident_id: UUID, now: datetime) -> None:
    """Whoever gave an address up since they were put on the list is told another way."""
    with herald.db.read(desk.organization_id) as tx:
        if not former.given_up(tx, desk.organization_id, incident_id):
            return
    herald.db.write(lambda tx: another_way.set_aside(tx, desk, incident_id, now), desk.organization_id)


def _note(
    tx: Tx, desk: service.Desk, incident_id: UUID, left: list[tuple[UUID, bytes, datetime]], now: datetime
) -> bool:
    """Is anybody of them told by it who was not before?"""
    if queries.one(tx, desk.keyring, desk.organization_id, incident_id, lock=True) is None:
        return False
    told = False
    for one, letter, at in left:
        contact = subjects.by_id(tx, desk.keyring, desk.organization_id, one)
        if contact is not None and contact.key is not None:
            told |= service.record_told(tx, desk, incident_id, contact, "mail", letter, at, now)
    return told


def _tell(herald: Herald, desk: service.Desk, incident_id: UUID, now: datetime) -> int:
    with herald.db.read(desk.organization_id) as tx:
        waits = queries.untold(tx, desk.organization_id, incident_id, NOBODY, 1)
    after, count = NOBODY if waits else None, 0
    while after is not None:
        after, written = herald.db.write(
            lambda tx, behind=after: _batch(tx, desk, incident_id, behind, now),  # type: ignore[misc]
            desk.organization_id,
        )
        count += written
    return count


def _batch(tx: Tx, desk: service.Desk, incident_id: UUID, after: UUID, now: datetime) -> tuple[UUID | None, int]:
    """Behind whom the next batch begins, and how many letters wait now that did not.

    None where this was the last, or where nobody may be told any more: a ground, a ban or a law came since.
    """
    incident = queries.one(tx, desk.keyring, desk.organization_id, incident_id, lock=True)
    if incident is None or not incident.telling:
        return None, 0
    if queries.against_telling(tx, desk.in_force.rulebook, desk.organization_id, incident, now) is not None:
        return None, 0
    former.set_aside(tx, desk.organization_id, incident_id, now)
    found = queries.untold(tx, desk.organization_id, incident_id, after, BATCH)  # read once nobody else tells them
    count = 0
    for one in found:
        contact = subjects.by_id(tx, desk.keyring, desk.organization_id, one)
        if contact is None or contact.address is None or contact.key is None:
            continue  # erased meanwhile
        words = service.for_person(tx, desk.organization_id, contact, incident.words)
        job_id = mail.write(
            tx, desk.keyring, desk.organization_id, contact.key, canonical("email", contact.address, None),
            letter_of(words), now, kind="mail.incident", contact_point_id=contact.id,
        )  # fmt: skip
        service.keep_letter(tx, desk, incident, contact.id, job_id, words)
        count += 1
    return found[-1] if len(found) == BATCH else None, count
