"""The run of an import as it is stored: begun, moved on with each batch, finished, taken back."""

import uuid
from collections.abc import Mapping as Table
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from consent.db import Sql, Tx
from consent.db.types import as_id, as_instant
from consent.errors import Conflict, NotFound
from consent.imports import mapping as mappings
from consent.imports.formats import RECORDS
from consent.imports.mapping import Mapping
from consent.imports.models import Stage
from consent.imports.rules import Outcome

_COLUMNS = (
    "id, stage, uploaded, file_sha256, mapping_sha256, mapping, brought_by, wrapped_key, rows, position, gives, ends,"
    " unchanged, older, refused, quarantined, undo_position, undone, kept, undo_reason, trouble, created_at,"
    " finished_at, undone_at"
)
_INSERT = Sql(
    f"INSERT INTO import_run (organization_id, {_COLUMNS}) VALUES (:organization_id, :id, :stage, :uploaded,"  # noqa: S608
    " :file_sha256, :mapping_sha256, :mapping, :brought_by, :wrapped_key, :rows, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, NULL,"
    " NULL, :created_at, NULL, NULL)"
)
_FIND = Sql(f"SELECT {_COLUMNS} FROM import_run WHERE organization_id = :organization_id AND id = :id")  # noqa: S608
_LIST = Sql(
    f"SELECT {_COLUMNS} FROM import_run WHERE organization_id = :organization_id AND id < :before"  # noqa: S608
    " ORDER BY id DESC LIMIT :most"
)
_SAME = Sql(
    f"SELECT {_COLUMNS} FROM import_run WHERE organization_id = :organization_id AND file_sha256 = :file_sha256"  # noqa: S608
    " AND mapping_sha256 = :mapping_sha256 AND stage IN ('waiting', 'running', 'finished') ORDER BY id DESC"
)
_OPEN = Sql(
    f"SELECT {_COLUMNS} FROM import_run WHERE organization_id = :organization_id"  # noqa: S608
    " AND stage IN ('waiting', 'running', 'undoing') ORDER BY id"
)
_MOVE = Sql(
    "UPDATE import_run SET position = :after WHERE organization_id = :organization_id AND id = :id"
    " AND stage = 'running' AND position = :before"
)
_COUNT = Sql(
    "UPDATE import_run SET gives = gives + :gives, ends = ends + :ends, unchanged = unchanged + :unchanged,"
    " older = older + :older, refused = refused + :refused, quarantined = quarantined + :quarantined"
    " WHERE organization_id = :organization_id AND id = :id"
)
_TAKE_UP = Sql(
    "UPDATE import_run SET stage = 'running', rows = :rows WHERE organization_id = :organization_id AND id = :id"
    " AND stage = 'waiting'"
)
_FINISH = Sql(
    "UPDATE import_run SET stage = 'finished', finished_at = :now WHERE organization_id = :organization_id"
    " AND id = :id AND stage = 'running' AND position = rows"
)
_FAIL = Sql(
    "UPDATE import_run SET stage = 'failed', trouble = :trouble, finished_at = :now"
    " WHERE organization_id = :organization_id AND id = :id AND stage = 'waiting'"
)
_UNDO_MOVE = Sql(
    "UPDATE import_run SET undo_position = :after, undone = undone + :undone, kept = kept + :kept"
    " WHERE organization_id = :organization_id AND id = :id AND stage = 'undoing' AND undo_position = :before"
)
LAST = uuid.UUID(int=2**128 - 1)


@dataclass(frozen=True, slots=True)
class Run:
    """One import as it stands."""

    id: uuid.UUID
    stage: Stage
    uploaded: bool
    file_sha256: bytes
    mapping_sha256: bytes
    mapping_text: str
    brought_by: str
    wrapped_key: bytes
    rows: int
    position: int
    gives: int
    ends: int
    unchanged: int
    older: int
    refused: int
    quarantined: int
    undo_position: int
    undone: int
    kept: int
    undo_reason: str | None
    trouble: str | None
    created_at: datetime
    finished_at: datetime | None
    undone_at: datetime | None

    @property
    def mapping(self) -> Mapping:
        """How its file is read."""
        return mappings.from_text(self.mapping_text)

    @property
    def counts(self) -> dict[str, int]:
        """How many rows had which outcome."""
        return {str(outcome): getattr(self, outcome) for outcome in Outcome}

    @property
    def of_records(self) -> bool:
        """Does its file tell of things that are held, not of consents?"""
        return self.mapping.format == RECORDS

    @property
    def told(self) -> dict[str, int]:
        """The counts by the words for what its file tells of."""
        if not self.of_records:
            return self.counts
        return {"registered": self.gives, "unchanged": self.unchanged, "quarantined": self.quarantined}


