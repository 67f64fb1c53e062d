"""`consent gateways`."""

from pathlib import Path
from typing import Any

import click

from consent import clock
from consent.command_line import as_json, print_json, print_table, says_what_is_wrong
from consent.errors import BadInput
from consent.gateways.sms import load
from consent.ledger.opened import opened
from consent.organizations import service
from consent.organizations.commands import organization_option
from consent.policies import service as policies
from consent.subjects.addresses import Kind, canonical


@click.group()
def gateways() -> None:
    """Accounts at text gateways.

    \b
    Example:
      consent gateways list --organization valley-smart-homes
    """


@gateways.command()
@organization_option
@click.argument("gateway")
@click.option("--number", "numbers", multiple=True, required=True, help="A number of the account; repeatable.")
@click.option(
    "--stop-reply",
    type=click.Choice(["self", "gateway"]),
    default="self",
    show_default=True,
    help="Who confirms a STOP to these numbers.",
)
@click.option("--receive-only", is_flag=True, help="Never send by this account; answers ride on its webhooks.")
@click.option("--setting", "settings", multiple=True, metavar="NAME=VALUE", help="A setting of the gateway.")
@click.option("--secret-file", "secrets", multiple=True, metavar="NAME=FILE", help="A secret, read from a file.")
@says_what_is_wrong
def add(
    organization: str,
    gateway: str,
    numbers: tuple[str, ...],
    stop_reply: str,
    receive_only: bool,
    settings: tuple[str, ...],
    secrets: tuple[str, ...],
) -> None:
    """Add an account at GATEWAY and print the webhook address to give it.

    Settings and secrets of each gateway are described in docs/gateways/.

    \b
    Example:
      consent gateways add --organization valley-smart-homes twilio --number +15095550100 \\
        --setting account_sid=AC… --secret-file auth_token=/etc/consent/twilio-token
    """
    given: dict[str, Any] = dict(_pair(one) for one in settings)
    given |= {name: Path(file).read_text(encoding="utf-8").strip() for name, file in map(_pair, secrets)}
    for number in numbers:
        if canonical("sms", number).kind not in (Kind.E164, Kind.SHORT_CODE):
            raise BadInput("Give numbers with country code, as +15095550100, or short codes.", field="number")
    with opened() as house:
        can_send = load(gateway, given, env=house.config.environment).can_send and not receive_only
        with house.db.read() as tx:
            tenant = service.find(tx, organization)
        now = clock.now()
        with house.db.read(tenant.id) as tx:
            policies.rulebook_at(tx, tenant.id, now)  # texts are answered in the words of a policy in force
        endpoint = house.db.write(
            lambda tx: service.create_account(
                tx,
                house.keyring,
                tenant.id,
                gateway=gateway,
                can_send=can_send,
                name=f"{gateway} {numbers[0]}",
                settings=given,
                numbers=dict.fromkeys(numbers, stop_reply),
                now=now,
            ),
            tenant.id,
        )
        click.echo(f"{house.config.public_url}/webhooks/sms/{endpoint}")
    click.echo(f"Give this address to {gateway} as the webhook of incoming messages and of status.", err=True)


@gateways.command("list")
@organization_option
@as_json
@says_what_is_wrong
def every(organization: str, as_json: bool) -> None:
    """Every gateway account with its webhook address; secrets are not shown.

    \b
    Example:
      consent gateways list --organization valley-smart-homes
    """
    with opened() as house:
        with house.db.read() as tx:
            tenant = service.find(tx, organization)
        with house.db.read(tenant.id) as tx:
            accounts = service.accounts(tx, house.keyring, tenant.id)
        rows: list[dict[str, Any]] = [
            {
                "id": str(one.id),
                "gateway": one.gateway,
                "can_send": one.can_send,
                "numbers": dict(one.numbers),
                "webhook": f"{house.config.public_url}/webhooks/sms/{one.endpoint}",
            }
            for one in accounts
        ]
    if as_json:
        print_json(rows)
        return
    print_table(
        [
            (one["gateway"], ", ".join(one["numbers"]), "yes" if one["can_send"] else "no", one["webhook"])
            for one in rows
        ],
        ("gateway", "numbers", "sends", "webhook"),
        "No gateway accounts yet. Add one: consent gateways add",
    )


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise BadInput("Write NAME=VALUE.", field="setting")
    return name, value
