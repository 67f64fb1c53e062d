"""An organization comes: all of it in one transaction, under a log of its own that names the one it continues."""

import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from consent.backup.archive import Broken
from consent.backup.taking import Bar, no_bar
from consent.db import Database, Sql, Tx
from consent.errors import Conflict
from consent.leaving import cells, rules
from consent.leaving.reading import Arrival
from consent.ledger import carried, epochs, jobs, keyfiles, queries, sealing
from consent.ledger.findings import Report
from consent.ledger.keyfiles import RECEIPTS
from consent.ledger.keys import Keyring
from consent.ledger.outside import OutsideFolder, published_logs
from consent.ledger.verify import FoldCheck, verify
from consent.organizations import service as organizations

AT_ONCE, FILES_AT_ONCE = 500, 8  # rows handed to the database at once; fewer where a row may hold a whole file
LOGS = "ledger_log"

_KNOWN = Sql("SELECT slug FROM organization WHERE organization_id = :organization_id OR slug = :slug")


@dataclass(frozen=True, slots=True)
class Ground:
    """What importing stands on. `origin` names a log of this installation, by short name and epoch."""

    db: Database
    data_dir: Path
    metadata: sa.MetaData
    origin: Callable[[str, int], str]
    folds: Iterable[FoldCheck]
    clock: Callable[[], datetime]


def refuse_known(ground: Ground, arrival: Arrival) -> None:
    """Conflict where the organization, or another of its short name, is served here, or its next log was before."""
    with ground.db.read() as tx:
        _refuse_known(tx, arrival)
    epoch = _last_log(ground, arrival) + 1
    if epoch in published_logs(ground.data_dir, arrival.id):
        raise Conflict(
            f"Checkpoints of {ground.origin(arrival.slug, epoch)} were published here before, as by an earlier import,"
            " and a log is never written anew. Import into an empty data folder."
        )


def take_over(ground: Ground, arrival: Arrival, bar: Bar = no_bar) -> Report:
    """The organization is served here, with everything in the archive; returns what `ledger verify` says of it.

    After `refuse_known`. Killed at any moment before its one commit it leaves nothing but keys, and may be run again.
    """
    keyring = _keep_keys(ground, arrival)
    with bar(sum(arrival.counts.values())) as progress:
        _fill(ground, keyring, arrival, progress)
    _publish(ground, keyring, arrival)
    jobs.seal_organization(ground.db, keyring, arrival.id, ground.clock())  # the first leaf, before any other
    told = {
        "from": arrival.came_from,
        "taken_at": arrival.taken_at.isoformat(),
        "archive": arrival.seal,
    }
    ground.db.write(
        lambda tx: organizations.record(tx, keyring, arrival.id, "organization.imported", told, ground.clock()),
        arrival.id,
    )
    jobs.seal_organization(ground.db, keyring, arrival.id, ground.clock())
    with ground.db.read(arrival.id) as tx:
        return verify(tx, keyring, arrival.id, ground.clock(), folds=ground.folds)


def _keep_keys(ground: Ground, arrival: Arrival) -> Keyring:
    """The keys it brought are in the data folder, and new ones that sign its next log and its receipts from now on."""
    carried.keep(ground.data_dir, arrival.id, arrival.purposes)
    for key in arrival.signing:
        keyfiles.keep_public_half(ground.data_dir, arrival.id, key)
    keyring, now = Keyring(ground.data_dir), ground.clock()
    epochs.make_key(keyring, arrival.id, ground.origin(arrival.slug, _last_log(ground, arrival) + 1), now)
    if not any(key.is_held and key.signs_at(now) for key in keyring.receipt_keys(arrival.id)):
        keyfiles.create_signing_key(ground.data_dir, arrival.id, RECEIPTS, now)
    return keyring


def _last_log(ground: Ground, arrival: Arrival) -> int:
    found = [int(row["log_id"]) for row in arrival.rows(ground.metadata.tables[LOGS])]
    if not found:
        raise Broken("The archive holds no log, and every organization has one. Use another copy.")
    return max(found)


def _fill(ground: Ground, keyring: Keyring, arrival: Arrival, progress: Callable[[int], None]) -> None:
    tables = [one for one in ground.metadata.sorted_tables if one.name in rules.TRAVELS]

    def work(tx: Tx) -> None:
        _refuse_known(tx, arrival)
        for table in tables:
            _fill_table(tx, arrival, table, progress)
        _open_log(ground, tx, keyring, arrival)

    try:
        ground.db.write(work, arrival.id)
    except Exception as error:
        if not _does_not_fit(error):
            raise
        raise Broken("The rows of the archive contradict each other, or something that is here already.") from error


def _fill_table(tx: Tx, arrival: Arrival, table: sa.Table, progress: Callable[[int], None]) -> None:
    names = [one.name for one in table.columns]
    values = ", ".join(f":{name}" for name in names)
    insert = Sql(f"INSERT INTO {table.name} ({', '.join(map(cells.quoted, names))}) VALUES ({values})")  # noqa: S608 - our own tables
    most = FILES_AT_ONCE if table.name in rules.WITH_FILES else AT_ONCE
    rows = arrival.rows(table)
    while chunk := [cells.stored(row, postgresql=tx.postgresql) for row in islice(rows, most)]:
        tx.many(insert, chunk)
        progress(len(chunk))


def _open_log(ground: Ground, tx: Tx, keyring: Keyring, arrival: Arrival) -> None:
    """The log that was written to elsewhere is closed; the next one begins with what the old one proves."""
    log = queries.logs(tx, arrival.id)[-1]
    found = epochs.compare(tx, keyring, arrival.id, log, filter(None, [arrival.note(log.log_id)]))
    why = f"carried over from {arrival.came_from}"
    origin = ground.origin(arrival.slug, log.log_id + 1)
    epochs.open_next(tx, keyring, arrival.id, log, found, why, ground.clock(), origin=origin)


def _publish(ground: Ground, keyring: Keyring, arrival: Arrival) -> None:
    """What was published elsewhere last of each log is held outside here too."""
    with ground.db.read(arrival.id) as tx:
        logs = queries.logs(tx, arrival.id)
    for log in logs:
        outside, note = OutsideFolder(ground.data_dir, arrival.id, log.log_id), arrival.note(log.log_id)
        if note is not None and outside.latest() is None:  # else it began here, and is on its way home
            outside.publish_keys(sealing.key_list(keyring, arrival.id, log.origin))
            outside.publish(queries.checkpoint_of(note).size, note)


def _refuse_known(tx: Tx, arrival: Arrival) -> None:
    place: dict[str, object] = {"organization_id": arrival.id, "slug": arrival.slug}
    if tx.one(_KNOWN, place) is not None:
        raise Conflict(f"{arrival.slug} is served here already. An organization is imported where it is not yet.")


def _does_not_fit(error: Any) -> bool:
    """Whether the database refused the rows themselves: 22 a value that does not fit, 23 a constraint."""
    return isinstance(error, sqlite3.IntegrityError) or str(getattr(error, "sqlstate", ""))[:2] in ("22", "23")
