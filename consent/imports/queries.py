"""Imports and their quarantine as commands and the API show them."""

import csv
import io
import json
import uuid
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from consent.db import Sql, Tx
from consent.imports import apart
from consent.imports.runs import Run
from consent.ledger import keys
from consent.ledger.bodies import instant
from consent.ledger.keys import Keyring
from consent.web.csv_files import inert

_QUARANTINE = Sql(
    "SELECT row_number, outcome, reasons, sealed_row FROM import_quarantine WHERE organization_id = :organization_id"
    " AND import_id = :import_id AND row_number > :after ORDER BY row_number LIMIT :most"
)
_REASONS = Sql(
    "SELECT code, count(*) FROM import_quarantine WHERE organization_id = :organization_id AND import_id = :import_id"
    " GROUP BY code ORDER BY code"
)
_CITED = Sql(
    "SELECT DISTINCT reasons FROM import_quarantine WHERE organization_id = :organization_id"
    " AND import_id = :import_id LIMIT 500"
)
PAGE = 500


class KeptApart(NamedTuple):
    """A row in quarantine."""

    row: int
    outcome: str
    reasons: list[dict[str, str]]
    cells: list[str]

    def as_json(self) -> dict[str, Any]:
        """The row with its reasons."""
        return self._asdict()


def run_json(run: Run, reasons: dict[str, int] | None = None) -> dict[str, Any]:
    """An import as it stands."""
    shown: dict[str, Any] = {
        "id": str(run.id),
        "stage": str(run.stage),
        "format": run.mapping.format,
        "file_sha256": run.file_sha256.hex(),
        "mapping_sha256": run.mapping_sha256.hex(),
        "brought_by": run.brought_by,
        "created_at": instant(run.created_at),
        "rows": run.rows,
        "done": run.position,
        **run.told,
    }
    if run.finished_at is not None:
        shown["finished_at"] = instant(run.finished_at)
    if run.trouble is not None:
        shown["trouble"] = run.trouble
    if run.undone or run.kept or run.undone_at is not None:
        shown |= {"undone": run.undone, "kept": run.kept}
    if run.undone_at is not None:
        shown["undone_at"] = instant(run.undone_at)
    if reasons is not None:
        shown["reasons"] = reasons
    return shown


def reasons(tx: Tx, organization_id: uuid.UUID, import_id: uuid.UUID) -> dict[str, int]:
    """How many rows stand in quarantine for which first reason."""
    place = {"organization_id": organization_id, "import_id": import_id}
    found: dict[str, int] = dict(tx.all(_REASONS, place))
    return found


def behind(tx: Tx, organization_id: uuid.UUID, import_id: uuid.UUID) -> list[str]:
    """The promises and laws by which rows were kept apart."""
    told = tx.all(_CITED, {"organization_id": organization_id, "import_id": import_id})
    reasons = [reason for row in told for reason in json.loads(row[0])]
    return sorted({one[name] for one in reasons for name in ("commitment", "law") if one.get(name)})


def quarantine(
    tx: Tx, keyring: Keyring, organization_id: uuid.UUID, run: Run, after: int = 0, most: int = PAGE
) -> list[KeptApart]:
    """Some rows of the quarantine, readable, in the order of the file."""
    key = keyring.stream_key(organization_id, run.wrapped_key)
    place = {"organization_id": organization_id, "import_id": run.id, "after": after, "most": most}
    return [
        KeptApart(
            number,
            outcome,
            json.loads(why),
            json.loads(keys.open_facts(key, bytes(sealed), organization_id, run.id, apart.row_place(number))),
        )
        for number, outcome, why, sealed in tx.all(_QUARANTINE, place)
    ]


def as_csv(rows: Iterable[KeptApart], *, heading: bool) -> Iterator[str]:
    """The rows as CSV, a line each: number, reasons, then the cells. What a spreadsheet would run is defused."""
    if heading:
        yield _line(["row", "outcome", "codes", "fields", "commitments", "messages", "cells"])
    for one in rows:
        commitments = [r.get("commitment") or r.get("law") for r in one.reasons]
        yield _line(
            [
                str(one.row),
                one.outcome,
                " ".join(dict.fromkeys(r["code"] for r in one.reasons)),
                " ".join(dict.fromkeys(r["field"] for r in one.reasons)),
                " ".join(dict.fromkeys(name for name in commitments if name)),
                " ".join(dict.fromkeys(r["message"] for r in one.reasons)),
                *one.cells,
            ]
        )


def _line(cells: list[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow([inert(cell) for cell in cells])
    return text.getvalue()
