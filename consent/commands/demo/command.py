"""`consent demo`: the sample organizations with demo people, served and ready to try."""

import json
import os
import secrets
import shlex
from datetime import datetime
from typing import Any

import click

from consent import (
    clock,
    tables,  # noqa: F401  (the complete metadata)
)
from consent import config as configuration
from consent.command_line import says_what_is_wrong
from consent.commands import serve as serving
from consent.commands.demo import campaigns_command, planting
from consent.config import Config
from consent.db import migrations
from consent.errors import SetupProblem
from consent.house import House
from consent.ledger import keyfiles
from consent.organizations import service as organizations
from consent.policies.founding import found
from consent.policies.packs import packs_root
from consent.resources import folder

NOTES = campaigns_command.NOTES  # kept so that a second start can show it again; a demo has nobody to protect


@click.group(invoke_without_command=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--prepare-only", is_flag=True, help="Set everything up and print it, without serving.")
@click.option("--brief", is_flag=True, help="Organizations, people and staff only; what happened since comes later.")
@click.pass_context
@says_what_is_wrong
def demo(context: click.Context, host: str, port: int, prepare_only: bool, brief: bool) -> None:
    """Set up the sample organizations with demo people, print what to try, and serve.

    Data stay in the data folder; starting again goes on with them.

    \b
    Example:
      consent demo --port 8000
    """
    if context.invoked_subcommand is not None:
        return
    os.environ.setdefault("CONSENT_PUBLIC_URL", f"http://{host}:{port}")
    config = configuration.load()
    if config.production:
        raise SetupProblem("The demo is for development; unset CONSENT_ENV.")
    serving.check_folder(config.data_dir)
    if not prepare_only:
        serving.check_port(host, port)
    notes = prepare(config, clock.now(), brief=brief)
    _say(config, notes)
    if not prepare_only:
        serving.run(config, host, port)


demo.add_command(campaigns_command.command)


def prepare(config: Config, now: datetime, *, brief: bool = False) -> dict[str, Any]:
    """Database, keys, and each organization with its seed, made once; what of it is still to be planted is planted.

    `brief` leaves out what happened around the people: a later start without it goes on with that.
    """
    create_secrets(config)
    migrations.upgrade(config.migration_url)
    house = House.open(config)
    try:
        with house.db.read() as tx:
            served = {one.slug for one in organizations.every(tx)}
        for pack in sorted(packs_root().glob("*/organization.toml")):
            if pack.parent.name not in served:
                found(config, house.db, house.keyring, pack.parent, now)
        notes = _read_notes(config)
        for seed in sorted(folder("seeds").glob("*.toml")):
            plot = planting.Plot(house, seed, notes.setdefault(seed.stem, {}), now)
            while planting.grow(plot, brief=brief):
                _write_notes(config, notes)
        return notes
    finally:
        house.close()


def create_secrets(config: Config) -> None:
    """The root key and the cookie secret of a development installation exist."""
    keys = keyfiles.folder_of(config.data_dir)
    keys.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not (keys / "root.key").exists():
        keyfiles.create_root(config.data_dir)
    cookie = keys / "cookie.key"
    if config.secret_key_file is None and not cookie.exists():
        cookie.touch(mode=0o600)
        cookie.write_text(secrets.token_urlsafe(48) + "\n")


def _say(config: Config, notes: dict[str, Any]) -> None:
    """What is served, and what to try: the first organization that has texts in full, the others in short."""
    told = _told(config)
    for slug, planted in sorted(notes.items(), key=lambda one: one[1]["question"] is None):
        _say_one(config, slug, planted, told)
    click.echo("Every clause of all of them, traced to its rule, its tests and its evidence:")
    for slug in notes:
        click.echo(f"  {config.public_url}/{slug}/privacy/trace")
    click.echo()


def _say_one(config: Config, slug: str, planted: dict[str, Any], told: str) -> None:
    url, key, person = config.public_url, planted["key"], planted["person"]
    click.echo(
        f"""
{planted["name"]} is served at {url}/
  wording       {url}/{slug}/privacy
  choices       {url}/{slug}/preferences (ask for a code, it arrives in the outbox), or at once for {person}:
                {url}{planted["choices"]}
  demo API key  {key}
  staff         {url}/staff/sign-in?organization={slug}
                one of each role: {_addresses(planted["staff"])}
                password {planted["staff"]["password"]}, and as the code of an app what this prints:
                {told}.venv/bin/consent staff code --organization {slug} clerk@{planting.STAFF_AT}"""
    )
    if sample := planted.get("deletion"):
        click.echo(
            f"""  to delete     {url}/staff/requests/{sample["id"]}
                the first deletion in the queue of the clerk: {sample["reference"]}, from {sample["who"]}"""
        )
    if planted["question"] is None:
        return
    click.echo(
        f"""  API           {url}/api/docs
  sent texts    {url}/dev/outbox

Three things to try, in a second terminal:
  1. May an outage text go to {person} now?
     curl -s {url}/api/v1/decisions -H 'Authorization: Bearer {key}' \\
       -H 'Content-Type: application/json' -d '{json.dumps(planted["question"])}'
  2. Let that person say STOP, as a gateway would bring it:
     {told}.venv/bin/consent sms simulate --organization {slug} --from {person} "STOP"
  3. Ask again (the answer is now deny), then check the whole record:
     {told}.venv/bin/consent ledger verify
"""
    )


def _addresses(members: dict[str, str]) -> str:
    """Who can sign in, the clerk first: most of the work is theirs."""
    emails = [email for role, email in members.items() if role != "password"]
    return ", ".join(sorted(emails, key=lambda email: not email.startswith("clerk")))


def _told(config: Config) -> str:
    """What a command in a second terminal must be told: where this demo is, when that is not where it would look."""
    usual = configuration.load({})
    settings = []
    if config.data_dir != usual.data_dir:
        settings.append(f"CONSENT_DATA_DIR={shlex.quote(str(config.data_dir))} ")
    if config.public_url != usual.public_url:
        settings.append(f"CONSENT_PUBLIC_URL={shlex.quote(config.public_url)} ")
    return "".join(settings)


def _read_notes(config: Config) -> dict[str, Any]:
    path = config.data_dir / NOTES
    notes: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    return notes


def _write_notes(config: Config, notes: dict[str, Any]) -> None:
    path = config.data_dir / NOTES
    draft = path.with_suffix(".new")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(notes))
    draft.replace(path)
