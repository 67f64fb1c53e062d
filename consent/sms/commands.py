"""`consent sms reviews`."""

import getpass
import uuid

import click

from consent import clock
from consent.command_line import as_json, print_json, print_table, says_what_is_wrong
from consent.errors import BadInput
from consent.ledger import service as ledger
from consent.ledger.opened import opened
from consent.organizations import service as organizations
from consent.organizations.commands import organization_option
from consent.policies import service as policies
from consent.sms import reviewing

MOST = 1000


@click.group()
def reviews() -> None:
    """Texts that somebody has to read.

    \b
    Example:
      consent sms reviews list --organization valley-smart-homes
    """


@reviews.command("list")
@organization_option
@as_json
@says_what_is_wrong
def list_command(organization: str, as_json: bool) -> None:
    """List the texts that wait, oldest first, with their words; at most a thousand.

    \b
    Example:
      consent sms reviews list --organization valley-smart-homes
    """
    with opened() as house:
        with house.db.read() as tx:
            tenant = organizations.find(tx, organization)
        with house.db.read(tenant.id) as tx:
            found, _ = reviewing.waiting(tx, house.keyring, tenant.id, most=MOST)
    if as_json:
        print_json(found)
        return
    print_table(
        [
            (one["id"], one["received_at"], one["masked"], "held" if one["held"] else "", one["text"] or "")
            for one in found
        ],
        ("id", "received", "number", "sending", "text"),
        "Nothing waits to be read.",
    )


@reviews.command("decide")
@organization_option
@click.option("--reason", required=True, help="Why, in a sentence.")
@click.option("--by", default=None, help="Who has read it; the name you are logged in with if left out.")
@click.argument("text", metavar="ID")
@click.argument("outcome", type=click.Choice(reviewing.OUTCOMES))
@says_what_is_wrong
def decide_command(organization: str, reason: str, by: str | None, text: str, outcome: str) -> None:
    """Say what the text ID meant. A stop counts from the moment it was written; anything else lifts the hold.

    \b
    Example:
      consent sms reviews decide 0199c0de-0000-7000-8000-000000000001 stop --reason "says: leave me alone" \\
        --organization valley-smart-homes
    """
    try:
        event_id = uuid.UUID(text)
    except ValueError:
        raise BadInput("This is no id of a text. See: consent sms reviews list", field="ID") from None
    decision = reviewing.Decision(event_id, outcome, by or getpass.getuser(), reason)
    with opened() as house:
        with house.db.read() as tx:
            tenant = organizations.find(tx, organization)
        with house.db.read(tenant.id) as tx:
            log = ledger.log_of(tx, tenant.id)
        if log is None:
            raise BadInput("This organization has no open log.", field="--organization")
        house.db.write(
            lambda tx: reviewing.decide(
                tx,
                house.keyring,
                log,
                lambda at: policies.rulebook_at(tx, tenant.id, at),
                decision,
                clock.now(),
            ),
            tenant.id,
        )
    click.echo(f"Recorded: {outcome}.")
