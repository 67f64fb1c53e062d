"""Which records a hold reaches: one, those of a person, or those that a query finds."""

import uuid
from datetime import datetime
from typing import Any

from consent.db import Sql, Tx
from consent.errors import BadInput
from consent.retention.rows import WHOLE
from consent.retention.rules import Query

FIRST = uuid.UUID(int=0)

_OF = {
    "record": " FROM held_record WHERE organization_id = :organization_id AND id = :id",
    "person": " FROM held_record WHERE organization_id = :organization_id AND person_id = :id",
    "query": " FROM held_record WHERE organization_id = :organization_id AND (:category = '' OR category = :category)"
    " AND (:store = '' OR store = :store) AND (:place = '' OR place = :place) AND (:site = '' OR site = :site)"
    " AND (:purpose = '' OR purpose = :purpose) AND collected_at >= :begins AND collected_at < :ends",
}
FOUND = {name: Sql(f"SELECT {WHOLE}{of} AND id > :after ORDER BY id LIMIT :most") for name, of in _OF.items()}
_COUNT = {name: Sql(f"SELECT count(*){of}") for name, of in _OF.items()}
# A store that took a batch, or is asked at this moment, may be done with it: no hold brings that back.
_LEFT = {
    name: Sql(
        f"SELECT count(*){of} AND state = 'going' AND batch_id IN (SELECT b.id FROM disposal_batch b"  # noqa: S608 - fixed parts
        " WHERE b.organization_id = :organization_id AND b.state IN ('waiting', 'sent')"
        " AND (b.state = 'sent' OR b.token <> '' OR b.locked_until >= :now))"
    )
    for name, of in _OF.items()
}


def reached(
    tx: Tx,
    organization_id: uuid.UUID,
    target: str,
    one: uuid.UUID | None,
    query: Query | None,
    now: datetime,
    most: int,
) -> tuple[int, int, list[Any]]:
    """How many records there are, how many of them are with their store, and some of them."""
    place_: dict[str, object] = {"organization_id": organization_id}
    place_ |= {"id": one} if query is None else _narrowed(tx, query)
    count, left = (tx.one(sql[target], more) for sql, more in ((_COUNT, place_), (_LEFT, place_ | {"now": tx.at(now)})))
    assert count is not None
    assert left is not None
    return count[0], left[0], tx.all(FOUND[target], place_ | {"after": FIRST, "most": most})


def _narrowed(tx: Tx, query: Query) -> dict[str, object]:
    """The parameters of a query; BadInput for one that means everything."""
    if query.is_empty:
        raise BadInput("Say which records are meant: a hold on everything is none.", field="query")
    narrow = {name: getattr(query, name) or "" for name in ("category", "store", "place", "site", "purpose")}
    begins = query.collected_from or datetime.fromisoformat("0001-01-01T00:00:00+00:00")
    ends = query.collected_until or datetime.fromisoformat("9999-12-30T00:00:00+00:00")
    return narrow | {"begins": tx.at(begins), "ends": tx.at(ends)}
