"""`consent unsubscribes`."""

import click

from consent.command_line import as_json, print_json, print_table, says_what_is_wrong
from consent.ledger.opened import opened
from consent.organizations import service as organizations
from consent.organizations.commands import organization_option
from consent.preferences.unsubscribe import queries

MOST = 1000


@click.group()
def unsubscribes() -> None:
    """Presses on the unsubscribe of a mail. Each holds; only the person can take one back.

    \b
    Example:
      consent unsubscribes list --organization valley-smart-homes --noticed
    """


@unsubscribes.command("list")
@organization_option
@click.option("--noticed", is_flag=True, help="Only those in a burst, as a program does that checks mail.")
@as_json
@says_what_is_wrong
def list_command(organization: str, noticed: bool, as_json: bool) -> None:
    """List the presses that ended something, newest first; at most a thousand.

    \b
    Example:
      consent unsubscribes list --organization valley-smart-homes --noticed --json
    """
    with opened() as house:
        with house.db.read() as tx:
            tenant = organizations.find(tx, organization)
        with house.db.read(tenant.id) as tx:
            found, _ = queries.listed(tx, tenant.id, noticed=noticed, most=MOST)
    if as_json:
        print_json(found)
        return
    print_table(
        [
            (
                one["id"],
                one["happened_at"],
                one["how"],
                " ".join(one["programs"]),
                one["burst"]["by"] if "burst" in one else "",
                one.get("undone_at", ""),
            )
            for one in found
        ],
        ("id", "at", "how", "programs", "burst", "taken back"),
        "Nobody has unsubscribed.",
    )
