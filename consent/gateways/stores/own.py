"""This house as a store: what our own tables hold about somebody, found by the marks on the tables themselves.

No list of tables stands here. A row is somebody's where a column of a known name (`LINKS`) points to their contact
point, person, request or stream, or holds a keyed tag of their address. What the marks do not settle, a table says of
itself in `info["erasure"]`: `stays` for what is not about our dealings with that person.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from consent.db import Sql, Tx

# The columns by which a row is somebody's, with the mark that each is compared with.
LINKS = {
    "contact_point_id": "contacts",
    "person_id": "persons",
    "stream_id": "streams",
    "request_id": "requests",
    "tag64": "tags",
    "voice_tag64": "tags",
    "address_tag": "address_tags",
}
# A keyed tag of an address finds a person again, so a row that has one goes as a whole.
TAGS = frozenset({"tag", "tag64", "voice_tag64", "address_tag", "reference_tag"})
HOMES = {"contact_point": "contacts", "person": "persons"}  # whose own id is the mark
LEAVE = frozenset({"stays"})
FEWEST_TABLES = 45  # of the complete metadata: fewer would leave something behind without a word


@dataclass(frozen=True, slots=True)
class Marks:
    """By what somebody's rows are known: ids, and keyed tags of their addresses."""

    contacts: tuple[Any, ...] = field(default=(), repr=False)
    persons: tuple[Any, ...] = field(default=(), repr=False)
    streams: tuple[Any, ...] = field(default=(), repr=False)
    requests: tuple[Any, ...] = field(default=(), repr=False)
    tags: tuple[int, ...] = field(default=(), repr=False)
    address_tags: tuple[bytes, ...] = field(default=(), repr=False)

    def of(self, name: str) -> tuple[Any, ...]:
        """The values of one mark."""
        values: tuple[Any, ...] = getattr(self, name)
        return values


@dataclass(frozen=True, slots=True)
class Trace:
    """A table that holds something about people: how its rows are found, and what erasing does to them."""

    table: str
    links: tuple[tuple[str, str], ...]  # column and mark
    blank: tuple[str, ...]  # the columns that are emptied; none: the row goes


@lru_cache(maxsize=4)
def traces(tables: sa.MetaData) -> tuple[Trace, ...]:
    """Every table that holds something about people, in the order of their names.

    `tables` must be complete: a web process has loaded some of them only.
    """
    missing = HOMES.keys() - tables.tables.keys()
    if missing or len(tables.tables) < FEWEST_TABLES:
        raise RuntimeError("erasing needs every table: import consent.tables first")
    found = (_trace_of(table) for table in tables.tables.values())
    return tuple(sorted((one for one in found if one is not None), key=lambda one: one.table))


def _trace_of(table: sa.Table) -> Trace | None:
    """How the rows of this table are somebody's; None for one that erasing leaves alone."""
    if table.info.get("protection") == "append_only" or table.info.get("erasure") in LEAVE:
        return None
    links = tuple((name, mark) for name, mark in LINKS.items() if name in table.columns)
    if table.name in HOMES:
        links = (("id", HOMES[table.name]),)
    personal = [column for column in table.columns if column.info.get("personal")]
    tagged = not TAGS.isdisjoint(table.columns.keys())
    if not links or not (personal or tagged):
        return None
    whole = tagged or table.info.get("protection") == "no_update" or not all(one.nullable for one in personal)
    return Trace(table.name, links, () if whole else tuple(one.name for one in personal))


def erase(tx: Tx, tables: sa.MetaData, marks: Marks, only: frozenset[str] | None = None) -> dict[str, int]:
    """What our tables hold under these marks is gone; returns how many rows of each table that were.

    `only` names the tables, where one part of the data goes and another stays. Running it again touches nothing.
    """
    touched: dict[str, int] = {}
    for trace in traces(tables):
        if only is not None and trace.table not in only:
            continue
        for column, mark in trace.links:
            for value in marks.of(mark):
                count = tx.run(_statement(trace, column), {"organization_id": tx.organization_id, "value": value})
                if count:
                    touched[trace.table] = touched.get(trace.table, 0) + count
    return touched


def undecided(tables: sa.MetaData) -> Iterator[str]:
    """Tables with personal columns that no mark reaches and that do not say why: there should be none."""
    for name, table in tables.tables.items():
        personal = any(column.info.get("personal") for column in table.columns)
        if personal and _trace_of(table) is None and table.info.get("erasure") not in LEAVE:
            yield name


@lru_cache(maxsize=256)
def _statement(trace: Trace, column: str) -> Sql:
    where = f"WHERE organization_id = :organization_id AND {column} = :value"
    if not trace.blank:
        return Sql(f"DELETE FROM {trace.table} {where}")  # noqa: S608 - names of our own metadata
    emptied = ", ".join(f"{name} = NULL" for name in trace.blank)
    return Sql(f"UPDATE {trace.table} SET {emptied} {where} AND ({_held(trace.blank)})")  # noqa: S608 - likewise


@lru_cache(maxsize=256)
def _held(columns: Sequence[str]) -> str:
    return " OR ".join(f"{name} IS NOT NULL" for name in columns)
