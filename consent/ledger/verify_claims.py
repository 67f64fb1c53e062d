"""The part of `ledger verify` that gathers which root is claimed at which size: by us, and outside. V6 and V8."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import chain
from typing import NamedTuple

from consent.db import Tx
from consent.ledger import notes, statements
from consent.ledger.epochs import Lost
from consent.ledger.findings import Report
from consent.ledger.notes import BadNote, Verifier
from consent.ledger.outside import OutsideFolder
from consent.ledger.queries import LogRow


@dataclass(frozen=True, slots=True)
class Held:
    """A checkpoint somebody kept outside the database: where it stands, and its signed note."""

    source: str
    note: str


class Claim(NamedTuple):
    """Somebody says that the log of this size has this root; `row` tells where it is said."""

    size: int
    check: str
    row: str
    root: bytes


class Claims:
    """What is claimed about one log."""

    def __init__(
        self,
        tx: Tx,
        where: Mapping[str, object],
        log: LogRow,
        verifiers: Sequence[Verifier],
        outside: OutsideFolder,
        report: Report,
        lost: Lost | None,
    ) -> None:
        self._tx, self._where, self._log, self._lost = tx, where, log, lost
        self._verifiers, self._outside, self._report = verifiers, outside, report

    def all(self, held: Iterable[Held]) -> Iterator[Claim]:
        """Every claim, smallest size first: our checkpoints, what was published, and what others hold."""
        return merge(self._checkpoints(), self._published(), self._held(held), key=lambda claim: claim.size)

    def _checkpoints(self) -> Iterator[Claim]:
        after = -1
        while rows := self._tx.all(statements.CHECKPOINTS, {**self._where, "after": after}):
            for size, root, _created in rows:
                self._report.checkpoints += 1
                yield Claim(size, "V6", place_of(self._log, size), root)
            after = rows[-1][0]

    def _published(self) -> Iterator[Claim]:
        newest = self._outside.latest()
        latest = [] if newest is None else [(self._outside.folder / "latest", newest)]
        for path, note in chain(self._outside.all(), latest):
            claim = self._claim(Held(str(path), note))
            if claim is not None:
                yield claim

    def _held(self, held: Iterable[Held]) -> Iterator[Claim]:
        claims = [claim for one in held if (claim := self._claim(one)) is not None]
        yield from sorted(claims, key=lambda claim: claim.size)

    def _claim(self, held: Held) -> Claim | None:
        self._report.held += 1
        try:
            checkpoint = notes.open_checkpoint(held.note, self._verifiers)
            if checkpoint.origin == self._log.origin:
                if self._lost is not None and self._lost.covers(checkpoint):
                    return None  # the next log says that this was lost, and from where on
                return Claim(checkpoint.size, "V8", held.source, checkpoint.root)
            problem = "the held checkpoint is of another log"
        except BadNote as error:
            problem = "the held checkpoint cannot be used: " + error.detail[0].lower() + error.detail[1:].rstrip(".")
        self._report.add("V8", "ledger_checkpoint", held.source, problem)
        return None


def place_of(log: LogRow, size: int) -> str:
    """How a report names the checkpoint of that size."""
    return f"log_id={log.log_id} tree_size={size}"
