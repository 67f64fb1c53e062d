"""The feed: changes in the order in which their entries were sealed.

Ids tell when an entry was begun, not when it was committed, so a reader who goes by them loses what commits late. An
entry gets its place in the log only once it is committed, one place after the other, by one writer at a time: whoever
has read up to a place has missed nothing before it, and nothing is ever put in between (ledger A7).
"""

from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID

from consent.changes import rules
from consent.changes.cursors import BEGINNING, Position
from consent.changes.rules import Change
from consent.db import Sql, Tx
from consent.ledger import queries as leaves

_END = Sql(
    "SELECT log_id, leaf_index FROM ledger_leaf WHERE organization_id = :organization_id"
    " ORDER BY log_id DESC, leaf_index DESC LIMIT 1"
)

BATCH = 512  # leaves read at once
MOST_READ = 4096  # leaves read for one page: where most entries are no changes, a page may hold none and go on


class Placed(NamedTuple):
    """A change and the place of its entry."""

    position: Position
    change: Change


class Page(NamedTuple):
    """Changes in order, where to go on, and whether there was more when this was read."""

    changes: tuple[Placed, ...]
    position: Position
    more: bool


def end(tx: Tx, organization_id: UUID) -> Position:
    """Behind everything that is sealed by now."""
    row = tx.one(_END, {"organization_id": organization_id})
    return BEGINNING if row is None else Position(*row)


def page(
    tx: Tx, organization_id: UUID, after: Position, most: int, wanted: Callable[[Change], bool] = lambda _change: True
) -> Page:
    """Up to `most` wanted changes behind `after`, in one statement unless most entries are none."""
    found: list[Placed] = []
    position, read = after, 0
    while read < MOST_READ:
        rows = leaves.sealed_after(tx, organization_id, position.log_id, position.leaf_index, BATCH)
        for log_id, leaf_index, body in rows:
            change = rules.change_of(bytes(body))
            if change is not None and wanted(change):
                if len(found) == most:
                    return Page(tuple(found), position, True)
                found.append(Placed(Position(log_id, leaf_index), change))
            position = Position(log_id, leaf_index)
        if len(rows) < BATCH:
            return Page(tuple(found), position, False)
        read += len(rows)
    return Page(tuple(found), position, True)
