"""`consent sms`."""

import click

from consent.command_line import as_json, print_json, print_table, says_what_is_wrong
from consent.commands.simulate import simulate
from consent.commands.sms_classify import classify
from consent.commands.sms_hours import hours
from consent.commands.sms_lint import lint
from consent.ledger.opened import opened
from consent.organizations import service as organizations
from consent.sms import queries
from consent.sms.commands import reviews


@click.group()
def sms() -> None:
    """Texts: read their wishes, simulate a gateway, list what arrived.

    \b
    Example:
      consent sms simulate --organization valley-smart-homes --from +15095550142 "STOP"
    """


sms.add_command(simulate)
sms.add_command(classify)
sms.add_command(hours)
sms.add_command(lint)
sms.add_command(reviews)


@sms.command()
@click.option("--organization", metavar="SLUG", help="One organization only; all if left out.")
@click.option("--ids", is_flag=True, help="Print the gateways' ids only, one a line.")
@as_json
@says_what_is_wrong
def messages(organization: str | None, ids: bool, as_json: bool) -> None:
    """List the stored inbound texts by the gateway's id, oldest first, with what they asked for.

    \b
    Example:
      consent sms messages --ids
    """
    with opened() as house:
        with house.db.read() as tx:
            tenants = [organizations.find(tx, organization)] if organization else organizations.every(tx)
        found: list[tuple[str, str, str]] = []
        for tenant in tenants:
            with house.db.read(tenant.id) as tx:
                found += queries.gateway_ids(tx, house.keyring, tenant.id)
    if as_json:
        print_json([{"id": one, "intent": intent, "review": review} for one, intent, review in found])
    elif ids:
        for one, _intent, _review in found:
            click.echo(one)
    else:
        print_table(found, ("gateway id", "intent", "review"), "No texts have arrived yet.")
