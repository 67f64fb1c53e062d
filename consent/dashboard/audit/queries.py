"""Reads of the trail along the key of the ledger: a page backwards, a file forwards, each a bounded piece at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import tzinfo
from uuid import UUID

from consent.dashboard.audit.filters import Filters
from consent.db import Database, Sql, Tx
from consent.db.types import as_id
from consent.ledger import bodies
from consent.ledger import queries as ledger
from consent.ledger.bodies import Leaf
from consent.ledger.keys import Keyring

PAGE, LOOK, BATCH = 20, 5_000, 1_000  # shown on a page, looked at for it, and read at once for a file

_BACK = Sql(
    "SELECT event_id, body FROM ledger_event WHERE organization_id = :organization_id"
    " AND event_id >= :first AND event_id < :end ORDER BY event_id DESC LIMIT :most"
)
_ON = Sql(
    "SELECT event_id, body FROM ledger_event WHERE organization_id = :organization_id"
    " AND event_id >= :first AND event_id < :end AND event_id > :after ORDER BY event_id LIMIT :most"
)
_IS_PERSON = Sql("SELECT id FROM contact_point WHERE organization_id = :organization_id AND id = :id")


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the trail: `by` is whoever of the staff wrote it, `person` whether a person's page shows it."""

    leaf: Leaf
    by: str | None
    person: bool


def page(
    tx: Tx, keyring: Keyring, organization_id: UUID, wanted: Filters, zone: tzinfo, before: UUID | None
) -> tuple[list[Line], UUID | None]:
    """The newest entries that match, and where to look on; there may be more even where none was found."""
    end = min(wanted.end(zone), before) if before is not None else wanted.end(zone)
    asked = {"organization_id": organization_id, "first": wanted.first(zone), "end": end, "most": LOOK}
    found: list[Leaf] = []
    then: UUID | None = None
    rows = tx.all(_BACK, asked)
    for event_id, body in rows:
        leaf = _matching(wanted, bytes(body))
        if leaf is not None:
            found.append(leaf)
            if len(found) == PAGE:
                then = as_id(event_id)
                break
    else:
        then = as_id(rows[-1][0]) if len(rows) == LOOK else None
    people = _people(tx, organization_id, {leaf.stream for leaf in found})
    return [Line(leaf, by(tx, keyring, organization_id, leaf), leaf.stream in people) for leaf in found], then


def every(
    db: Database, keyring: Keyring, organization_id: UUID, wanted: Filters, zone: tzinfo, until: UUID
) -> Iterator[list[tuple[Leaf, str | None]]]:
    """Everything that matches, the oldest first, in pieces: no view of the database stays open between two of them."""
    asked = {"organization_id": organization_id, "first": wanted.first(zone), "end": min(wanted.end(zone), until)}
    after = UUID(int=0)
    while True:
        with db.read(organization_id) as tx:
            rows = tx.all(_ON, asked | {"after": after, "most": BATCH})
            matching = (_matching(wanted, bytes(body)) for _, body in rows)
            found = [(leaf, by(tx, keyring, organization_id, leaf)) for leaf in matching if leaf is not None]
        yield found
        if len(rows) < BATCH:
            return
        after = as_id(rows[-1][0])


def by(tx: Tx, keyring: Keyring, organization_id: UUID, leaf: Leaf) -> str | None:
    """Who of the staff wrote it, where somebody did and it is not erased."""
    if leaf.source != "staff" and not leaf.type.startswith("access."):
        return None
    facts = {one.name: one.value for one in ledger.facts(tx, keyring, organization_id, leaf.id)}
    return str(facts["staff"]) if facts.get("staff") else None


def _matching(wanted: Filters, body: bytes) -> Leaf | None:
    if not wanted.may_match(body):
        return None
    leaf = bodies.parse(body)
    return leaf if wanted.match(leaf) else None


def _people(tx: Tx, organization_id: UUID, streams: set[UUID]) -> set[UUID]:
    """Those of the streams that are contact points."""
    asked = [(_IS_PERSON, {"organization_id": organization_id, "id": one}) for one in streams]
    return {as_id(row[0]) for rows in (tx.gather(*asked) if asked else []) for row in rows}
