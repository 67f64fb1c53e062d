"""`consent requests`."""

import click

from consent import clock
from consent.command_line import as_json, print_json, print_table, says_what_is_wrong
from consent.ledger.opened import opened
from consent.organizations import service as organizations
from consent.organizations.commands import organization_option
from consent.privacy_requests import queries

MOST = 1000


@click.group()
def requests() -> None:
    """Privacy requests: what people ask about their data.

    \b
    Example:
      consent requests list --organization valley-smart-homes
    """


@requests.command("list")
@organization_option
@as_json
@says_what_is_wrong
def list_command(organization: str, as_json: bool) -> None:
    """List the requests, oldest first, with their due dates; at most a thousand.

    \b
    Example:
      consent requests list --organization valley-smart-homes --json
    """
    with opened() as house:
        with house.db.read() as tx:
            tenant = organizations.find(tx, organization)
        with house.db.read(tenant.id) as tx:
            found, _ = queries.listed(tx, tenant.id, tenant.zone, clock.now(), most=MOST)
    if as_json:
        print_json(found)
        return
    print_table(
        [
            (one["id"], one["type"], one["state"], one["received_at"], one["due"] or "no date", one["overdue"])
            for one in found
        ],
        ("id", "type", "state", "received", "due", "overdue"),
        "Nobody has asked for anything.",
    )
