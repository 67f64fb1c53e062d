"""The ZIP of a pack as it is written: a file at a time, each hashed, and at its end the signed list of them."""

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from consent.ledger import base64url, signed
from consent.ledger.keyfiles import SigningKey
from consent.privacy_requests.answers import vault
from consent.privacy_requests.answers.packing import Sink

FORMAT, TYPE = "consent-pack-files/1", "evidence-pack+jwt"
LIST, SIGNED = "files.json", "files.jws"
_SCRATCH = b"evidence-pack"


class Archive:
    """Takes files one after the other; `close` adds the list of them, signed."""

    def __init__(self, out: Sink, made_at: datetime) -> None:
        self._zip = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED)  # type: ignore[call-overload]
        self._made_at, self._files = made_at, dict[str, dict[str, Any]]()

    def add(self, name: str, content: bytes | str | Iterable[str]) -> None:
        """The file is in the archive: its bytes, its text, or its text piece by piece."""
        digest, size = hashlib.sha256(), 0
        info = zipfile.ZipInfo(name, self._made_at.timetuple()[:6])
        info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
        pieces: Iterable[bytes | str] = [content] if isinstance(content, bytes | str) else content
        with self._zip.open(info, "w", force_zip64=True) as file:
            for piece in pieces:
                raw = piece.encode() if isinstance(piece, str) else piece
                digest.update(raw)
                size += len(raw)
                file.write(raw)
        self._files[name] = {"sha256": base64url.encode(digest.digest()), "size": size}

    def add_lines(self, name: str, lines: Iterable[dict[str, Any]]) -> int:
        """The file holds each object on a line of its own; how many there are."""
        count = 0

        def written() -> Iterator[str]:
            nonlocal count
            for one in lines:
                count += 1
                yield as_line(one)

        self.add(name, written())
        return count

    def close(self, claims: dict[str, Any], key: SigningKey) -> None:
        """The list of files stands at the end, and the organization's receipt key has signed its hash."""
        listed = json.dumps({"format": FORMAT, "files": self._files}, ensure_ascii=False, indent=1) + "\n"
        self.add(LIST, listed)
        stated = claims | {"files_sha256": self._files[LIST]["sha256"]}
        self.add(SIGNED, signed.sign(stated, TYPE, key) + "\n")
        self._zip.close()


class Aside:
    """Objects put aside on disk, encrypted, to be read again as often as files are made of them."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._path, self._key, self.count = path, key, 0

    def fill(self, objects: Iterable[dict[str, Any]]) -> "Aside":
        """All of them lie there."""
        with self._path.open("wb") as file:
            writer = vault.Writer(file, self._key, _SCRATCH)
            for one in objects:
                writer.write(as_line(one).encode())
                self.count += 1
            writer.close()
        return self

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return (json.loads(line) for line in vault.lines(self._path, self._key, _SCRATCH) if line)


@contextmanager
def aside(scratch: Path) -> Iterator[Aside]:
    """A place for objects, gone at the end."""
    scratch.mkdir(mode=0o700, parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=scratch, delete=False) as file:
        path = Path(file.name)
    try:
        yield Aside(path, vault.new_key())
    finally:
        path.unlink(missing_ok=True)


def as_line(one: dict[str, Any]) -> str:
    """An object as a line of JSON."""
    return json.dumps(one, ensure_ascii=False, separators=(",", ":")) + "\n"
