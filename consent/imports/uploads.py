"""Uploaded files in the data folder: encrypted chunk by chunk as they arrive, for the owner's eyes, gone when done.

Each chunk opens only in its place in its file, and the last one says that it is the last: nothing can be cut off,
exchanged or moved without notice.
"""

import hashlib
import io
import os
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from consent.db.locks import FileLock
from consent.errors import TooLarge
from consent.imports.reading import Open
from consent.ledger import keys

LIMIT = 512 * 1024 * 1024  # bytes, design: limits per route
CHUNK = 64 * 1024
LEFT_BEHIND = timedelta(days=1)  # after which an unfinished upload is somebody's who will not come back
_LENGTH = 4  # bytes before each chunk


class Upload:
    """One file on its way in; `keep` makes it stay, anything else lets it vanish."""

    def __init__(self, data_dir: Path, organization_id: uuid.UUID, import_id: uuid.UUID, key: bytes) -> None:
        self.size = 0
        self._organization_id, self._import_id, self._key = organization_id, import_id, key
        self._path = place(data_dir, import_id)
        self._path.parent.mkdir(mode=0o700, exist_ok=True)
        self._part = self._path.with_suffix(".part")
        self._file = os.fdopen(os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        self._hash, self._held, self._chunks = hashlib.sha256(), bytearray(), 0

    def write(self, block: bytes) -> int:
        """These bytes follow; TooLarge beyond the limit."""
        self.size += len(block)
        if self.size > LIMIT:
            raise TooLarge(f"An import reads at most {LIMIT} bytes. Split the file.", limit=LIMIT)
        self._hash.update(block)
        self._held += block
        while len(self._held) > CHUNK:  # the last chunk waits, as nobody knows yet that it is the last
            self._seal(bytes(self._held[:CHUNK]), "chunk")
            del self._held[:CHUNK]
        return len(block)

    def seek(self, offset: int) -> int:
        """What a reader of forms does at the end of a part; there is nothing to go back to."""
        return offset

    def keep(self) -> bytes:
        """The file is on stable storage; its SHA-256."""
        self._seal(bytes(self._held), "last")
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._part.rename(self._path)
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return self._hash.digest()

    def close(self) -> None:
        """What was not kept is gone."""
        self._file.close()
        self._part.unlink(missing_ok=True)

    def _seal(self, plain: bytes, kind: str) -> None:
        sealed = keys.seal_facts(self._key, plain, self._organization_id, self._import_id, f"{kind}-{self._chunks}")
        self._file.write(len(sealed).to_bytes(_LENGTH, "big") + sealed)
        self._chunks += 1


def place(data_dir: Path, import_id: uuid.UUID) -> Path:
    """Where the upload of an import lies."""
    return data_dir / "imports" / f"{import_id}.upload"


def opened(data_dir: Path, organization_id: uuid.UUID, import_id: uuid.UUID, key: bytes) -> Open:
    """The file as it was sent, decrypted as it is read; Unreadable when a byte of it was changed."""

    def open_() -> BinaryIO:
        file = place(data_dir, import_id).open("rb")
        return io.BufferedReader(_Unsealing(file, organization_id, import_id, key), CHUNK)

    return open_


def hold(data_dir: Path, import_id: uuid.UUID) -> FileLock | None:
    """From here on this process alone works the upload off; None where it is gone, or another process does."""
    file = place(data_dir, import_id)
    if not file.exists():
        return None
    lock = FileLock(file.with_suffix(".lock"))
    if lock.try_hold() and file.exists():
        return lock
    lock.close()
    return None


def forget(data_dir: Path, import_id: uuid.UUID) -> None:
    """The upload is gone; every row of it was done."""
    for name in (place(data_dir, import_id), place(data_dir, import_id).with_suffix(".lock")):
        name.unlink(missing_ok=True)


def sweep(data_dir: Path, now: datetime) -> None:
    """Uploads that broke off long ago are gone."""
    folder = data_dir / "imports"
    for part in folder.glob("*.part") if folder.is_dir() else ():
        if part.stat().st_mtime < (now - LEFT_BEHIND).timestamp():
            part.unlink(missing_ok=True)


class _Unsealing(io.RawIOBase):
    """The plain bytes of a sealed file."""

    def __init__(self, file: BinaryIO, organization_id: uuid.UUID, import_id: uuid.UUID, key: bytes) -> None:
        self._file, self._left = file, b""
        self._blocks = self._plain(organization_id, import_id, key)

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """The next bytes; none at the end."""
        while not self._left:
            block = next(self._blocks, None)
            if block is None:
                return 0
            self._left = block
        taken = self._left[: len(buffer)]
        self._left = self._left[len(taken) :]
        buffer[: len(taken)] = taken
        return len(taken)

    def close(self) -> None:
        """The file is closed, too."""
        self._file.close()
        super().close()

    def _plain(self, organization_id: uuid.UUID, import_id: uuid.UUID, key: bytes) -> Iterator[bytes]:
        sealed, number = self._next(), 0
        while True:
            following = self._next()
            kind = "last" if following is None else "chunk"
            yield keys.open_facts(key, sealed or b"", organization_id, import_id, f"{kind}-{number}")
            if following is None:
                return
            sealed, number = following, number + 1

    def _next(self) -> bytes | None:
        head = self._file.read(_LENGTH)
        return self._file.read(int.from_bytes(head, "big")) if len(head) == _LENGTH else None
