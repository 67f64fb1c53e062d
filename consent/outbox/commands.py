"""`consent jobs`."""

import uuid
from typing import Any

import click

from consent import clock
from consent.command_line import as_json, print_json, print_table, says_what_is_wrong
from consent.errors import NotFound
from consent.ledger.opened import opened
from consent.organizations import service as organizations
from consent.organizations.commands import organization_option
from consent.outbox import queries
from consent.outbox import service as outbox

STATES = ("waiting", "dead", "refused", "expired", "sent", "done", "cancelled")


@click.group()
def jobs() -> None:
    """What waits to be sent, and what could not be.

    \b
    Example:
      consent jobs list --organization valley-smart-homes --state dead
    """


@jobs.command("list")
@organization_option
@click.option("--state", type=click.Choice(STATES), default=None, help="Only these; waiting and dead if left out.")
@as_json
@says_what_is_wrong
def every(organization: str, state: str | None, as_json: bool) -> None:
    """Jobs with their attempts and the last error, oldest first.

    \b
    Example:
      consent jobs list --organization valley-smart-homes --json
    """
    with opened() as house:
        with house.db.read() as tx:
            tenant = organizations.find(tx, organization)
        with house.db.read(tenant.id) as tx:
            found: list[dict[str, Any]] = queries.jobs(tx, tenant.id, (state,) if state else ("waiting", "dead"))
    if as_json:
        print_json(found)
        return
    print_table(
        [(one["id"], one["kind"], one["outcome"], one["attempts"], one["last_error"] or "") for one in found],
        ("id", "kind", "state", "attempts", "last error"),
        "Nothing waits and nothing failed.",
    )


@jobs.command()
@organization_option
@click.argument("job_id", type=click.UUID)
@says_what_is_wrong
def retry(organization: str, job_id: uuid.UUID) -> None:
    """Let the dead job JOB_ID run once more.

    \b
    Example:
      consent jobs retry --organization valley-smart-homes 01934f7e-0000-7000-8000-000000000000
    """
    with opened() as house:
        with house.db.read() as tx:
            tenant = organizations.find(tx, organization)
        now = clock.now()
        if not house.db.write(lambda tx: outbox.revive(tx, tenant.id, job_id, now), tenant.id):
            raise NotFound("There is no dead job of this id. See: consent jobs list --state dead")
    click.echo("The job waits again.")
