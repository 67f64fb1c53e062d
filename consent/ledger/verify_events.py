"""The part of `ledger verify` that looks at leaves and their events: V1 to V4.

The quick look passes nearly all of them; what it doubts is looked at closely here, and what is wrong is said.
"""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from consent.db import Tx
from consent.db.types import as_id
from consent.ledger import bodies, bodycheck, statements
from consent.ledger.findings import Report
from consent.ledger.queries import LogRow
from consent.ledger.quick_look import QuickLook, recorded_text


class Events:
    """The events of one log."""

    def __init__(self, tx: Tx, where: dict[str, object], log: LogRow, report: Report) -> None:
        self._tx, self._where, self._log, self._report = tx, where, log, report
        self._quick = QuickLook(log.origin)
        self._ends = 0

    @property
    def ends(self) -> int:
        """How many events looked at are the last of their streams, as far as the heads say so."""
        return self._ends + self._quick.ends

    def seen_elsewhere(self, ends: int) -> None:
        """So many more were found by helpers."""
        self._ends += ends

    def quick(self, rows: Sequence[tuple[Any, ...]]) -> list[bytes]:
        """The true hash of each row of GLANCE about which there is no doubt, else nothing."""
        return self._quick.page(rows)

    def leaf(self, index: int, event_id: Any, stored: Any, event: tuple[Any, ...]) -> bytes:
        """The hash this leaf should have; what differs is reported."""
        body = event[4]
        if event[0] is None:
            self._report.add("V3", "ledger_leaf", self.place(index), f"there is no event {name_of(event_id)}")
            return stored if isinstance(stored, bytes) else b""
        true = _hash_of(body)
        if stored != true:
            self._report.add("V2", "ledger_leaf", self.place(index), "the hash is not that of the event's body")
        self._event(event, true)
        return true

    def waiting(self, event: tuple[Any, ...]) -> None:
        """What is wrong with an event that waits to be sealed is reported."""
        self._event(event, _hash_of(event[4]))

    def _event(self, event: tuple[Any, ...], true: bytes) -> None:
        try:
            self._event_row(event, true)
        except (TypeError, ValueError, AttributeError):  # SQLite stores any type in any column
            self.bad("V1", event[0], "the row, or its stream's head, holds a value of a wrong type")

    def _event_row(self, event: tuple[Any, ...], true: bytes) -> None:
        """V1, V2 and V4 for one event; quick where all is well."""
        event_id, log_id, stream_id, seq, body, leaf_hash, recorded, prev_hash, *head = event
        head_log, head_seq, head_hash, last = head
        self._ends += (head_log, head_seq) == (log_id, seq)
        if leaf_hash != true:
            self.bad("V2", event_id, "the stored hash is not that of the body")
        if log_id != self._log.log_id:
            self.bad("V3", event_id, f"the event is sealed in log {self._log.log_id} but names log {log_id}")
        if prev_hash is None and seq > 1:
            prev_hash = self._earlier(stream_id, seq, log_id)
        occ = self._vouched(event_id, stream_id, seq, body, prev_hash, recorded)
        if occ is None:
            occ = self._closely(event_id, stream_id, seq, body, prev_hash, recorded)
        if head_seq is None or seq > head_seq:
            self.bad_head(stream_id, f"the stream goes on to event {name_of(event_id)}, number {seq}")
        elif occ is not None and last is not None:
            newest = recorded_text(last)
            if seq == head_seq:
                if head_hash != true:
                    self.bad_head(stream_id, "the hash is not that of the stream's last event")
                if occ != newest and self._newest_in(stream_id) != newest:
                    self.bad_head(stream_id, "last_occurred_at is not the newest time in the stream")
            elif occ > newest:
                self.bad_head(stream_id, "last_occurred_at is older than an event of the stream")

    def _vouched(
        self, event_id: Any, stream_id: Any, seq: int, body: object, prev: bytes | None, recorded: Any
    ) -> str | None:
        """The time of the act where the quick way vouches for the body."""
        if not isinstance(body, bytes):
            return None
        ids = (as_id(event_id).bytes,), (as_id(stream_id).bytes,)
        times = self._quick.check_bodies((body,), *ids, (seq,), (prev,))
        if times is None or times.recorded[0].decode() != recorded_text(recorded):
            return None
        return times.happened[0].decode()

    def _closely(
        self, event_id: Any, stream_id: Any, seq: int, body: object, prev: bytes | None, recorded: Any
    ) -> str | None:
        """Say exactly what is wrong where the quick look was not satisfied."""
        problem, leaf = bodycheck.problem_of(body, self._log.origin, as_id(event_id), as_id(stream_id), seq)
        if problem:
            self.bad("V1", event_id, problem)
        if leaf is None:
            return None
        if leaf.seq > 1 and prev is None:
            self.bad("V4", event_id, f"the event before it, number {leaf.seq - 1} of its stream, is missing")
        elif leaf.prev != (prev or b""):
            self.bad("V4", event_id, "it does not follow the event before it in its stream")
        if bodies.instant(leaf.recorded_at) != recorded_text(recorded):
            self.bad("V2", event_id, "recorded_at is not the time in the body")
        return bodies.instant(leaf.occurred_at)

    def _earlier(self, stream_id: Any, seq: int, log_id: int) -> bytes | None:
        """The hash of the event before, where it stands in an earlier log of the organization."""
        if log_id == 1:
            return None
        row = self._tx.one(statements.EARLIER, self._where | {"stream_id": as_id(stream_id), "seq": seq - 1})
        return None if row is None else row[0]

    def _newest_in(self, stream_id: Any) -> str:
        times = []
        for (body,) in self._tx.all(statements.BODIES, self._where | {"stream_id": as_id(stream_id)}):
            try:
                times.append(bodies.instant(bodies.parse(body).occurred_at))
            except bodies.BadBody:
                continue  # reported where the event itself is looked at
        return max(times, default="")

    def bad(self, check: str, event_id: Any, problem: str) -> None:
        """Something is wrong with this event."""
        self._report.add(check, "ledger_event", f"event_id={name_of(event_id)}", problem)

    def bad_head(self, stream_id: Any, problem: str) -> None:
        self._report.add("V4", "stream_head", f"stream_id={name_of(stream_id)}", problem)

    def place(self, index: int) -> str:
        """How a report names a leaf."""
        return f"log_id={self._log.log_id} leaf_index={index}"


def _hash_of(body: object) -> bytes:
    return sha256(b"\0" + body).digest() if isinstance(body, bytes) else b""


def name_of(value: Any) -> str:
    """An id for a report, also one that no longer is an id."""
    try:
        return str(as_id(value))
    except (ValueError, TypeError):
        return repr(value)
