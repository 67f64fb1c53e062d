"""A file that says something by being there, asked on every request."""

import mmap
import os
import time
from contextlib import suppress

from consent.errors import Unavailable

LOOK_AGAIN = 1.0  # seconds that what is in memory is believed: a file may be removed by somebody who overwrites nothing

_STANDS, _GONE = b"1", b"0"


class Flag:
    """Whether it stands is read from its one byte in memory: a call of the system would let the interpreter's lock go.

    Whoever takes the file away overwrites the byte first, which every process of this machine sees at once. Whoever
    removes it in another way (by hand, with its folder, an earlier release) is noticed within LOOK_AGAIN.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._seen: mmap.mmap | None = None
        self._believed_until = 0.0

    def stands(self) -> bool:
        """Whether the file is there, for every process that put it up or took it away until now."""
        seen = self._seen
        if seen is not None and seen[0] == _STANDS[0] and time.monotonic() < self._believed_until:
            return True
        return self._look()

    def put_up(self) -> None:
        """It stands, if there is room for it; without it whoever asks believes the careful side."""
        with suppress(OSError):
            fd = os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o600)
            try:
                os.pwrite(fd, _STANDS, 0)
            finally:
                os.close(fd)

    def take_away(self) -> None:
        """It stands no longer, for nobody. Raises Unavailable where the others cannot be told."""
        try:
            fd = os.open(self._path, os.O_WRONLY)
        except FileNotFoundError:
            return
        except OSError as error:
            raise Unavailable("The data folder cannot be written right now.") from error
        try:
            if os.fstat(fd).st_size:  # an empty one was put up by an earlier release, and nobody has it in memory
                os.pwrite(fd, _GONE, 0)
            with suppress(FileNotFoundError):
                os.unlink(self._path)  # noqa: PTH108
        except OSError as error:
            raise Unavailable("The data folder cannot be written right now.") from error
        finally:
            os.close(fd)

    def _look(self) -> bool:
        until = time.monotonic() + LOOK_AGAIN
        try:
            fd = os.open(self._path, os.O_RDONLY)
        except OSError:
            return False
        try:
            seen = mmap.mmap(fd, len(_STANDS), flags=mmap.MAP_SHARED, prot=mmap.PROT_READ)
        except (OSError, ValueError):  # empty: put up just now, or by an earlier release
            return True
        finally:
            os.close(fd)
        self._seen, self._believed_until = seen, until
        return seen[0] == _STANDS[0]
