"""Disclosures as systems, staff and the people they are about read them."""

import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from consent.db import Sql, Tx
from consent.db.types import as_id, as_instant
from consent.disclosures.models import REFUSED
from consent.ledger.bodies import instant
from consent.policies.answers.privacy_switches import serves_marketing

_COLUMNS = (
    "id, occurred_at, recipient, purpose, categories, fields, state, people, contact_point_id, person_id, entry_id,"
    " told"
)
_OF = f"SELECT {_COLUMNS} FROM disclosure WHERE organization_id = :organization_id"  # noqa: S608
_ONE = Sql(f"{_OF} AND id = :id")
_STATE = " AND (:state = '' OR state = :state)"
_NEWEST = " AND id < :before ORDER BY id DESC LIMIT :most"
_LISTS = {
    "": Sql(f"{_OF}{_STATE}{_NEWEST}"),
    "recipient": Sql(f"{_OF} AND recipient = :value{_STATE}{_NEWEST}"),
    "contact_point_id": Sql(f"{_OF} AND contact_point_id = :value{_STATE}{_NEWEST}"),
    "person_id": Sql(f"{_OF} AND person_id = :value{_STATE}{_NEWEST}"),
}
_LAST = Sql(
    "SELECT max(occurred_at), count(*) FROM (SELECT occurred_at FROM disclosure"
    " WHERE organization_id = :organization_id AND recipient = :recipient AND state <> 'refused'"
    " ORDER BY id DESC LIMIT 10001) counted"
)
LATEST = uuid.UUID(int=2**128 - 1)
COUNTED = 10_000
_AT_ONCE = 1_000
NOT_BEFORE = datetime(1970, 1, 1, tzinfo=UTC)
NOT_AFTER = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Kept:
    """One line of the register; `told` is the answer of then."""

    id: uuid.UUID
    occurred_at: datetime
    recipient: str
    purpose: str
    categories: tuple[str, ...]
    fields: tuple[str, ...]
    state: str
    people: int
    contact_point: uuid.UUID | None
    person: uuid.UUID | None
    entry: uuid.UUID
    told: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        """As the API shows it."""
        shown: dict[str, Any] = {
            "id": str(self.id),
            "state": self.state,
            "occurred_at": instant(self.occurred_at),
            "recipient": self.recipient,
            "purpose": self.purpose,
            "categories": list(self.categories),
            "fields": list(self.fields),
            "people": self.people,
            "entry": str(self.entry),
            **self.told,
        }
        whose = {"contact_point": self.contact_point, "person": self.person}
        return shown | {name: str(one) for name, one in whose.items() if one is not None}


def one(tx: Tx, organization_id: uuid.UUID, disclosure: uuid.UUID) -> Kept | None:
    """That disclosure, or None."""
    row = tx.one(_ONE, {"organization_id": organization_id, "id": disclosure})
    return None if row is None else _kept(row)


def listed(
    tx: Tx,
    organization_id: uuid.UUID,
    *,
    of: str = "",
    value: object = None,
    state: str = "",
    before: uuid.UUID = LATEST,
    most: int = 50,
) -> tuple[list[Kept], uuid.UUID | None]:
    """The newest first, of one `recipient`, `contact_point_id` or `person_id` if named; then where the list goes on."""
    asked = {"organization_id": organization_id, "state": state, "before": before, "most": most + 1}
    rows = tx.all(_LISTS[of], asked | ({"value": value} if of else {}))
    found = [_kept(row) for row in rows[:most]]
    return found, found[-1].id if len(rows) > most else None


def last_to(tx: Tx, organization_id: uuid.UUID, recipients: Iterable[str]) -> dict[str, tuple[datetime, int]]:
    """When something last went to each of these, and how often something did, counted to ten thousand and one."""
    names = tuple(recipients)
    if not names:
        return {}
    rows = tx.gather(*((_LAST, {"organization_id": organization_id, "recipient": one}) for one in names))
    return {
        name: (as_instant(found[0][0]), int(found[0][1]))
        for name, found in zip(names, rows, strict=True)
        if found[0][0] is not None
    }


def handed_over(
    tx: Tx,
    organization_id: uuid.UUID,
    contact_points: Iterable[uuid.UUID],
    persons: Iterable[uuid.UUID] = (),
    since: datetime = NOT_BEFORE,
    until: datetime = NOT_AFTER,
) -> list[Kept]:
    """What went, of people known by these contact points or ids, in the order of time. What was held back is none."""
    asked = [("contact_point_id", one) for one in contact_points] + [("person_id", one) for one in persons]
    found: dict[uuid.UUID, Kept] = {}
    for of, value in asked:
        before: uuid.UUID | None = LATEST
        while before is not None:
            some, before = listed(tx, organization_id, of=of, value=value, before=before, most=_AT_ONCE)
            found |= {one.id: one for one in some if one.state != REFUSED and since <= one.occurred_at < until}
    return sorted(found.values(), key=lambda one: (one.occurred_at, one.id))


def to_marketers(
    tx: Tx,
    organization_id: uuid.UUID,
    contact_points: Iterable[uuid.UUID],
    persons: Iterable[uuid.UUID] = (),
    since: datetime = NOT_BEFORE,
    until: datetime = NOT_AFTER,
) -> list[Kept]:
    """What went for marketing or advertising of somebody else (Cal. Civ. Code 1798.83 asks it of a calendar year)."""
    went = handed_over(tx, organization_id, contact_points, persons, since, until)
    return [one for one in went if serves_marketing(one.purpose)]


def _kept(row: tuple[Any, ...]) -> Kept:
    identity, at, recipient, purpose, categories, fields, state, people, contact, person, entry, told = row
    return Kept(
        as_id(identity),
        as_instant(at),
        recipient,
        purpose,
        tuple(json.loads(categories)),
        tuple(json.loads(fields)),
        state,
        people,
        as_id(contact) if contact is not None else None,
        as_id(person) if person is not None else None,
        as_id(entry),
        json.loads(told),
    )
