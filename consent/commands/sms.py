"""`consent sms`."""

import json
import secrets
import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import click
import requests

from consent import clock
from consent.command_line import as_json, print_json, print_table, says_what_is_wrong
from consent.commands.sms_hours import hours
from consent.db.types import as_id
from consent.errors import BadInput, NotFound, SetupProblem
from consent.evidence import service as evidence
from consent.gateways.sms.twilio_signature import SIGNATURE, sign
from consent.ledger.opened import Opened, opened
from consent.organizations import service as organizations
from consent.organizations.commands import organization_option
from consent.policies import service as policies
from consent.preferences import queries as preference_queries
from consent.preferences import service as preferences
from consent.sms import queries
from consent.subjects import service as subjects
from consent.subjects.addresses import as_received

SIGNED_LIKE_TWILIO = ("twilio", "console")


@click.group()
def sms() -> None:
    """Texts: simulate a gateway, list what arrived.

    \b
    Example:
      consent sms simulate --organization valley-smart-homes --from +15095550142 "STOP"
    """


sms.add_command(hours)


@sms.command()
@organization_option
@click.option("--from", "sender", required=True, help="The number that texts, such as +15095550142.")
@click.option("--to", "recipient", default=None, help="Our number; the account's first if left out.")
@click.option("--message-sid", default=None, help="The gateway's id of the message; a new one if left out.")
@click.option("--url", default=None, help="Where the service runs; its public address if left out.")
@click.argument("text")
@as_json
@says_what_is_wrong
def simulate(
    organization: str,
    sender: str,
    recipient: str | None,
    message_sid: str | None,
    url: str | None,
    text: str,
    as_json: bool,
) -> None:
    """Send TEXT to the running service as a gateway would: a really signed webhook over HTTP.

    Prints the request, the answer, the new state and, where a consent changed, the receipt.

    \b
    Example:
      consent sms simulate --organization valley-smart-homes --from +15095550142 "Stop."
    """
    with opened() as house:
        with house.db.read() as tx:
            tenant = organizations.find(tx, organization)
        account = _account(house, tenant.id)
        settings = account.settings
        path = f"/webhooks/sms/{account.endpoint}"
        fields = {
            "MessageSid": message_sid or f"SM{secrets.token_hex(16)}",
            "AccountSid": settings.get("account_sid", "AC" + "0" * 32),
            "From": sender,
            "To": recipient or next(iter(account.numbers), ""),
            "Body": text,
            "NumMedia": "0",
            "SmsStatus": "received",
        }
        signature = sign(house.config.public_url + path, fields.items(), _token(settings))
        answer = _post((url or house.config.public_url) + path, fields, signature)
        shown: dict[str, Any] = {
            "request": {"url": house.config.public_url + path, "form": fields, SIGNATURE: signature},
            "answer": {"status": answer.status_code, "body": answer.text},
        }
        if answer.ok:
            shown |= _after(house, tenant.id, sender)
    if as_json:
        print_json(shown)
    else:
        _say(shown)
    if answer.status_code == 403:
        raise click.ClickException(
            f"The service refused the signature, which is made for {house.config.public_url}. Where the service has"
            " another address, say so: CONSENT_PUBLIC_URL=http://… in front of the command."
        )
    if not answer.ok:
        raise click.ClickException(f"The service answered {answer.status_code}.")


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


def _account(house: Opened, organization_id: uuid.UUID) -> organizations.Account:
    with house.db.read(organization_id) as tx:
        accounts = organizations.accounts(tx, house.keyring, organization_id)
    usable = [one for one in accounts if one.gateway in SIGNED_LIKE_TWILIO and one.closed_at is None]
    if not usable:
        raise NotFound("This organization has no gateway account to simulate. Add one: consent gateways add")
    return usable[0]


def _token(settings: Mapping[str, Any]) -> str:
    token = settings.get("auth_token") or next(iter(settings.get("auth_tokens", ())), None)
    if not token:
        raise SetupProblem("The gateway account has no auth token to sign with.")
    return str(token)


def _post(url: str, fields: dict[str, str], signature: str) -> requests.Response:
    try:
        return requests.post(
            url,
            urlencode(fields).encode(),
            headers={SIGNATURE: signature, "Content-Type": "application/x-www-form-urlencoded"},
            timeout=30,
        )
    except requests.ConnectionError:
        raise SetupProblem(
            f"Nobody answers at {url.partition('/webhooks')[0]}. Start the service (make run); where it has another"
            " address, say so: CONSENT_PUBLIC_URL=http://… in front of the command."
        ) from None
    except requests.RequestException as error:
        raise BadInput(f"The request could not be sent ({type(error).__name__}).", field="url") from None


def _after(house: Opened, organization_id: uuid.UUID, sender: str) -> dict[str, Any]:
    """What holds for the number now, and the newest entry with its receipt."""
    tagged = subjects.tagged(house.keyring, organization_id, as_received("sms", sender))
    with house.db.read(organization_id) as tx:
        contact_id = subjects.find(tx, organization_id, tagged)
        if contact_id is None:
            return {}
        rulebook = policies.rulebook_at(tx, organization_id, clock.now())
        state = preferences.read(tx, organization_id, "sms", tagged.tag64)
        events, _ = preference_queries.history(tx, house.keyring, organization_id, contact_id, most=1)
        shown: dict[str, Any] = {"state": preference_queries.preferences_json(state, rulebook, "sms")}
        if events:
            shown["entry"] = {name: events[0][name] for name in ("entry", "type", "occurred_at", "programs")}
            try:
                shown["receipt"] = evidence.receipt(
                    tx, house.keyring, organization_id, as_id(uuid.UUID(events[0]["entry"])), house.config.public_url
                )
            except NotFound:
                shown["receipt"] = None
    return shown


def _say(shown: dict[str, Any]) -> None:
    click.echo(f"request   POST {shown['request']['url']}")
    for name, value in shown["request"]["form"].items():
        click.echo(f"          {name}={value}")
    click.echo(f"          {SIGNATURE}: {shown['request'][SIGNATURE]}")
    click.echo(f"answer    {shown['answer']['status']} {shown['answer']['body']}")
    state = shown.get("state")
    if state is None:
        return
    click.echo(f"state     {'stopped since ' + state['stopped_since'] if state['stopped'] else 'not stopped'}")
    for program in state["programs"]:
        said = ", ".join(f"{one['state']} since {one['since']}" for one in program["on_record"])
        click.echo(f"          {program['program']}: {said or 'nothing on record'}")
    click.echo(f"entry     {json.dumps(shown.get('entry'), ensure_ascii=False)}")
    click.echo(f"receipt   {shown.get('receipt') or 'none: no consent changed'}")
