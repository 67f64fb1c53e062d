"""Locks between processes that share one SQLite file."""

import fcntl
import os
from pathlib import Path
from types import TracebackType

from consent.errors import SetupProblem


class FileLock:
    """An advisory lock on a file beside the database; the system frees it when the process dies."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def __enter__(self) -> "FileLock":
        fcntl.flock(self._fd, fcntl.LOCK_EX)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        fcntl.flock(self._fd, fcntl.LOCK_UN)

    def try_hold(self) -> bool:
        """Take the lock for as long as this process lives; False when somebody else has it."""
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        """Let go of the lock and the file."""
        os.close(self._fd)


def locks_work(folder: Path) -> bool:
    """Whether this file system knows advisory locks (many network file systems do not)."""
    try:
        lock = FileLock(folder / ".lock-probe")
        with lock:
            pass
        lock.close()
        (folder / ".lock-probe").unlink(missing_ok=True)
    except OSError:
        return False
    return True


def hold_server_lock(database: Path) -> FileLock:
    """From here on this process is the one server of `database`; a second one is refused."""
    lock = FileLock(database.with_name(database.name + ".server"))
    if not lock.try_hold():
        lock.close()
        raise SetupProblem(
            f"Another server already serves {database}. Stop it first, or use PostgreSQL to run several."
        )
    return lock
