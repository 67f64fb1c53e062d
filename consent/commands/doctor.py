"""`consent doctor`: look at everything that could keep an operator awake, and say what to mend."""

import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import click

from consent import clock
from consent import config as configuration
from consent.command_line import as_json, print_json
from consent.config import Config
from consent.db import Database, migrations
from consent.db.durable import is_durable
from consent.db.locks import locks_work
from consent.db.spool import Spool
from consent.errors import ConsentError, SetupProblem
from consent.gateways import email
from consent.ledger import queries as ledger_queries
from consent.ledger.keys import Keyring
from consent.organizations import service as organizations
from consent.outbox import queries as outbox_queries
from consent.outbox import service as outbox
from consent.policies import on_disk
from consent.policies import queries as policy_queries
from consent.policies.packs import packs_root

LONGEST_UNSEALED = timedelta(seconds=300)  # ledger A1: the alarm
LEAST_FREE = 512 * 1024 * 1024


class Found(NamedTuple):
    """One thing looked at: fine, worth a look, or to be mended."""

    what: str
    state: str  # ok | note | bad
    says: str


@click.command()
@as_json
def doctor(as_json: bool) -> None:
    """Check this installation and say what to mend; exit status 1 when something must be.

    \b
    Example:
      consent doctor
    """
    found = list(examine())
    if as_json:
        print_json([one._asdict() for one in found])
    else:
        for one in found:
            click.echo(f"{one.state:4}  {one.what}: {one.says}")
    if any(one.state == "bad" for one in found):
        raise SystemExit(1)


def examine() -> Iterator[Found]:
    """Everything that is looked at, in the order in which one thing needs the other."""
    yield Found("program", "ok", f"consent {version('consent')} on Python {sys.version.split()[0]}")
    yield Found("time zones", "ok", f"tzdata {version('tzdata')}, from the package and not from the system")
    try:
        config = configuration.load()
    except ConsentError as error:
        yield Found("settings", "bad", error.detail)
        return
    yield Found("settings", "ok", f"{config.environment}, reached at {config.public_url}")
    yield from _files(config)
    yield _ask("cookie secret", lambda: f"{len(config.secret_key())} bytes")
    try:
        keyring = Keyring(config.data_dir)
    except ConsentError as error:
        yield Found("root key", "bad", error.detail)
        yield from _database(config, None)
        return
    yield Found("root key", "ok", "readable by this user alone")
    yield from _spool(config, keyring)
    yield from _database(config, keyring)


def _ask(what: str, look: Callable[[], str]) -> Found:
    try:
        return Found(what, "ok", look())
    except ConsentError as error:
        return Found(what, "bad", error.detail)


def _files(config: Config) -> Iterator[Found]:
    folder = config.data_dir
    if not folder.is_dir():
        yield Found("data folder", "bad", f"{folder} does not exist. Create it, or set CONSENT_DATA_DIR.")
        return
    probe = folder / ".doctor"
    try:
        probe.touch()
        probe.unlink()
    except OSError as error:
        yield Found("data folder", "bad", f"{folder} cannot be written ({error.strerror}).")
        return
    free = shutil.disk_usage(folder).free
    state = "ok" if free >= LEAST_FREE else "bad"
    yield Found("data folder", state, f"{folder}, {free // 2**20} MiB free")
    if config.database_url.startswith("sqlite"):
        if locks_work(folder):
            yield Found("file locks", "ok", "the write-ahead log is used, every commit synced")
        else:
            why = "this file system knows no locks (a network share?): slower rollback journal, one server only"
            yield Found("file locks", "note", why)
        yield Found("SQLite", "ok", sqlite3.sqlite_version)


