"""Open connections, kept for whoever needs one next."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress

import sqlalchemy as sa

from consent.db import patience
from consent.errors import Unavailable


class Pool:
    """Connections that stay open; the one used last is taken first. Waiting is bounded."""

    def __init__(self, connect: Callable[[], sa.Connection], size: int, wait: float) -> None:
        self._connect = connect
        self._free: list[sa.Connection] = []
        self._room = threading.BoundedSemaphore(size)
        self._wait = wait

    def take(self) -> sa.Connection:
        """A connection for this caller alone."""
        if not self._room.acquire(blocking=False):
            since, seconds = time.monotonic(), patience.left()
            found = self._room.acquire(timeout=self._wait if seconds is None else min(seconds, self._wait))
            patience.spent(since)
            if not found:
                raise Unavailable("Every database connection is in use.")
        try:
            with suppress(IndexError):
                return self._free.pop()
            return self._connect()
        except BaseException:
            self._room.release()
            raise

    def give_back(self, connection: sa.Connection, *, broken: bool) -> None:
        """Keep the connection for the next caller, or close a broken one."""
        if broken:
            connection.invalidate()
            connection.close()
        else:
            self._free.append(connection)
        self._room.release()

    def close(self) -> None:
        """Close what is idle: the next callers connect anew."""
        with suppress(IndexError):
            while True:
                self._free.pop().close()
