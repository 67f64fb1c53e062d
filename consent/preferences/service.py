"""Keep the current state equal to the fold of the ledger."""

import json
import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from consent.db import Rows, Sql, Tx
from consent.db.types import as_id, as_instant
from consent.ledger import bodies
from consent.ledger import service as ledger
from consent.preferences import rules
from consent.preferences.models import NOBODY
from consent.preferences.rules import Fact, Standing, State

STATE_TEXT = (
    "SELECT program, person_id, state, occurred_at, event_id, policy, policy_version, sender, stopped, detail"
    " FROM preference"
    " WHERE organization_id = :organization_id AND channel = :channel AND tag64 = :tag64"
)
SELECT_STATE = Sql(STATE_TEXT)
# The same as one text of JSON: each column of a row that SQLite hands over lets the interpreter's lock go, and
# PostgreSQL's driver takes long to make ids. What names nobody is empty.
_AS_JSON_ON_SQLITE = (
    "SELECT json_group_array(json_array({before}p.program, hex(nullif(p.person_id, zeroblob(16))), p.state,"
    " p.occurred_at, hex(p.event_id), p.policy, p.policy_version, p.sender, p.stopped, p.detail)) FROM {place}"
)
_AS_JSON_ON_POSTGRESQL = (
    "SELECT json_agg(json_build_array({before}p.program,"
    " CASE WHEN p.person_id = '{nobody}' THEN '' ELSE p.person_id::text END, p.state,"
    " p.occurred_at, p.event_id, p.policy, p.policy_version, p.sender, p.stopped, p.detail))::text FROM {place}"
)
_read = json.JSONDecoder().decode


def state_as_json(place: str) -> tuple[str, str]:
    """What holds at a place as one text, for SQLite and for PostgreSQL; `place` is a condition on `preference p`.

    `state_from_json` reads it. The condition is a text of ours.
    """
    found = f"preference p WHERE {place}"
    return f"({_rows_on_sqlite(found)})", f"({_rows_on_postgresql(found)})"


def _rows_on_sqlite(found: str, before: str = "") -> str:
    return _AS_JSON_ON_SQLITE.format(place=found, before=before)


def _rows_on_postgresql(found: str, before: str = "") -> str:
    return _AS_JSON_ON_POSTGRESQL.format(place=found, before=before, nobody=NOBODY)


_HERE = state_as_json("p.organization_id = :organization_id AND p.channel = :channel AND p.tag64 = :tag64")
SELECT_AS_JSON = Sql(f"SELECT {_HERE[0]}", postgresql=f"SELECT {_HERE[1]}")
# CROSS JOIN: without statistics SQLite might begin with every row of the organization.
_ON_SQLITE = (
    "json_each(:tags) j CROSS JOIN preference p"
    " WHERE p.organization_id = :organization_id AND p.channel = :channel AND p.tag64 = j.value"
)
_ON_POSTGRESQL = (
    "preference p WHERE p.organization_id = :organization_id AND p.channel = :channel AND p.tag64 = ANY(:tags)"
)
_SELECT_STATES = Sql(
    _rows_on_sqlite(_ON_SQLITE, "p.tag64, "), postgresql=_rows_on_postgresql(_ON_POSTGRESQL, "p.tag64, ")
)
# The condition on `program` is word for word that of the index. SQLite would rather read all of the organization.
_OF_PERSON_TEXT = (
    "SELECT program, person_id, state, occurred_at, event_id, policy, policy_version, sender, stopped, detail"
    " FROM preference{index} WHERE organization_id = :organization_id AND person_id = :person_id"
    " AND program IN ('*sale', '*use')"
)
OF_PERSON = Sql(
    _OF_PERSON_TEXT.format(index=" INDEXED BY ix_preference_of_person"),
    postgresql=_OF_PERSON_TEXT.format(index=""),
)
# Every row that names a person tells a place where they are reached. The condition on `person_id` is that of the index.
_SHARED_TEXT = (
    "SELECT p.program, p.person_id, p.state, p.occurred_at, p.event_id, p.policy, p.policy_version, p.sender,"
    " p.stopped, p.detail FROM (SELECT DISTINCT channel, tag64 FROM preference{index}"
    " WHERE organization_id = :organization_id AND person_id = :person_id AND person_id <> {nobody}) place"
    " CROSS JOIN preference p"
    " WHERE p.organization_id = :organization_id AND p.channel = place.channel AND p.tag64 = place.tag64"
    " AND p.program IN ('*sale', '*use') AND p.person_id = {nobody} AND p.state = 'withdrawn'"
)
SHARED_WITH_PERSON = Sql(
    _SHARED_TEXT.format(index=" INDEXED BY ix_preference_named", nobody=f"x'{NOBODY.hex}'"),
    postgresql=_SHARED_TEXT.format(index="", nobody=f"'{NOBODY}'"),
)
_UPSERT = Rows(
    "preference",
    (
        "organization_id",
        "channel",
        "tag64",
        "program",
        "person_id",
        "state",
        "occurred_at",
        "event_id",
        "contact_point_id",
        "policy",
        "policy_version",
        "sender",
        "stopped",
        "detail",
    ),
    "ON CONFLICT (organization_id, channel, tag64, program, person_id) DO UPDATE SET"
    " state = excluded.state, occurred_at = excluded.occurred_at, event_id = excluded.event_id,"
    " policy = excluded.policy, policy_version = excluded.policy_version, sender = excluded.sender,"
    " stopped = excluded.stopped, detail = excluded.detail",
)
_DELETE = Sql(
    "DELETE FROM preference WHERE organization_id = :organization_id AND channel = :channel"
    " AND tag64 = :tag64 AND program = :program AND person_id = :person_id"
)


