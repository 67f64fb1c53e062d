"""What an import of records would do, without doing it: what is on the list already, and what would be kept apart."""

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from consent.db import Database
from consent.imports import running
from consent.imports.reading import Looked, Open
from consent.imports.records import PreparedRecord, RecordImport
from consent.retention import registering

SAMPLES = 5
REGISTERED, UNCHANGED, QUARANTINED = "registered", "unchanged", "quarantined"


@dataclass(slots=True)
class RecordPreview:
    """The effect in figures, and a few rows of each outcome; of what is kept apart only why."""

    rows: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    samples: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def add(self, one: PreparedRecord, outcome: str) -> None:
        """One row more."""
        self.counts[outcome] += 1
        self.codes.update(fault.code for fault in one.faults[:1])
        mine = self.samples.setdefault(outcome, [])
        if len(mine) < SAMPLES:
            shown: dict[str, Any] = {"row": one.number}
            if one.draft is not None:
                shown |= {"category": one.draft.category, "store": one.draft.store}
            for fault in one.faults[:1]:
                shown |= {"code": fault.code, "message": fault.sentence}
            mine.append(shown)

    def as_json(self) -> dict[str, Any]:
        """What the command prints."""
        outcomes = (REGISTERED, UNCHANGED, QUARANTINED)
        return {
            "dry_run": True,
            "rows": self.rows,
            **{outcome: self.counts[outcome] for outcome in outcomes},
            "reasons": dict(sorted(self.codes.items())),
            "samples": {outcome: self.samples[outcome] for outcome in outcomes if outcome in self.samples},
        }


def preview(db: Database, of: RecordImport, opened: Open, looked: Looked) -> Iterator[tuple[int, RecordPreview]]:
    """After each batch how many rows it had, and the effect so far; nothing is written."""
    seen = RecordPreview()
    with closing(sqlite3.connect("", isolation_level=None)) as named:  # SQLite deletes it when it is closed
        named.execute("CREATE TABLE named (key PRIMARY KEY) WITHOUT ROWID")
        for _, batch, cells in running.batches(of, opened, looked, 0):
            drafts = [one.draft for one in batch if one.draft is not None]
            with db.read(of.organization_id) as tx:
                there = registering.there(tx, of.organization_id, drafts)
            for one in batch:
                seen.add(one, _outcome(named, one, there))
            seen.rows += cells
            yield cells, seen
    if not looked.rows:
        yield 0, seen


def _outcome(named: sqlite3.Connection, one: PreparedRecord, there: dict[tuple[str, str, str], Any]) -> str:
    if one.draft is None:
        return QUARANTINED
    key = hashlib.sha256("\x1f".join(one.draft.key).encode()).digest()
    new = named.execute("INSERT OR IGNORE INTO named VALUES (?)", (key,)).rowcount
    return REGISTERED if new and one.draft.key not in there else UNCHANGED
