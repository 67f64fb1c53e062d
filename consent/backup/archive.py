"""One file that holds others, each with its length and hash, under one keyed seal: a changed byte is named."""

import hashlib
import hmac
import json
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Protocol

from consent.db.readonly import sync_folder
from consent.errors import SetupProblem

MANIFEST = "manifest.json"
FORMAT = 1
BLOCK = 1024 * 1024
LARGEST_MANIFEST = 64 * BLOCK

# What a file of anybody's can raise while it is read; RecursionError: JSON deeper than anything that was written.
_UNREADABLE = (
    zipfile.BadZipFile, zlib.error, KeyError, TypeError, ValueError, EOFError, NotImplementedError, RecursionError,
)  # fmt: skip

Progress = Callable[[int], None]


def nothing(_count: int) -> None:
    """No progress is shown."""


class Broken(SetupProblem):
    """The file is not what was written; it says which part."""


@dataclass(slots=True)
class Written:
    """A part while it is written."""

    _out: IO[bytes]
    sha256: Any
    size: int = 0

    def write(self, block: bytes | bytearray | memoryview) -> None:
        """One more piece of it."""
        self._out.write(block)
        self.sha256.update(block)
        self.size += len(block)


class Archive:
    """A backup being written: it has its name only once it is whole and on stable storage."""

    def __init__(self, path: Path) -> None:
        if path.exists():
            raise SetupProblem(f"{path} exists already and is not replaced.")
        if not path.parent.is_dir():
            raise SetupProblem(f"The folder {path.parent} does not exist.")
        self.path = path
        self._draft = path.with_name(f".{path.name}.{os.getpid()}.part")
        fd = os.open(self._draft, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        self._file = os.fdopen(fd, "w+b")
        self._zip = zipfile.ZipFile(self._file, "w", zipfile.ZIP_DEFLATED, allowZip64=True, compresslevel=1)
        self.parts: dict[str, dict[str, Any]] = {}

    def __enter__(self) -> "Archive":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        """Without `finish` nothing is left of it."""
        with suppress(ValueError):  # a part was being written when it failed
            self._zip.close()
        self._file.close()
        self._draft.unlink(missing_ok=True)

    @contextmanager
    def part(self, name: str) -> Iterator[Written]:
        """A part of this name; what is written in the block is its content."""
        with self._zip.open(name, "w", force_zip64=True) as out:
            written = Written(out, hashlib.sha256())
            yield written
        self.parts[name] = {"bytes": written.size, "sha256": written.sha256.hexdigest()}

    def finish(self, facts: Mapping[str, Any], key: bytes) -> dict[str, Any]:
        """The file is there under its name, with a manifest of all parts sealed under `key`."""
        manifest = {"format": FORMAT, **facts, "parts": self.parts}
        manifest["seal"] = _seal(manifest, key)
        self._zip.writestr(MANIFEST, json.dumps(manifest, indent=1, ensure_ascii=False))
        self._zip.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._draft.rename(self.path)
        sync_folder(self.path.parent)
        return manifest


class Kept(Protocol):
    """What may be read out of a kept file."""

    manifest: dict[str, Any]

    def open(self, name: str) -> IO[bytes]:
        """The part of that name."""
        ...


class Opened:
    """A kept file, its manifest read; nothing is believed of it before `check`."""

    def __init__(self, path: Path, kind: str) -> None:
        self.path = path
        try:
            self._zip = zipfile.ZipFile(path)
            info = self._zip.getinfo(MANIFEST)
            if info.file_size > LARGEST_MANIFEST:
                raise Broken(f"The {MANIFEST} in {path} is not what was written. Use another copy.")
            self.manifest: dict[str, Any] = json.loads(self._zip.read(MANIFEST))
            known = self.manifest["format"] == FORMAT and self.manifest["kind"] == kind
        except FileNotFoundError:
            raise SetupProblem(f"There is no file {path}.") from None
        except IsADirectoryError:
            raise SetupProblem(f"{path} is a folder; name the file in it.") from None
        except _UNREADABLE:
            raise Broken(f"{path} is no {kind} file of ours, or its {MANIFEST} is damaged. Use another copy.") from None
        if not known:
            raise SetupProblem(
                f"{path} is no {kind} file that this program can read. Name another, or use the release that wrote it."
            )

    def close(self) -> None:
        """The file is let go."""
        self._zip.close()

    def open(self, name: str) -> IO[bytes]:
        """The part of that name."""
        return self._zip.open(name)

    @property
    def size(self) -> int:
        """Bytes in all parts."""
        return sum(int(one["bytes"]) for one in self.manifest["parts"].values())

    def check_seal(self, key: bytes) -> None:
        """The manifest is the one that was written by whoever holds `key`."""
        manifest = dict(self.manifest)
        seal = str(manifest.pop("seal", "")).encode(errors="replace")
        try:
            ours = _seal(manifest, key).encode()
        except (ValueError, RecursionError):  # half a character, or deeper than anything that was written
            ours = b""
        if not ours or not hmac.compare_digest(seal, ours):
            raise Broken(
                f"The {MANIFEST} in {self.path} is not what was written with these keys. Use another copy or its keys."
            )

    def check_parts(self, progress: Progress = nothing) -> None:
        """Each part is what was written, and none is missing or was put in; Broken names the first that is not."""
        parts = self.manifest["parts"]
        names = sorted(info.filename for info in self._zip.infolist())
        there = set(names) - {MANIFEST}
        for name in sorted(there ^ set(parts)):
            raise Broken(
                f"{name} in {self.path} is {'missing' if name in parts else 'not of this file'}. Use another copy."
            )
        for name, again in pairwise(names):
            if name == again:
                raise Broken(f"{name} stands twice in {self.path}. Use another copy.")
        for name in sorted(parts):
            self.check_part(name, progress)

    def check_part(self, name: str, progress: Progress = nothing) -> None:
        """The part is what was written; Broken otherwise."""
        told = self.manifest["parts"][name]
        digest, count = hashlib.sha256(), 0
        try:
            with self._zip.open(name) as part:
                while count <= told["bytes"] and (block := part.read(BLOCK)):
                    digest.update(block)
                    count += len(block)
                    progress(len(block))
        except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, NotImplementedError, ValueError):
            count = -1
        if count != told["bytes"] or digest.hexdigest() != told["sha256"]:
            raise Broken(f"{name} in {self.path} is not what was written. Use another copy.")


def _seal(manifest: Mapping[str, Any], key: bytes) -> str:
    text = json.dumps(manifest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
