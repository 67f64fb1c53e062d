"""`consent ledger`: verify, export, checkpoint."""

import os
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from uuid import UUID

import click

from consent import clock
from consent.command_line import as_json, print_json, says_what_is_wrong
from consent.db import Tx
from consent.errors import NotFound, SetupProblem
from consent.ledger import export as exporting
from consent.ledger import jobs, queries
from consent.ledger import verify as verifying
from consent.ledger.crew import WORTH_IT, Crew
from consent.ledger.findings import CHECKS, Report
from consent.ledger.keys import Keyring
from consent.ledger.opened import Opened, opened
from consent.ledger.verify import FoldCheck
from consent.ledger.verify_claims import Held

# What the drivers raise when the database's own pages or rows are damaged: PostgreSQL's XX001 and XX002.
CORRUPTED = ("XX001", "XX002")

for_organization = click.option("--organization", metavar="SLUG", help="One organization only; all if left out.")


def group(folds: Iterable[FoldCheck] = ()) -> click.Group:
    """The commands of the ledger; `folds` are the comparisons of present state and history (V10)."""
    commands = click.Group(
        "ledger", help="Verify, export or checkpoint the ledger.\n\n\b\nExample:\n  consent ledger verify"
    )
    commands.add_command(_verify(tuple(folds)))
    commands.add_command(_export)
    commands.add_command(_checkpoint)
    return commands


def _verify(folds: tuple[FoldCheck, ...]) -> click.Command:
    @click.command("verify")
    @for_organization
    @click.option(
        "--held",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        multiple=True,
        help="A checkpoint kept elsewhere; the log must continue it. May be repeated.",
    )
    @click.option("--log-only", is_flag=True, help="The log alone (V1 to V8): open no facts, fold no history.")
    @click.option("--processes", type=click.IntRange(1, 64), help="How many look at a large log at once.")
    @as_json
    @says_what_is_wrong
    def verify(
        organization: str | None, held: tuple[Path, ...], log_only: bool, processes: int | None, as_json: bool
    ) -> None:
        """Compute everything that is hashed or signed again; exit status 0 only if all of it holds.

        \b
        Examples:
          consent ledger verify
          consent ledger verify --organization valley-smart-homes --held kept.note --json
        """
        kept = [Held(str(path), path.read_text(encoding="utf-8", errors="replace")) for path in held]
        with opened() as house:
            some = chosen(house.keyring, organization)
            with _crew(house, some, processes) as crew:
                reports = _reports(house, some, kept, folds, log_only, crew)
        if as_json:
            print_json({"holds": all(r.holds for _slug, r in reports), "organizations": [_data(*r) for r in reports]})
        else:
            for slug, report in reports:
                _say(slug, report)
        if not all(report.holds for _slug, report in reports):
            raise SystemExit(1)

    return verify


@click.command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--organization", metavar="SLUG", required=True, help="Whose ledger.")
@as_json
@says_what_is_wrong
def _export(folder: Path, organization: str, as_json: bool) -> None:
    """Write each log of an organization into a new FOLDER: bodies, checkpoints, keys; no personal facts.

    \b
    Example:
      consent ledger export ./valley-log --organization valley-smart-homes
    """
    with opened() as house:
        ((_slug, organization_id),) = chosen(house.keyring, organization)
        done = []
        with house.db.read(organization_id) as tx:
            for log in queries.logs(tx, organization_id):
                place = folder / str(log.log_id)
                done.append(exporting.export(tx, house.keyring, organization_id, log, place))
    if as_json:
        print_json([{"origin": e.origin, "folder": str(e.folder), "leaves": e.leaves} for e in done])
    for one in [] if as_json else done:
        click.echo(
            f"{one.origin}: {one.leaves} entries, {one.checkpoints} checkpoints, {one.pending} waiting: {one.folder}"
        )


@click.command("checkpoint")
@for_organization
@as_json
@says_what_is_wrong
def _checkpoint(organization: str | None, as_json: bool) -> None:
    """Seal what waits and print the newest signed checkpoint of each log, to be kept elsewhere.

    \b
    Example:
      consent ledger checkpoint --organization valley-smart-homes > kept.note
    """
    printed = []
    with opened() as house:
        for slug, organization_id in chosen(house.keyring, organization):
            jobs.seal_organization(house.db, house.keyring, organization_id, clock.now())
            with house.db.read(organization_id) as tx:
                for log in queries.logs(tx, organization_id):
                    note = queries.newest_note(tx, organization_id, log.log_id)
                    if note is not None:
                        printed.append({"organization": slug, "origin": log.origin, "note": note})
    if as_json:
        print_json(printed)
    else:
        click.echo("\n".join(one["note"] for one in printed), nl=False)
    if not printed:
        raise NotFound("Nothing is sealed yet.")


