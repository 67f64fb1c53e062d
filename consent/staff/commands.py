"""`consent staff`."""

import click

from consent import clock
from consent.command_line import as_json, print_json, print_table, says_what_is_wrong
from consent.db import Tx
from consent.errors import Conflict, Forbidden, NotFound
from consent.ledger.opened import Opened, opened
from consent.organizations import service as organizations
from consent.organizations.commands import organization_option
from consent.organizations.service import Tenant
from consent.staff import accounts, one_time, sealing, team
from consent.staff.accounts import Account
from consent.staff.invitations import Link
from consent.staff.roles import Role
from consent.web.i18n import LANGUAGES

name_option = click.option("--name", default="", help="How colleagues see them; the part before the @ if left out.")
language_option = click.option(
    "--language", type=click.Choice(tuple(LANGUAGES)), default="en", show_default=True, help="Of our mails to them."
)


@click.group()
def staff() -> None:
    """Accounts of an organization's own people.

    \b
    Example:
      consent staff first-admin valley-smart-homes ana@valley.example
    """


@staff.command("first-admin")
@click.argument("organization")
@click.argument("email")
@name_option
@language_option
@says_what_is_wrong
def first_admin(organization: str, email: str, name: str, language: str) -> None:
    """Make the first administrator of ORGANIZATION and print a link into the account: it works once, for three days.

    Refused when there is one: administrators invite everybody else.

    \b
    Example:
      consent staff first-admin valley-smart-homes ana@valley.example --name Ana
    """
    with opened() as house:
        tenant, now = _tenant(house, organization), clock.now()

        def work(tx: Tx) -> Link:
            if team.has_admin(tx, house.keyring, tenant.id):
                raise Conflict(
                    "There is an administrator. They invite others; a new link into an account: consent staff invite"
                )
            return team.invite(
                tx, house.keyring, tenant.id, email=email, name=name or email.partition("@")[0], role=Role.ADMIN,
                language=language, by=None, source="system", now=now,
            )  # fmt: skip

        _print_link(house, house.db.write(work, tenant.id))


@staff.command()
@organization_option
@click.argument("email")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]), help="What they may do.")
@name_option
@language_option
@says_what_is_wrong
def add(organization: str, email: str, role: str, name: str, language: str) -> None:
    """Make an account for EMAIL and print a link into it: it works once, for three days.

    \b
    Example:
      consent staff add --organization valley-smart-homes ben@valley.example --role clerk
    """
    with opened() as house:
        tenant, now = _tenant(house, organization), clock.now()
        link = house.db.write(
            lambda tx: team.invite(
                tx, house.keyring, tenant.id, email=email, name=name or email.partition("@")[0], role=Role(role),
                language=language, by=None, source="system", now=now,
            ),
            tenant.id,
        )  # fmt: skip
        _print_link(house, link)


@staff.command()
@organization_option
@click.argument("email")
@says_what_is_wrong
def invite(organization: str, email: str) -> None:
    """Print a new link into the account of EMAIL, for somebody who has lost password or telephone.

    \b
    Example:
      consent staff invite --organization valley-smart-homes ana@valley.example
    """
    with opened() as house:
        tenant, now = _tenant(house, organization), clock.now()
        account = _account(house, tenant, email)
        link = house.db.write(
            lambda tx: team.invite_again(tx, house.keyring, tenant.id, account.id, by=None, source="system", now=now),
            tenant.id,
        )
        _print_link(house, link)


@staff.command()
@organization_option
@click.argument("email")
@says_what_is_wrong
def code(organization: str, email: str) -> None:
    """Print what the app of EMAIL shows now, for whoever tries the demo without a telephone; refused in production.

    \b
    Example:
      consent staff code --organization valley-smart-homes clerk@staff.example
    """
    with opened() as house:
        if house.config.production:
            raise Forbidden("In production a second factor is nobody's but its owner's.")
        account = _account(house, _tenant(house, organization), email)
        if account.totp_secret is None:
            raise NotFound("This account has no app yet. Its owner sets it up by the invitation.")
        click.echo(one_time.code_at(account.totp_secret, clock.now()))
        click.echo("It works once; the next one comes within half a minute.", err=True)


@staff.command("list")
@organization_option
@as_json
@says_what_is_wrong
def every(organization: str, as_json: bool) -> None:
    """Every account of the organization.

    \b
    Example:
      consent staff list --organization valley-smart-homes
    """
    with opened() as house:
        tenant = _tenant(house, organization)
        with house.db.read(tenant.id) as tx:
            found = accounts.every(tx, house.keyring, tenant.id)
    if as_json:
        print_json(
            [{"id": str(o.id), "name": o.name, "email": o.email, "role": o.role, "state": o.state} for o in found]
        )
        return
    print_table(
        [(one.email, one.name, one.role.value, one.state) for one in found],
        ("e-mail", "name", "role", "state"),
        "Nobody yet. Make the first administrator: consent staff first-admin",
    )


@staff.command()
@organization_option
@click.argument("email")
@says_what_is_wrong
def disable(organization: str, email: str) -> None:
    """Nobody gets in by the account of EMAIL any more; whoever is in is signed out at once.

    \b
    Example:
      consent staff disable --organization valley-smart-homes ben@valley.example
    """
    with opened() as house:
        tenant, now = _tenant(house, organization), clock.now()
        account = _account(house, tenant, email)
        house.db.write(
            lambda tx: team.disable(tx, house.keyring, tenant.id, account.id, None, now, source="system"), tenant.id
        )
    click.echo("The account is disabled.")


def _as_json(one: Account) -> dict[str, str]:
    return {"id": str(one.id), "name": one.name, "email": one.email, "role": one.role.value, "state": one.state}


def _tenant(house: Opened, slug: str) -> Tenant:
    with house.db.read() as tx:
        return organizations.find(tx, slug)


def _account(house: Opened, tenant: Tenant, email: str) -> Account:
    tag = sealing.email_tag(house.keyring, tenant.id, email)
    with house.db.read(tenant.id) as tx:
        found = accounts.by_tag(tx, house.keyring, tenant.id, tag)
    if found is None:
        raise NotFound("There is no account of this address. See: consent staff list")
    return found


def _print_link(house: Opened, link: Link) -> None:
    click.echo(house.config.staff_address + link.path)
    click.echo("Open it within three days; it works once. Whoever has it gets the account.", err=True)
