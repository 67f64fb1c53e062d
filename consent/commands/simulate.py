"""`consent sms simulate`: a gateway's own call, really signed, to the running service."""

import json
import secrets
import uuid
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
import requests
from marshmallow import ValidationError

from consent import clock
from consent.command_line import as_json, print_json, print_table, says_what_is_wrong
from consent.config import Config
from consent.db.types import as_id
from consent.errors import BadInput, NotFound, SetupProblem
from consent.evidence import service as evidence
from consent.gateways.sms.registry import GATEWAYS, adapter
from consent.gateways.sms.samples import Call, Sample, fill, samples_of, values_of
from consent.gateways.sms.settings import read
from consent.ledger.opened import Opened, opened
from consent.organizations import service as organizations
from consent.organizations.commands import organization_option
from consent.policies import service as policies
from consent.preferences import queries as preference_queries
from consent.preferences import service as preferences
from consent.subjects import service as subjects
from consent.subjects.addresses import as_received
from consent.web.fields import parse_instant

# A gateway whose calls another's samples show.
SAMPLES = {"console": "twilio"}


@click.command()
@organization_option
@click.option("--gateway", type=click.Choice(sorted(GATEWAYS)), help="Whose account; the first account if left out.")
@click.option("--call", "kind", default="inbound", show_default=True, help="Which of the gateway's calls; see --calls.")
@click.option("--calls", is_flag=True, help="List the calls of the gateway and send nothing.")
@click.option("--from", "sender", default=None, help="The number that texts, such as +15095550142.")
@click.option("--to", "recipient", default=None, help="Our number; the account's first if left out.")
@click.option("--message-id", "--message-sid", default=None, help="The gateway's id; a new one if left out.")
@click.option("--at", default=None, help="When the gateway says that it happened; now if left out.")
@click.option(
    "--private-key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The gateway's own key (PEM), where the account holds only its public half.",
)
@click.option("--url", default=None, help="Where the service runs; its public address if left out.")
@click.argument("text", default="STOP")
@as_json
@says_what_is_wrong
def simulate(
    organization: str,
    gateway: str | None,
    kind: str,
    calls: bool,
    sender: str | None,
    recipient: str | None,
    message_id: str | None,
    at: str | None,
    private_key: Path | None,
    url: str | None,
    text: str,
    as_json: bool,
) -> None:
    """Send TEXT to the running service as a gateway would: a really signed webhook over HTTP.

    Prints the request, the answer, the new state and, where a consent changed, the receipt.

    \b
    Examples:
      consent sms simulate --organization valley-smart-homes --from +15095550142 "Stop."
      consent sms simulate --organization valley-smart-homes --gateway telnyx --calls
    """
    with opened() as house:
        with house.db.read() as tx:
            tenant = organizations.find(tx, organization)
        account = _account(house, tenant.id, gateway)
        if calls:
            _list_calls(samples_of(SAMPLES.get(account.gateway, account.gateway)), as_json)
            return
        if sender is None:
            raise BadInput("Say who texts: --from +15095550142.", field="from")
        key = private_key.read_text(encoding="utf-8") if private_key is not None else None
        signed_call = signed(
            house.config, account, kind, sender=sender, recipient=recipient, text=text,
            message_id=message_id or secrets.token_hex(16), at=_instant(at), private_key=key,
        )  # fmt: skip
        answer = _bring(signed_call, url or house.config.public_url)
        shown: dict[str, Any] = {
            "request": signed_call._asdict() | {"body": signed_call.body.decode()},
            "answer": {"status": answer.status_code, "body": answer.text},
        }
        if answer.ok:
            shown |= _after(house, tenant.id, sender)
    if as_json:
        print_json(shown)
    else:
        _say(shown)
    if answer.status_code in (401, 403):
        raise click.ClickException(
            f"The service refused the signature, which is made for {house.config.public_url}. Where the service has"
            " another address, say so: CONSENT_PUBLIC_URL=http://… in front of the command."
        )
    if not answer.ok:
        raise click.ClickException(f"The service answered {answer.status_code}.")


def signed(
    config: Config, account: organizations.Account, kind: str, *, sender: str, recipient: str | None, text: str,
    message_id: str, at: datetime, private_key: str | None = None,
) -> Call:  # fmt: skip
    """This call as the gateway of the account would make it, for the public address of its webhook, really signed."""
    made = adapter(account.gateway, config.environment)
    to = recipient or next(iter(account.numbers), "")
    values = values_of(account.settings, message_id=message_id, sender=sender, recipient=to, text=text, at=at)
    public = f"{config.public_url}/webhooks/sms/{account.endpoint}"
    settings = read(account.gateway, made.Settings(), account.settings)
    sample = _sample(samples_of(SAMPLES.get(account.gateway, account.gateway)), kind)
    return made.as_sent(fill(sample, public, values), settings, values["at"], private_key)


def _account(house: Opened, organization_id: uuid.UUID, gateway: str | None) -> organizations.Account:
    """The account to simulate: of this gateway, else the first that is open."""
    with house.db.read(organization_id) as tx:
        accounts = organizations.accounts(tx, house.keyring, organization_id)
    usable = [one for one in accounts if one.closed_at is None and gateway in (None, one.gateway)]
    if not usable:
        asked = f" {gateway}" if gateway else ""
        raise NotFound(f"This organization has no{asked} account to simulate. Add one: consent gateways add")
    return usable[0]


def _sample(known: dict[str, Sample], kind: str) -> Sample:
    if kind not in known:
        raise BadInput(f"There is no such call; there are {', '.join(known)}.", field="call")
    return known[kind]


def _instant(at: str | None) -> datetime:
    if at is None:
        return clock.now()
    try:
        return parse_instant(at)
    except ValidationError:
        raise BadInput("Give an instant with its offset, such as 2026-11-21T20:00:00Z.", field="at") from None


def _bring(call: Call, where: str) -> requests.Response:
    """The service's answer to the call, brought to where it runs."""
    parts = urlsplit(call.url)
    target = f"{where.rstrip('/')}{parts.path}{'?' + parts.query if parts.query else ''}"
    try:
        return requests.request(call.method, target, data=call.body, headers=call.headers, timeout=30)
    except requests.ConnectionError:
        raise SetupProblem(
            f"Nobody answers at {where}. Start the service (make run); where it has another address, say so:"
            " CONSENT_PUBLIC_URL=http://… in front of the command."
        ) from None
    except requests.RequestException as error:
        raise BadInput(f"The request could not be sent ({type(error).__name__}).", field="url") from None


def _list_calls(known: dict[str, Sample], as_json: bool) -> None:
    rows = [(one.name, one.method, ", ".join(event["type"] for event in one.events)) for one in known.values()]
    if as_json:
        print_json([{"call": name, "method": method, "becomes": events} for name, method, events in rows])
    else:
        print_table(rows, ("call", "method", "becomes"), "")


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
    request = shown["request"]
    click.echo(f"request   {request['method']} {request['url']}")
    for name, value in request["headers"].items():
        click.echo(f"          {name}: {value}")
    if request["body"]:
        click.echo(f"          {request['body']}")
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
