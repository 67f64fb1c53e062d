"""One quick look at a sealed leaf and its event: no doubt at all, or a closer look is needed.

Nearly every leaf of a sound ledger passes here, so this is written for speed; it reports nothing itself.
"""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from consent.db import Sql
from consent.ledger import base64url, bodies
from consent.ledger.bodycheck import BodyCheck

PAGE = 1_024
LOWEST = 2**62  # no index is below its negative
# Events lie in the order of time, heads of streams in none: 64 MiB of the file are kept, not one (KiB, SQLite).
WITH_ROOM = Sql("PRAGMA cache_size=-65536", postgresql="SELECT 1")

COLUMNS = (
    "e.event_id, e.log_id, e.stream_id, e.stream_seq, e.body, e.leaf_hash, e.recorded_at,"
    " p.leaf_hash, h.seq, h.leaf_hash, h.last_occurred_at"
)
JOINS = (
    " LEFT JOIN ledger_event p ON e.stream_seq > 1 AND p.organization_id = e.organization_id AND p.log_id = e.log_id"
    " AND p.stream_id = e.stream_id AND p.stream_seq = e.stream_seq - 1"
    " LEFT JOIN stream_head h ON h.organization_id = e.organization_id AND h.stream_id = e.stream_id"
)
SEALED = Sql(
    f"SELECT l.leaf_index, l.event_id, l.leaf_hash, {COLUMNS} FROM ledger_leaf l"  # noqa: S608 - fixed parts
    " LEFT JOIN ledger_event e ON e.organization_id = l.organization_id AND e.event_id = l.event_id"
    f"{JOINS} WHERE l.organization_id = :organization_id AND l.log_id = :log_id"
    " AND l.leaf_index >= :after AND l.leaf_index < :end ORDER BY l.leaf_index LIMIT :page"
)


# The same rows for the quick look, which needs no hash that equals another: the database compares those.
GLANCE = Sql(
    "SELECT l.leaf_index, l.event_id, l.leaf_hash, e.stream_id, e.stream_seq, e.body, e.recorded_at,"  # noqa: S608
    " e.leaf_hash = l.leaf_hash AND e.log_id = l.log_id, p.leaf_hash,"
    " h.seq, h.leaf_hash = e.leaf_hash, h.last_occurred_at FROM ledger_leaf l"
    " LEFT JOIN ledger_event e ON e.organization_id = l.organization_id AND e.event_id = l.event_id"
    f"{JOINS} WHERE l.organization_id = :organization_id AND l.log_id = :log_id"
    " AND l.leaf_index >= :after AND l.leaf_index < :end ORDER BY l.leaf_index LIMIT :page"
)


class QuickLook:
    """Looks at the rows of one log as GLANCE gives them."""

    def __init__(self, origin: str) -> None:
        self.check_body = BodyCheck(origin)

    def page(self, rows: Iterable[tuple[Any, ...]]) -> list[bytes]:
        """For each row the leaf's true hash if everything about it is as it should be, else nothing."""
        check = self.check_body
        hashes: list[bytes] = []
        for _index, event_id, stored, stream_id, seq, body, recorded, same, prev, head_seq, head, last in rows:
            sound = False
            try:
                true = sha256(b"\0" + body).digest()
                if true == stored and same and (seq > 1) is (prev is not None):
                    when = recorded_text(recorded).encode()
                    before = base64url.encode(prev).encode() if prev is not None else b""
                    if event_id.__class__ is UUID:
                        event_id, stream_id = event_id.bytes, stream_id.bytes
                    occ = check(body, event_id, stream_id, seq, before, when)
                    if occ is not None:
                        newest = when if last == recorded else recorded_text(last).encode()
                        sound = bool(head) and occ == newest if seq == head_seq else seq < head_seq and occ <= newest
            except (TypeError, ValueError, AttributeError):
                sound = False  # SQLite stores any type in any column
            hashes.append(true if sound else b"")
        return hashes


def recorded_text(value: Any) -> str:
    """A stored time as bodies write it; nothing if it holds what a body cannot."""
    if value.__class__ is str:
        whole = len(value) == 26 and value[10] == " " and value[23:] == "000"
        return f"{value[:10]}T{value[11:23]}Z" if whole else ""
    if isinstance(value, datetime) and value.microsecond % 1000 == 0:
        return bodies.instant(value)
    return ""
