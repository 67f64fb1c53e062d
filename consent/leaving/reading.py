"""An archive that came: everything in it is looked at before anything is written anywhere."""

import base64
import json
import uuid
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa

from consent.backup.archive import Broken, Opened
from consent.backup.taking import Bar, no_bar
from consent.db import migrations
from consent.db.revision import head
from consent.errors import BadInput, SetupProblem
from consent.leaving import cells, passphrases, rules
from consent.ledger import base64url, carried, keyfiles
from consent.ledger.keyfiles import LOG, RECEIPTS, SigningKey

LONGEST_LINE = 64 * 1024 * 1024  # a row with a proof in it
LARGEST_KEYS = 4 * 1024 * 1024
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError)

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Arrival:
    """An organization in its archive: who it is, where it comes from, its keys, and how many rows each table has."""

    archive: Opened
    purposes: Mapping[str, bytes]
    signing: tuple[SigningKey, ...]
    id: uuid.UUID
    slug: str
    name: str
    came_from: str
    taken_at: datetime
    counts: Mapping[str, int]

    def __repr__(self) -> str:
        return f"Arrival({self.slug})"

    @property
    def seal(self) -> str:
        """What tells this archive from every other."""
        return str(self.archive.manifest["seal"])

    @property
    def left_behind(self) -> list[dict[str, Any]]:
        """What has to be set up anew."""
        return list(self.archive.manifest["left_behind"])

    def note(self, log_id: int) -> str | None:
        """The newest signed checkpoint of that log, or None where nothing of it was signed."""
        name = f"{rules.CHECKPOINTS}/{log_id}.note"
        if name not in self.archive.manifest["parts"]:
            return None
        return _content(self.archive, name).decode("utf-8", "replace")

    def rows(self, table: sa.Table) -> Iterator[Row]:
        """Each row of the table as values; Broken names the line that is none of this organization's rows."""
        readers = {one.name: cells.reader(one) for one in table.columns}
        name, count = rules.name_of(table.name), 0
        with self.archive.open(name) as part:
            for count, line in enumerate(_lines(part, name), 1):
                yield self._row(readers, line, f"{name} line {count}")
        if count != self.counts[table.name]:
            raise Broken(f"{name} has {count} rows, and not {self.counts[table.name]} as its manifest says.")

    def _row(self, readers: Mapping[str, cells.Cell], line: bytes, where: str) -> Row:
        try:
            given = json.loads(line)
            if not isinstance(given, dict) or given.keys() != readers.keys():
                raise Broken(f"{where} does not have the columns of its table.")
            row = {name: read(given[name]) for name, read in readers.items()}
        except BadInput as error:
            raise Broken(f"{where}: {error.detail}.") from None
        except (ValueError, RecursionError):
            raise Broken(f"{where} is not JSON.") from None
        if row["organization_id"] != self.id:
            raise Broken(f"{where} is of another organization.")
        return row


@contextmanager
def opened(path: Path, passphrase: str, metadata: sa.MetaData, bar: Bar = no_bar) -> Iterator[Arrival]:
    """The archive, after everything in it was checked: release, passphrase, seal, every part, every row.

    SetupProblem, Broken or BadInput say what is wrong.
    """
    archive = Opened(path, rules.KIND)
    try:
        why = rules.why_not(archive.manifest, head(), migrations.revisions())
        if why:
            raise SetupProblem(why)
        arrival = _unlock(archive, passphrase)
        with bar(archive.size) as progress:
            archive.check_parts(progress)
        tables = [one for one in metadata.sorted_tables if one.name in rules.TRAVELS]
        with bar(len(tables)) as progress:
            for table in tables:
                _check_rows(arrival, table)
                progress(1)
        yield arrival
    except DAMAGED:
        raise Broken(f"{path} cannot be read to its end. Use another copy.") from None
    finally:
        archive.close()


def _unlock(archive: Opened, passphrase: str) -> Arrival:
    """The archive with its manifest believed: whoever has the passphrase wrote it."""
    told, path = archive.manifest, archive.path
    try:
        identity = uuid.UUID(told["organization"]["id"])
        slug, name = str(told["organization"]["slug"]), str(told["organization"]["name"])
        salt = base64.b64decode(told["passphrase"]["salt"], validate=True)
        taken_at = keyfiles.instant(told["taken_at"])
        counts = {table: int(told["rows"][table]) for table in rules.TRAVELS}
        sizes = {name: (int(one["bytes"]), str(one["sha256"])) for name, one in told["parts"].items()}
        came_from, whole = str(told["from"]), isinstance(told["left_behind"], list)
    except (ValueError, KeyError, TypeError, AttributeError):
        whole, sizes = False, {}
    needed = {rules.SEALED_KEYS, rules.SIGNING_KEYS, *map(rules.name_of, rules.TRAVELS)}
    if not whole or not needed <= sizes.keys():
        raise Broken(f"The manifest of {path} lacks something that every archive has. Use another copy.")
    if (bad := rules.bad_name(sizes)) is not None:
        raise Broken(f"{path} holds a part with a name that nobody writes: {bad[:80]!r}")
    if unknown := sorted(one for one in sizes if one.startswith(f"{rules.ROWS}/") and one not in needed):
        raise Broken(f"{path} holds {unknown[0]}, and there is no such table.")
    archive.check_part(rules.SEALED_KEYS)
    keys = passphrases.derive(passphrase, salt)
    plain = passphrases.unseal(keys, identity, _content(archive, rules.SEALED_KEYS))
    archive.check_seal(keys.manifest)
    archive.check_part(rules.SIGNING_KEYS)
    try:
        purposes = carried.of_json(plain)
        signing = tuple(_key(one) for one in json.loads(_content(archive, rules.SIGNING_KEYS)))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Broken(f"The keys in {path} are not as this program writes them.") from None
    return Arrival(archive, purposes, signing, identity, slug, name, came_from, taken_at, counts)


def _key(told: Mapping[str, Any]) -> SigningKey:
    """The public half of a key; an error of Python's own where it is none."""
    key = SigningKey(
        kid=str(told["kid"]),
        use=str(told["use"]),
        origin=str(told["origin"]),
        seed=b"",
        created_at=keyfiles.instant(told["created_at"]),
        valid_from=keyfiles.instant(told["valid_from"]),
        retired_at=keyfiles.instant(told["retired_at"]),
        known=base64url.decode(told["x"]),
    )
    if key.use not in (LOG, RECEIPTS) or len(key.known) != 32 or keyfiles.thumbprint(key.known) != key.kid:
        raise ValueError("no key")
    return key


def _check_rows(arrival: Arrival, table: sa.Table) -> None:
    """Every row can be read; that of the organization itself is the one the manifest names."""
    seen = [row for row in arrival.rows(table) if table.name == "organization"]
    if table.name == "organization" and [row["slug"] for row in seen] != [arrival.slug]:
        raise Broken(f"{rules.name_of(table.name)} is not of the organization that the manifest names.")


def _lines(part: IO[bytes], name: str) -> Iterator[bytes]:
    while line := part.readline(LONGEST_LINE):
        if not line.endswith(b"\n"):
            raise Broken(f"{name} has a line without an end.")
        yield line


def _content(archive: Opened, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(LARGEST_KEYS)
