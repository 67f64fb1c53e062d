"""Everything of one sort, a page at a time: what is new is reached in the same round, whatever waits before it."""

import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from consent.db import Database, Sql
from consent.db.types import as_id

FIRST = uuid.UUID(int=0)
PAGE = 200  # rows of one read


def each(
    db: Database, organization_id: uuid.UUID, sql: Sql, asked: Mapping[str, object] | None = None
) -> Iterator[tuple[Any, ...]]:
    """Every row of a statement that asks `id > :after ORDER BY id LIMIT :most` and gives the id first.

    No transaction is open while a row is worked on; what was written meanwhile behind the last row is read as well.
    """
    place = {"organization_id": organization_id, "most": PAGE, **(asked or {})}
    after = FIRST
    while True:
        with db.read(organization_id) as tx:
            rows = tx.all(sql, place | {"after": after})
        yield from rows
        if len(rows) < PAGE:
            return
        after = as_id(rows[-1][0])
