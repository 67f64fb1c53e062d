"""One quick look at sealed leaves and their events: no doubt at all, or a closer look is needed.

Nearly every leaf of a sound ledger passes here, so this is written for speed; it reports nothing itself.
"""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from itertools import compress
from operator import eq
from typing import Any

from consent.db import Sql
from consent.ledger import bodies
from consent.ledger.bodycheck import BodyCheck

PAGE = 1_024
LOWEST = 2**62  # no index is below its negative
# Events lie in the order of time, heads of streams in none: 64 MiB of the file are kept, not one (KiB, SQLite).
WITH_ROOM = Sql("PRAGMA cache_size=-65536", postgresql="SELECT 1")

_BEFORE = (
    "p.organization_id = e.organization_id AND p.log_id = e.log_id"
    " AND p.stream_id = e.stream_id AND p.stream_seq = e.stream_seq - 1"
)
_HEAD = " LEFT JOIN stream_head h ON h.organization_id = e.organization_id AND h.stream_id = e.stream_id"
_EVENT = " LEFT JOIN ledger_event e ON e.organization_id = l.organization_id AND e.event_id = l.event_id"
_STRETCH = (
    " WHERE l.organization_id = :organization_id AND l.log_id = :log_id"
    " AND l.leaf_index >= :after AND l.leaf_index < :end ORDER BY l.leaf_index LIMIT :page"
)
COLUMNS = (
    "e.event_id, e.log_id, e.stream_id, e.stream_seq, e.body, e.leaf_hash, e.recorded_at,"
    " p.leaf_hash, h.log_id, h.seq, h.leaf_hash, h.last_occurred_at"
)
JOINS = f" LEFT JOIN ledger_event p ON e.stream_seq > 1 AND {_BEFORE}{_HEAD}"
SEALED = Sql(
    f"SELECT l.leaf_index, l.event_id, l.leaf_hash, {COLUMNS} FROM ledger_leaf l{_EVENT}{JOINS}{_STRETCH}"  # noqa: S608
)


def _glance(an_id: str, a_time: str, the_only: str) -> str:
    """The same rows for the quick look, which needs nothing that equals something else: the database compares those.

    The event before is looked up where there is one: a join would search for it at each first event, too. Where there
    are several, which no sound table holds, what comes back is the hash of none.
    """
    return (
        f"SELECT l.leaf_index, {an_id % 'l.event_id'}, l.leaf_hash, {an_id % 'e.stream_id'}, e.stream_seq, e.body,"  # noqa: S608
        f" {a_time % 'e.recorded_at'}, e.leaf_hash = l.leaf_hash AND e.log_id = l.log_id,"
        " CASE WHEN e.stream_seq > 1 THEN"
        f" (SELECT {the_only % 'p.leaf_hash'} FROM ledger_event p WHERE {_BEFORE}) END,"
        f" CASE WHEN h.last_occurred_at IS NOT NULL THEN h.seq END,"
        " h.leaf_hash = e.leaf_hash AND h.log_id = e.log_id,"
        f" {a_time % 'NULLIF(h.last_occurred_at, e.recorded_at)'}"
        f" FROM ledger_leaf l{_EVENT}{_HEAD}{_STRETCH}"
    )


# On PostgreSQL as bytes and text: no object is made of an id or a time that is only compared.
GLANCE = Sql(
    _glance("%s", "%s", "CASE WHEN count(*) = 1 THEN max(%s) END"),
    postgresql=_glance("uuid_send(%s)", "to_char(%s, 'YYYY-MM-DD HH24:MI:SS.US')", "string_agg(%s, '')"),
)


class QuickLook:
    """Looks at the rows of one log as GLANCE gives them."""

    def __init__(self, origin: str) -> None:
        self.check_bodies = BodyCheck(origin)
        self.ends = 0  # how many sound events so far are the last of their streams

    def page(self, rows: Sequence[tuple[Any, ...]]) -> list[bytes]:
        """For each row the leaf's true hash if everything about it is as it should be, else nothing."""
        hashes = self._all_sound(rows) if rows else []
        if hashes is not None:
            return hashes
        if len(rows) == 1:
            return [b""]
        half = len(rows) // 2
        return self.page(rows[:half]) + self.page(rows[half:])

    def _all_sound(self, rows: Sequence[tuple[Any, ...]]) -> list[bytes] | None:
        """The same if nothing but a stream's head is in doubt: column by column, a few calls for all rows."""
        _, ids, stored, streams, seqs, texts, recorded, same, prevs, head_seqs, heads, lasts = zip(*rows, strict=True)
        try:
            hashes = [sha256(b"\0" + body).digest() for body in texts]
            if hashes != list(stored) or not all(same):
                return None
            times = self.check_bodies(texts, ids, streams, seqs, prevs)
            if times is None or _as_stored(times.recorded) != "\n".join(recorded):
                return None
            newest = seqs == head_seqs and all(heads) and lasts.count(None) == len(rows)
            if not (newest and times.happened == times.recorded):
                heard = map(_is_with_its_head, seqs, head_seqs, heads, *times, lasts)
                hashes = [true if known else b"" for true, known in zip(hashes, heard, strict=True)]
        except (TypeError, ValueError, AttributeError):
            return None  # SQLite stores any type in any column
        self.ends += len(rows) if newest else sum(map(eq, compress(seqs, hashes), compress(head_seqs, hashes)))
        return hashes


def _is_with_its_head(seq: int, head_seq: int, head: object, occ: bytes, rec: bytes, last: str | None) -> bool:
    """Whether the stream's head knows of this event; `last` is its newest time, None where that is `rec`."""
    newest = rec if last is None else recorded_text(last).encode()
    return bool(head) and occ == newest if seq == head_seq else seq < head_seq and occ <= newest


def _as_stored(times: Sequence[bytes]) -> str:
    """Times of bodies, a line each, as GLANCE gives them."""
    return b"\n".join(times).replace(b"T", b" ").replace(b"Z", b"000").decode()


def recorded_text(value: Any) -> str:
    """A stored time as bodies write it; nothing if it holds what a body cannot."""
    if value.__class__ is str:
        whole = len(value) == 26 and value[10] == " " and value[23:] == "000"
        return f"{value[:10]}T{value[11:23]}Z" if whole else ""
    if isinstance(value, datetime) and value.microsecond % 1000 == 0:
        return bodies.instant(value)
    return ""
