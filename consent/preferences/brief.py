"""What holds at many contact points, as much as an answer rests on, column by column.

A driver takes longer to hand over a row than the database takes to find it, and SQLite lets the interpreter's lock go
for each: so every column comes as one text, made while nobody waits for the lock.
"""

import uuid
from collections.abc import Sequence
from struct import iter_unpack
from typing import Any, NamedTuple

from consent.db import Sql, Tx
from consent.preferences import numbers
from consent.preferences.models import NOBODY

_ROW = "\x1f"  # in no word that is stored here: names and versions are slugs, details words of ours
NO_EVENT = NOBODY.bytes
# The same columns in both databases. Ids of events follow each other as bytes; what names nobody is empty.
_ON_SQLITE = (
    "SELECT group_concat(p.tag64, '{row}'), CAST(group_concat(p.event_id, '') AS BLOB),"
    " group_concat(p.occurred_at, '{row}'), group_concat(p.program, '{row}'),"
    " group_concat(iif(p.person_id = x'{nobody}', '', hex(p.person_id)), '{row}'),"
    " group_concat(p.state, '{row}'), group_concat(p.policy_version, '{row}'), group_concat(p.detail, '{row}')"
    # CROSS JOIN: without statistics SQLite might begin with every row of the organization.
    " FROM json_each(:tags) j CROSS JOIN preference p"
    " WHERE p.organization_id = :organization_id AND p.channel = :channel AND p.tag64 = j.value"
)
_ON_POSTGRESQL = (
    "SELECT string_agg(p.tag64::text, '{row}'), string_agg(uuid_send(p.event_id), ''),"
    " string_agg(to_char(p.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), '{row}'),"
    " string_agg(p.program, '{row}'),"
    " string_agg(CASE WHEN p.person_id = '{nobody}' THEN '' ELSE encode(uuid_send(p.person_id), 'hex') END, '{row}'),"
    " string_agg(p.state, '{row}'), string_agg(p.policy_version, '{row}'), string_agg(p.detail, '{row}')"
    " FROM preference p"
    " WHERE p.organization_id = :organization_id AND p.channel = :channel AND p.tag64 = ANY(:tags)"
)
_OF_PROGRAM = " AND (p.program = :program OR substr(p.program, 1, 1) = '*')"
_LITE = _ON_SQLITE.format(row=_ROW, nobody=NOBODY.hex)
_POST = _ON_POSTGRESQL.format(row=_ROW, nobody=NOBODY)
_SELECT = Sql(_LITE, postgresql=_POST)
_SELECT_OF = Sql(_LITE + _OF_PROGRAM, postgresql=_POST + _OF_PROGRAM)

# Program, person (32 digits; empty: nobody is named), state, policy version, detail.
What = tuple[str, ...]
Fetched = tuple[Any, ...]


class Brief(NamedTuple):
    """Rows of what holds, those of one contact point next to each other; a place in each list is a row.

    `times` are texts of one width that sort as what they say.
    """

    tags: list[int]
    events: list[bytes]
    times: list[str]
    what: list[What]


def fetch(tx: Tx, organization_id: uuid.UUID, channel: str, tags: Sequence[int], program: str | None = None) -> Fetched:
    """What an answer rests on at many contact points, for `rows_of`: of all programs or of one, and of the numbers."""
    # In the order in which they are stored: neighbours share a page, which is then read once.
    asked = {"organization_id": organization_id, "channel": channel, "tags": tx.many_of(sorted(set(tags)))}
    ((*columns,),) = tx.all(_SELECT, asked) if program is None else tx.all(_SELECT_OF, asked | {"program": program})
    return tuple(columns)


def rows_of(fetched: Fetched) -> Brief:
    """The rows that were fetched."""
    if fetched[0] is None:
        return Brief([], [], [], [])
    tags = list(map(int, fetched[0].split(_ROW)))
    events = [event for (event,) in iter_unpack("16s", fetched[1])]
    times, *what = [
        # All of them empty, as persons and details mostly are: nothing but what stands between rows.
        column.split(_ROW) if len(column) >= len(tags) else [""] * len(tags)
        for column in fetched[2:]
    ]
    return together(Brief(tags, events, times, list(zip(*what, strict=True))))


def together(rows: Brief) -> Brief:
    """The rows of each contact point next to each other: SQLite gives them so."""
    tags = rows.tags
    return rows if tags == sorted(tags) else _at(rows, sorted(range(len(tags)), key=tags.__getitem__))


def chosen(rows: Brief, program: str) -> Brief:
    """Those of one program and of the numbers themselves."""
    kept = [at for at, (about, *_) in enumerate(rows.what) if about == program or not numbers.of_program(about)]
    return rows if len(kept) == len(rows.what) else _at(rows, kept)


def _at(rows: Brief, places: list[int]) -> Brief:
    """The rows at these places, in their order."""
    return Brief(*[[column[at] for at in places] for column in rows])  # type: ignore[arg-type]
