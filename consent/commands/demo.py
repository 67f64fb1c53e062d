"""`consent demo`: the sample organizations with demo people, served and ready to try."""

import json
import os
import secrets
import shlex
import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from consent import (
    clock,
    tables,  # noqa: F401  (the complete metadata)
)
from consent import config as configuration
from consent.command_line import says_what_is_wrong
from consent.commands import demo_requests
from consent.commands import serve as serving
from consent.config import Config
from consent.db import Database, migrations
from consent.disclosures import carriers
from consent.errors import SetupProblem
from consent.ledger import keyfiles
from consent.ledger.keys import Keyring
from consent.organizations import service as organizations
from consent.policies.founding import found
from consent.policies.governing import Governing
from consent.policies.packs import packs_root
from consent.policies.rulebook import ConsentDraft
from consent.preferences import consents
from consent.resources import folder
from consent.staff import demo as staff
from consent.subjects import service as subjects
from consent.subjects.addresses import canonical
from consent.verification import links

# Kept beside the data so that a second start can show it again; a demo has nobody to protect.
NOTES = "demo.json"
KEY_NAME = "demo"
STAFF_AT = "staff.example"


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--prepare-only", is_flag=True, help="Set everything up and print it, without serving.")
@says_what_is_wrong
def demo(host: str, port: int, prepare_only: bool) -> None:
    """Set up the sample organizations with demo people, print what to try, and serve.

    Data stay in the data folder; starting again goes on with them.

    \b
    Example:
      consent demo --port 8000
    """
    os.environ.setdefault("CONSENT_PUBLIC_URL", f"http://{host}:{port}")
    config = configuration.load()
    if config.production:
        raise SetupProblem("The demo is for development; unset CONSENT_ENV.")
    serving.check_folder(config.data_dir)
    if not prepare_only:
        serving.check_port(host, port)
    notes = prepare(config, clock.now())
    _say(config, notes)
    if not prepare_only:
        serving.run(config, host, port)


def prepare(config: Config, now: datetime) -> dict[str, Any]:
    """Database, keys, organizations, an API key, a gateway account and demo people exist; each made once."""
    create_secrets(config)
    migrations.upgrade(config.migration_url)
    db, keyring = Database(config.database_url, connections=2), Keyring(config.data_dir)
    try:
        notes = _read_notes(config)
        with db.read() as tx:
            served = {one.slug for one in organizations.every(tx)}
        for pack in sorted(packs_root().glob("*/organization.toml")):
            if pack.parent.name not in served:
                found(config, db, keyring, pack.parent, now)
        for seed in sorted(folder("seeds").glob("*.toml")):
            if seed.stem not in notes:
                notes[seed.stem] = _plant(config, db, keyring, seed, now)
                _write_notes(config, notes)
            if "staff" not in notes[seed.stem]:
                with db.read() as tx:
                    tenant = organizations.find(tx, seed.stem)
                notes[seed.stem]["staff"] = staff.members(db, keyring, tenant.id, STAFF_AT, now)
                _write_notes(config, notes)
            if "requests" not in notes[seed.stem]:
                planned = tomllib.loads(seed.read_text(encoding="utf-8")).get("requests", [])
                with db.read() as tx:
                    tenant = organizations.find(tx, seed.stem)
                notes[seed.stem]["requests"] = demo_requests.plant(db, keyring, tenant.id, planned, now)
                _write_notes(config, notes)
        return notes
    finally:
        db.close()


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


