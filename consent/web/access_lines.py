"""A stream for lines of which many come at once: they leave together.

Each write to a stream lets the interpreter's lock go; to get it back among eight busy threads cost 7 % of a request.
"""

import threading
import time
from collections import deque
from contextlib import suppress
from multiprocessing.util import Finalize
from typing import Protocol

HELD_FOR = 0.05  # seconds at the most: what a process that is killed may leave unsaid
MOST_HELD = 10_000  # lines, while whoever reads them stands still; then the oldest make way


class Out(Protocol):
    """Where lines go."""

    def write(self, text: str, /) -> object:
        """The text is there."""
        ...


class Together:
    """Takes lines at once and hands them on, in their order, from a thread of its own and at the end of the process.

    Lines that cannot be written are lost and fail nobody's request. Made after any fork.
    """

    def __init__(self, out: Out, *, held_for: float = HELD_FOR) -> None:
        self._out, self._held_for = out, held_for
        self._held: deque[str] = deque(maxlen=MOST_HELD)
        self._some = threading.Event()
        self._writing = threading.Lock()
        threading.Thread(target=self._serve, name="access lines", daemon=True).start()
        Finalize(None, self.hand_on, exitpriority=0)  # asked in a worker of a server, too, where `atexit` is not

    def write(self, text: str, /) -> None:
        """The text leaves within `held_for` seconds."""
        self._held.append(text)
        if not self._some.is_set():
            self._some.set()

    def hand_on(self) -> None:
        """Everything that was taken so far has left."""
        with self._writing:
            self._some.clear()  # before the lines are taken: one that comes meanwhile sets it again
            text = "".join([self._held.popleft() for _ in range(len(self._held))])
            if text:
                with suppress(OSError, ValueError):  # the reader has gone, or the stream is closed
                    self._out.write(text)

    def _serve(self) -> None:
        while True:
            self._some.wait()
            time.sleep(self._held_for)
            self.hand_on()
