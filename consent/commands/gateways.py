"""`consent gateways`."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from consent import clock
from consent import config as configuration
from consent.command_line import as_json, print_json, print_table, says_what_is_wrong
from consent.commands import mail_accounts
from consent.db.spool import Spool
from consent.deadlines import zones
from consent.disclosures import carriers
from consent.errors import BadInput
from consent.gateways.sms import calls, load
from consent.gateways.sms.registry import adapter
from consent.gateways.sms.settings import GatewaySettings, is_secret
from consent.house import House
from consent.ledger.keys import Keyring
from consent.ledger.opened import opened
from consent.organizations import service
from consent.organizations.commands import organization_option
from consent.policies import service as policies
from consent.subjects.addresses import Kind, canonical
from consent.timed import arriving


@click.group()
def gateways() -> None:
    """Accounts at text gateways and mail servers.

    \b
    Example:
      consent gateways list --organization valley-smart-homes
    """


@gateways.command()
@organization_option
@click.argument("gateway")
@click.option("--number", "numbers", multiple=True, help="A number of the account; repeatable. Not for mail.")
@click.option(
    "--stop-reply",
    type=click.Choice(["self", "gateway"]),
    default="self",
    show_default=True,
    help="Who confirms a STOP to these numbers.",
)
@click.option("--recipient", help="Who gets what goes by it, by the register of recipients; own for an own machine.")
@click.option("--receive-only", is_flag=True, help="Never send by this account; answers ride on its webhooks.")
@click.option("--setting", "settings", multiple=True, metavar="NAME=VALUE", help="A setting of the gateway.")
@click.option("--secret-file", "secrets", multiple=True, metavar="NAME=FILE", help="A secret, read from a file.")
@says_what_is_wrong
def add(
    organization: str,
    gateway: str,
    numbers: tuple[str, ...],
    stop_reply: str,
    recipient: str | None,
    receive_only: bool,
    settings: tuple[str, ...],
    secrets: tuple[str, ...],
) -> None:
    """Add an account at GATEWAY and print the webhook address to give it, with what to do there.

    GATEWAY smtp is a mail account. On a terminal the settings that GATEWAY needs are asked for where they are missing.
    All of them stand in docs/gateways/. Lists and tables are given as JSON.

    Whoever carries messages gets numbers and words: --recipient names them as the register of recipients does, and
    what the policy does not allow is refused with its clause. Left out, it is the only one who carries them there.

    \b
    Example:
      consent gateways add --organization valley-smart-homes twilio --number +15095550100 \\
        --setting account_sid=AC… --secret-file auth_token=/etc/consent/twilio-token
      consent gateways add --organization valley-smart-homes smtp --recipient own --setting host=smtp.example.com \\
        --setting from_address=news@example.com --setting username=news --secret-file password=/etc/consent/smtp
    """
    given: dict[str, Any] = {name: _value(name, value) for name, value in map(_pair, settings)}
    hidden = {name: _read(name, file) for name, file in map(_pair, secrets)}
    if mail_accounts.is_mail(gateway):
        _add_mail(organization, gateway, given, hidden, recipient)
        return
    given |= hidden
    if not numbers:
        raise BadInput("Give the numbers of the account: --number +15095550100", field="number")
    for number in numbers:
        if canonical("sms", number).kind not in (Kind.E164, Kind.SHORT_CODE):
            raise BadInput("Give numbers with country code, as +15095550100, or short codes.", field="number")
    with opened() as house:
        made = adapter(gateway, house.config.environment)
        if sys.stdin.isatty():
            given |= _asked_for(made.Settings(), given)
        can_send = load(gateway, given, env=house.config.environment).can_send and not receive_only
        with house.db.read() as tx:
            tenant = service.find(tx, organization)
        now = clock.now()
        with house.db.read(tenant.id) as tx:
            rulebook = policies.rulebook_at(tx, tenant.id, now)  # texts are answered in the words of a policy in force
        carrier = carriers.ask(rulebook, "sms", recipient, zones.local_date(now, zones.zone(tenant.zone)))
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
                recipient=carrier.recipient,
                grounds=carriers.grounds(rulebook, carrier),
            ),
            tenant.id,
        )
        url = f"{house.config.public_url}/webhooks/sms/{endpoint}"
        click.echo(url)
    click.echo(f"\nAt {gateway}:", err=True)
    for place, step in enumerate(made.setup_steps(url, given), 1):
        click.echo(f"  {place}. {step}", err=True)
    if not can_send and not made.replies_inline:
        click.echo(
            "\nThis account cannot send, and its webhooks carry no answers: nobody confirms a STOP or answers HELP"
            f" unless {gateway} does. Give the settings for sending (docs/gateways/{gateway}.md).",
            err=True,
        )
    click.echo(f"\nMore: docs/gateways/{gateway}.md", err=True)


def _add_mail(
    organization: str, gateway: str, typed: Mapping[str, Any], secrets: Mapping[str, str], recipient: str | None
) -> None:
    with opened() as house:
        settings = mail_accounts.settings_of(gateway, typed, secrets, house.config.environment)
        with house.db.read() as tx:
            tenant = service.find(tx, organization)
        mail_accounts.add(house.db, house.keyring, tenant, gateway, settings, recipient, clock.now())
    click.echo(f"Mail of {tenant.name} leaves by this account from now on.")
    click.echo(f"What to set up there, so that it arrives: docs/gateways/{gateway}.md", err=True)


@gateways.command("list")
@organization_option
@as_json
@says_what_is_wrong
def every(organization: str, as_json: bool) -> None:
    """Every gateway account with its webhook address, and every mail account; secrets are not shown.

    \b
    Example:
      consent gateways list --organization valley-smart-homes
    """
    with opened() as house:
        with house.db.read() as tx:
            tenant = service.find(tx, organization)
        with house.db.read(tenant.id) as tx:
            accounts = service.accounts(tx, house.keyring, tenant.id)
            mail = mail_accounts.rows(service.mail_accounts(tx, house.keyring, tenant.id))
        rows: list[dict[str, Any]] = [
            {
                "id": str(one.id),
                "gateway": one.gateway,
                "can_send": one.can_send,
                "numbers": dict(one.numbers),
                "recipient": one.recipient,
                "webhook": f"{house.config.public_url}/webhooks/sms/{one.endpoint}",
            }
            for one in accounts
        ]
    if as_json:
        print_json(rows + mail)
        return
    print_table(
        [
            (
                one["gateway"],
                one["from"] if "from" in one else ", ".join(one["numbers"]),
                "yes" if one["can_send"] else "no",
                one["recipient"] or "",
                one.get("webhook", ""),
            )
            for one in rows + mail
        ],
        ("gateway", "numbers or address", "sends", "recipient", "webhook"),
        "No gateway accounts yet. Add one: consent gateways add",
    )


def _asked_for(schema: GatewaySettings, given: Mapping[str, Any]) -> dict[str, Any]:
    """What the gateway cannot do without, typed at the terminal; secrets are not shown."""
    missing = [name for name, field in schema.fields.items() if field.required and name not in given]
    return {name: _value(name, click.prompt(name, hide_input=is_secret(name))) for name in missing}


def _value(name: str, text: str) -> Any:
    """A setting as typed: a list or a table is JSON."""
    if text[:1] not in ("[", "{"):
        return text
    try:
        return json.loads(text)
    except ValueError:
        raise BadInput(f"{name} begins like JSON but is none.", field=name) from None


def _read(name: str, file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as problem:
        raise BadInput(f"The file of {name} cannot be read ({type(problem).__name__}).", field=name) from None


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise BadInput("Write NAME=VALUE.", field="setting")
    return name, value


@gateways.command("spool")
@click.option("--retry", is_flag=True, help="Try again what was set aside.")
@as_json
@says_what_is_wrong
def spooled(retry: bool, as_json: bool) -> None:
    """What waits on this machine because the database was away, and what was set aside.

    \b
    Example:
      consent gateways spool --retry
    """
    config = configuration.load()
    spool = Spool(config.data_dir / "spool", Keyring(config.data_dir).spool_key())
    try:
        again = spool.bring_back() if retry else 0
        held = spool.figures()
    finally:
        spool.close()
    oldest = held.oldest.isoformat(timespec="seconds") if held.oldest is not None else None
    if as_json:
        print_json({"waiting": held.waiting, "set_aside": held.aside, "oldest": oldest, "tried_again": again})
        return
    since = f", the oldest since {oldest}" if oldest is not None else ""
    click.echo(f"{held.waiting} webhooks wait{since}; {held.aside} are set aside.")
    if again:
        click.echo(f"{again} are tried again by the server within a second.")


@gateways.command("reconcile")
@click.option("--organization", "slug", help="Only this organization.")
@click.option("--account", "wanted", help="Only the account with this id (see: consent gateways list --json).")
@as_json
@says_what_is_wrong
def reconcile_now(slug: str | None, wanted: str | None, as_json: bool) -> None:
    """Read the lists of every gateway from the beginning, put on record what is missing, and say what differs.

    Mended is towards less contact only: a START that was missed is kept for a person to read and gives nothing back.

    \b
    Example:
      consent gateways reconcile --organization valley-smart-homes
    """
    rows: list[dict[str, Any]] = []
    house = House.open(configuration.load())
    try:
        reconciler = arriving.reconciler_of(house, calls.new_session())
        with house.db.read() as tx:
            tenants = [service.find(tx, slug)] if slug else service.every(tx)
        for tenant in tenants:
            with house.db.read(tenant.id) as tx:
                accounts = [one for one in service.accounts(tx, house.keyring, tenant.id) if one.closed_at is None]
            for account in accounts:
                if wanted in (None, str(account.id)):
                    looked = reconciler.look(tenant.id, account, whole=True)
                    if looked is not None:
                        rows.append({"organization": tenant.slug} | looked.as_json())
    finally:
        house.close()
    if not rows:
        raise BadInput("There is no open gateway account of this name.", field="account")
    if as_json:
        print_json(rows)
    else:
        for one in rows:
            click.echo(_in_words(one))
    if any(one["error"] for one in rows):
        raise SystemExit(1)


def _in_words(one: dict[str, Any]) -> str:
    found = ", ".join(f"{count} {what}" for what, count in one["missing"].items()) or "nothing"
    line = f"{one['organization']} {one['gateway']}: {one['listed']} texts listed, missing here were {found};"
    line += f" {one['opt_outs']} numbers blocked there, {one['silenced']} of them silenced here now"
    if one["not_blocked_there"]:
        line += f"; {one['not_blocked_there']} numbers are silenced here and not blocked there (left as they are)"
    if one["cannot"]:
        line += f"; this gateway does not list: {', '.join(one['cannot'])}"
    return line + (f"; it failed: {one['error']}" if one["error"] else "")
