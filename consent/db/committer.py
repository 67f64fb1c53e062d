"""The one thread that writes to a SQLite file: whoever waits is committed together, in order of arrival.

SQLite's own waiting (sleep and retry) starves writers; a fair queue with group commit does not, and one
committing thread that also holds a file lock keeps every writer and every checkpoint apart.
"""

import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from queue import Empty, SimpleQueue
from typing import Any

import sqlalchemy as sa

from consent.db import patience
from consent.db.parts import runs
from consent.db.transaction import Tx
from consent.errors import Unavailable

GROUP = 128  # works in one commit at the most: bounds how long the first of them waits
# Seconds between looks for those who wrote lately and will again, and how long they are waited for in all. Without it
# whoever comes first is committed alone while all others queue behind: one commit more for each round.
LOOK, LONGEST_LOOK = 0.000_5, 0.005


class NoAnswer(Unavailable):
    """Whoever asked has stopped waiting."""


class Waiting:
    """One piece of work in the queue, and its outcome."""

    __slots__ = ("done", "error", "given_up", "organization_id", "result", "work")

    def __init__(self, work: Callable[[Tx], Any], organization_id: Any) -> None:
        self.work: Any = work
        self.organization_id = organization_id
        self.result: Any = None
        self.error: BaseException | None = None
        self.given_up = False  # nobody waits any more: not begun if it has not begun yet
        self.done = threading.Lock()
        self.done.acquire()


class Committer:
    """Runs works on its own thread, each in a SAVEPOINT, with one commit for all that wait."""

    def __init__(
        self,
        connect: Callable[[], sa.Connection],
        lock: AbstractContextManager[Any] | None,
        barred: Callable[[], None] = lambda: None,
    ) -> None:
        """`barred` raises what every work of a group is told while nothing may be written."""
        self._connect = connect
        self._barred = barred
        self._lock: AbstractContextManager[Any] = lock or nullcontext()
        self._queue: SimpleQueue[Waiting | None] = SimpleQueue()
        self._emptying = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="committer", daemon=True)
        self._thread.start()

    def write(self, work: Callable[[Tx], Any], organization_id: Any) -> Any:
        """Run `work` and return its result once it is on stable storage; its error is raised here.

        Whoever is in a hurry gives up after its time (Unavailable): what was begun by then may still be committed.
        """
        if threading.current_thread() is self._thread:
            raise RuntimeError("a write inside a write: pass the open transaction on instead")
        waiting = Waiting(work, organization_id)
        self._queue.put(waiting)
        seconds = patience.left()
        if seconds is None:
            waiting.done.acquire()
        else:
            since = time.monotonic()
            if not waiting.done.acquire(timeout=seconds):
                waiting.given_up = True
                patience.spent(since)
                raise NoAnswer("The database did not finish this in time; the outcome is unknown, a retry is safe.")
            patience.spent(since)
        if waiting.error is not None:
            raise waiting.error
        return waiting.result

    def empty_log(self) -> None:
        """The write-ahead log is copied back and cut, once what is queued is committed, unless somebody reads in it.

        What was deleted and overwritten in the file stands in its log until then.
        """
        self.write(lambda tx: self._emptying.set(), None)

    def close(self) -> None:
        """Finish what is queued, then end the thread."""
        self._queue.put(None)
        self._thread.join(timeout=30)

    def _serve(self) -> None:
        connection: sa.Connection | None = None
        going, lately = True, 1
        while going:
            group, going = gather(self._queue, lately)
            group = [waiting for waiting in group if not waiting.given_up]
            if not group:
                continue
            try:
                if connection is None:
                    connection = self._connect()
                with self._lock:
                    self._barred()
                    commit(connection, group)
                    if self._emptying.is_set():
                        self._emptying.clear()
                        _empty_log(connection)
            except BaseException as error:  # every waiter must hear of it, whatever it is
                for waiting in group:
                    waiting.error = waiting.error or error
                connection = _usable(connection, error)
            lately = len(group) + self._queue.qsize()
            for waiting in group:
                waiting.done.release()
        if connection is not None:
            connection.close()


