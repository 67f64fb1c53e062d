"""`consent do-not-call`."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click

from consent import clock
from consent.command_line import as_json, print_json, print_table, says_what_is_wrong
from consent.ledger.opened import opened
from consent.numbers import copies, listed, queries
from consent.organizations import service as organizations
from consent.organizations.commands import organization_option
from consent.policies import service as policies


@click.group("do-not-call")
def do_not_call() -> None:
    """Copies of public do-not-call registries.

    \b
    Example:
      consent do-not-call copies --organization valley-smart-homes
    """


@do_not_call.command("load")
@organization_option
@click.option("--registry", required=True, help="Its name, such as national-do-not-call-registry.")
@click.option(
    "--copied-on", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The day the copy was obtained, YYYY-MM-DD."
)
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json
@says_what_is_wrong
def load_command(organization: str, registry: str, copied_on: datetime, files: tuple[Path, ...], as_json: bool) -> None:
    """Load FILES, all of one copy, as keyed tags: a number a line, CSV, or JSON lines in files named .ndjson.

    \b
    Example:
      consent do-not-call load --organization valley-smart-homes \\
        --registry national-do-not-call-registry --copied-on 2026-11-20 509.csv 206.csv
    """
    now = clock.now()
    with opened() as house:
        with house.db.read() as tx:
            tenant = organizations.find(tx, organization)
        with house.db.read(tenant.id) as tx:
            rulebook = policies.rulebook_at(tx, tenant.id, now)
        found = (line for file in files for line in _lines(file))
        done = copies.load(house.db, house.keyring, rulebook, tenant.id, registry, copied_on.date(), found, now)
    if as_json:
        print_json({name: getattr(done, name) for name in done.__dataclass_fields__})
    else:
        click.echo(f"{done.listed} numbers listed, copy of {done.copied_on}{'' if done.complete else ', not whole'}.")
    if not done.complete:
        where = f"{done.unreadable} lines hold no number, the first: {', '.join(map(str, done.unreadable_lines))}"
        what = where if done.unreadable else "There is no number in it"
        raise click.ClickException(f"{what}. The numbers count; the copy's date does not. Mend it and load it again.")


@do_not_call.command("copies")
@organization_option
@as_json
@says_what_is_wrong
def copies_command(organization: str, as_json: bool) -> None:
    """List the copies that were loaded, newest first.

    \b
    Example:
      consent do-not-call copies --organization valley-smart-homes
    """
    with opened() as house:
        with house.db.read() as tx:
            tenant = organizations.find(tx, organization)
        with house.db.read(tenant.id) as tx:
            found = queries.copies(tx, tenant.id)
    if as_json:
        print_json(found)
        return
    rows = [(one["copy"], one["registry"], one["copied_on"], one["state"], one["listed"]) for one in found]
    print_table(rows, ("copy", "registry", "copied on", "state", "numbers"), "No copy of a registry was loaded yet.")


def _lines(file: Path) -> Iterator[listed.Line]:
    with file.open("rb") as source:
        yield from listed.numbers(listed.lines(iter(lambda: source.read(65_536), b"")), file.suffix == ".ndjson")
