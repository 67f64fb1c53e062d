"""`ledger verify`: everything that is hashed or signed is computed again and compared with what is stored.

Reads in pages, so memory stays flat; every finding names table and row. The checks have the numbers of `findings`.
"""

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from consent.db import Tx
from consent.db.types import as_id, as_instant
from consent.ledger import anchors, epochs, notes, queries, statements, tree
from consent.ledger.crew import Crew
from consent.ledger.findings import Finding, Report
from consent.ledger.keys import Keyring
from consent.ledger.outside import OutsideFolder, published_logs
from consent.ledger.quick_look import GLANCE, LOWEST, PAGE, SEALED, WITH_ROOM
from consent.ledger.verify_claims import Claim, Claims, Held, place_of
from consent.ledger.verify_events import Events, name_of
from consent.ledger.verify_facts import check_erasures, check_facts
from consent.ledger.verify_notes import check_notes

LONGEST_WAIT = timedelta(seconds=300)

NO_ID = UUID(int=0)

# Compares the present state with the history: wired by those who stand above the ledger.
FoldCheck = Callable[[Tx, UUID], Iterable[Finding]]
Progress = Callable[[int], None]


def _nothing(_count: int) -> None:
    return None


def verify(
    tx: Tx,
    keyring: Keyring,
    organization_id: UUID,
    now: datetime,
    *,
    held: Iterable[Held] = (),
    folds: Iterable[FoldCheck] = (),
    log_only: bool = False,
    crew: Crew | None = None,
    progress: Progress = _nothing,
) -> Report:
    """Check everything of one organization; the report lists what does not hold.

    With a `crew` several processes look at the leaves.
    `log_only` leaves out what asks for secret keys or stands beside the log: facts, erasures and folds.
    """
    tx.freeze(organization_id)
    tx.run(WITH_ROOM, {})
    report = Report(organization_id)
    kept = list(held)
    used: set[int] = set()
    logs = list(queries.logs(tx, organization_id))
    for log_id in published_logs(keyring.data_dir, organization_id):
        if all(log.log_id != log_id for log in logs):
            report.add("V8", "ledger_log", f"log_id={log_id}", "its checkpoints are published, but it is gone")
    ends = 0
    for log in logs:
        mine = [n for n, one in enumerate(kept) if one.note.split("\n", 1)[0] == log.origin]
        used.update(mine)
        with _no_search_for_cycles():
            one_log = _Log(tx, keyring, organization_id, log, now, report, progress, crew)
            one_log.verify([kept[n] for n in mine])
            ends += one_log.events.ends
    for number, one in enumerate(kept):
        if number not in used:
            report.add("V8", "ledger_log", one.source, "the held checkpoint is of no log of this organization")
    for (table, column), foreign in statements.FOREIGN.items():
        for value, log_id in tx.all(foreign, {"organization_id": organization_id, "page": PAGE}):
            row = f"log_id={log_id} {column}={value if isinstance(value, int) else name_of(value)}"
            report.add("V3", table, row, f"there is no log {log_id}")
    # No two events end one stream: if as many do as there are heads, each head is that of an event.
    loose = (ends,) != tx.one(statements.HEADS, {"organization_id": organization_id}) or report.broken
    asked = {"organization_id": organization_id, "page": PAGE}
    for (stream_id,) in tx.all(statements.LOOSE_HEADS, asked) if loose else ():
        report.add("V4", "stream_head", f"stream_id={as_id(stream_id)}", "the stream has no such last event")
    if log_only:
        return report
    check_facts(tx, keyring, organization_id, report)
    check_erasures(tx, organization_id, report)
    for fold in folds:
        _fold(fold, tx, organization_id, report)
    return report


def _fold(fold: FoldCheck, tx: Tx, organization_id: UUID, report: Report) -> None:
    try:
        for finding in fold(tx, organization_id):
            report.add(finding.check, finding.table, finding.row, finding.problem)
    except (ValueError, TypeError, KeyError, AttributeError):  # a history this damaged cannot be folded
        report.add("V10", "ledger_event", "stream", "the history cannot be read, so the state cannot be compared")


