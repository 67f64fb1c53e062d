"""`consent keys`."""

import uuid

import click

from consent import clock
from consent.command_line import as_json, print_json, print_table, says_what_is_wrong
from consent.ledger.opened import opened
from consent.organizations import service

organization_option = click.option("--organization", required=True, metavar="SLUG", help="Whose, by short name.")


@click.group()
def keys() -> None:
    """API keys of an organization's own systems.

    \b
    Example:
      consent keys list --organization valley-smart-homes
    """


@keys.command()
@organization_option
@click.option("--name", required=True, help="What the key is for, such as billing.")
@click.option("--scope", "scopes", multiple=True, help="What it may do; repeat for several. All if left out.")
@as_json
@says_what_is_wrong
def create(organization: str, name: str, scopes: tuple[str, ...], as_json: bool) -> None:
    """Create a key and print it: this once, it cannot be shown again.

    \b
    Example:
      consent keys create --organization valley-smart-homes --name billing --scope decisions:write
    """
    with opened() as house:
        with house.db.read() as tx:
            tenant = service.find(tx, organization)
        now = clock.now()
        key = house.db.write(
            lambda tx: service.create_key(tx, house.keyring, tenant.id, name, scopes or service.SCOPES, now),
            tenant.id,
        )
    if as_json:
        print_json({"key": key, "name": name, "scopes": sorted(scopes or service.SCOPES)})
        return
    click.echo(key)
    click.echo("Keep it now: it is not shown again.", err=True)


@keys.command()
@organization_option
@click.argument("key_id", type=click.UUID)
@says_what_is_wrong
def revoke(organization: str, key_id: uuid.UUID) -> None:
    """Revoke the key of KEY_ID (see `keys list`); it opens nothing two seconds later.

    \b
    Example:
      consent keys revoke --organization valley-smart-homes 01934f7e-0000-7000-8000-000000000000
    """
    with opened() as house:
        with house.db.read() as tx:
            tenant = service.find(tx, organization)
        now = clock.now()
        house.db.write(lambda tx: service.revoke_key(tx, house.keyring, tenant.id, key_id, now), tenant.id)
    click.echo("The key is revoked.")


@keys.command("list")
@organization_option
@as_json
@says_what_is_wrong
def every(organization: str, as_json: bool) -> None:
    """Every key of the organization, without its secret.

    \b
    Example:
      consent keys list --organization valley-smart-homes
    """
    with opened() as house:
        with house.db.read() as tx:
            tenant = service.find(tx, organization)
        with house.db.read(tenant.id) as tx:
            found = service.list_keys(tx, tenant.id)
    if as_json:
        print_json(found)
        return
    print_table(
        [(one["id"], one["hint"], one["name"], "revoked" if one["revoked_at"] else "in use") for one in found],
        ("id", "key", "name", "state"),
        "No keys yet. Create one: consent keys create",
    )
