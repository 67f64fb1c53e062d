"""Which holds keep what a privacy request wants erased: those on the person, on a record of theirs, or of a search."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from consent.db import Sql, Tx
from consent.db.types import as_id
from consent.ledger.keys import Keyring
from consent.policies.answers.holdings import Held as Record
from consent.policies.answers.holdings import Hold
from consent.policies.rulebook import Rulebook
from consent.preferences.models import NOBODY
from consent.privacy_requests.casework import Case, classes, holding
from consent.privacy_requests.casework.holding import Held, Stands
from consent.privacy_requests.tasks import people
from consent.retention import hold_rows
from consent.retention.reckoning import Reckoner
from consent.retention.rows import KEPT, kept_from
from consent.retention.rules import Placed, Thing, holds_of

# Whoever can be reached elsewhere, too, is meant by a hold as much as who is known here alone.
_PERSONS = Sql(
    "SELECT DISTINCT person_id FROM preference WHERE organization_id = :organization_id AND contact_point_id = :id"
)
_RECORDS = Sql(
    f"SELECT {KEPT} FROM held_record WHERE organization_id = :organization_id AND person_id = :id ORDER BY id"  # noqa: S608 - fixed columns
)


def held(
    tx: Tx, keyring: Keyring, rulebook: Rulebook, case: Case, categories: Iterable[str], now: datetime
) -> Held:  # fmt: skip
    """Each of these classes of data that a hold keeps, by the rules that let a hold keep it from its disposal."""
    organization_id = case.organization_id
    placed = hold_rows.placed(tx, organization_id)
    if not placed:
        return holding.NOTHING
    person = people.of_contact(tx, keyring, organization_id, case.contact_point_id)
    if person is None:
        return holding.NOTHING
    persons = _persons(tx, organization_id, [one.id for one in person.places])
    wanted, today = frozenset(categories), Reckoner(rulebook).today(now)
    found: dict[str, Stands] = {}
    for hold in placed:
        for thing in _reached(tx, organization_id, hold, persons, wanted, case.place, now):
            stands, until = _stands(rulebook, thing, hold.hold, today)
            if stands and thing.category in wanted:
                one = Stands(hold.id, hold.hold.ground, until)
                found[thing.category] = holding.longer(found.get(thing.category), one)
    channel = person.places[-1].channel if person.places else None
    return holding.spread(found, wanted, classes.here(rulebook.organization, channel))


def _persons(tx: Tx, organization_id: uuid.UUID, contact_ids: Sequence[uuid.UUID]) -> list[uuid.UUID]:
    asked = [{"organization_id": organization_id, "id": one} for one in contact_ids]
    return sorted({as_id(row[0]) for place in asked for row in tx.all(_PERSONS, place)} - {NOBODY})


def _reached(
    tx: Tx, organization_id: uuid.UUID, hold: Placed, persons: Sequence[uuid.UUID], categories: Iterable[str],
    place: str | None, now: datetime,
) -> list[Thing]:  # fmt: skip
    """What a hold means of these people: on a person it means every class of data, registered or not."""
    things = []
    if hold.person_id is not None:
        if hold.person_id in persons:
            things += [Thing(one, None, place, None, now) for one in sorted(categories)]
        return things
    alone = holds_of([hold], (), now.date())
    for person_id in persons:
        rows = tx.all(_RECORDS, {"organization_id": organization_id, "id": person_id})
        things += [one.thing for one in map(kept_from, rows) if alone.on(one)]
    return things


def _stands(rulebook: Rulebook, thing: Thing, hold: Hold, today: date) -> tuple[bool, date | None]:
    record = Record(thing.category, dict(thing.events), thing.place, thing.role, thing.use)
    admitted, until = rulebook.retention.held(record, hold)
    return admitted and (until is None or until > today), until
