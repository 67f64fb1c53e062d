"""What an import would do, without doing it: the same judgement, its effects kept in a private file that vanishes."""

import json
import sqlite3
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from consent.db import Database
from consent.imports import rules, running
from consent.imports.demands import programs_on, sender_of
from consent.imports.reading import Looked, Open
from consent.imports.rules import Judged, Outcome
from consent.imports.service import Import, Prepared
from consent.preferences import service as preferences
from consent.preferences.rules import Standing, State
from consent.subjects import service as subjects

SAMPLES = 5


@dataclass(slots=True)
class Preview:
    """The effect in figures, and a few rows of each outcome by masked address."""

    rows: int = 0
    counts: Counter[Outcome] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    samples: dict[Outcome, list[dict[str, Any]]] = field(default_factory=dict)

    def add(self, one: Prepared, judged: Judged) -> None:
        """One row more."""
        self.counts[judged.outcome] += 1
        self.codes.update(judged.faults[0].code for _ in judged.faults[:1])
        mine = self.samples.setdefault(judged.outcome, [])
        if len(mine) < SAMPLES:
            masked = one.row.address.masked if one.row.address is not None else None
            shown: dict[str, Any] = {"row": one.row.number, "address": masked, "program": one.asked.program}
            if judged.faults:
                shown |= {"code": judged.faults[0].code, "message": judged.faults[0].sentence}
            mine.append(shown)

    def as_json(self) -> dict[str, Any]:
        """What the command prints."""
        return {
            "dry_run": True,
            "rows": self.rows,
            **{str(outcome): self.counts[outcome] for outcome in Outcome},
            "reasons": dict(sorted(self.codes.items())),
            "samples": {str(outcome): self.samples[outcome] for outcome in Outcome if outcome in self.samples},
        }


def preview(db: Database, of: Import, opened: Open, looked: Looked) -> Iterator[tuple[int, Preview]]:
    """After each batch how many rows it had, and the effect so far; nothing is written."""
    seen = Preview()
    with closing(_Effects()) as effects:
        for _, batch, cells in running.batches(of, opened, looked, 0):
            _judge(db, of, batch, effects, seen)
            seen.rows += cells
            yield cells, seen
    if not looked.rows:
        yield 0, seen


def _judge(db: Database, of: Import, batch: list[Prepared], effects: "_Effects", seen: Preview) -> None:
    terms = (of.demands.as_of, of.demands.zone, of.demands.first_policy_at)
    tags: dict[str, set[int]] = {}
    for one in batch:
        if one.tagged is not None:
            tags.setdefault(one.tagged.address.channel, set()).add(one.tagged.tag64)
    with db.read(of.organization_id) as tx:
        held = {
            channel: preferences.read_many(tx, of.organization_id, channel, list(mine))
            for channel, mine in tags.items()
        }
        persons = {
            name: subjects.find_person(tx, of.keyring, of.organization_id, name)
            for name in {one.row.person for one in batch if one.row.person is not None}
        }
    for one in batch:
        if one.tagged is None:
            seen.add(one, rules.judge(one.asked, {}, *terms))
            continue
        channel, tag64 = one.tagged.address.channel, one.tagged.tag64
        state = effects.of(channel, tag64)
        state = state if state is not None else held[channel].get(tag64, {})
        asked = one.asked
        if one.row.person is not None:
            asked = asked._replace(person_id=persons[one.row.person] or _somebody(one.row.person))
        judged = rules.judge(asked, state, *terms)
        seen.add(one, judged)
        if judged.outcome in (Outcome.GIVES, Outcome.ENDS) and judged.at is not None:
            programs = programs_on(one.rulebook, channel, sender_of(one.rulebook, one.row.sender))
            effects.set(channel, tag64, rules.after(state, asked, judged, programs, _standing(asked.state, judged.at)))


def _somebody(reference: str) -> uuid.UUID:
    """Stands in for a person whom the import would make."""
    return uuid.uuid5(uuid.NAMESPACE_OID, reference)


def _standing(state: str, at: datetime) -> Standing:
    return Standing(state, at, uuid.UUID(int=0), "", "", "", False)


class _Effects:
    """What would hold for the contact points of the rows so far; only their tags, in a file nobody else sees."""

    def __init__(self) -> None:
        self._file = sqlite3.connect("", isolation_level=None)  # SQLite deletes it when it is closed
        self._file.execute("CREATE TABLE held (channel, tag64, state, PRIMARY KEY (channel, tag64)) WITHOUT ROWID")
        self._file.execute("BEGIN")

    def of(self, channel: str, tag64: int) -> State | None:
        """What would hold, or None where no row changed it."""
        row = self._file.execute("SELECT state FROM held WHERE channel = ? AND tag64 = ?", (channel, tag64)).fetchone()
        if row is None:
            return None
        return {
            (program, uuid.UUID(person)): _standing(state, datetime.fromisoformat(at))
            for program, person, state, at in json.loads(row[0])
        }

    def set(self, channel: str, tag64: int, state: State) -> None:
        """From the next row on this holds."""
        told = [
            (program, str(person), one.state, one.occurred_at.isoformat()) for (program, person), one in state.items()
        ]
        self._file.execute("INSERT OR REPLACE INTO held VALUES (?, ?, ?)", (channel, tag64, json.dumps(told)))

    def close(self) -> None:
        """Nothing is left of it."""
        self._file.close()