def gather(queue: SimpleQueue[Waiting | None], lately: int) -> tuple[list[Waiting], bool]:
    """Whoever waits, and whoever still arrives while fewer are there than wrote at once lately; False at the end.

    Each look has to find somebody new: nobody waits for one who left. A single writer waits for nobody.
    """
    group: list[Waiting] = []
    item = queue.get()
    until = time.monotonic() + LONGEST_LOOK
    while item is not None:
        group.append(item)
        if len(group) >= GROUP:
            break
        try:
            item = queue.get_nowait()
        except Empty:
            if len(group) >= lately or time.monotonic() > until:
                break
            time.sleep(LOOK)
            try:
                item = queue.get_nowait()
            except Empty:
                break
    return group, item is not None


def _empty_log(connection: sa.Connection) -> None:
    """Tried without waiting: nobody's write stands still for somebody's long read."""
    driver: Any = connection.connection.driver_connection
    ((patient,),) = driver.execute("PRAGMA busy_timeout").fetchall()
    driver.execute("PRAGMA busy_timeout=0")
    driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    driver.execute(f"PRAGMA busy_timeout={int(patient)}")


def commit(connection: sa.Connection, group: list[Waiting]) -> None:
    """Everything in `group` is committed, or has its error. Most groups have none and need no savepoints."""
    try:
        _commit_as_one(connection, group)
    except BaseException as error:
        driver: Any = connection.connection.driver_connection
        if len(group) == 1 or not driver.in_transaction:
            raise
        del error
        driver.execute("ROLLBACK")
        _commit_apart(connection, group)


def _commit_as_one(connection: sa.Connection, group: list[Waiting]) -> None:
    """All of them in one transaction; the first error is raised, and then nothing of the group holds."""
    execute: Any = connection.connection.driver_connection.execute  # type: ignore[union-attr]
    execute("BEGIN IMMEDIATE")
    # Somebody may have given up while somebody else held the file.
    for some in runs(waiting for waiting in group if not waiting.given_up):
        tx = Tx(connection, some[0].organization_id)
        try:
            _do(tx, some)
            tx.flush()
        finally:
            tx.finish()
    execute("COMMIT")


def _do(tx: Tx, some: list[Waiting]) -> None:
    first = some[0].work
    if len(some) == 1:
        some[0].result = first(tx)
        return
    for waiting, outcome in zip(some, first.together(tx, [one.work.item for one in some]), strict=True):
        waiting.result = outcome


def _commit_apart(connection: sa.Connection, group: list[Waiting]) -> None:
    """Each in a savepoint of its own, so that one failing work never fails its neighbours."""
    driver: Any = connection.connection.driver_connection
    execute = driver.execute
    execute("BEGIN IMMEDIATE")
    for waiting in group:
        if waiting.given_up:
            continue
        execute("SAVEPOINT work")
        tx = Tx(connection, waiting.organization_id)
        try:
            waiting.result = waiting.work(tx)
            tx.flush()
        except BaseException as error:  # one failing work never fails its neighbours
            waiting.error = error
            if not driver.in_transaction:
                raise  # the whole transaction is gone (disk full): nobody's work holds
            execute("ROLLBACK TO work")
        finally:
            tx.finish()
        execute("RELEASE work")
    execute("COMMIT")


def _usable(connection: sa.Connection | None, error: BaseException) -> sa.Connection | None:
    """The connection outside any transaction, or None so that the next group opens a new one."""
    if connection is None:
        return None
    driver: Any = connection.connection.driver_connection
    try:
        if driver.in_transaction:
            driver.execute("ROLLBACK")
    except sqlite3.Error:
        connection.close()
        return None
    if isinstance(error, sqlite3.OperationalError):
        # A connection that was opened while the file was read-only stays so, whatever becomes of the file.
        connection.close()
        return None
    return connection
