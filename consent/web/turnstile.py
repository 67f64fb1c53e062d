"""How many requests run Python at once: few, because the interpreter's lock lets only one of them go on anyway.

Thirty threads that fight for that lock spend more time on the fight than on the requests (docs/performance.md).
So a request passes a turnstile, and whoever waits for a commit steps aside meanwhile.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any


class Turnstile:
    """Lets `abreast` requests through at a time; in the order in which they came, as far as the system is fair."""

    def __init__(self, abreast: int) -> None:
        self._room = threading.Semaphore(abreast) if abreast > 1 else threading.Lock()
        self._inside = threading.local()

    def wrap(self, app: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
        """The WSGI application behind the turnstile."""
        room, inside = self._room, self._inside

        def pass_through(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            with room:
                inside.now = True
                try:
                    return app(environ, start_response)
                finally:
                    inside.now = False

        return pass_through

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Whoever is inside lets others pass while it waits; for everybody else this changes nothing."""
        if not getattr(self._inside, "now", False):
            yield
            return
        self._room.release()
        try:
            yield
        finally:
            self._room.acquire()
