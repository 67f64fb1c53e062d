"""Holds as they are stored, read back and shown, and the rulebook with every hold that stands."""

import json
import uuid
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from consent.db import Sql, Tx
from consent.db.types import as_id, as_instant
from consent.errors import NotFound
from consent.ledger.bodies import instant
from consent.policies.answers.holdings import Hold
from consent.policies.rulebook import Rulebook
from consent.retention import looking_again
from consent.retention.reckoning import Reckoner
from consent.retention.rows import day_of
from consent.retention.rules import Holds, Kept, Placed, Query, holds_of

_COLUMNS = (
    "id, kind, ground, record_id, person_id, query, reason, owner, since, until, renewals, reached, released_at,"
    " already_left"
)
_SELECT = f"SELECT {_COLUMNS} FROM retention_hold WHERE organization_id = :organization_id"  # noqa: S608 - fixed columns
_OPEN = Sql(_SELECT + " AND released_at IS NULL ORDER BY id")
_ONE = Sql(_SELECT + " AND id = :id", postgresql=_SELECT + " AND id = :id FOR UPDATE")
_LIST = Sql(_SELECT + " AND id > :after AND (:open = 0 OR released_at IS NULL) ORDER BY id LIMIT :most")


def open_holds(tx: Tx, organization_id: uuid.UUID, today: date) -> Holds:
    """Every hold that stands today, open requests among them."""
    return holds_of(placed(tx, organization_id), looking_again.asking(tx, organization_id), today)


def placed(tx: Tx, organization_id: uuid.UUID) -> list[Placed]:
    """Every hold that is not released, in the order in which they were placed."""
    return [placed_from(row) for row in tx.all(_OPEN, {"organization_id": organization_id})]


def owners(tx: Tx, organization_id: uuid.UUID, records: Sequence[Kept], today: date) -> list[str]:
    """Who looks at the holds that reach one of these records, each named once."""
    found = dict[str, None]()
    for row in tx.all(_OPEN, {"organization_id": organization_id}):
        alone = holds_of([placed_from(row)], (), today)
        if row[7] and any(alone.on(one) for one in records):
            found[str(row[7])] = None
    return list(found)


def reckoner(tx: Tx, rulebook: Rulebook, now: datetime) -> Reckoner:
    """The rules and holds of this moment."""
    plain = Reckoner(rulebook)
    assert tx.organization_id is not None
    return Reckoner(rulebook, open_holds(tx, tx.organization_id, plain.today(now)))


def count_open(tx: Tx, organization_id: uuid.UUID) -> int:
    """How many holds stand."""
    return len(tx.all(_OPEN, {"organization_id": organization_id}))


def listed(
    tx: Tx, organization_id: uuid.UUID, after: uuid.UUID, most: int, *, only_open: bool
) -> tuple[list[dict[str, Any]], uuid.UUID | None]:
    """Holds in the order in which they were placed, and where the next page begins."""
    asked = {"organization_id": organization_id, "after": after, "most": most + 1, "open": int(only_open)}
    rows = tx.all(_LIST, asked)
    return [shown_from(row) for row in rows[:most]], as_id(rows[most - 1][0]) if len(rows) > most else None


def one(tx: Tx, organization_id: uuid.UUID, hold_id: uuid.UUID) -> dict[str, Any]:
    """The hold as it is shown; NotFound otherwise."""
    return shown_from(row_of(tx, organization_id, hold_id))


def shown_from(row: Sequence[Any]) -> dict[str, Any]:
    """A hold as it is shown, behind a row of its columns."""
    until = day_of(row[9])
    return {
        "id": str(as_id(row[0])),
        "kind": row[1],
        "ground": row[2],
        "record": None if row[3] is None else str(as_id(row[3])),
        "of_a_person": row[4] is not None,
        "query": None if row[5] is None else json.loads(row[5]),
        "reason": row[6],
        "owner": row[7],
        "since": instant(as_instant(row[8])),
        "until": None if until is None else until.isoformat(),
        "renewals": [{"on": on, "reason": why} for on, why in json.loads(row[10])],
        "records": row[11],
        "already_left": row[13],
        "released_at": None if row[12] is None else instant(as_instant(row[12])),
    }


def query_text(query: Query | None) -> str | None:
    """As it is stored."""
    if query is None:
        return None
    said = {name: getattr(query, name) for name in Query.__dataclass_fields__}
    shown = {name: instant(value) if isinstance(value, datetime) else value for name, value in said.items()}
    return json.dumps({name: value for name, value in shown.items() if value is not None}, ensure_ascii=False)


def query_from(text: str | None) -> Query | None:
    """Read back."""
    if text is None:
        return None
    said = json.loads(text)
    for name in ("collected_from", "collected_until"):
        if name in said:
            said[name] = datetime.fromisoformat(said[name])
    return Query(**said)


def placed_from(row: Sequence[Any]) -> Placed:
    """The hold as the rules see it."""
    renewals = tuple((date.fromisoformat(on), str(why)) for on, why in json.loads(row[10]))
    hold = Hold(row[2], as_instant(row[8]), day_of(row[9]), renewals)
    record, person = (None if one is None else as_id(one) for one in (row[3], row[4]))
    return Placed(as_id(row[0]), record, person, query_from(row[5]), hold)


def row_of(tx: Tx, organization_id: uuid.UUID, hold_id: uuid.UUID) -> Sequence[Any]:
    """The hold's row, locked until the transaction ends; NotFound otherwise."""
    row = tx.one(_ONE, {"organization_id": organization_id, "id": hold_id})
    if row is None:
        raise NotFound("There is no such hold.")
    return row
