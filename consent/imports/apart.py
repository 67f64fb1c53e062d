"""A row that is kept apart: it changes nothing; why is readable, the row itself is encrypted."""

import json
import uuid
from collections.abc import Sequence
from typing import NamedTuple

from consent.db import Sql, Tx
from consent.imports import free_text
from consent.imports.rules import Fault, Outcome
from consent.ledger import keys
from consent.policies.rulebook import Rulebook

_QUARANTINE = Sql(
    "INSERT INTO import_quarantine (organization_id, import_id, row_number, outcome, code, reasons, tag64, sealed_row)"
    " VALUES (:organization_id, :import_id, :row_number, :outcome, :code, :reasons, :tag64, :sealed_row)"
)


class Place(NamedTuple):
    """Of which import a row is, and the key that its rows are encrypted with."""

    organization_id: uuid.UUID
    import_id: uuid.UUID
    key: bytes


def keep(
    tx: Tx, place: Place, rulebook: Rulebook, number: int, cells: list[str], outcome: Outcome, faults: Sequence[Fault],
    tag64: int | None = None,
) -> None:  # fmt: skip
    """The row stands in quarantine, without what the organization keeps out; its first fault is its code."""
    plain = json.dumps(free_text.cells_without_forbidden(rulebook, cells), ensure_ascii=False).encode()
    tx.later(
        _QUARANTINE,
        {
            "organization_id": tx.id(place.organization_id),
            "import_id": tx.id(place.import_id),
            "row_number": number,
            "outcome": str(outcome),
            "code": faults[0].code,
            "reasons": json.dumps([reason_json(fault) for fault in faults]),
            "tag64": tag64,
            "sealed_row": keys.seal_facts(place.key, plain, place.organization_id, place.import_id, row_place(number)),
        },
    )


def row_place(number: int) -> str:
    """What binds an encrypted row to its place."""
    return f"row-{number}"


def reason_json(fault: Fault) -> dict[str, str]:
    """A reason as it is stored and shown."""
    shown = {"code": fault.code, "field": fault.field, "message": fault.sentence}
    if fault.commitment is not None:
        shown["commitment"] = fault.commitment
    if fault.law is not None:
        shown["law"] = fault.law
    return shown
