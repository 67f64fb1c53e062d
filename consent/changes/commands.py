"""`consent webhooks`."""

import uuid
from typing import Any

import click

from consent import clock
from consent.changes import cursors, service
from consent.command_line import as_json, print_json, print_table, says_what_is_wrong
from consent.gateways.callbacks.targets import shown, target_of
from consent.ledger.opened import Opened, opened
from consent.organizations import service as organizations
from consent.organizations.commands import organization_option


@click.group()
def webhooks() -> None:
    """Addresses that are told of changes.

    \b
    Example:
      consent webhooks list --organization valley-smart-homes
    """


@webhooks.command("list")
@organization_option
@as_json
@says_what_is_wrong
def every(organization: str, as_json: bool) -> None:
    """Every webhook and how it fares.

    \b
    Example:
      consent webhooks list --organization valley-smart-homes --json
    """
    with opened() as house:
        tenant = _tenant(house, organization)
        with house.db.read(tenant) as tx:
            found = service.every(tx, house.keyring, tenant)
    rows: list[dict[str, Any]] = [
        {
            "id": str(one.id),
            "url": shown(one.url),
            "state": one.state,
            "delivered": one.delivered,
            "last_status": one.last_status,
            "last_error": one.last_error,
        }
        for one in found
    ]
    if as_json:
        print_json(rows)
        return
    print_table(
        [tuple("" if value is None else value for value in row.values()) for row in rows],
        ("id", "url", "state", "delivered", "answered", "error"),
        "There is no webhook. Add one: consent webhooks add --organization … https://…",
    )


@webhooks.command()
@organization_option
@click.argument("url")
@click.option("--type", "types", multiple=True, help="Such as consent.withdrawn or consent.*; everything if left out.")
@says_what_is_wrong
def add(organization: str, url: str, types: tuple[str, ...]) -> None:
    """Have changes told to URL from now on; prints the secret, this once.

    \b
    Example:
      consent webhooks add --organization valley-smart-homes --type 'consent.*' https://hooks.example.com/consent
    """
    with opened() as house:
        target_of(url, development=not house.config.production)
        wanted, tenant, now = service.check_types(types), _tenant(house, organization), clock.now()
        made = house.db.write(lambda tx: service.add(tx, house.keyring, tenant, url, wanted, None, now), tenant)
    click.echo(f"{made.id}\n{made.secrets[0].text}")


@webhooks.command()
@organization_option
@click.argument("webhook", type=click.UUID)
@says_what_is_wrong
def test(organization: str, webhook: uuid.UUID) -> None:
    """Have a message sent to WEBHOOK that says nothing; `list` shows what it was answered.

    \b
    Example:
      consent webhooks test --organization valley-smart-homes 01934f7e-0000-7000-8000-000000000000
    """
    with opened() as house:
        tenant = _tenant(house, organization)
        house.db.write(lambda tx: service.ask_test(tx, tenant, webhook, clock.now()), tenant)
    click.echo("The running service sends it in a moment. See: consent webhooks list")


@webhooks.command()
@organization_option
@click.argument("webhook", type=click.UUID)
@click.option("--after", default=None, help="A cursor of the feed; goes on where it stood if left out.")
@says_what_is_wrong
def replay(organization: str, webhook: uuid.UUID, after: str | None) -> None:
    """Tell WEBHOOK everything behind a cursor anew, or go on where it stood; switches it on again.

    \b
    Example:
      consent webhooks replay --organization valley-smart-homes 01934f7e-0000-7000-8000-000000000000
    """
    with opened() as house:
        tenant = _tenant(house, organization)
        place = cursors.read(house.keyring, tenant, after) if after is not None else None
        house.db.write(lambda tx: service.replay(tx, house.keyring, tenant, webhook, place), tenant)
    click.echo("It is told on from there.")


def _tenant(house: Opened, organization: str) -> uuid.UUID:
    with house.db.read() as tx:
        return organizations.find(tx, organization).id
