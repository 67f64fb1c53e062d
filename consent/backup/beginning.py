"""A restore begins: everything is looked at first, then the database is put back, and takes no changes."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from consent.backup import keyfile, rules, sqlite
from consent.backup.archive import MANIFEST, Broken, Opened
from consent.backup.taking import SQLITE, Bar, kind_of, no_bar
from consent.config import Config
from consent.db import migrations
from consent.db.locks import hold_server_lock
from consent.db.readonly import mark_of, read_mark, write_mark
from consent.errors import SetupProblem
from consent.ledger import keyfiles
from consent.ledger.keys import Keyring

POSTGRESQL_MARK = "restoring.json"  # in the data folder; the database itself says that it takes no changes


@dataclass(frozen=True, slots=True)
class Begun:
    """A restore that has begun."""

    manifest: dict[str, Any]
    keys_put_back: int  # key files that were missing in the data folder


def facts_of(config: Config) -> dict[str, Any] | None:
    """What the restore that is under way here wrote down; None where none is."""
    return read_mark(mark_place(config))


def mark_place(config: Config) -> Path:
    """Where it is written down."""
    if kind_of(config.database_url) == SQLITE:
        return mark_of(_file(config.database_url))
    return config.data_dir / POSTGRESQL_MARK


def begin(config: Config, backup: Path, keys: Path, now: datetime, bar: Bar = no_bar) -> Begun:
    """The database of the backup is in place with the keys it needs, and takes no changes.

    SetupProblem, and nothing is touched, where that would be wrong: `rules.why_not`, a damaged file, a database that is
    in use or holds something already.
    """
    data, kept = Opened(backup, rules.BACKUP), Opened(keys, rules.KEYS)
    try:
        lacking = _look(config, data, kept, now, bar)
        _look_at_target(config)
        keyfile.put_back(kept, lacking, config.data_dir)
        facts = {name: data.manifest[name] for name in ("taken_at", "installation", "organizations")}
        facts |= {"begun_at": now.isoformat()}
        with bar(data.size) as progress:
            if kind_of(config.database_url) == SQLITE:
                file = _file(config.database_url)
                sqlite.put_back(file, data, keyfile.data_keys(kept), facts, progress)
            else:
                from consent.backup import postgresql  # its driver takes nine MiB, and a file needs none of it

                write_mark(mark_place(config), facts)
                postgresql.put_back(config.migration_url, data, keyfile.data_keys(kept), progress)
    finally:
        data.close()
        kept.close()
    return Begun(data.manifest, len(lacking))


def _look(config: Config, data: Opened, kept: Opened, now: datetime, bar: Bar) -> list[str]:
    """Both files are whole, of this installation, and fit each other; the key files that are missing here."""
    has_root = (keyfiles.folder_of(config.data_dir) / "root.key").exists()
    theirs = Keyring(config.data_dir, keyfile.root_of(kept))
    ours = Keyring(config.data_dir) if has_root else theirs
    for one, kind in ((data, rules.BACKUP), (kept, rules.KEYS)):
        if rules.is_of_another(one.manifest, ours.installation()):  # its seal would be another one, too
            raise SetupProblem(rules.OF_ANOTHER)
        one.check_seal(ours.backup_key())
        if not rules.is_complete(one.manifest, kind):
            raise Broken(f"The {MANIFEST} in {one.path} lacks what a restore needs. Use another copy.")
    why = rules.why_not(
        data.manifest,
        kept.manifest,
        installation=ours.installation(),
        here=[str(one) for one in keyfiles.organizations_with_keys(config.data_dir)] if has_root else (),
        revisions=migrations.revisions(),
        kind=kind_of(config.database_url),
        now=now,
    )
    if why:
        raise SetupProblem(why)
    for one in (data, kept):
        with bar(one.size) as progress:
            one.check_parts(progress)
    return keyfile.missing(kept, config.data_dir)


def _look_at_target(config: Config) -> None:
    """Nobody uses the database, and there is nothing in it that could be lost."""
    if kind_of(config.database_url) == SQLITE:
        file = _file(config.database_url)
        if not sqlite.is_empty(file):
            raise SetupProblem(
                f"{file} holds a database. Stop the service and move it away first; nothing is replaced."
            )
        if file.parent.is_dir():
            hold_server_lock(file).close()
        return
    from consent.backup import postgresql

    if postgresql.others_are_connected(config.migration_url):
        raise SetupProblem("Somebody uses this database. Stop every server and worker first.")
    if not postgresql.is_empty(config.migration_url):
        raise SetupProblem("This database holds organizations already. Name an empty one; nothing is replaced.")


def _file(url: str) -> Path:
    return Path(make_url(url).database or "")
