"""`consent drp`."""

import click

from consent import clock
from consent.command_line import as_json, print_json, print_table, says_what_is_wrong
from consent.db import Tx
from consent.drp import agents
from consent.ledger.opened import opened
from consent.organizations import service as organizations
from consent.organizations.commands import organization_option


@click.group()
def drp() -> None:
    """The Data Rights Protocol: which agents may ask for people.

    \b
    Example:
      consent drp agents list --organization valley-smart-homes
    """


@drp.group("agents")
def register() -> None:
    """The register of agents, each with its pinned key.

    \b
    Example:
      consent drp agents list --organization valley-smart-homes
    """


@register.command()
@organization_option
@click.option("--agent-id", required=True, help="As the directory of agents writes it.")
@click.option("--name", required=True, help="As people know the agent.")
@click.option("--verify-key", required=True, help="The agent's Ed25519 key: base64, as the directory shows it.")
@click.option(
    "--business-id", help="What the directory calls the organization; its short name in capitals if left out."
)
@says_what_is_wrong
def add(organization: str, agent_id: str, name: str, verify_key: str, business_id: str | None) -> None:
    """Let an agent ask; adding it again replaces its key and voids its token.

    \b
    Example:
      consent drp agents add --organization valley-smart-homes --agent-id CR_AA --name Permission
        --verify-key 11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=
    """
    key = agents.key_of(verify_key)
    with opened() as house:
        with house.db.read() as tx:
            tenant = organizations.find(tx, organization)
        now, company = clock.now(), business_id or agents.business_id_of(tenant.slug)

        def work(tx: Tx) -> None:
            agents.add(tx, house.keyring, tenant, agent_id, name, company, key, now)

        house.db.write(work, tenant.id)
    click.echo(f"{agent_id} may ask; it writes to {company}.")


@register.command()
@organization_option
@click.argument("agent_id")
@says_what_is_wrong
def remove(organization: str, agent_id: str) -> None:
    """AGENT_ID opens nothing any more; what it asked for people goes on.

    \b
    Example:
      consent drp agents remove --organization valley-smart-homes CR_AA
    """
    with opened() as house:
        with house.db.read() as tx:
            tenant = organizations.find(tx, organization)
        now = clock.now()
        house.db.write(lambda tx: agents.remove(tx, house.keyring, tenant.id, agent_id, now), tenant.id)
    click.echo("The agent is removed.")


@register.command("list")
@organization_option
@as_json
@says_what_is_wrong
def every(organization: str, as_json: bool) -> None:
    """Every agent that may ask.

    \b
    Example:
      consent drp agents list --organization valley-smart-homes
    """
    with opened() as house:
        with house.db.read() as tx:
            tenant = organizations.find(tx, organization)
        with house.db.read(tenant.id) as tx:
            found = agents.every(tx, tenant.id)
    rows = [
        {"agent_id": one.agent_id, "name": one.name, "business_id": one.business_id, "added": one.added_at.date()}
        for one in found
    ]
    if as_json:
        print_json([row | {"added": str(row["added"])} for row in rows])
        return
    print_table(
        [tuple(row.values()) for row in rows],
        ("agent", "name", "writes to", "since"),
        "No agent may ask yet. Add one: consent drp agents add --organization …",
    )
