"""`consent backup`."""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import click

from consent import clock
from consent import config as configuration
from consent.backup import taking
from consent.backup.archive import Progress, nothing
from consent.backup.rules import KEYS_KEPT
from consent.command_line import as_json, print_json, says_what_is_wrong
from consent.ledger.keys import Keyring


@click.command()
@click.argument("to", metavar="FILE|FOLDER", type=click.Path(path_type=Path))
@click.option(
    "--keys",
    "keys_to",
    metavar="FOLDER",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the keys go: another place than the backups, one that forgets.",
)
@as_json
@says_what_is_wrong
def backup(to: Path, keys_to: Path, as_json: bool) -> None:
    """Copy the database as it is now into FILE, or into a new file in FOLDER, while the service runs.

    Its keys go into a file of their own. With both everything can be read, with one of them nothing. Keys files in that
    folder whose days are over (the answer says how many they are) are destroyed: what was erased by then is gone from
    every copy.

    \b
    Examples:
      consent backup /srv/backups --keys /srv/keys
      consent backup before-the-move.backup --keys /mnt/stick --json
    """
    config = configuration.load()
    taken = taking.take(config.database_url, Keyring(config.data_dir), to, keys_to, clock.now(), bar("Copying"))
    facts = {name: taken.manifest[name] for name in ("taken_at", "database", "revision", "organizations")}
    if as_json:
        files = {"backup": str(taken.backup), "keys": str(taken.keys), "destroyed": [str(p) for p in taken.destroyed]}
        print_json(files | facts)
        return
    click.echo(f"{taken.backup}: {len(facts['organizations'])} organizations, schema {facts['revision']}")
    click.echo(f"{taken.keys}: their keys; destroy every copy of this file after {KEYS_KEPT.days} days")
    for path in taken.destroyed:
        click.echo(f"{path}: destroyed, its {KEYS_KEPT.days} days were over")


def bar(label: str) -> Callable[[int], AbstractContextManager[Progress]]:
    """A progress bar on a terminal, nothing in a pipe."""
    return lambda length: _bar(label, length)


@contextmanager
def _bar(label: str, length: int) -> Iterator[Progress]:
    if not sys.stderr.isatty() or not length:
        yield nothing
        return
    with click.progressbar(length=length, label=label, file=sys.stderr) as shown:
        yield shown.update
