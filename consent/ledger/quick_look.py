"""One quick look at a sealed leaf and its event: no doubt at all, or a closer look is needed.

Nearly every leaf of a sound ledger passes here, so this is written for speed; it reports nothing itself.
"""

from datetime import datetime
from hashlib import sha256
from typing import Any

from consent.db import Sql
from consent.ledger import base64url, bodies
from consent.ledger.bodycheck import BodyCheck

PAGE = 1_024
LOWEST = 2**62  # no index is below its negative

COLUMNS = (
    "e.event_id, e.log_id, e.stream_id, e.stream_seq, e.body, e.leaf_hash, e.recorded_at,"
    " p.leaf_hash, h.seq, h.leaf_hash, h.last_occurred_at"
)
JOINS = (
    " LEFT JOIN ledger_event p ON p.organization_id = e.organization_id AND p.log_id = e.log_id"
    " AND p.stream_id = e.stream_id AND p.stream_seq = e.stream_seq - 1"
    " LEFT JOIN stream_head h ON h.organization_id = e.organization_id AND h.stream_id = e.stream_id"
)
SEALED = Sql(
    f"SELECT l.leaf_index, l.event_id, l.leaf_hash, {COLUMNS} FROM ledger_leaf l"  # noqa: S608 - fixed parts
    " LEFT JOIN ledger_event e ON e.organization_id = l.organization_id AND e.event_id = l.event_id"
    f"{JOINS} WHERE l.organization_id = :organization_id AND l.log_id = :log_id"
    " AND l.leaf_index >= :after AND l.leaf_index < :end ORDER BY l.leaf_index LIMIT :page"
)


class QuickLook:
    """Looks at the rows of one log as SEALED gives them."""

    def __init__(self, log_id: int, origin: str) -> None:
        self.log_id = log_id
        self.check_body = BodyCheck(origin)

    def __call__(self, row: tuple[Any, ...]) -> bytes | None:
        """The leaf's true hash if everything about it is as it should be; None otherwise."""
        _index, event_id, stored, _id, log_id, stream_id, seq, body, leaf_hash, recorded, prev, head_seq, head, last = (
            row
        )
        try:
            true = sha256(b"\0" + body).digest()
            if true != stored or true != leaf_hash or log_id != self.log_id:
                return None
            when = recorded_text(recorded)
            newest = when if last == recorded else recorded_text(last)
            before = base64url.encode(prev) if prev is not None else ""
            if event_id.__class__ is bytes:
                occ = self.check_body(body, event_id.hex(), stream_id.hex(), seq, before, when)
            else:
                occ = self.check_body(body, event_id.hex, stream_id.hex, seq, before, when)
            if occ is None or (seq > 1) is (prev is None):
                return None
            if seq < head_seq:
                return true if occ <= newest else None
            return true if seq == head_seq and occ == newest and head == true else None
        except (TypeError, ValueError, AttributeError):
            return None  # SQLite stores any type in any column


def recorded_text(value: Any) -> str:
    """A stored time as bodies write it; nothing if it holds what a body cannot."""
    if value.__class__ is str:
        whole = len(value) == 26 and value[10] == " " and value[23:] == "000"
        return f"{value[:10]}T{value[11:23]}Z" if whole else ""
    if isinstance(value, datetime) and value.microsecond % 1000 == 0:
        return bodies.instant(value)
    return ""
