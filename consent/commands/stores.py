"""`consent stores`."""

import os
import tomllib
import uuid
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from consent import clock
from consent.command_line import as_json, print_json, print_table, says_what_is_wrong
from consent.errors import BadInput, NotFound
from consent.gateways.callbacks.calls import Caller
from consent.gateways.callbacks.targets import shown
from consent.gateways.stores import registry
from consent.gateways.stores.base import StoreFailed
from consent.gateways.stores.webhook import Wires
from consent.ledger.opened import Opened, opened
from consent.organizations import service as organizations
from consent.organizations.commands import organization_option
from consent.privacy_requests.tasks import accounts, people


@click.group()
def stores() -> None:
    """Systems that hold data about people, where requests are carried out.

    \b
    Example:
      consent stores list --organization valley-smart-homes
    """


@stores.command()
@organization_option
@click.argument("kind", type=click.Choice(registry.KINDS))
@click.argument("name")
@click.option("--category", "categories", multiple=True, help="A class of data it holds; repeatable. Not for sql.")
@click.option("--url", help="Where a webhook store takes its tasks.")
@click.option("--secret-file", type=click.Path(path_type=Path), help="A file with its secret; without one it is made.")
@click.option("--url-setting", help="The NAME of the environment variable with the URL of an sql store.")
@click.option("--description", type=click.Path(path_type=Path), help="The TOML file that describes an sql store.")
@click.option("--instruction", type=click.Path(path_type=Path), help="A TOML file: en, fr, es, what to do by hand.")
@says_what_is_wrong
def add(
    organization: str,
    kind: str,
    name: str,
    categories: tuple[str, ...],
    url: str | None,
    secret_file: Path | None,
    url_setting: str | None,
    description: Path | None,
    instruction: Path | None,
) -> None:
    """Add the store NAME. A webhook store's secret and the address for its receipts are printed this once.

    \b
    Example:
      consent stores add --organization valley-smart-homes sql billing \\
        --url-setting CONSENT_STORE_BILLING_URL --description billing.toml
      consent stores add --organization valley-smart-homes webhook helpdesk \\
        --category support-notes --url https://helpdesk.example/privacy
    """
    given: dict[str, Any] = {
        "categories": list(categories) or None,
        "url": url,
        "secret": None if secret_file is None else _text(secret_file).strip(),
        "url_setting": url_setting,
        "description": None if description is None else _text(description),
        "instruction": None if instruction is None else _table(instruction),
    }
    with opened() as house:
        settings = registry.settings_of(
            kind,
            {key: value for key, value in given.items() if value is not None},
            development=not house.config.production,
        )
        tenant = _tenant(house, organization)
        made = house.db.write(
            lambda tx: accounts.add(tx, house.keyring, tenant, kind, name, settings, clock.now()), tenant
        )
        click.echo(f"{name} is on the list. Try it: consent stores check --organization {organization} {name}")
        if kind == "webhook":
            click.echo(f"secret: {settings['secret']}")
            click.echo(f"receipts to: {house.config.public_url}/webhooks/stores/{made.endpoint}")
    click.echo("What it has to do: docs/stores.md", err=True)


@stores.command("list")
@organization_option
@as_json
@says_what_is_wrong
def every(organization: str, as_json: bool) -> None:
    """Every store with the classes of data it holds; secrets are not shown.

    \b
    Example:
      consent stores list --organization valley-smart-homes --json
    """
    with opened() as house:
        tenant = _tenant(house, organization)
        with house.db.read(tenant) as tx:
            found = accounts.every(tx, house.keyring, tenant)
    rows = [
        {"name": one.name, "kind": one.kind, "categories": list(accounts.categories_of(one)), "reached": _reached(one)}
        for one in found
    ]
    if as_json:
        print_json(rows)
        return
    print_table(
        [(one["name"], one["kind"], ", ".join(one["categories"]), one["reached"]) for one in rows],
        ("name", "kind", "holds", "reached by"),
        "There is no store yet: only what this service itself holds is erased. Add one: consent stores add",
    )


@stores.command()
@organization_option
@click.argument("name")
@click.option("--request", "request_id", type=click.UUID, help="Count what it would find for this request's person.")
@as_json
@says_what_is_wrong
def check(organization: str, name: str, request_id: uuid.UUID | None, as_json: bool) -> None:
    """Whether the store can be reached and what it would find; nothing there is changed. Exit status 1 when it cannot.

    \b
    Example:
      consent stores check --organization valley-smart-homes billing
    """
    with opened() as house:
        tenant = _tenant(house, organization)
        wires = Wires(Caller().ask, clock.now, house.config.public_url, os.environ, not house.config.production)
        with house.db.read(tenant) as tx:
            account = accounts.find(tx, house.keyring, tenant, name)
            person = None if request_id is None else people.of_request(tx, house.keyring, tenant, request_id)
        if request_id is not None and person is None:
            raise NotFound("There is no such request here, or its person is erased.")
        store, counted = account.store(wires), Counter[str]()
        try:
            looked = store.check()
            reachable, lines = looked.reachable, list(looked.lines)
            if person is not None:
                counted.update(one.category for one in store.find(person.subject, store.categories))
        except StoreFailed as failed:
            reachable, lines = False, [failed.code]
    if as_json:
        print_json({"name": name, "reachable": reachable, "said": lines, "would_find": dict(counted)})
    else:
        click.echo("\n".join([f"{name}: {'can be reached' if reachable else 'CANNOT BE REACHED'}", *lines]))
        for category, count in sorted(counted.items()):
            click.echo(f"would find {count} of {category}")
    if not reachable:
        raise SystemExit(1)


@stores.command()
@organization_option
@click.argument("name")
@says_what_is_wrong
def remove(organization: str, name: str) -> None:
    """Take the store NAME off the list; refused while a request waits for its receipt.

    \b
    Example:
      consent stores remove --organization valley-smart-homes billing
    """
    with opened() as house:
        tenant = _tenant(house, organization)
        house.db.write(lambda tx: accounts.remove(tx, house.keyring, tenant, name, clock.now()), tenant)
    click.echo(f"{name} is off the list.")


def _tenant(house: Opened, slug: str) -> uuid.UUID:
    with house.db.read() as tx:
        return organizations.find(tx, slug).id


def _reached(one: accounts.Account) -> str:
    if one.kind == "webhook":
        return shown(str(one.settings["url"]))
    return str(one.settings["url_setting"]) if one.kind == "sql" else "by hand"


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise BadInput(f"The file cannot be read ({type(problem).__name__}).", field=file.name) from None


def _table(file: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(_text(file))
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"The file is no TOML: {error}.", field=file.name) from None
