"""Work off what was uploaded, and finish what is being undone, in this or an earlier life of the process."""

import uuid
from contextlib import closing
from pathlib import Path

from consent import clock
from consent.db import Database, Tx
from consent.errors import BadInput
from consent.imports import reading, running, runs, undoing, uploads
from consent.imports.models import Stage
from consent.imports.runs import Overtaken, Run
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing


def work_off(
    db: Database, keyring: Keyring, governing: Governing, data_dir: Path, organization_id: uuid.UUID
) -> list[uuid.UUID]:
    """Every upload of the organization that lies on this machine is done; which ones came to their end."""
    with db.read(organization_id) as tx:
        waiting = runs.open_runs(tx, organization_id)
    ended = []
    for run in waiting:
        try:
            if run.stage is Stage.UNDOING:
                for _ in undoing.undo_rows(db, keyring, organization_id, run):
                    pass
                undoing.end(db, keyring, organization_id, run.id)
                uploads.forget(data_dir, run.id)
                ended.append(run.id)
            elif run.uploaded and (lock := uploads.hold(data_dir, run.id)) is not None:
                with closing(lock):
                    _do(db, keyring, governing, data_dir, organization_id, run)
                ended.append(run.id)
        except Overtaken:  # another process is at it, and ends it
            continue
    uploads.sweep(data_dir, clock.now())
    return ended


def _do(
    db: Database, keyring: Keyring, governing: Governing, data_dir: Path, organization_id: uuid.UUID, run: Run
) -> None:
    key = keyring.stream_key(organization_id, run.wrapped_key)
    opened = uploads.opened(data_dir, organization_id, run.id, key)
    try:
        looked = reading.look(opened, run.mapping)
    except BadInput as error:
        trouble = error.detail
        db.write(lambda tx: runs.fail(tx, organization_id, run.id, trouble, clock.now()), organization_id)
        uploads.forget(data_dir, run.id)
        return
    if run.stage is Stage.WAITING:
        db.write(lambda tx: _take_up(tx, keyring, organization_id, run, looked.rows), organization_id)
    with db.read(organization_id) as tx:
        run = runs.find(tx, organization_id, run.id)
    of = running.opened(db, keyring, governing, organization_id, run)
    for _ in running.run_rows(db, of, opened, looked):
        pass
    running.finish(db, keyring, organization_id, run.id)
    uploads.forget(data_dir, run.id)


def _take_up(tx: Tx, keyring: Keyring, organization_id: uuid.UUID, run: Run, rows: int) -> None:
    now = clock.now()
    if runs.take_up(tx, organization_id, run.id, rows):
        running.say_started(tx, keyring, organization_id, runs.find(tx, organization_id, run.id), now)
