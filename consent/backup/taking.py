"""Take a backup while the service runs: the database in one file, its keys in another."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import make_url

from consent.backup import keyfile, sqlite
from consent.backup.archive import Archive, Progress, nothing
from consent.backup.old_keys import destroy_old
from consent.backup.rules import BACKUP, KEYS, name_of, stem_of
from consent.db.types import as_id
from consent.errors import SetupProblem
from consent.ledger.keys import Keyring

SQLITE, POSTGRESQL = "sqlite", "postgresql"

_REVISION = "SELECT version_num FROM alembic_version"
_ORGANIZATIONS = "SELECT organization_id, slug FROM organization ORDER BY slug"
_LOGS = (
    "SELECT l.log_id, l.origin,"
    " (SELECT coalesce(max(f.leaf_index) + 1, 0) FROM ledger_leaf f"
    " WHERE f.organization_id = l.organization_id AND f.log_id = l.log_id),"
    " (SELECT count(*) FROM ledger_pending p WHERE p.organization_id = l.organization_id AND p.log_id = l.log_id)"
    " FROM ledger_log l WHERE l.organization_id = {id} ORDER BY l.log_id"
)


class Source(Protocol):
    """A database at one instant."""

    @property
    def size(self) -> int:
        """Bytes that `write` will report; 0 where nobody knows."""
        ...

    @property
    def columns(self) -> dict[str, list[str]]:
        """The columns of each table, where what `write` keeps does not tell them itself."""
        ...

    def rows(self, text: str) -> list[tuple[Any, ...]]:
        """What it answers to nobody in particular."""
        ...

    def rows_of(self, organization_id: UUID, text: str) -> list[tuple[Any, ...]]:
        """What it answers to one organization."""
        ...

    def write(self, archive: Archive, progress: Progress) -> None:
        """All of it but the data keys is in the archive."""
        ...

    def stream_keys(self) -> Iterator[bytes]:
        """Each data key as a line."""
        ...


@dataclass(frozen=True, slots=True)
class Taken:
    """A backup that was taken."""

    backup: Path
    keys: Path
    manifest: dict[str, Any]
    destroyed: tuple[Path, ...]  # keys files whose 35 days are over


Bar = Callable[[int], AbstractContextManager[Progress]]


@contextmanager
def no_bar(_length: int) -> Iterator[Progress]:
    """No progress is shown."""
    yield nothing


def kind_of(url: str) -> str:
    """Which of the two databases an address names."""
    return SQLITE if url.startswith(SQLITE) else POSTGRESQL


def take(url: str, keyring: Keyring, to: Path, keys_to: Path, now: datetime, bar: Bar = no_bar) -> Taken:
    """The database as it is now lies in the file `to`, or in a new one in the folder `to`; its keys in `keys_to`.

    Keys files in that folder whose 35 days are over are destroyed.
    """
    backup = to / name_of(now, BACKUP) if to.is_dir() else to
    if not keys_to.is_dir():
        raise SetupProblem(f"The folder {keys_to} for the keys does not exist.", field="keys")
    if keys_to.resolve() == backup.parent.resolve():
        raise SetupProblem("Keys lie apart from the backup: name another folder for them.", field="keys")
    with opened(url, backup.parent) as source:
        facts = _facts(source, url, keyring, now)
        with Archive(backup) as archive:
            with bar(source.size) as progress:
                source.write(archive, progress)
            keys = keys_to / name_of(now, KEYS, stem_of(backup.name))
            short = {name: facts[name] for name in ("taken_at", "installation", "database", "revision")}
            # Before the backup has its name: there is never one without its keys.
            keyfile.write(keys, keyring, source.stream_keys(), short)
            tables = {"tables": source.columns} if source.columns else {}
            manifest = archive.finish({"kind": BACKUP, **facts, **tables}, keyring.backup_key())
    return Taken(backup, keys, manifest, tuple(destroy_old(keys_to, now)))


@contextmanager
def opened(url: str, beside: Path) -> Iterator[Source]:
    """The database at this instant."""
    if kind_of(url) == SQLITE:
        with sqlite.copied(Path(make_url(url).database or ""), beside) as copied:
            yield copied
        return
    from consent.backup import postgresql  # its driver takes nine MiB, and a file needs none of it

    with postgresql.snapshot(url) as snapshot:
        yield snapshot


def _facts(source: Source, url: str, keyring: Keyring, now: datetime) -> dict[str, Any]:
    organizations = []
    for stored, slug in source.rows(_ORGANIZATIONS):
        one = as_id(stored)
        named = f"x'{one.hex}'" if kind_of(url) == SQLITE else f"'{one}'"
        logs = source.rows_of(one, _LOGS.format(id=named))
        sizes = [{"log_id": n, "origin": name, "size": size, "waiting": waits} for n, name, size, waits in logs]
        organizations.append({"id": str(one), "slug": slug, "logs": sizes})
    return {
        "taken_at": now.isoformat(),
        "release": version("consent"),
        "database": kind_of(url),
        "revision": str(source.rows(_REVISION)[0][0]),
        "installation": keyring.installation(),
        "organizations": organizations,
    }
