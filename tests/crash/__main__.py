"""`python -m tests.crash`: kill the service many times and count what is missing."""

import shutil
import sys
import tempfile
from pathlib import Path

import click

from tests.crash import killing
from tests.crash.installation import CONSENT
from tests.support import databases
from tests.support.postgres import Server

PLANTED = ("-m", "tests.crash.planted")


@click.command()
@click.option("--kills", default=200, show_default=True, type=click.IntRange(1), help="How often to kill.")
@click.option("--database", type=click.Choice(["sqlite", "postgresql"]), default="sqlite", show_default=True)
@click.option("--seed", default=1, show_default=True, help="Another seed: other moments, other texts.")
@click.option("--planted", is_flag=True, help="Serve with the planted fault; the run must find it.")
@click.option("--keep", is_flag=True, help="Leave the data folder for a look.")
def crash(kills: int, database: str, seed: int, planted: bool, keep: bool) -> None:
    """Exit status 0 only if nothing that was acknowledged is lost, and nothing is doubled."""
    place = Path(tempfile.mkdtemp(prefix="consent-crash-"))
    (folder := place / "installation").mkdir()
    server = Server(durable=True) if database == "postgresql" else None
    try:
        url = databases.create_postgresql(server.url(), "crash") if server is not None else ""
        program = PLANTED if planted else CONSENT
        result = killing.run(folder, kills, database_url=url, program=program, seed=seed, say=click.echo)
    finally:
        if server is not None:
            server.destroy()
        if not keep:
            shutil.rmtree(place, ignore_errors=True)
    counted = ", ".join(f"{times} of {victim}" for victim, times in sorted(result.kills.items()))
    click.echo(
        f"{database}: {sum(result.kills.values())} kills ({counted}); {result.tried} texts, {result.acknowledged}"
        f" acknowledged, {result.repeated} of them again; {len(result.findings)} findings"
    )
    for finding in result.findings[:50]:
        click.echo(f"  {finding}")
    if keep:
        click.echo(f"The data are in {folder}")
    sys.exit(1 if result.findings else 0)


if __name__ == "__main__":
    crash()
