"""`consent db`."""

import click

from consent import (
    clock,
    tables,  # noqa: F401  (the complete metadata)
)
from consent import config as configuration
from consent.backup import upgrading
from consent.command_line import says_what_is_wrong
from consent.db import migrations


@click.group()
def db() -> None:
    """Bring the database to this program's schema, or compare them.

    \b
    Example:
      consent db upgrade
    """


@db.command()
@click.argument("revision", default="head")
@click.option("--no-backup", is_flag=True, help="Do not back up first.")
@says_what_is_wrong
def upgrade(revision: str, no_backup: bool) -> None:
    """Bring the database to REVISION (the newest if left out), after a backup of what is there.

    \b
    Example:
      consent db upgrade
    """
    config = configuration.load()
    config.data_dir.mkdir(parents=True, exist_ok=True)
    before = migrations.current(config.migration_url)
    if before is not None and before != migrations.head() and not no_backup:
        taken = upgrading.back_up_before(config, migrations.head(), clock.now())
        if taken is not None:
            click.echo(f"What was there is in {taken.backup}, its keys in {taken.keys}.")
    migrations.upgrade(config.migration_url, revision)
    click.echo(f"The database is at revision {migrations.current(config.migration_url)}.")


@db.command()
@click.argument("revision")
@click.confirmation_option(prompt="Going back drops columns and tables with their data. Go on?")
@says_what_is_wrong
def downgrade(revision: str) -> None:
    """Take the database back to REVISION.

    \b
    Example:
      consent db downgrade 0001
    """
    config = configuration.load()
    migrations.downgrade(config.migration_url, revision)
    click.echo(f"The database is at revision {migrations.current(config.migration_url) or 'nothing'}.")


@db.command()
@says_what_is_wrong
def check() -> None:
    """Compare the database with the schema this program needs.

    \b
    Example:
      consent db check
    """
    found = migrations.differences(configuration.load().migration_url)
    for line in found:
        click.echo(line)
    if found:
        raise click.ClickException("The database differs from the schema of this program.")
    click.echo("The database has the schema of this program.")
