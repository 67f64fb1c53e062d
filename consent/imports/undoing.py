"""Take back what an import wrote: by new entries that annul its own, never by deletion.

What the person said since stays as it is, so nothing that was withdrawn comes back. Opt-outs that the import brought
stay, unless somebody says why they must go, too.
"""

import uuid
from collections.abc import Iterator
from datetime import datetime

from consent import clock
from consent.db import Database, Sql, Tx
from consent.db.types import as_id
from consent.errors import BadInput, Conflict
from consent.imports import records, runs
from consent.imports.models import Stage
from consent.imports.rules import Outcome
from consent.imports.runs import Run
from consent.imports.service import BATCH, SOURCE
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.organizations import service as organizations
from consent.preferences import service as preferences
from consent.subjects import service as subjects

LONGEST_REASON = 500

_BEGIN = Sql(
    "UPDATE import_run SET stage = 'undoing', undo_position = 0, kept = 0, undo_reason = :reason"
    " WHERE organization_id = :organization_id AND id = :id AND stage = :stage"
)
_ENTRIES = Sql(
    "SELECT row_number, outcome, event_id, contact_point_id FROM import_entry WHERE organization_id = :organization_id"
    " AND import_id = :id AND row_number > :after ORDER BY row_number LIMIT :most"
)
_FORGET = Sql(
    "DELETE FROM import_entry WHERE organization_id = :organization_id AND import_id = :id AND row_number = :row_number"
)
_END = Sql(
    "UPDATE import_run SET stage = 'undone', undone_at = :now WHERE organization_id = :organization_id AND id = :id"
    " AND stage = 'undoing'"
)


def begin(
    db: Database, organization_id: uuid.UUID, import_id: uuid.UUID, *, also_opt_outs: bool, reason: str | None
) -> Run:
    """The import is being undone; refused where there is nothing to undo, or opt-outs should go without a reason."""
    given = checked_reason(reason, also_opt_outs=also_opt_outs)
    return db.write(lambda tx: begin_in(tx, organization_id, import_id, given), organization_id)


def checked_reason(reason: str | None, *, also_opt_outs: bool) -> str | None:
    """Why opt-outs have to go, or None where they stay; BadInput when they should go without a reason."""
    if not also_opt_outs:
        return None
    given = " ".join((reason or "").split())
    if not 1 <= len(given) <= LONGEST_REASON:
        raise BadInput("Say why opt-outs have to go, too; the reason is kept with the import.", field="reason")
    return given


def begin_in(tx: Tx, organization_id: uuid.UUID, import_id: uuid.UUID, reason: str | None) -> Run:
    """`begin` inside an open transaction; with a reason opt-outs go, too."""
    run = runs.find(tx, organization_id, import_id)
    if run.stage is Stage.UNDOING:
        return run
    again = run.stage is Stage.UNDONE and reason is not None and run.kept > 0
    if run.stage not in (Stage.FINISHED, Stage.RUNNING) and not again:
        raise Conflict(f"This import is {run.stage}; there is nothing to undo.")
    place = {"organization_id": organization_id, "id": import_id, "stage": str(run.stage), "reason": reason}
    tx.run(_BEGIN, place)
    return runs.find(tx, organization_id, import_id)


def undo_rows(db: Database, keyring: Keyring, organization_id: uuid.UUID, run: Run) -> Iterator[int]:
    """Every entry is annulled or kept; after each batch how many rows it had. After a kill it goes on."""
    position = run.undo_position
    while True:

        def work(tx: Tx, before: int = position) -> tuple[int, int]:
            take_back = records.undo_batch if run.of_records else _batch
            return take_back(tx, keyring, organization_id, run, before, clock.now())

        rows, position = db.write(work, organization_id)
        if rows == 0:
            return
        yield rows


def end(db: Database, keyring: Keyring, organization_id: uuid.UUID, import_id: uuid.UUID) -> Run:
    """The import is undone, and the ledger says how much of it and why."""
    now = clock.now()

    def work(tx: Tx) -> Run:
        ended = tx.run(_END, {"organization_id": organization_id, "id": import_id, "now": now})
        run = runs.find(tx, organization_id, import_id)
        if ended:
            data: dict[str, object] = {"import": str(import_id), "undone": run.undone, "kept": run.kept}
            data["also_opt_outs"] = run.undo_reason is not None
            organizations.record(tx, keyring, organization_id, "import.undone", data, now)
        return run

    return db.write(work, organization_id)


def _batch(
    tx: Tx, keyring: Keyring, organization_id: uuid.UUID, run: Run, before: int, now: datetime
) -> tuple[int, int]:
    place: dict[str, object] = {"organization_id": organization_id, "id": run.id}
    rows = tx.all(_ENTRIES, place | {"after": before, "most": BATCH})
    if not rows:
        return 0, before
    going = [row for row in rows if row[1] == Outcome.GIVES or run.undo_reason is not None]
    kept = len(rows) - len(going)
    runs.undo_move(tx, organization_id, run.id, before, rows[-1][0], undone=len(going), kept=kept)
    log = ledger.log_of(tx, organization_id)
    assert log is not None  # an organization with imports has one
    for row_number, _, event_id, contact_id in going:
        _annul(tx, keyring, log, run, as_id(event_id), as_id(contact_id), now)
        tx.later(_FORGET, place | {"row_number": row_number})
    return len(rows), rows[-1][0]


def _annul(
    tx: Tx,
    keyring: Keyring,
    log: ledger.Log,
    run: Run,
    event_id: uuid.UUID,
    contact_id: uuid.UUID,
    now: datetime,
) -> None:
    """What holds for the contact point is what would hold had the entry never come."""
    found = subjects.place_of(tx, log.organization_id, contact_id)
    if found is None:
        return
    channel, tag64 = found
    stream = ledger.stream(tx, keyring, log.organization_id, contact_id)
    before = preferences.read(tx, log.organization_id, channel, tag64)
    data = {"import": str(run.id), "annuls": str(event_id)}
    entry = ledger.append(tx, log, stream, ledger.Event("consent.annulled", SOURCE, channel, (), data), now)
    preferences.record(tx, log.organization_id, channel, tag64, before, entry, SOURCE)
