"""Begin an import, work its rows off in batches and say so in the ledger; after a kill, go on where it stopped."""

import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

from consent import clock
from consent.db import Database, Tx
from consent.errors import BadInput, Conflict
from consent.ids import new_id
from consent.imports import queries, reading, records, runs, service
from consent.imports.demands import Demands
from consent.imports.formats import RECORDS
from consent.imports.mapping import Mapping
from consent.imports.models import Stage
from consent.imports.reading import Looked, Open
from consent.imports.rules import Outcome
from consent.imports.runs import Run
from consent.imports.service import Import
from consent.ledger import base64url
from consent.ledger.keys import Keyring
from consent.organizations import service as organizations
from consent.policies.governing import Governing
from consent.preferences.models import EVERY_PROGRAM
from consent.retention import registering
from consent.retention.registering import Checker

Row = TypeVar("Row")


class Doing(Protocol[Row]):
    """What does the rows of one import."""

    @property
    def organization_id(self) -> uuid.UUID:
        """Whose import it is."""

    @property
    def run(self) -> Run:
        """How far it is."""

    @property
    def mapping(self) -> Mapping:
        """How its file is read."""

    def reader(self, looked: Looked) -> Callable[[int, list[str]], Row | None]:
        """Reads a row and holds it against policy and law; None for an empty line."""

    def do(self, tx: Tx, batch: Sequence[Row], before: int, after: int, now: datetime) -> None:
        """The rows of one batch in their transaction."""


def begin(
    db: Database, keyring: Keyring, organization_id: uuid.UUID, looked: Looked, mapping: Mapping, brought_by: str
) -> tuple[Run, bool]:
    """The import runs and the ledger says so; second, False where the same file was brought before."""
    now = clock.now()

    def work(tx: Tx) -> tuple[Run, bool]:
        before = runs.same(tx, organization_id, looked.sha256, mapping.sha256)
        if before is not None:
            return before, False
        place = new_run(keyring, organization_id, mapping, brought_by, now)
        place |= {"stage": Stage.RUNNING, "uploaded": False, "file_sha256": looked.sha256, "rows": looked.rows}
        runs.insert(tx, organization_id, place)
        run = runs.find(tx, organization_id, place["id"])  # type: ignore[arg-type]
        say_started(tx, keyring, organization_id, run, now)
        return run, True

    return db.write(work, organization_id)


def new_run(
    keyring: Keyring, organization_id: uuid.UUID, mapping: Mapping, brought_by: str, now: datetime
) -> dict[str, object]:
    """What every new run has: its id, a key of its own, how its file is read, and who brought it."""
    return {
        "id": new_id(now),
        "mapping_sha256": mapping.sha256,
        "mapping": mapping.text,
        "brought_by": brought_by,
        "wrapped_key": keyring.new_stream_key(organization_id)[1],
        "created_at": now,
    }


def say_started(tx: Tx, keyring: Keyring, organization_id: uuid.UUID, run: Run, now: datetime) -> None:
    """The ledger knows that the rows of this file follow."""
    data: dict[str, object] = {
        "import": str(run.id),
        "format": run.mapping.format,
        "file_sha256": base64url.encode(run.file_sha256),
        "mapping_sha256": base64url.encode(run.mapping_sha256),
        "rows": run.rows,
    }
    organizations.record(tx, keyring, organization_id, "import.started", data, now)


def imagined(keyring: Keyring, organization_id: uuid.UUID, looked: Looked, mapping: Mapping, now: datetime) -> Run:
    """A run that is stored nowhere, for a dry run."""
    place = new_run(keyring, organization_id, mapping, "", now)
    counts = dict.fromkeys(("position", *map(str, Outcome), "undo_position", "undone", "kept"), 0)
    nothing = dict.fromkeys(("undo_reason", "trouble", "finished_at", "undone_at"))
    told: dict[str, Any] = {**place, **counts, **nothing, "file_sha256": looked.sha256, "rows": looked.rows}
    told["mapping_text"] = told.pop("mapping")
    return Run(stage=Stage.RUNNING, uploaded=False, **told)


