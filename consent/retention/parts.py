"""Parts of our own records whose time is over: which rows go, and that they went stands in the ledger.

How long a part stays is the promise about the class of data that the organization's file says it is of (`here`); holds
and open requests keep its rows as they keep a record.
"""

import hashlib
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from consent.db import Sql, Tx
from consent.db.types import as_id
from consent.ids import new_id
from consent.ledger import erasing
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.policies.governing import InForce
from consent.preferences.models import NOBODY
from consent.retention import batch_rows, batches, hold_rows, looking_again
from consent.retention.batch_rows import Batch
from consent.retention.part_rules import Part
from consent.retention.reckoning import Reckoner
from consent.retention.registering import OWN
from consent.retention.rules import Kept, Terms, Thing

FIRST = uuid.UUID(int=0)

# By the key of `preference`: without statistics SQLite would read every row of the organization.
_PERSONS = Sql(
    "SELECT DISTINCT p.person_id FROM contact_point c CROSS JOIN preference p"
    " WHERE c.organization_id = :organization_id AND c.id = :id"
    " AND p.organization_id = c.organization_id AND p.channel = c.channel AND p.tag64 = c.tag64"
)


class Row(NamedTuple):
    """One row: its key, whose it is as far as anybody knows, and when it was written down."""

    key: tuple[Any, ...]
    contact_point_id: uuid.UUID | None
    channel: str
    at: datetime
    person_id: uuid.UUID | None = None


class Because(NamedTuple):
    """The class of data as which rows go, and what says so."""

    category: str
    terms: Terms


Going = Mapping[Because, Sequence[Row]]


@dataclass(slots=True)
class Walk:
    """One look through rows of a part, within one transaction."""

    tx: Tx
    keyring: Keyring
    in_force: InForce
    part: Part
    reckoner: Reckoner
    asking: frozenset[uuid.UUID]
    now: datetime
    _known: dict[uuid.UUID, list[uuid.UUID]] = field(default_factory=dict)

    def going(self, rows: Iterable[Row]) -> Going:
        """Those that go today, by their class and by what says so."""
        found: dict[Because, list[Row]] = {}
        for row in rows:
            for category in self.part.classes(row.channel):
                terms = self._terms(category, row)
                if terms is not None:
                    found.setdefault(Because(category, terms), []).append(row)
                    break
        return found

    def tell(self, going: Going) -> list[Batch]:
        """That they went, by which promise, stands in the ledger and on the page of what went."""
        return [self._tell(because, rows) for because, rows in going.items()]

    def _tell(self, because: Because, rows: Sequence[Row]) -> Batch:
        digest = hashlib.sha256("".join(f"{_written(one.key)}\n" for one in rows).encode()).digest()
        due = because.terms.due_on
        assert due is not None
        batch = Batch(
            new_id(self.now), OWN, because.category, because.terms.method or "deleted", because.terms.because,
            self.reckoner.policy_version, len(rows), digest, b"", due,
        )  # fmt: skip
        gone_by = self.reckoner.backups_gone_by(self.part.today)
        log = self.in_force.log
        batch_rows.put(self.tx, log.organization_id, batch, self.now, done=True, gone_by=gone_by)
        batches.tell(self.tx, self.keyring, log, self.reckoner, batch, gone_by, self.now)
        return batch

    def _terms(self, category: str, row: Row) -> Terms | None:
        """Why it goes as one of this class; None while anything keeps it, on anybody known at its address."""
        thing = Thing(category, None, None, None, row.at)
        if row.contact_point_id in self.asking and self.part.open_request_keeps(thing):
            return None
        asked = [
            self.reckoner.terms(Kept(FIRST, one, OWN, None, "", thing)) for one in dict.fromkeys(self._persons(row))
        ]
        return None if any(one.stays(self.part.today) for one in asked) else asked[0]

    def _persons(self, row: Row) -> Iterable[uuid.UUID | None]:
        yield None
        if not self.reckoner.holds.by_person:
            return
        if row.person_id is not None and row.person_id != NOBODY:
            yield row.person_id
        if row.contact_point_id is not None:
            yield from self._known_at(row.contact_point_id)

    def _known_at(self, contact_point_id: uuid.UUID) -> list[uuid.UUID]:
        """Everybody who is known at that address; each is looked for once."""
        known = self._known.get(contact_point_id)
        if known is None:
            place = {"organization_id": self.tx.organization_id, "id": contact_point_id}
            known = [one for (found,) in self.tx.all(_PERSONS, place) if (one := as_id(found)) != NOBODY]
            self._known[contact_point_id] = known
        return known


def walk(here: str, tx: Tx, keyring: Keyring, in_force: InForce, now: datetime) -> Walk:
    """Rows of that part can be asked about until this transaction ends, and no hold is placed meanwhile."""
    organization_id = in_force.log.organization_id
    # Locked before the holds are read: who places one is before this transaction or behind it.
    ledger.stream(tx, keyring, organization_id, organization_id)
    erasing.overwrite_deleted(tx)
    reckoner = hold_rows.reckoner(tx, in_force.rulebook, now)
    asking = frozenset(looking_again.asking_at(tx, organization_id))
    return Walk(tx, keyring, in_force, Part(here, Reckoner(in_force.rulebook), now), reckoner, asking, now)


def _written(key: tuple[Any, ...]) -> str:
    """A key as the hash of a batch takes it in: ids that are random or tags under a key, so that nothing is guessed."""
    return " ".join(one.hex() if isinstance(one, bytes) else str(one) for one in key)
