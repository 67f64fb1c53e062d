"""`consent import list|show|quarantine|undo`."""

import sys
import uuid
from collections.abc import Iterator
from typing import Any

import click

from consent.command_line import as_json, print_json, print_table, says_what_is_wrong
from consent.imports import queries, runs, undoing, uploads
from consent.imports.rules import Outcome
from consent.imports.runs import Run
from consent.ledger.opened import Opened, opened
from consent.organizations import service as organizations
from consent.organizations.commands import organization_option

WORDS = {
    Outcome.GIVES: "consents given",
    Outcome.ENDS: "opt-outs and refusals",
    Outcome.UNCHANGED: "on record already",
    Outcome.OLDER: "older than what is on record",
    Outcome.REFUSED: "refused: an opt-out is newer",
    Outcome.QUARANTINED: "in quarantine",
}

RECORD_WORDS = {
    "registered": "records that are on the list now",
    "unchanged": "on the list already",
    "quarantined": "in quarantine",
}


@click.command("list")
@organization_option
@as_json
@says_what_is_wrong
def every(organization: str, as_json: bool) -> None:
    """Imports, newest first.

    \b
    Example:
      consent import list --organization valley-smart-homes
    """
    with opened() as house:
        with house.db.read() as tx:
            tenant = organizations.find(tx, organization)
        with house.db.read(tenant.id) as tx:
            found = [queries.run_json(run) for run in runs.newest(tx, tenant.id)]
    if as_json:
        print_json(found)
        return
    print_table(
        [
            (
                r["id"],
                r["created_at"],
                r["stage"],
                f"{r['done']}/{r['rows']}",
                r.get("gives", r.get("registered")),
                r.get("ends", ""),
                r.get("refused", 0) + r["quarantined"],
                r["brought_by"],
            )
            for r in found
        ],
        ("id", "begun", "stage", "rows", "gives", "ends", "apart", "by"),
        "Nothing was imported yet. Import: consent import consents FILE.csv",
    )


@click.command()
@organization_option
@click.argument("import_id", type=click.UUID)
@as_json
@says_what_is_wrong
def show(organization: str, import_id: uuid.UUID, as_json: bool) -> None:
    """How far the import IMPORT_ID is, and what became of its rows.

    \b
    Example:
      consent import show --organization valley-smart-homes 01934f7e-0000-7000-8000-000000000000
    """
    with opened() as house:
        tenant, run = _find(house, organization, import_id)
        with house.db.read(tenant.id) as tx:
            shown = queries.run_json(run, queries.reasons(tx, tenant.id, run.id))
    if as_json:
        print_json(shown)
        return
    click.echo(f"Import {run.id}, {shown['format']}, begun {shown['created_at']} by {run.brought_by}: {run.stage}")
    click.echo(f"{run.position} of {run.rows} rows are done; the file has SHA-256 {shown['file_sha256']}.")
    say_counts(shown)
    if run.trouble:
        click.echo(run.trouble)
    if run.undone or run.kept:
        click.echo(f"Undone: {run.undone}; kept: {run.kept}{'' if run.of_records else ' opt-outs'}.")


@click.command()
@organization_option
@click.argument("import_id", type=click.UUID)
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV with the rows themselves: keep it safe.")
@as_json
@says_what_is_wrong
def quarantine(organization: str, import_id: uuid.UUID, as_csv: bool, as_json: bool) -> None:
    """Which rows of the import IMPORT_ID were not believed, and why. Rows themselves are shown with --csv or --json.

    \b
    Example:
      consent import quarantine --organization valley-smart-homes --csv 01934f7e-0000-7000-8000-000000000000
    """
    with opened() as house:
        tenant, run = _find(house, organization, import_id)
        rows = _kept_apart(house, tenant.id, run)
        if as_json:
            for one in rows:
                print_json(one.as_json())
        elif as_csv:
            for line in queries.as_csv(rows, heading=True):
                click.echo(line, nl=False)
        else:
            print_table(
                [
                    (
                        one.row,
                        one.outcome,
                        r["code"],
                        r["field"],
                        r.get("commitment") or r.get("law") or "",
                        r["message"],
                    )
                    for one in rows
                    for r in one.reasons
                ],
                ("row", "outcome", "code", "field", "asked by", "why"),
                "No row is in quarantine.",
            )


@click.command()
@organization_option
@click.argument("import_id", type=click.UUID)
@click.option("--also-opt-outs", is_flag=True, help="Take opt-outs back, too, that the import brought; needs --reason.")
@click.option("--reason", default=None, help="Why opt-outs have to go; name nobody in it.")
@as_json
@says_what_is_wrong
def undo(organization: str, import_id: uuid.UUID, also_opt_outs: bool, reason: str | None, as_json: bool) -> None:
    """Take back what the import IMPORT_ID wrote, by new entries of the ledger.

    A consent that was withdrawn since does not come back, and opt-outs of the import stay.

    \b
    Example:
      consent import undo --organization valley-smart-homes 01934f7e-0000-7000-8000-000000000000
    """
    with opened() as house:
        tenant, _ = _find(house, organization, import_id)
        run = undoing.begin(house.db, tenant.id, import_id, also_opt_outs=also_opt_outs, reason=reason)
        all_steps(undoing.undo_rows(house.db, house.keyring, tenant.id, run), run.gives + run.ends)
        run = undoing.end(house.db, house.keyring, tenant.id, import_id)
        uploads.forget(house.config.data_dir, import_id)
    if as_json:
        print_json(queries.run_json(run))
        return
    click.echo(f"Import {run.id} is {run.stage}: {run.undone} rows taken back.")
    if run.of_records:
        click.echo(f"{run.kept} records stay on the list: they are on their way out." if run.kept else "None is left.")
        return
    if run.kept:
        click.echo(f"{run.kept} opt-outs stay. To take them back, too: --also-opt-outs --reason …")
    click.echo("What people withdrew since the import stays withdrawn.")


def _kept_apart(house: Opened, organization_id: uuid.UUID, run: Run) -> Iterator[queries.KeptApart]:
    after = 0
    while True:
        with house.db.read(organization_id) as tx:
            page = queries.quarantine(tx, house.keyring, organization_id, run, after)
        yield from page
        if len(page) < queries.PAGE:
            return
        after = page[-1].row


def _find(house: Opened, organization: str, import_id: uuid.UUID) -> tuple[organizations.Tenant, Run]:
    with house.db.read() as tx:
        tenant = organizations.find(tx, organization)
    with house.db.read(tenant.id) as tx:
        return tenant, runs.find(tx, tenant.id, import_id)


def all_steps(steps: Iterator[int], rows: int) -> None:
    """Every step is taken, with a bar on a terminal."""
    if not sys.stderr.isatty():
        for _ in steps:
            pass
        return
    with click.progressbar(length=rows, label="Rows", file=sys.stderr) as bar:
        for step in steps:
            bar.update(step)


def say_counts(shown: dict[str, Any]) -> None:
    for outcome, words in (RECORD_WORDS if "registered" in shown else WORDS).items():
        click.echo(f"  {shown[str(outcome)]:>9}  {words}")
    for code, count in shown.get("reasons", {}).items():
        click.echo(f"  {count:>9}    {code}")