def chosen(keyring: Keyring, slug: str | None) -> list[tuple[str, UUID]]:
    """The organizations a command is about: short name and id, known by the names of their logs."""
    known = sorted(
        (origin.rsplit("/", 2)[-2], organization_id)
        for organization_id in keyring.organizations()
        for origin in keyring.origins(organization_id)[-1:]
    )
    if not known:
        raise SetupProblem("There are no signing keys. Add an organization: consent organizations add")
    found = [one for one in known if slug is None or one[0] == slug]
    if not found:
        raise NotFound(f"There is no organization {slug}. There are: {', '.join(name for name, _id in known)}.")
    return found


def _crew(
    house: Opened, organizations: list[tuple[str, UUID]], processes: int | None
) -> AbstractContextManager[Crew | None]:
    """Helpers where the log is large enough for them, or where they were asked for."""
    leaves = 0
    for _slug, organization_id in organizations:
        with house.db.read(organization_id) as tx:
            leaves += _size(tx, organization_id)
    count = processes or (min(os.cpu_count() or 1, 4) if leaves >= WORTH_IT else 1)
    return Crew(house.config.database_url, count) if count > 1 else nullcontext()


def _reports(
    house: Opened,
    organizations: list[tuple[str, UUID]],
    held: list[Held],
    folds: tuple[FoldCheck, ...],
    log_only: bool,
    crew: Crew | None,
) -> list[tuple[str, Report]]:
    reports = []
    # A checkpoint is looked at where its log is; one of a log nobody here has is everybody's finding.
    origins = {origin: oid for _s, oid in organizations for origin in house.keyring.origins(oid)}
    stray = [one for one in held if one.note.split("\n", 1)[0] not in origins]
    for slug, organization_id in organizations:
        mine = [one for one in held if origins.get(one.note.split("\n", 1)[0]) == organization_id]
        try:
            with house.db.read(organization_id) as tx, _bar(slug, tx, organization_id) as progress:
                report = verifying.verify(
                    tx,
                    house.keyring,
                    organization_id,
                    clock.now(),
                    held=mine + stray,
                    folds=folds,
                    log_only=log_only,
                    crew=crew,
                    progress=progress,
                )
        except Exception as error:
            if not isinstance(error, sqlite3.DatabaseError) and getattr(error, "sqlstate", None) not in CORRUPTED:
                raise
            report = Report(organization_id)
            report.add("V2", "database", "file", f"the database cannot be read: {type(error).__name__}")
        reports.append((slug, report))
    return reports


@contextmanager
def _bar(slug: str, tx: Tx, organization_id: UUID) -> Iterator[Callable[[int], None]]:
    """A progress bar on a terminal, nothing in a pipe."""
    if not sys.stderr.isatty():
        yield lambda _count: None
        return
    with click.progressbar(length=_size(tx, organization_id), label=slug, file=sys.stderr) as bar:
        yield bar.update


def _size(tx: Tx, organization_id: UUID) -> int:
    return sum(queries.size(tx, organization_id, log.log_id) for log in queries.logs(tx, organization_id))


def _data(slug: str, report: Report) -> dict[str, object]:
    return {"organization": slug} | report.as_data()


def _say(slug: str, report: Report) -> None:
    counts = (
        f"{report.leaves} sealed, {report.pending} waiting, {report.checkpoints} checkpoints, {report.notes}"
        f" signatures, {report.held} held outside, {report.disclosures} rows of facts"
    )
    click.echo(f"{slug}: {'holds' if report.holds else 'DOES NOT HOLD'} ({counts})")
    for finding in report.findings:
        click.echo(f"  {finding}")
    for check in sorted({finding.check for finding in report.findings}, key=lambda name: int(name[1:])):
        click.echo(f"  {check} means: {CHECKS[check]}")
    if report.broken > len(report.findings):
        click.echo(f"  and {report.broken - len(report.findings)} more")


ledger = group()
