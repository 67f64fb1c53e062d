"""`consent organizations export|import`."""

from pathlib import Path
from typing import Any

import click

from consent import clock
from consent.command_line import as_json, print_json, says_what_is_wrong
from consent.commands.backup import bar
from consent.commands.ledger import FOLDS
from consent.errors import BadInput, SetupProblem
from consent.leaving import arriving, exporting, reading
from consent.leaving.reading import Arrival
from consent.ledger.findings import Report
from consent.ledger.opened import opened
from consent.organizations import service
from consent.policies.founding import origin_of
from consent.tables import METADATA

passphrase_file = click.option(
    "--passphrase-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Its first line is the passphrase; asked for if left out.",
)


@click.command("export")
@click.argument("slug", metavar="SLUG")
@click.argument("file", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@passphrase_file
@click.option("--readable", is_flag=True, help="Name addresses in the CSV tables, for readers without the keys.")
@as_json
@says_what_is_wrong
def export(slug: str, file: Path, passphrase_file: Path | None, readable: bool, as_json: bool) -> None:
    """Write everything of the organization SLUG into the new FILE, to be imported by another installation.

    What is personal stays encrypted under the passphrase. The organization stays here, untouched; its ledger says that
    it was exported. Stop the service first, or what happens afterwards is not in the file.

    \b
    Examples:
      consent organizations export valley-smart-homes valley.consent --passphrase-file words.txt
      consent organizations export valley-smart-homes valley.consent --readable
    """
    passphrase = _passphrase(passphrase_file, new=True)
    with opened() as house:
        with house.db.read() as tx:
            tenant = service.find(tx, slug)
        ground = exporting.Ground(house.db, house.keyring, METADATA, house.config.public_host, clock.now)
        told = exporting.export(ground, tenant, file, passphrase, clear=readable, bar=bar("Exporting"))
    if as_json:
        print_json({"file": str(file)} | {name: told[name] for name in ("taken_at", "revision", "rows", "left_behind")})
        return
    click.echo(f"{file}: {tenant.name}, {sum(told['rows'].values())} rows, as of {told['taken_at']}")
    _say_left_behind(told["left_behind"], "Not in the file, and set up anew where it is imported:")


@click.command("import")
@click.argument("file", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@passphrase_file
@click.option("--check", is_flag=True, help="Look at everything and change nothing.")
@as_json
@says_what_is_wrong
def take_over(file: Path, passphrase_file: Path | None, check: bool, as_json: bool) -> None:
    """Serve the organization of FILE here: its ledger, people, consents, refusals and policies, all or nothing.

    Everything in FILE is checked first, and the ledger is verified afterwards. Exit status 1 if anything does not hold.

    \b
    Examples:
      consent organizations import valley.consent --check
      consent organizations import valley.consent --passphrase-file words.txt
    """
    passphrase = _passphrase(passphrase_file, new=False)
    with opened() as house, reading.opened(file, passphrase, METADATA, bar("Checking")) as arrival:
        ground = arriving.Ground(
            house.db, house.config.data_dir, METADATA, lambda slug, epoch: origin_of(house.config, slug, epoch), FOLDS,
            clock.now,
        )  # fmt: skip
        arriving.refuse_known(ground, arrival)
        report = None if check else arriving.take_over(ground, arrival, bar("Importing"))
        _answer(arrival, report, as_json)
    if report is not None and not report.holds:
        raise SystemExit(1)


def _answer(arrival: Arrival, report: Report | None, as_json: bool) -> None:
    rows = sum(arrival.counts.values())
    if as_json:
        told: dict[str, Any] = {
            "organization": arrival.slug,
            "from": arrival.came_from,
            "taken_at": arrival.taken_at.isoformat(),
            "rows": rows,
            "imported": report is not None,
            "left_behind": arrival.left_behind,
        }
        print_json(told | ({"verified": report.as_data()} if report is not None else {}))
        return
    of = f"{arrival.name}, {rows} rows from {arrival.came_from} as of {arrival.taken_at:%Y-%m-%d %H:%M} UTC"
    if report is None:
        click.echo(f"{of}: everything in the file holds. Nothing was changed.")
        return
    click.echo(f"{of}: served here as {arrival.slug}.")
    click.echo(f"Its ledger {'holds' if report.holds else 'DOES NOT HOLD'}: {report.leaves} entries.")
    for finding in report.findings:
        click.echo(f"  {finding}")
    _say_left_behind(arrival.left_behind, "Still to be set up here:")


def _say_left_behind(left: list[dict[str, Any]], head: str) -> None:
    if left:
        click.echo(head)
    for one in left:
        names = f" ({', '.join(one['names'])})" if one["names"] else ""
        click.echo(f"  {one['count']} {one['what']}{names}: {one['anew']}")


def _passphrase(file: Path | None, *, new: bool) -> str:
    if file is None:
        typed: str = click.prompt("Passphrase", hide_input=True, confirmation_prompt=new, err=True)
        return typed
    try:
        line = file.read_text("utf-8").split("\n", 1)[0].rstrip("\r")
    except (OSError, UnicodeDecodeError):
        raise SetupProblem(f"{file} cannot be read as text.", field="passphrase-file") from None
    if not line:
        raise BadInput(f"The first line of {file} is empty.", field="passphrase-file")
    return line
