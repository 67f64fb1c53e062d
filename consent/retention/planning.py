"""What shall go by a day, and why: counted by class, or each record, in memory that does not grow."""

import uuid
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from consent.db import Database, Sql, Tx
from consent.db.types import as_id
from consent.ledger.bodies import instant
from consent.policies.rulebook import Rulebook
from consent.retention import hold_rows
from consent.retention.reckoning import Reckoner
from consent.retention.rows import KEPT, TERMS, day_of, kept_from, stored_day, terms_from
from consent.retention.rules import Terms

AT_ONCE = 2_000

_DUE = Sql(
    f"SELECT {KEPT}, {TERMS}, reference FROM held_record WHERE organization_id = :organization_id"  # noqa: S608 - fixed columns
    " AND dispose_on <= :until AND (dispose_on, id) > (:day, :after) ORDER BY dispose_on, id LIMIT :most"
)

_EVERY = Sql(
    f"SELECT {KEPT} FROM held_record WHERE organization_id = :organization_id"  # noqa: S608 - fixed columns
    " AND state NOT IN ('going', 'isolated')"
)


class Planned(NamedTuple):
    """A record that shall go."""

    id: uuid.UUID
    category: str
    store: str
    reference: str
    collected_at: str
    terms: Terms

    def shown(self) -> dict[str, Any]:
        """As it is printed."""
        terms = self.terms
        return {
            "id": str(self.id),
            "category": self.category,
            "store": self.store,
            "reference": self.reference,
            "collected_at": self.collected_at,
            "dispose_on": str(terms.dispose_on),
            "due_on": str(terms.due_on),
            "method": terms.method,
            "because": terms.because.split(),
        }


class Moved(NamedTuple):
    """How many records there are, and how many of them would go on another day: sooner, later."""

    records: int = 0
    sooner: int = 0
    later: int = 0


class Line(NamedTuple):
    """Records that go for the same reason in the same way."""

    category: str
    store: str
    method: str
    because: str


def planned(db: Database, organization_id: uuid.UUID, rulebook: Rulebook, until: date) -> Iterator[Planned]:
    """Every record that shall go by that day, first due first, asked of the rules and holds of today."""
    with db.read(organization_id) as tx:
        reckoner = Reckoner(rulebook, hold_rows.open_holds(tx, organization_id, until))
    day, after = date.min, uuid.UUID(int=0)
    while True:
        with db.read(organization_id) as tx:
            asked = {"organization_id": organization_id, "until": stored_day(tx, until), "most": AT_ONCE}
            rows = tx.all(_DUE, asked | {"day": stored_day(tx, day), "after": after})
        for row in rows:
            stored = terms_from(row[11:])
            kept = kept_from(row)
            terms = stored if stored.state == "isolated" else reckoner.terms(kept)
            if terms.dispose_on is not None and terms.dispose_on <= until:
                collected = instant(kept.thing.collected_at)
                yield Planned(kept.id, kept.thing.category, kept.store, row[16], collected, terms)
        if len(rows) < AT_ONCE:
            return
        day, after = day_of(rows[-1][12]) or day, as_id(rows[-1][0])


def moved(tx: Tx, organization_id: uuid.UUID, today: Rulebook, then: Rulebook) -> Moved:
    """What another rulebook would do to the days of every record; holds are left out of both."""
    before, after = Reckoner(today), Reckoner(then)
    records = sooner = later = 0
    for row in tx.stream(_EVERY, {"organization_id": organization_id}):
        kept, records = kept_from(row), records + 1
        was, becomes = (one.terms(kept).dispose_on or date.max for one in (before, after))
        sooner, later = sooner + (becomes < was), later + (becomes > was)
    return Moved(records, sooner, later)


def summary(db: Database, organization_id: uuid.UUID, rulebook: Rulebook, until: date) -> Counter[Line]:
    """How many records go, by class, store, way and reason."""
    return Counter(
        Line(one.category, one.store, one.terms.method or "", one.terms.because)
        for one in planned(db, organization_id, rulebook, until)
    )