@contextmanager
def _no_search_for_cycles() -> Iterator[None]:
    """Rows come by the thousand and hold no cycles: searching them for cycles would cost a tenth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _Log:
    """The verification of one log."""

    def __init__(
        self,
        tx: Tx,
        keyring: Keyring,
        organization_id: UUID,
        log: queries.LogRow,
        now: datetime,
        report: Report,
        progress: Progress,
        crew: Crew | None,
    ) -> None:
        self.tx = tx
        self.organization_id = organization_id
        self.log = log
        self.now = now
        self.report = report
        self.progress = progress
        self.crew = crew
        self.keys = keyring.log_keys(organization_id, log.origin)
        self.where: dict[str, object] = {"organization_id": organization_id, "log_id": log.log_id, "page": PAGE}
        self.events = Events(tx, self.where, log, report)
        self.tower = tree.Tower()
        outside = OutsideFolder(keyring.data_dir, organization_id, log.log_id)
        self.lost = epochs.lost(tx, organization_id, log)
        verifiers = [verifier for verifier, _key in self.keys]
        self.claims = Claims(tx, self.where, log, verifiers, outside, report, self.lost)

    def verify(self, held: list[Held]) -> None:
        """Every check that belongs to one log."""
        size = queries.size(self.tx, self.organization_id, self.log.log_id)
        pages = self._pages(0, size) if self.crew is None else self._shared(size, self.crew)
        self._sealed(pages, self.claims.all(held))
        self._tiles_beyond(size)
        self._waiting()
        self._nowhere()
        before = self.now - LONGEST_WAIT
        check_notes(self.tx, self.where, self.log, self.keys, before, self.report, self.lost)
        if not self.keys:
            self.report.add("V7", "ledger_log", f"log_id={self.log.log_id}", "no key signs a log of this name")
        for tree_size, kind in self.tx.all(statements.UNANCHORED, self.where):
            self.report.add(
                "V12", "ledger_anchor", f"{place_of(self.log, tree_size)} {kind}", "no signed checkpoint there"
            )
        self._stamps()

    def _stamps(self) -> None:
        """V12: each time stamp is over the checkpoint beside which it stands."""
        after, at = -1, datetime.min.replace(tzinfo=UTC)
        while rows := self.tx.all(anchors.STAMPS, self.where | {"after": after, "at": at}):
            for size, _obtained, token, root in rows:
                problem = anchors.problem_of(notes.Checkpoint(self.log.origin, size, bytes(root)), bytes(token))
                if problem:
                    self.report.add("V12", "ledger_anchor", f"{place_of(self.log, size)} rfc3161", problem)
            after, at = rows[-1][0], as_instant(rows[-1][1])

    # Leaves, tiles and roots: one pass in the order of the log.

    def _sealed(self, pages: Iterator[list[bytes]], claims: Iterator[Claim]) -> None:
        """Grow the tree leaf by leaf and compare every root that somebody claims on the way."""
        claim = next(claims, None)
        for hashes in pages:
            at, done = self.tower.size, 0
            filled: list[tree.Tile] = []
            while claim is not None and claim.size <= at + len(hashes):
                filled += self.tower.extend(hashes[done : claim.size - at])
                done = max(done, claim.size - at)
                self._root(claim)
                claim = next(claims, None)
            filled += self.tower.extend(hashes[done:])
            for level in {tile.level for tile in filled}:
                self._tiles([tile for tile in filled if tile.level == level])
            self.report.leaves += len(hashes)
            self.progress(len(hashes))
        while claim is not None:
            self._root(claim)
            claim = next(claims, None)

    def _shared(self, size: int, crew: Crew) -> Iterator[list[bytes]]:
        """The true hash of each leaf, looked at by several processes; what they doubt is looked at here."""
        at = 0
        for hashes, doubted, ends in crew.looks(self.organization_id, self.log, size):
            for index in doubted:
                rows = self.tx.all(SEALED, self.where | {"after": index, "end": index + 1})
                if not rows or index == 0:
                    yield from self._pages(at, size)  # here a leaf is missing: go on alone
                    return
                hashes[index - at] = self.events.leaf(rows[0][0], rows[0][1], rows[0][2], rows[0][3:])
            self.events.seen_elsewhere(ends)
            yield hashes
            at += len(hashes)

    def _pages(self, at: int, size: int) -> Iterator[list[bytes]]:
        """The true hash of each leaf from `at` on; what is wrong with a leaf or its event is reported."""
        while at < size:
            # The first page looks below zero as well: no leaf may hide there.
            place = self.where | {"after": at or -LOWEST, "end": size}
            rows = self.tx.all(GLANCE, place)
            if not rows:
                problem = f"the leaves from here to {size - 1} are missing"
                self.report.add("V3", "ledger_leaf", self.events.place(at), problem)
                break
            hashes = self.events.quick(rows)
            whole = [row[0] for row in rows] == list(range(at, at + len(rows)))
            if not whole or b"" in hashes:
                rows = self.tx.all(SEALED, place)
                for number, row in enumerate(rows):
                    if row[0] != at + number:
                        self.report.add("V3", "ledger_leaf", self.events.place(at + number), "the leaf is missing")
                        return
                    if not hashes[number]:
                        hashes[number] = self.events.leaf(row[0], row[1], row[2], row[3:])
            yield hashes
            at += len(hashes)

    def _tiles(self, tiles: list[tree.Tile]) -> None:
        """Neighbouring tiles of one level are stored as they should be."""
        first, level = tiles[0].index, tiles[0].level
        place = {"level": level, "first": first, "last": tiles[-1].index}
        stored = {index: found for index, *found in self.tx.all(statements.TILES, self.where | place)}
        for tile in tiles:
            name = f"log_id={self.log.log_id} level={level} tile_index={tile.index}"
            root, hashes = stored.get(tile.index, (None, None))
            if tile.index not in stored:
                self.report.add("V5", "ledger_tile", name, "the tile is missing")
                continue
            if hashes != tile.hashes:
                self.report.add("V5", "ledger_tile", name, "the hashes are not those of the leaves")
            if root != tile.root:
                self.report.add("V5", "ledger_tile", name, "the root is not that of the leaves")

    def _tiles_beyond(self, size: int) -> None:
        """No tile stands where the log has not grown to."""
        for level, count, last in self.tx.all(statements.TILE_LEVELS, self.where):
            full = size // tree.TILE ** (level + 1)
            if count > full or last >= full:
                name = f"log_id={self.log.log_id} level={level} tile_index={last}"
                self.report.add("V5", "ledger_tile", name, "the log has no such tile")

    def _root(self, claim: Claim) -> None:
        table = "ledger_checkpoint"
        if claim.size > self.tower.size:
            problem = f"claims {claim.size} leaves, but the log has {self.tower.size}"
            self.report.add(claim.check, table, claim.row, problem)
        elif claim.root != self.tower.root():
            ours = claim.check == "V6"
            problem = "the root is not that of the leaves" if ours else "the log contradicts this checkpoint"
            self.report.add(claim.check, table, claim.row, problem)

    # What waits, what stands nowhere, and the signatures.

    def _waiting(self) -> None:
        after: Any = NO_ID
        while rows := self.tx.all(statements.WAITING, self.where | {"after": after}):
            for enqueued, event_id, leaf_index, *rest in rows:
                event = tuple(rest)
                name = f"event_id={name_of(event_id)}"
                if leaf_index is not None:
                    self.report.add("V3", "ledger_pending", name, f"the event is sealed already as leaf {leaf_index}")
                elif event[0] is None:
                    self.report.add("V3", "ledger_pending", name, "there is no such event")
                else:
                    self.events.waiting(event)
                    if self.now - as_instant(enqueued) > LONGEST_WAIT and self.log.closed_at is None:
                        self.report.add("V3", "ledger_pending", name, "the event waits too long to be sealed")
            self.report.pending += len(rows)
            after = as_id(rows[-1][1])
        if self.lost is not None:
            found = epochs.waiting(self.tx, self.organization_id, self.log.log_id)
            if found != (self.lost.waiting, self.lost.waiting_root):
                problem = "what waits in the closed log is not what the next log found there"
                self.report.add("V3", "ledger_pending", f"log_id={self.log.log_id}", problem)

    def _nowhere(self) -> None:
        row = self.tx.one(statements.COUNTS, self.where)
        # Counting is quick; which event it is matters only once something is amiss.
        if self.report.broken or (row is not None and row[0] != row[1] + row[2]):
            for (event_id,) in self.tx.all(statements.NOWHERE, self.where):
                self.events.bad("V3", event_id, "the event is neither sealed nor waiting to be")
