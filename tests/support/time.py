"""A clock that stands where a test puts it."""

from datetime import datetime, timedelta
from threading import Lock


class Time:
    """Every look at the clock is a millisecond later than the one before, unless it is frozen."""

    def __init__(self, start: datetime) -> None:
        self.at = start
        self.step = timedelta(milliseconds=1)
        self._lock = Lock()

    def now(self) -> datetime:
        """What `consent.clock.now` says in tests."""
        with self._lock:
            self.at += self.step
            return self.at

    def freeze(self) -> None:
        """From here on every look shows the same instant."""
        self.step = timedelta(0)

    def go(self, **span: float) -> None:
        """So much later."""
        self.at += timedelta(**span)
