"""A large file, encrypted as it is written and opened as it is read, a piece at a time.

Each piece is AES-256-GCM under a key of this one file. Its nonce counts the pieces and says which is the last, so that
a file that was cut, put in another order or put in the place of another does not open.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from consent.ledger.keys import KEY_BYTES, Unreadable

CHUNK = 64 * 1024
TAG = 16  # bytes that encryption adds to each piece


def new_key() -> bytes:
    """A key for one file and no other."""
    return os.urandom(KEY_BYTES)


class Writer:
    """Takes bytes as they come; `close` makes the file whole. Without it nothing of the file opens as complete."""

    def __init__(self, file: IO[bytes], key: bytes, place: bytes) -> None:
        self._file, self._cipher, self._place = file, AESGCM(key), place
        self._rest, self._number = bytearray(), 0
        self.size = 0  # bytes that were written, before encryption

    def write(self, content: bytes) -> int:
        """Full pieces are on disk; the rest waits for more."""
        self._rest += content
        self.size += len(content)
        while len(self._rest) > CHUNK:
            self._put(bytes(self._rest[:CHUNK]), last=False)
            del self._rest[:CHUNK]
        return len(content)

    def flush(self) -> None:
        """Nothing is ready before its piece is full."""

    def close(self) -> None:
        """The last piece is on disk."""
        self._put(bytes(self._rest), last=True)
        self._rest.clear()
        self._file.flush()
        os.fsync(self._file.fileno())

    def _put(self, piece: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, last=last), piece, self._place))
        self._number += 1


def read(path: Path, key: bytes, place: bytes) -> Iterator[bytes]:
    """The content, a piece at a time; Unreadable for another key or place, and for a file that is not whole."""
    cipher, number = AESGCM(key), 0
    with path.open("rb") as file:
        piece = file.read(CHUNK + TAG)
        while True:
            after = file.read(CHUNK + TAG)
            try:
                yield cipher.decrypt(_nonce(number, last=not after), piece, place)
            except (InvalidTag, ValueError):
                raise Unreadable("The file is not whole, or was made with another key.") from None
            if not after:
                return
            piece, number = after, number + 1


def lines(path: Path, key: bytes, place: bytes) -> Iterator[bytes]:
    """The lines of what was written, one at a time."""
    rest = b""
    for piece in read(path, key, place):
        *whole, rest = (rest + piece).split(b"\n")
        yield from whole
    if rest:
        yield rest


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\x01" if last else b"\x00")
