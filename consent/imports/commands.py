"""`consent import`."""

import getpass
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from consent import clock
from consent.command_line import as_json, print_json, says_what_is_wrong
from consent.errors import BadInput, ConsentError
from consent.imports import commands_runs, queries, reading, record_preview, running, runs
from consent.imports import mapping as mappings
from consent.imports import preview as previews
from consent.imports import records as recorded
from consent.imports.commands_runs import all_steps, say_counts
from consent.imports.formats import OF_CONSENTS, RECORDS
from consent.imports.mapping import Mapping
from consent.imports.record_preview import RecordPreview
from consent.imports.runs import Run
from consent.ledger.opened import Opened, opened
from consent.organizations import service as organizations
from consent.organizations.commands import organization_option
from consent.policies.governing import Governing


@click.group("import")
def group() -> None:
    """Consents, opt-outs and records from files of other systems; no import revives an opt-out.

    \b
    Example:
      consent import consents customers.csv --organization valley-smart-homes --dry-run
    """


for one in (commands_runs.every, commands_runs.show, commands_runs.quarantine, commands_runs.undo):
    group.add_command(one)


def _brings(command: Callable[..., None]) -> Callable[..., None]:
    """The options of a command that brings a file."""
    for option in reversed(
        (
            click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path)),
            organization_option,
            click.option(
                "--mapping",
                "mapping_file",
                type=click.Path(exists=True, dir_okay=False, path_type=Path),
                default=None,
                help="A TOML file that says which column is which field.",
            ),
            click.option("--dry-run", is_flag=True, help="Say what would happen, and do nothing."),
            click.option(
                "--resume", type=click.UUID, default=None, metavar="ID", help="Go on with an import that was cut short."
            ),
            click.option("--by", "brought_by", default=None, help="Who brings the file; your login name if left out."),
            as_json,
            says_what_is_wrong,
        )
    ):
        command = option(command)
    return command


@group.command()
@_brings
@click.option("--format", "format", type=click.Choice(OF_CONSENTS), default=None, help="What made the file.")
def consents(format: str | None, mapping_file: Path | None, **asked: Any) -> None:
    """Import FILE, a CSV of what people agreed to or refused. Look first: --dry-run shows the effect.

    Every row is asked what a consent at any other door is asked; what is not complete, or would take the place of an
    opt-out, goes into quarantine and changes nothing.

    \b
    Example:
      consent import consents customers.csv --organization valley-smart-homes --mapping customers.toml --dry-run
    """
    mapping = _mapping(mapping_file, format)
    if mapping is not None and mapping.format == RECORDS:
        raise BadInput("This mapping is one of records. Bring them with: consent import records", field="mapping")
    _bring(mapping, mappings.from_dict({}), **asked)


@group.command()
@_brings
def records(mapping_file: Path | None, **asked: Any) -> None:
    """Import FILE, a CSV of what some system holds: each row is registered with the day on which it goes.

    A class of data that the policy does not know or forbids, and a row whose key holds what the organization keeps out,
    goes into quarantine with the promise that says so; what is kept out of its purpose is blotted out.

    \b
    Example:
      consent import records doors.csv --organization 1valet --mapping doors.toml --dry-run
    """
    mapping = _mapping(mapping_file, RECORDS) if mapping_file is not None else None
    _bring(mapping, mappings.from_dict({}, RECORDS), **asked)


def _bring(
    mapping: Mapping | None,
    otherwise: Mapping,
    file: Path,
    organization: str,
    dry_run: bool,
    resume: uuid.UUID | None,
    brought_by: str | None,
    as_json: bool,
) -> None:
    with opened() as house:
        with house.db.read() as tx:
            tenant = organizations.find(tx, organization)
        governing = Governing(house.db)
        look_by = mapping if mapping is not None else otherwise
        if resume is not None:
            with house.db.read(tenant.id) as tx:
                look_by = runs.find(tx, tenant.id, resume).mapping if mapping is None else look_by
        looked = reading.look(reading.from_path(file), look_by)
        if dry_run:
            _preview(house, governing, tenant.id, file, look_by, looked, as_json)
            return
        if resume is not None:
            run = running.find_to_resume(house.db, tenant.id, resume, looked, mapping)
        else:
            running.check(house.db, house.keyring, governing, tenant.id, look_by, clock.now())
            by = brought_by or _login()
            run, new = running.begin(house.db, house.keyring, tenant.id, looked, look_by, by)
            if not new:
                _again(run, organization, as_json)
                return
        of = running.opened(house.db, house.keyring, governing, tenant.id, run)
        all_steps(running.run_rows(house.db, of, reading.from_path(file), looked), looked.rows - run.position)
        run = running.finish(house.db, house.keyring, tenant.id, run.id)
        with house.db.read(tenant.id) as tx:
            shown = queries.run_json(run, queries.reasons(tx, tenant.id, run.id))
    if as_json:
        print_json(shown)
        return
    click.echo(f"Import {run.id} is {run.stage}: {run.rows} rows.")
    say_counts(shown)
    if run.refused or run.quarantined:
        click.echo(f"Why: consent import quarantine --organization {organization} {run.id}")


def _mapping(file: Path | None, format: str | None) -> Mapping | None:
    if file is None:
        return mappings.from_dict({}, format) if format is not None else None
    try:
        return mappings.from_toml(file.read_text("utf-8"), format)
    except UnicodeDecodeError:
        raise BadInput("A mapping is written in UTF-8.", field="mapping") from None


def _preview(
    house: Opened,
    governing: Governing,
    organization_id: uuid.UUID,
    file: Path,
    mapping: Mapping,
    looked: reading.Looked,
    as_json: bool,
) -> None:
    run = running.imagined(house.keyring, organization_id, looked, mapping, clock.now())
    place = house.db, house.keyring, governing, organization_id, run
    last: previews.Preview | RecordPreview = previews.Preview()

    def steps() -> Iterator[int]:
        nonlocal last
        asked = reading.from_path(file), looked
        if mapping.format == RECORDS:
            found: Iterator[tuple[int, Any]] = record_preview.preview(house.db, recorded.opened(*place), *asked)
        else:
            found = previews.preview(house.db, running.opened_import(*place), *asked)
        for cells, last in found:  # noqa: B007
            yield cells

    all_steps(steps(), looked.rows)
    shown = last.as_json()
    if as_json:
        print_json(shown)
        return
    click.echo(f"{looked.rows} rows. Nothing was written; this is what the import would do:")
    say_counts(shown)
    for name, samples in shown["samples"].items():
        for one in samples:
            why = f"  {one['code']}: {one['message']}" if "code" in one else ""
            what = one.get("category") or f"{one.get('address') or 'no address'}, {one.get('program', '')}"
            click.echo(f"  {name}: row {one['row']}, {what}{why}")


def _again(run: Run, organization: str, as_json: bool) -> None:
    if as_json:
        print_json(queries.run_json(run) | {"repeated": True})
        return
    if run.stage == "finished":
        click.echo(f"This file was imported before, as {run.id}: nothing was changed.")
        return
    raise ConsentError(f"An import of this file has begun and is not at its end. Go on with it: --resume {run.id}")


def _login() -> str:
    try:
        return getpass.getuser()[:100]
    except (KeyError, OSError):
        return "the operator"