def find_to_resume(
    db: Database, organization_id: uuid.UUID, import_id: uuid.UUID, looked: Looked, mapping: Mapping | None
) -> Run:
    """The run to go on with; refused where it is not under way, or the file or mapping is another one."""
    with db.read(organization_id) as tx:
        run = runs.find(tx, organization_id, import_id)
    if run.stage is not Stage.RUNNING:
        raise Conflict(f"This import is {run.stage}; there is nothing to go on with.")
    if run.file_sha256 != looked.sha256:
        raise BadInput("This is not the file that the import began with.", field="file")
    if mapping is not None and run.mapping_sha256 != mapping.sha256:
        raise BadInput("This is not the mapping that the import began with; leave it out.", field="mapping")
    return run


def opened(db: Database, keyring: Keyring, governing: Governing, organization_id: uuid.UUID, run: Run) -> Doing[Any]:
    """Everything that doing its rows needs, whatever they tell of."""
    make = records.opened if run.of_records else opened_import
    return make(db, keyring, governing, organization_id, run)


def opened_import(db: Database, keyring: Keyring, governing: Governing, organization_id: uuid.UUID, run: Run) -> Import:
    """Everything that doing its rows needs; a constant that names no program is refused here, before any row."""
    log = governing.now(organization_id, clock.now()).log
    with db.read(organization_id) as tx:
        demands = Demands(tx, governing, organization_id, run.created_at)
    mapping = run.mapping
    check_constants(demands, mapping)
    key = keyring.stream_key(organization_id, run.wrapped_key)
    return Import(organization_id, run, mapping, keyring, log, demands, key)


def check(
    db: Database, keyring: Keyring, governing: Governing, organization_id: uuid.UUID, mapping: Mapping, now: datetime
) -> None:
    """What the mapping says of every row can be true; BadInput names the constant."""
    with db.read(organization_id) as tx:
        if mapping.format != RECORDS:
            check_constants(Demands(tx, governing, organization_id, now), mapping)
            return
        stores = registering.stores(tx, keyring, organization_id)
    records.check_constants(Checker(governing.now(organization_id, now).rulebook, stores, now), mapping)


def check_constants(demands: Demands, mapping: Mapping) -> None:
    """What the mapping says of every row can be true; BadInput names the constant."""
    program = mapping.constants.get("program")
    if program is not None and program != EVERY_PROGRAM and not demands.knows(program):
        raise BadInput("The organization has no program or feature of this name.", field="mapping.constants.program")


def run_rows(db: Database, of: Doing[Any], opened: Open, looked: Looked) -> Iterator[int]:
    """Every row from where the run stands is done; after each batch the number of its rows."""
    for before, batch, cells in batches(of, opened, looked, of.run.position):

        def work(tx: Tx, before: int = before, batch: list[Any] = batch, after: int = before + cells) -> None:
            of.do(tx, batch, before, after, clock.now())

        db.write(work, of.organization_id)
        yield cells


def batches(of: Doing[Row], opened: Open, looked: Looked, start: int) -> Iterator[tuple[int, list[Row], int]]:
    """Rows ready to be judged: after how many they come, they themselves, and how many lines they were."""
    read, position = of.reader(looked), start
    for cells in reading.batches(opened, of.mapping, start, service.BATCH):
        yield position, [row for number, one in cells if (row := read(number, one)) is not None], len(cells)
        position += len(cells)


def finish(db: Database, keyring: Keyring, organization_id: uuid.UUID, import_id: uuid.UUID) -> Run:
    """Once every row is done the run is finished, and the ledger says with which counts."""
    now = clock.now()

    def work(tx: Tx) -> Run:
        if runs.finish(tx, organization_id, import_id, now):
            run = runs.find(tx, organization_id, import_id)
            data: dict[str, object] = {"import": str(import_id), "file_sha256": base64url.encode(run.file_sha256)}
            data |= {"rows": run.rows, **run.told}
            if behind := queries.behind(tx, organization_id, import_id):
                data["rests_on"] = behind
            organizations.record(tx, keyring, organization_id, "import.finished", data, now)
        return runs.find(tx, organization_id, import_id)

    return db.write(work, organization_id)
