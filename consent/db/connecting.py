"""A connection to PostgreSQL whose every wait ends: no thread hangs on a server that is frozen."""

import time
from typing import Any

import psycopg
from psycopg.errors import _WaitTimeout

from consent.db import patience

LOOK_EVERY = 0.1  # seconds, as the driver itself does


class Connection(psycopg.Connection[Any]):
    """psycopg's own, except that waiting is bounded by `patience`; then the socket is closed, nothing is cancelled."""

    def wait(self, gen: Any, interval: float = LOOK_EVERY, timeout: float | None = None) -> Any:
        """What the server answers, or OperationalError when it answers nothing in time."""
        since = time.monotonic()
        try:
            return super().wait(gen, interval, patience.longest() if timeout is None else timeout)
        except _WaitTimeout:
            self.pgconn.finish()
            raise psycopg.OperationalError("no answer from the database in time; the outcome is unknown") from None
        finally:
            patience.spent(since)

    @classmethod
    def _connect_gen(cls, conninfo: str = "") -> Any:
        """Connecting, which the driver resumes all the time; its own limit is no shorter than two seconds."""
        since = time.monotonic()
        until = since + patience.longest()
        steps = super()._connect_gen(conninfo)
        try:
            step = next(steps)
            while True:
                ready = yield step
                if time.monotonic() > until:
                    raise psycopg.OperationalError("no connection to the database in time")
                step = steps.send(ready)
        except StopIteration as done:
            return done.value
        finally:
            patience.spent(since)