class Overtaken(Conflict):
    """Somebody else does the same import just now."""


def insert(tx: Tx, organization_id: uuid.UUID, place: Table[str, object]) -> None:
    """A new run stands."""
    tx.run(_INSERT, {"organization_id": organization_id, **place})


def find(tx: Tx, organization_id: uuid.UUID, import_id: uuid.UUID) -> Run:
    """The run of that id; NotFound otherwise."""
    row = tx.one(_FIND, {"organization_id": organization_id, "id": import_id})
    if row is None:
        raise NotFound("There is no such import. See: consent import list")
    return _run(row)


def newest(tx: Tx, organization_id: uuid.UUID, before: uuid.UUID = LAST, most: int = 50) -> list[Run]:
    """The runs, newest first."""
    return [_run(row) for row in tx.all(_LIST, {"organization_id": organization_id, "before": before, "most": most})]


def same(tx: Tx, organization_id: uuid.UUID, file_sha256: bytes, mapping_sha256: bytes) -> Run | None:
    """The newest run of the same file by the same mapping that was not undone and did not fail."""
    place = {"organization_id": organization_id, "file_sha256": file_sha256, "mapping_sha256": mapping_sha256}
    row = tx.one(_SAME, place)
    return None if row is None else _run(row)


def open_runs(tx: Tx, organization_id: uuid.UUID) -> list[Run]:
    """What is not at its end, oldest first."""
    return [_run(row) for row in tx.all(_OPEN, {"organization_id": organization_id})]


def move(tx: Tx, organization_id: uuid.UUID, import_id: uuid.UUID, before: int, after: int) -> None:
    """The rows up to `after` are ours to do in this transaction; Overtaken when somebody else had them."""
    place = {"organization_id": organization_id, "id": import_id, "before": before, "after": after}
    if not tx.run(_MOVE, place):
        raise Overtaken("These rows were done by another run of this import. See: consent import show")


def count(tx: Tx, organization_id: uuid.UUID, import_id: uuid.UUID, counts: Table[Outcome, int]) -> None:
    """So many rows more had these outcomes."""
    named = {str(outcome): counts.get(outcome, 0) for outcome in Outcome}
    tx.later(_COUNT, {"organization_id": organization_id, "id": import_id, **named})


def undo_move(
    tx: Tx, organization_id: uuid.UUID, import_id: uuid.UUID, before: int, after: int, *, undone: int, kept: int
) -> None:
    """The rows up to `after` are ours to take back in this transaction; Overtaken when somebody else had them."""
    place = {"organization_id": organization_id, "id": import_id, "before": before, "after": after}
    if not tx.run(_UNDO_MOVE, place | {"undone": undone, "kept": kept}):
        raise Overtaken("These rows were undone by another run. See: consent import show")


def take_up(tx: Tx, organization_id: uuid.UUID, import_id: uuid.UUID, rows: int) -> bool:
    """An uploaded file was looked at and runs from now on; False when somebody else took it up."""
    return tx.run(_TAKE_UP, {"organization_id": organization_id, "id": import_id, "rows": rows}) == 1


def finish(tx: Tx, organization_id: uuid.UUID, import_id: uuid.UUID, now: datetime) -> bool:
    """Every row is done; False when that was said before, or is not so."""
    return tx.run(_FINISH, {"organization_id": organization_id, "id": import_id, "now": now}) == 1


def fail(tx: Tx, organization_id: uuid.UUID, import_id: uuid.UUID, trouble: str, now: datetime) -> None:
    """The file could not be read; why is kept."""
    place = {"organization_id": organization_id, "id": import_id, "trouble": trouble[:500], "now": now}
    tx.run(_FAIL, place)


def _run(row: tuple[Any, ...]) -> Run:
    told = list(row)
    told[0], told[1], told[2] = as_id(row[0]), Stage(row[1]), bool(row[2])
    for place in (3, 4, 7):
        told[place] = bytes(row[place])
    for place in (21, 22, 23):
        told[place] = None if row[place] is None else as_instant(row[place])
    return Run(*told)