def state_from_json(text: str | None) -> State:
    """The state behind such a text."""
    return state_from(_read(text), read_id=uuid.UUID) if text else {}


def state_from(rows: Iterable[Sequence[Any]], read_id: Callable[[Any], uuid.UUID] = as_id) -> State:
    """The state behind rows of SELECT_STATE; one entry mostly stands behind several, and is read once."""
    ids: dict[Any, uuid.UUID] = {"": NOBODY, NOBODY.bytes: NOBODY, NOBODY: NOBODY}
    times: dict[Any, datetime] = {}
    state: State = {}
    for program, person, value, at, event, policy, version, sender, stopped, detail in rows:
        whose = ids.get(person) or ids.setdefault(person, read_id(person))
        entry = ids.get(event) or ids.setdefault(event, read_id(event))
        when = times.get(at) or times.setdefault(at, as_instant(at))
        state[program, whose] = Standing(value, when, entry, policy, version, sender, bool(stopped), detail)
    return state


def read(tx: Tx, organization_id: uuid.UUID, channel: str, tag64: int) -> State:
    """What holds for one contact point."""
    parameters = {"organization_id": organization_id, "channel": channel, "tag64": tag64}
    return state_from(tx.all(SELECT_STATE, parameters))


def read_many(tx: Tx, organization_id: uuid.UUID, channel: str, tags: Sequence[int]) -> dict[int, State]:
    """What holds for many contact points, by their short tags; those without anything are left out."""
    rows: dict[int, list[list[Any]]] = {}
    ((text,),) = tx.all(_SELECT_STATES, _many(tx, organization_id, channel, tags))
    for tag64, *row in _read(text) if text else ():
        rows.setdefault(tag64, []).append(row)
    return {tag64: state_from(mine, read_id=uuid.UUID) for tag64, mine in rows.items()}


def refusals_of_person(tx: Tx, organization_id: uuid.UUID, person_id: uuid.UUID) -> State:
    """What this person said of sale and sensitive data wherever it was said; the newest word, of two at once the no."""
    return _newest(tx.all(OF_PERSON, {"organization_id": organization_id, "person_id": person_id}))


def refusals_reaching(tx: Tx, organization_id: uuid.UUID, person_id: uuid.UUID) -> State:
    """As `refusals_of_person`, and what was refused without a name wherever they are reached: it may have been them."""
    shared = _newest(tx.all(SHARED_WITH_PERSON, {"organization_id": organization_id, "person_id": person_id}))
    return shared | refusals_of_person(tx, organization_id, person_id)


def _newest(rows: Iterable[tuple[Any, ...]]) -> State:
    said: State = {}
    for row in rows:
        ((key, one),) = state_from([row]).items()
        known = said.get(key)
        if known is None or _weight(one) > _weight(known):
            said[key] = one
    return said


def _many(tx: Tx, organization_id: uuid.UUID, channel: str, tags: Sequence[int]) -> dict[str, object]:
    """In the order in which they are stored: neighbours share a page, which is then read once."""
    return {"organization_id": organization_id, "channel": channel, "tags": tx.many_of(sorted(tags))}


def record(
    tx: Tx,
    organization_id: uuid.UUID,
    channel: str,
    tag64: int,
    before: State,
    entry: ledger.Entry,
    source: str,
) -> State:
    """What holds now that `entry` stands in the ledger; only rows that changed are written.

    An entry older than what the stream already held, or one that annuls, narrows or undoes, has the whole stream folded
    again.
    """
    fact = rules.fact_of(entry.type, entry.data, entry.purposes, entry.occurred_at, entry.event_id, source, channel)
    if fact is None:
        return before
    if entry.in_order and fact.annuls is None and fact.narrows is None and not fact.undoes:
        after = rules.apply(before, fact)
    else:
        after = rules.fold(facts_of(ledger.bodies_of(tx, organization_id, entry.stream_id)))
    write_changes(tx, organization_id, channel, tag64, entry.stream_id, before, after)
    return after


def facts_of(stored: Iterable[bytes]) -> list[Fact]:
    """The facts that bodies of the ledger tell."""
    facts = []
    for body in stored:
        leaf = bodies.parse(body)
        fact = rules.fact_of(leaf.type, leaf.data, leaf.purposes, leaf.occurred_at, leaf.id, leaf.source, leaf.channel)
        if fact is not None:
            facts.append(fact)
    return facts


def write_changes(
    tx: Tx,
    organization_id: uuid.UUID,
    channel: str,
    tag64: int,
    contact_point_id: uuid.UUID,
    before: State,
    after: State,
) -> None:
    """The stored rows are those of `after`."""
    place, contact = (tx.id(organization_id), channel, tag64), tx.id(contact_point_id)
    tx.later_rows(
        _UPSERT,
        [
            (
                *place, program, tx.id(person), one.state, tx.at(one.occurred_at), tx.id(one.event_id), contact,
                one.policy, one.policy_version, one.sender, one.stopped, one.detail,
            )
            for (program, person), one in after.items()
            if before.get((program, person)) != one
        ],
    )  # fmt: skip
    for program, person_id in before.keys() - after.keys():
        tx.later(
            _DELETE,
            {
                "organization_id": organization_id,
                "channel": channel,
                "tag64": tag64,
                "program": program,
                "person_id": person_id,
            },
        )


def _weight(one: Standing) -> tuple[datetime, bool, uuid.UUID]:
    return one.occurred_at, one.state == "withdrawn", one.event_id
