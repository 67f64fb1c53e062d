"""Several processes that look at the leaves of a log, each with its own connection; results come in order."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import AbstractContextManager
from multiprocessing import get_context
from types import TracebackType
from uuid import UUID

from consent.db import Database
from consent.ledger.queries import LogRow
from consent.ledger.quick_look import GLANCE, LOWEST, PAGE, WITH_ROOM, QuickLook

CHUNK = 16 * PAGE  # leaves in one order
WORTH_IT = 20_000  # leaves from which starting processes pays

# The hashes of a stretch of leaves, which of them need a closer look, and how many of the others end a stream.
Look = tuple[list[bytes], list[int], int]

_opened: dict[str, Database] = {}  # of a helper process: opened once, closed with the process


class Crew(AbstractContextManager["Crew"]):
    """So many helper processes over one database, for the length of one verification."""

    def __init__(self, url: str, processes: int) -> None:
        self._url = url
        self._waiting = 2 * processes  # orders under way: bounds the memory of what comes back
        # Not forked: a copy of our open connections must not live on in the helpers.
        self._pool = ProcessPoolExecutor(processes, mp_context=get_context("spawn"))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=True)

    def looks(self, organization_id: UUID, log: LogRow, size: int) -> Iterator[Look]:
        """Every stretch of leaves below `size`, in order."""
        orders: deque[Future[Look]] = deque()
        for start in range(0, size, CHUNK):
            order = (self._url, organization_id, log.log_id, log.origin, start, min(start + CHUNK, size))
            orders.append(self._pool.submit(look, *order))
            if len(orders) >= self._waiting:
                yield orders.popleft().result()
        while orders:
            yield orders.popleft().result()


def look(url: str, organization_id: UUID, log_id: int, origin: str, start: int, end: int) -> Look:
    """The leaves from `start` to before `end`; one that is missing or in doubt has an empty hash."""
    if url not in _opened:
        _opened[url] = Database(url, connections=1)
    quick = QuickLook(origin)
    hashes = [b""] * (end - start)
    where: dict[str, object] = {"organization_id": organization_id, "log_id": log_id, "end": end, "page": PAGE}
    with _opened[url].read(organization_id) as tx:
        tx.run(WITH_ROOM, {})
        after, below = start or -LOWEST, False  # nothing may hide below the first leaf
        while rows := tx.all(GLANCE, where | {"after": after}):
            for row, known in zip(rows, quick.page(rows), strict=True):
                if row[0] < start:
                    below = True
                else:
                    hashes[row[0] - start] = known
            after = rows[-1][0] + 1
    if below:
        hashes[0] = b""
    return hashes, [start + n for n, known in enumerate(hashes) if not known], quick.ends