def _spool(config: Config, keyring: Keyring) -> Iterator[Found]:
    """The local spool: could it keep something, does it hold something."""
    if not is_durable(config.data_dir):
        yield Found("spool", "bad", "the data folder lies in memory: webhooks are refused while the database is away")
        return
    spool = Spool(config.data_dir / "spool", keyring.spool_key())
    try:
        held = spool.figures()
    except ConsentError as error:
        yield Found("spool", "bad", error.detail)
        return
    finally:
        spool.close()
    if held.waiting:
        since = f"{held.oldest:%Y-%m-%d %H:%M} UTC" if held.oldest is not None else "now"
        yield Found("spool", "note", f"{held.waiting} webhooks wait for the database since {since}")
    if held.aside:
        yield Found("spool", "bad", f"{held.aside} webhooks could not be understood. See: consent gateways spool")
    if not held.waiting and not held.aside:
        yield Found("spool", "ok", "empty")


def _database(config: Config, keyring: Keyring | None) -> Iterator[Found]:
    try:
        at, wanted = migrations.current(config.migration_url), migrations.head()
    except Exception as error:
        yield Found("database", "bad", f"cannot be reached ({type(error).__name__}). Check CONSENT_DATABASE_URL.")
        return
    if at != wanted:
        yield Found("database", "bad", f"at revision {at or 'nothing'}, needed is {wanted}. Run: consent db upgrade")
        return
    yield Found("database", "ok", f"at revision {at}")
    if keyring is None:
        return
    db = Database(config.database_url, connections=2)
    try:
        yield from _tenants(config, db, keyring)
    finally:
        db.close()


def _tenants(config: Config, db: Database, keyring: Keyring) -> Iterator[Found]:
    with db.read() as tx:
        tenants = organizations.every(tx)
    if not tenants:
        yield Found("organizations", "note", "none yet. Run: consent organizations add PACK")
    for tenant in tenants:
        yield _ask(f"{tenant.slug}: receipt key", lambda: keyring.receipt_key(tenant.id, clock.now()).kid)  # noqa: B023
        with db.read(tenant.id) as tx:
            oldest = ledger_queries.oldest_pending(tx, tenant.id)
            dead = outbox_queries.jobs(tx, tenant.id, ("dead",))
            published = policy_queries.published(tx, tenant.id)
        waits = clock.now() - oldest if oldest is not None else timedelta()
        state = "bad" if waits > LONGEST_UNSEALED else "ok"
        hint = ". Is the server or a worker running?" if state == "bad" else ""
        yield Found(f"{tenant.slug}: sealing", state, f"oldest unsealed entry {int(waits.total_seconds())} s old{hint}")
        if dead:
            yield Found(f"{tenant.slug}: outbox", "note", f"{len(dead)} jobs could not be done. See: consent jobs list")
        yield _mail(config, db, keyring, tenant)
        root = config.policies_dir or packs_root()
        for one in published:
            yield _ask(f"{tenant.slug}: {one.policy} {one.version}", lambda: _unchanged(root, tenant.slug, one))  # noqa: B023


def _mail(config: Config, db: Database, keyring: Keyring, tenant: organizations.Tenant) -> Found:
    """Is there a way for mail, and does anything wait for one?"""
    what = f"{tenant.slug}: mail"
    with db.read(tenant.id) as tx:
        accounts = [one for one in organizations.mail_accounts(tx, keyring, tenant.id) if one.closed_at is None]
        waiting = outbox_queries.waiting(tx, tenant.id, outbox.EMAIL)
    if accounts:
        name, settings = accounts[-1].gateway, accounts[-1].settings

        def usable() -> str:
            return f"leaves by {name}, from {email.load(name, settings, config.environment).sender.address}"

        return _ask(what, usable)
    if not config.production:
        return Found(what, "ok", "no account; mails lie at /dev/outbox")
    says = "no mail account, so no code, link or receipt goes by mail. Add one: consent gateways add smtp"
    return Found(what, "bad" if waiting else "note", f"{says} ({waiting} mails wait)" if waiting else says)


def _unchanged(root: Path, slug: str, published: policy_queries.Version) -> str:
    """The files on disk are still what was published; another place for packs is no fault."""
    folder = root / slug / published.policy / published.version
    if not folder.is_dir():
        return "published; no file on disk to compare with"
    found = on_disk.changed(folder, published)
    if found is not None:
        raise SetupProblem(found)
    return "published and unchanged on disk"
