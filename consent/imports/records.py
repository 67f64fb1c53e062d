"""Records of other systems from a file: each is asked what one at the API is asked, and stands on the list or apart."""

import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from consent import clock
from consent.db import Database, Sql, Tx
from consent.db.types import as_id
from consent.errors import BadInput
from consent.imports import apart, runs
from consent.imports.mapping import Mapping
from consent.imports.reading import Looked
from consent.imports.record_rows import RecordReader
from consent.imports.rules import Fault, Outcome
from consent.imports.runs import Run
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing, InForce
from consent.retention import hold_rows, registering
from consent.retention.registering import Checker, Draft

SOURCE = "import"
BATCH = 64

_RECORD = Sql(
    "INSERT INTO import_record (organization_id, import_id, row_number, record_id)"
    " VALUES (:organization_id, :import_id, :row_number, :record_id)"
)
_MADE = Sql(
    "SELECT row_number, record_id FROM import_record WHERE organization_id = :organization_id"
    " AND import_id = :import_id AND row_number > :after ORDER BY row_number LIMIT :most"
)


class PreparedRecord(NamedTuple):
    """A row read and held against policy and law; with a fault it is no draft. `masked`: what was taken out of it."""

    number: int
    cells: list[str]
    draft: Draft | None
    faults: tuple[Fault, ...]
    masked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordImport:
    """Everything that doing the rows of one import of records needs."""

    organization_id: uuid.UUID
    run: Run
    mapping: Mapping
    keyring: Keyring
    in_force: InForce
    checker: Checker = field(repr=False)
    key: bytes = field(repr=False)

    def reader(self, looked: Looked) -> Callable[[int, list[str]], PreparedRecord | None]:
        """Reads a row and holds it against policy and law; None for an empty line."""
        rows = RecordReader(self.mapping, looked.places, looked.width, self.in_force.rulebook)

        def read(number: int, cells: list[str]) -> PreparedRecord | None:
            if not any(cells):
                return None
            draft, faults, masked = rows.row(cells)
            if draft is not None:
                faults = self._against(draft)
            return PreparedRecord(number, cells, draft if not faults else None, faults, masked)

        return read

    def do(self, tx: Tx, batch: Sequence[PreparedRecord], before: int, after: int, now: datetime) -> None:
        """The rows of one batch in their transaction: on the list, on it before, or apart."""
        runs.move(tx, self.organization_id, self.run.id, before, after)
        rulebook, counts = self.in_force.rulebook, Counter[Outcome]()
        good = [(one, one.draft) for one in batch if one.draft is not None]
        if good:
            more: dict[str, object] = {"import": str(self.run.id)}
            masked = sorted({kind for one, _ in good for kind in one.masked})
            if masked:
                behind = sorted({name for kind in masked for name in rulebook.forbidden.rests_on(kind)})
                more |= {"masked": masked, "rests_on": behind}
            reckoner, drafts = hold_rows.reckoner(tx, rulebook, now), [draft for _, draft in good]
            made = registering.register(tx, self.keyring, self.in_force.log, reckoner, drafts, SOURCE, now, more)
            counts = self._note(tx, good, made)
        place = apart.Place(self.organization_id, self.run.id, self.key)
        with tx.gathering():
            for one in batch:
                if one.draft is None:
                    apart.keep(tx, place, rulebook, one.number, one.cells, Outcome.QUARANTINED, one.faults)
                    counts[Outcome.QUARANTINED] += 1
        runs.count(tx, self.organization_id, self.run.id, counts)

    def _note(
        self, tx: Tx, good: Sequence[tuple[PreparedRecord, Draft]], made: Sequence[registering.Registered]
    ) -> Counter[Outcome]:
        """Which row brought which record, once; whoever is named twice stood there the second time."""
        counts, seen = Counter[Outcome](), set[uuid.UUID]()
        place = {"organization_id": tx.id(self.organization_id), "import_id": tx.id(self.run.id)}
        with tx.gathering():
            for (one, _), record in zip(good, made, strict=True):
                if record.terms is None or record.id in seen:
                    counts[Outcome.UNCHANGED] += 1
                    continue
                seen.add(record.id)
                counts[Outcome.GIVES] += 1
                tx.later(_RECORD, place | {"row_number": one.number, "record_id": tx.id(record.id)})
        return counts

    def _against(self, draft: Draft) -> tuple[Fault, ...]:
        try:
            self.checker.check(draft)
        except BadInput as error:
            name = error.field or "row"
            commitment, law = error.facts.get("commitment"), error.facts.get("law")
            return (
                Fault(
                    f"bad-{name.replace('_', '-')}",
                    name,
                    error.detail,
                    str(commitment) if commitment else None,
                    str(law) if law else None,
                ),
            )
        return ()


def opened(db: Database, keyring: Keyring, governing: Governing, organization_id: uuid.UUID, run: Run) -> RecordImport:
    """Everything that doing its rows needs; a constant that cannot be is refused here, before any row."""
    now = clock.now()
    in_force = governing.now(organization_id, now)
    with db.read(organization_id) as tx:
        checker = Checker(in_force.rulebook, registering.stores(tx, keyring, organization_id), now)
    check_constants(checker, run.mapping)
    key = keyring.stream_key(organization_id, run.wrapped_key)
    return RecordImport(organization_id, run, run.mapping, keyring, in_force, checker, key)


def check_constants(checker: Checker, mapping: Mapping) -> None:
    """What the mapping says of every row can be true; BadInput names the constant."""
    for name, check in (("category", checker.category), ("store", checker.store)):
        if name in mapping.constants:
            try:
                check(mapping.constants[name])
            except BadInput as error:
                raise BadInput(error.detail, field=f"mapping.constants.{name}") from None


def undo_batch(
    tx: Tx, keyring: Keyring, organization_id: uuid.UUID, run: Run, before: int, now: datetime
) -> tuple[int, int]:
    """The next records of the import are off the list; how many rows that were, and how far it is.

    What is on its way out already stays: its store was asked, and the answer belongs to it.
    """
    place = {"organization_id": organization_id, "import_id": run.id}
    rows = tx.all(_MADE, place | {"after": before, "most": BATCH})
    if not rows:
        return 0, before
    gone = registering.take_off(tx, keyring, organization_id, [as_id(row[1]) for row in rows], run.id, now)
    runs.undo_move(tx, organization_id, run.id, before, rows[-1][0], undone=gone, kept=len(rows) - gone)
    return len(rows), rows[-1][0]
