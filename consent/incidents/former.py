"""The list of an incident: each person is on it once, and nobody at an address that is not theirs any more."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from consent.db import Sql, Tx
from consent.db.types import as_id
from consent.incidents import queries, reaching
from consent.outbox import service as outbox
from consent.preferences import numbers
from consent.preferences.facts import Effect, Fact
from consent.preferences.models import NOBODY
from consent.subjects.service import KnownContact

_GIVEN_UP_TEXT = (
    "SELECT p.contact_point_id, p.channel, p.job_id, j.outcome, j.done_at FROM incident_person p"  # noqa: S608 - fixed parts
    " JOIN contact_point c ON c.organization_id = p.organization_id AND c.id = p.contact_point_id"
    " LEFT JOIN job j ON j.organization_id = p.organization_id AND j.id = p.job_id"
    " WHERE p.organization_id = :organization_id AND p.incident_id = :id AND p.told = ''"
    f" AND {reaching.GIVEN_UP.format(x='c')}"
)
_GIVEN_UP = Sql(_GIVEN_UP_TEXT)
ADD = Sql(
    "INSERT INTO incident_former (organization_id, incident_id, contact_point_id, channel, added_at, told)"
    " VALUES (:organization_id, :id, :contact, :channel, :now, '') ON CONFLICT DO NOTHING"
)
ON_LIST = Sql(
    "SELECT told, added_at FROM incident_former WHERE organization_id = :organization_id AND incident_id = :id"
    " AND contact_point_id = :contact"
)
_TAKE_OFF = Sql(
    "DELETE FROM incident_person WHERE organization_id = :organization_id AND incident_id = :id"
    " AND contact_point_id = :contact AND told = ''"
)
# Everybody who is known at this address by a name, each with another address at which they are on the list.
_LISTED_ELSEWHERE = Sql(
    "SELECT p.person_id, i.contact_point_id, i.channel, i.told, i.job_id FROM preference p"  # noqa: S608 - fixed parts
    " LEFT JOIN preference q ON q.organization_id = p.organization_id AND q.person_id = p.person_id"
    f" AND q.contact_point_id <> :contact AND q.program NOT IN {reaching.OF_THE_NUMBER}"
    " LEFT JOIN incident_person i ON i.organization_id = q.organization_id AND i.incident_id = :id"
    " AND i.contact_point_id = q.contact_point_id"
    " WHERE p.organization_id = :organization_id AND p.channel = :channel AND p.tag64 = :tag64"
    f" AND p.person_id <> :nobody AND p.program NOT IN {reaching.OF_THE_NUMBER}"
)
# What is told of an address, and by nobody who has it.
_OF_NUMBER = frozenset({Effect.NUMBER, Effect.CONFIRMED, Effect.QUERIED})


def given_up(tx: Tx, organization_id: UUID, incident_id: UUID) -> bool:
    """Is anybody on the list at an address that is somebody else's by now?"""
    return bool(tx.all(_GIVEN_UP, {"organization_id": organization_id, "id": incident_id, "nobody": NOBODY}))


def set_aside(tx: Tx, organization_id: UUID, incident_id: UUID, now: datetime) -> int:
    """Whoever is on the list at an address that is somebody else's by now is told another way; how many.

    Their letter does not leave where nobody has begun to send it. Whoever calls it holds the incident.
    """
    place: dict[str, object] = {"organization_id": organization_id, "id": incident_id}
    rows = tx.all(_GIVEN_UP, place | {"nobody": NOBODY})
    if not rows:
        return 0
    unsent = dict(queries.unsent(tx, organization_id, incident_id, now))
    moved = 0
    for contact, channel, job, outcome, done_at in rows:
        identity = as_id(contact)
        if job is not None and identity not in unsent and (outcome == "sent" or (outcome and done_at is None)):
            continue  # it has left, or is leaving: what became of it is noted first
        if identity in unsent:
            outbox.take_back(tx, organization_id, [unsent[identity]], now)
        tx.run(ADD, place | {"contact": identity, "channel": channel, "now": now})
        moved += tx.run(_TAKE_OFF, place | {"contact": identity})
    return moved


def language(facts: Iterable[Fact], added_at: datetime) -> str | None:
    """The language chosen by whoever had an address before it changed hands and was put on the list at `added_at`.

    None where they chose none, or where several had it one after the other: which of them is meant is not known. Pure.
    """
    holders: list[list[Fact]] = [[]]  # what each of them said, one after the other
    for one in sorted((one for one in facts if one.occurred_at <= added_at), key=lambda one: one.order):
        if _ends(one):
            if holders[-1] or len(holders) == 1:  # reported once more, it is the same change
                holders.append([])
        elif one.effect is Effect.CONFIRMED and one.detail == numbers.CONFIRMED and len(holders) > 1:
            said = holders.pop()  # it was theirs all the time
            holders[-1] += said
        elif one.effect not in _OF_NUMBER:
            holders[-1].append(one)
    if len(holders) != 2:
        return None
    chosen = [one.detail for one in holders[0] if one.effect is Effect.LANGUAGE]
    return chosen[-1] if chosen else None


def _ends(one: Fact) -> bool:
    """Does it say that the address is somebody else's from then on?"""
    if one.effect is Effect.QUERIED:
        return one.detail.startswith(f"{numbers.YES} ")
    return one.effect is Effect.NUMBER and one.detail in numbers.GONE


def make_room(tx: Tx, organization_id: UUID, incident_id: UUID, one: KnownContact) -> bool:
    """Is this address to be put on the list? Not where everybody known there is on it at another one.

    A mailbox takes the place of numbers at which nobody has told them yet.
    """
    place: dict[str, object] = {"organization_id": organization_id, "id": incident_id}
    asked = {"contact": one.id, "channel": one.channel, "tag64": one.tag64, "nobody": NOBODY}
    elsewhere: dict[UUID, list[tuple[UUID, bool]]] = {}
    for person, contact, channel, told, job in tx.all(_LISTED_ELSEWHERE, place | asked):
        others = elsewhere.setdefault(as_id(person), [])
        if contact is not None:
            others.append((as_id(contact), channel != "email" and not told and job is None))
    if not elsewhere or not all(elsewhere.values()):
        return True
    if one.channel != "email" or not all(free for others in elsewhere.values() for _, free in others):
        return False
    for contact in {contact for others in elsewhere.values() for contact, _ in others}:
        if _is_theirs_alone(tx, organization_id, contact, elsewhere.keys()):
            tx.run(_TAKE_OFF, place | {"contact": contact})
    return True


_OTHERS_THERE = Sql(
    "SELECT DISTINCT p.person_id FROM contact_point c JOIN preference p ON p.organization_id = c.organization_id"  # noqa: S608 - fixed parts
    " AND p.channel = c.channel AND p.tag64 = c.tag64 WHERE c.organization_id = :organization_id AND c.id = :contact"
    f" AND p.person_id <> :nobody AND p.program NOT IN {reaching.OF_THE_NUMBER}"
)


def _is_theirs_alone(tx: Tx, organization_id: UUID, contact: UUID, persons: Iterable[UUID]) -> bool:
    asked = {"organization_id": organization_id, "contact": contact, "nobody": NOBODY}
    return {as_id(row[0]) for row in tx.all(_OTHERS_THERE, asked)} <= set(persons)
