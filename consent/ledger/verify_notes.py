"""The part of `ledger verify` that checks signatures: V7."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from consent.db import Tx
from consent.db.types import as_instant
from consent.ledger import notes, statements
from consent.ledger.epochs import Lost
from consent.ledger.findings import Report
from consent.ledger.keyfiles import SigningKey
from consent.ledger.notes import BadNote, Checkpoint, Verifier
from consent.ledger.queries import LogRow

LogKeys = Sequence[tuple[Verifier, SigningKey]]


def check_notes(
    tx: Tx,
    where: Mapping[str, object],
    log: LogRow,
    keys: LogKeys,
    before: datetime,
    report: Report,
    lost: Lost | None = None,
) -> None:
    """A note covers every checkpoint made `before`; each is that of its checkpoint, signed once by a key valid then."""
    for (size,) in tx.all(statements.UNSIGNED, {**where, "before": before}):
        if lost is not None and size > lost.good:
            continue  # a log that is closed is not signed any more; the next one names what it vouches for
        report.add("V7", "ledger_checkpoint", f"log_id={log.log_id} tree_size={size}", "nobody has signed it")
    after, key_id = -1, ""
    while rows := tx.all(statements.NOTES, {**where, "after": after, "key_id": key_id}):
        for size, key, note, root, created in rows:
            report.notes += 1
            problem = _problem(log, keys, size, key, note, root, created)
            if problem:
                row = f"log_id={log.log_id} tree_size={size} key_id={key}"
                report.add("V7", "ledger_checkpoint_sig", row, problem)
        after, key_id = rows[-1][0], rows[-1][1]


def _problem(log: LogRow, keys: LogKeys, size: int, key_id: str, note: str, root: Any, created: Any) -> str:
    if root is None:
        return "there is no checkpoint of this size"
    mine = [(v, k) for v, k in keys if v.id.hex() == key_id]
    if not mine:
        return "no key of this log has this id"
    verifier, key = mine[0]
    if not key.signs_at(as_instant(created)):
        return "the key was not valid when the checkpoint was made"
    try:
        text, _signed = notes.open_note(note, [verifier])
    except BadNote as error:
        return error.detail[0].lower() + error.detail[1:].rstrip(".")
    if text != Checkpoint(log.origin, size, bytes(root)).text:
        return "the note is not that of the checkpoint"
    if note.count("\n") != text.count("\n") + 2:
        return "the note carries more than the one signature of its key"
    return ""
