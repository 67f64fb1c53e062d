"""Mail accounts, as `consent gateways` adds and lists them."""

import sys
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import click

from consent.db import Database
from consent.deadlines import zones
from consent.disclosures import carriers
from consent.errors import BadInput
from consent.gateways.email.registry import MAILERS, load, mailer_class
from consent.gateways.sms.settings import is_secret
from consent.ledger.keys import Keyring
from consent.organizations import service
from consent.policies import service as policies


def is_mail(gateway: str) -> bool:
    """Does mail leave by a gateway of this name, not texts?"""
    return gateway in MAILERS


def settings_of(gateway: str, typed: Mapping[str, Any], secrets: Mapping[str, str], env: str) -> dict[str, Any]:
    """The settings, with what is missing asked for at a terminal. Raises BadInput, SetupProblem."""
    open_secret = next((name for name in typed if is_secret(name)), None)
    if open_secret is not None:
        # Whatever stands in a command stands in the shell's history and in the list of processes.
        raise BadInput(f"Give {open_secret} by --secret-file, or leave it out to be asked.", field=open_secret)
    given: dict[str, Any] = {**typed, **secrets}
    if sys.stdin.isatty():
        fields = mailer_class(gateway, env).Settings().fields
        wanted = [name for name, field in fields.items() if field.required]
        if "username" in given:
            wanted.append("password")
        for name in wanted:
            if name not in given:
                given[name] = click.prompt(name, hide_input=is_secret(name))
    load(gateway, given, env)
    return given


def add(
    db: Database, keyring: Keyring, tenant: service.Tenant, gateway: str, settings: Mapping[str, Any],
    recipient: str | None, now: datetime,
) -> None:  # fmt: skip
    """Mail of this organization leaves by this account from now on, also what waits already.

    BadInput where nobody knows who gets it then, Conflict where the policy does not let them.
    """
    with db.read(tenant.id) as tx:
        rulebook = policies.rulebook_at(tx, tenant.id, now)
    carrier = carriers.ask(rulebook, "email", recipient, zones.local_date(now, zones.zone(tenant.zone)))
    db.write(
        lambda tx: service.create_account(
            tx,
            keyring,
            tenant.id,
            gateway=gateway,
            can_send=True,
            name=f"{gateway} {settings['from_address']}",
            settings=settings,
            numbers={},
            now=now,
            recipient=carrier.recipient,
            grounds=carriers.grounds(rulebook, carrier),
        ),
        tenant.id,
    )


def rows(accounts: list[service.Account]) -> list[dict[str, Any]]:
    """Every mail account for a list; the last one that is open is used."""
    open_ones = [one.id for one in accounts if one.closed_at is None]
    return [
        {
            "id": str(one.id),
            "gateway": one.gateway,
            "can_send": bool(open_ones) and one.id == open_ones[-1],
            "from": one.settings["from_address"],
            "recipient": one.recipient,
        }
        for one in accounts
    ]
