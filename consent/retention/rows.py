"""Records as they are stored and read back."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from consent.db import Sql, Tx
from consent.db.types import as_id, as_instant
from consent.ledger.bodies import instant
from consent.retention.rules import Kept, Terms, Thing

# What a reckoner needs of a record, and what is written down of its answer.
KEPT = "id, person_id, store, site, purpose, category, role, place, use, collected_at, events"
TERMS = "state, dispose_on, due_on, method, because"
WHOLE = f"{KEPT}, {TERMS}, batch_id"
COLUMNS = f"{KEPT}, reference, source, {TERMS}, policy_version, batch_id, registered_at"

SET_TERMS = Sql(
    "UPDATE held_record SET state = :state, dispose_on = :dispose_on, due_on = :due_on, method = :method,"
    " because = :because, policy_version = :policy_version, rules = :rules"
    " WHERE organization_id = :organization_id AND id = :id AND state NOT IN ('going', 'isolated')"
)


def kept_from(row: Sequence[Any]) -> Kept:
    """The record behind a row that begins with KEPT."""
    person = row[1]
    return Kept(
        as_id(row[0]),
        None if person is None else as_id(person),
        row[2],
        row[3],
        row[4],
        Thing(row[5], row[6], row[7], row[8], as_instant(row[9]), events_from(row[10])),
    )


def terms_from(row: Sequence[Any]) -> Terms:
    """What is written down of an answer, behind a row of TERMS."""
    return Terms(row[0], day_of(row[1]), day_of(row[2]), row[3], row[4])


def events_from(text: str) -> tuple[tuple[str, datetime], ...]:
    """What happened to it, by name."""
    if text == "{}":
        return ()
    return tuple((name, as_instant(datetime.fromisoformat(at))) for name, at in sorted(json.loads(text).items()))


def events_text(events: Mapping[str, datetime]) -> str:
    """As it is stored."""
    return json.dumps({name: instant(at) for name, at in sorted(events.items())}) if events else "{}"


def day_of(value: str | date | None) -> date | None:
    """The date behind what a driver returned."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def stored_day(tx: Tx, value: date | None) -> date | str | None:
    """The date as the driver stores it."""
    return value if value is None or tx.postgresql else value.isoformat()


def terms_row(tx: Tx, terms: Terms) -> dict[str, object]:
    """The parameters by which an answer is written down."""
    return {
        "state": terms.state,
        "dispose_on": stored_day(tx, terms.dispose_on),
        "due_on": stored_day(tx, terms.due_on),
        "method": terms.method,
        "because": terms.because,
    }
