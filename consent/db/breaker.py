"""Remembers that the database is away, so that requests need not each find out by waiting."""

import threading
import time
from collections.abc import Callable

HOLD_SECONDS = 1.0  # how long nobody in a hurry asks; then one of them does, and the others still do not


class Breaker:
    """Open after a failure, closed again by the first work that succeeds, whoever does it."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._next_try: float | None = None

    @property
    def is_open(self) -> bool:
        """Whether the last that was heard is a failure."""
        return self._next_try is not None

    def admits(self) -> bool:
        """Whether the caller should ask the database: always while it answers, else one caller a second."""
        if self._next_try is None:
            return True
        with self._lock:
            if self._next_try is None:
                return True
            now = self._monotonic()
            if now < self._next_try:
                return False
            self._next_try = now + HOLD_SECONDS
            return True

    def failed(self) -> None:
        """The database did not do what it always can."""
        with self._lock:
            self._next_try = self._monotonic() + HOLD_SECONDS

    def worked(self) -> None:
        """It did."""
        if self._next_try is not None:
            with self._lock:
                self._next_try = None
