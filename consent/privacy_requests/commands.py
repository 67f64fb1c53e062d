"""`consent requests`."""

from datetime import datetime

import click

from consent import clock
from consent.command_line import as_json, print_json, print_table, says_what_is_wrong
from consent.ledger.opened import opened
from consent.organizations import service as organizations
from consent.organizations.commands import organization_option
from consent.privacy_requests import moves, queries

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
@click.option("--state", type=click.Choice(moves.STATES), default=None, help="Those in this state alone.")
@click.option("--type", "request_type", default="", metavar="TYPE", help="Those of this type, such as deletion.")
@click.option("--due-by", type=click.DateTime(["%Y-%m-%d"]), default=None, help="Those due on that day or before.")
@click.option("--overdue", is_flag=True, help="Those that are late.")
@as_json
@says_what_is_wrong
def list_command(
    organization: str, state: str | None, request_type: str, due_by: datetime | None, overdue: bool, as_json: bool
) -> None:
    """List the requests, oldest first, with their due dates; at most a thousand.

    \b
    Example:
      consent requests list --organization valley-smart-homes --state open --due-by 2026-12-01 --json
    """
    wanted = queries.Wanted(state or "", request_type, due_by.date() if due_by is not None else None)
    with opened() as house:
        with house.db.read() as tx:
            tenant = organizations.find(tx, organization)
        with house.db.read(tenant.id) as tx:
            found, then = queries.listed(tx, tenant.id, tenant.zone, clock.now(), most=MOST, wanted=wanted)
    if then is not None:
        click.echo(f"There are more than {MOST}: these are the oldest. Ask for fewer.", err=True)
    found = [one for one in found if one["overdue"] or not overdue]
    if as_json:
        print_json(found)
        return
    print_table(
        [
            (one["id"], one["type"], one["state"], one["received_at"], one["due"] or "no date", one["overdue"])
            for one in found
        ],
        ("id", "type", "state", "received", "due", "overdue"),
        "There are no such requests." if wanted != queries.EVERYTHING or overdue else "Nobody has asked for anything.",
    )
