"""`consent organizations`."""

from pathlib import Path

import click

from consent import clock
from consent.command_line import as_json, print_json, print_table, says_what_is_wrong
from consent.commands import leaving
from consent.ledger.opened import opened
from consent.organizations import service
from consent.policies.founding import found


@click.group()
def organizations() -> None:
    """The organizations served here.

    \b
    Example:
      consent organizations list
    """


@organizations.command()
@click.argument("pack", type=click.Path(exists=True, file_okay=False, path_type=Path))
@says_what_is_wrong
def add(pack: Path) -> None:
    """Serve the organization of PACK, a folder with organization.toml and its policies.

    Creates its signing keys, opens its log and publishes the policy versions of the pack.

    \b
    Example:
      consent organizations add policies/valley-smart-homes
    """
    with opened() as house:
        tenant = found(house.config, house.db, house.keyring, pack, clock.now())
    click.echo(f"{tenant.name} is served as {tenant.slug}.")
    click.echo(f"Next: consent keys create --organization {tenant.slug} --name billing --scope decisions:write")


@organizations.command("list")
@as_json
@says_what_is_wrong
def every(as_json: bool) -> None:
    """Every organization served here.

    \b
    Example:
      consent organizations list --json
    """
    with opened() as house, house.db.read() as tx:
        tenants = service.every(tx)
    if as_json:
        print_json([{"id": str(one.id), "slug": one.slug, "name": one.name, "zone": one.zone} for one in tenants])
        return
    print_table(
        [(one.slug, one.name, one.zone) for one in tenants],
        ("organization", "name", "zone"),
        "No organization is served yet. Add one: consent organizations add PACK",
    )


organizations.add_command(leaving.export)
organizations.add_command(leaving.take_over)