def _plant(config: Config, db: Database, keyring: Keyring, seed: Path, now: datetime) -> dict[str, Any]:
    """What one seed file describes, written through the services so that the ledger is true."""
    planned = tomllib.loads(seed.read_text(encoding="utf-8"))
    with db.read() as tx:
        tenant = organizations.find(tx, seed.stem)
    key = db.write(
        lambda tx: organizations.create_key(tx, keyring, tenant.id, KEY_NAME, organizations.SCOPES, now), tenant.id
    )
    account = planned["gateway"]
    token = secrets.token_hex(16)
    endpoint = db.write(
        lambda tx: organizations.create_account(
            tx,
            keyring,
            tenant.id,
            gateway="console",
            can_send=True,
            name="demo",
            settings={"path": str(config.data_dir / "dev-outbox.jsonl"), "auth_token": token},
            numbers=account["numbers"],
            now=now,
            recipient=carriers.OWN,  # the console: nothing leaves the machine
        ),
        tenant.id,
    )
    governing = Governing(db)
    for person in planned.get("people", []):
        draft = ConsentDraft(
            person["program"],
            person["channel"],
            person["address"],
            person["state"],
            person["occurred_at"],
            person["method"],
            person.get("wording"),
            person.get("language"),
            person.get("ip"),
            person.get("ip_absent_reason"),
        )
        in_force = governing.at(tenant.id, draft.occurred_at or now)
        consents.check(in_force.rulebook, draft, now)
        address = canonical(person["channel"], person["address"])
        said = consents.Said(draft, subjects.tagged(keyring, tenant.id, address), person.get("reference"))
        db.write(
            lambda tx, given=said, rules=in_force: consents.record(  # type: ignore[misc]
                tx, keyring, rules.log, rules.rulebook, given, "import", now
            ),
            tenant.id,
        )
    texted = next((one["address"] for one in planned.get("people", []) if one["channel"] == "sms"), None)
    made = {"key": key, "endpoint": endpoint, "number": next(iter(account["numbers"])), "name": tenant.name}
    return made | ({"choices": _choices(db, keyring, tenant, texted, now)} if texted is not None else {})


def _choices(db: Database, keyring: Keyring, tenant: organizations.Tenant, number: str, now: datetime) -> str:
    """The path of the link that a text to this number would carry."""
    tagged = subjects.tagged(keyring, tenant.id, canonical("sms", number))
    with db.read(tenant.id) as tx:
        contact = subjects.find(tx, tenant.id, tagged)
    if contact is None:
        raise SetupProblem("The people of the seeds are not on record.")
    link = links.Link(tenant.id, contact, links.PREFERENCES, None, None, None, now)
    return f"/{tenant.slug}/preferences/for/{links.make(keyring, link)}"


def _say(config: Config, notes: dict[str, Any]) -> None:
    url, told = config.public_url, _told(config)
    for slug, planted in notes.items():
        key, person = planted["key"], "+15095550142"
        question = json.dumps(
            {
                "program": "account-service-notifications",
                "message_class": "outage",
                "channel": "sms",
                "address": person,
            }
        )
        click.echo(
            f"""
{planted["name"]} is served at {url}/
  wording       {url}/{slug}/privacy
  API           {url}/api/docs
  sent texts    {url}/dev/outbox
  choices       {url}/{slug}/preferences (ask for a code, it arrives in the outbox), or at once for {person}:
                {url}{planted.get("choices", f"/{slug}/preferences")}
  demo API key  {key}
  staff         {url}/staff/sign-in?organization={slug}
                one of each role: {_addresses(planted["staff"])}
                password {planted["staff"]["password"]}, and as the code of an app what this prints:
                {told}.venv/bin/consent staff code --organization {slug} clerk@{STAFF_AT}

Three things to try, in a second terminal:
  1. May an outage text go to {person} now?
     curl -s {url}/api/v1/decisions -H 'Authorization: Bearer {key}' \\
       -H 'Content-Type: application/json' -d '{question}'
  2. Let that person say STOP, as a gateway would bring it:
     {told}.venv/bin/consent sms simulate --organization {slug} --from {person} "STOP"
  3. Ask again (the answer is now deny), then check the whole record:
     {told}.venv/bin/consent ledger verify
"""
        )
    others = sorted(one.parent.name for one in packs_root().glob("*/organization.toml") if one.parent.name not in notes)
    if others:
        click.echo("Served beside it, with every clause traced to its rule, its tests and its evidence:")
        for slug in [*notes, *others]:
            click.echo(f"  {url}/{slug}/privacy/trace")
        click.echo()


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
