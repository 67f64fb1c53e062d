"""The keys file: every key of an installation at one instant. Kept apart from the backups, destroyed after 35 days."""

import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from consent.backup.archive import Archive, Broken, Opened
from consent.backup.rules import KEYS
from consent.ledger import keyfiles
from consent.ledger.keys import Keyring

ROOT = "files/root.key"
DATA_KEYS = "stream_key.jsonl"


def write(path: Path, keyring: Keyring, data_keys: Iterable[bytes], facts: dict[str, Any]) -> None:
    """The file holds every key file of the data folder and every data key of the database."""
    folder = keyfiles.folder_of(keyring.data_dir)
    with Archive(path) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file() and not any(one.startswith(".") for one in file.relative_to(folder).parts):
                with archive.part(f"files/{file.relative_to(folder).as_posix()}") as part:
                    part.write(file.read_bytes())
        with archive.part(DATA_KEYS) as part:
            for line in data_keys:
                part.write(line)
        archive.finish({"kind": KEYS, **facts}, keyring.backup_key())


def root_of(kept: Opened) -> bytes:
    """The root secret in the file, not yet believed."""
    try:
        with kept.open(ROOT) as part:
            return bytes.fromhex(part.read(1024).decode("ascii").strip())
    except (KeyError, ValueError, OSError, EOFError, zipfile.BadZipFile, zlib.error):
        raise Broken(f"{ROOT} in {kept.path} is not what was written. Use another keys file.") from None


def missing(kept: Opened, data_dir: Path) -> list[str]:
    """The key files that are in the file and not in the data folder."""
    folder, lacking = keyfiles.folder_of(data_dir), []
    for name in sorted(kept.manifest["parts"]):
        if not name.startswith("files/"):
            continue
        place = folder / name.removeprefix("files/")
        if not place.resolve().is_relative_to(folder.resolve()):
            raise Broken(f"{name} in {kept.path} is no key file of ours.")
        if not place.exists():
            lacking.append(name)
    return lacking


def put_back(kept: Opened, names: Iterable[str], data_dir: Path) -> None:
    """These key files are in the data folder, readable by the service alone; none that is there is touched."""
    for name in names:
        with kept.open(name) as part:
            content = part.read()
        # Whole or not at all: half a root secret would be in the way of every later try.
        keyfiles.write_new(keyfiles.folder_of(data_dir) / name.removeprefix("files/"), content)


def data_keys(kept: Opened) -> Iterator[bytes]:
    """Each data key as a line."""
    with kept.open(DATA_KEYS) as lines:
        yield from lines
