"""Transactions on PostgreSQL: one connection each, the organization set in the round trip that begins it."""

import threading
import uuid
from collections.abc import Callable
from typing import Any

import psycopg
import sqlalchemy as sa

from consent.db.transaction import Tx
from consent.errors import Unavailable

# 40001 serialization failure, 40P01 deadlock: the database asks to try again.
AGAIN = ("40001", "40P01")
ATTEMPTS = 5
NOBODY = "00000000-0000-0000-0000-000000000000"


class Pool:
    """Connections that stay open; the one used last is taken first. Waiting is bounded."""

    def __init__(self, connect: Callable[[], sa.Connection], size: int, wait: float) -> None:
        self._connect = connect
        self._free: list[sa.Connection] = []
        self._room = threading.BoundedSemaphore(size)
        self._wait = wait

    def take(self) -> sa.Connection:
        """A connection for this caller alone."""
        if not self._room.acquire(timeout=self._wait):
            raise Unavailable("Every database connection is in use.")
        try:
            return self._free.pop() if self._free else self._connect()
        except IndexError:
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
        """Close what is idle."""
        while self._free:
            self._free.pop().close()


def begin(driver: Any, organization_id: uuid.UUID | None) -> None:
    """Begin, with the organization set for this transaction only, in one round trip (S41)."""
    driver.execute(f"BEGIN; SET LOCAL app.organization = '{organization_id or NOBODY}'")


def write(pool: Pool, work: Callable[[Tx], Any], organization_id: uuid.UUID | None) -> Any:
    """Run `work` in a transaction of its own and return its result after the commit."""
    for attempt in range(1, ATTEMPTS + 1):
        connection = pool.take()
        broken = True
        try:
            driver: Any = connection.connection.driver_connection
            tx = Tx(connection, organization_id)
            try:
                begin(driver, organization_id)
                result = work(tx)
                tx.flush()
            except psycopg.Error as error:
                broken = _roll_back(driver)
                if error.sqlstate in AGAIN and attempt < ATTEMPTS:
                    continue
                raise
            except BaseException:
                broken = _roll_back(driver)
                raise
            finally:
                tx.finish()
            _commit(driver)
            broken = False
            return result
        finally:
            pool.give_back(connection, broken=broken)
    raise Unavailable("The database was too busy to finish this.")


def _commit(driver: Any) -> None:
    """Commit; a commit that did not reach the synchronous standby is no commit for us.

    PostgreSQL reports that case as success with a warning of SQLSTATE 01000 (ledger A6).
    """
    warnings: list[str] = []

    def hear(diagnostic: Any) -> None:
        if diagnostic.sqlstate == "01000":
            warnings.append(diagnostic.message_primary or "")

    driver.add_notice_handler(hear)
    try:
        driver.execute("COMMIT")
    finally:
        driver.remove_notice_handler(hear)
    if any("synchronous replication" in warning for warning in warnings):
        raise Unavailable("The standby has not confirmed; the outcome is unknown and a retry is safe.")


def _roll_back(driver: Any) -> bool:
    """End the transaction; True when the connection cannot be used any more."""
    try:
        driver.execute("ROLLBACK")
    except psycopg.Error:
        return True
    return False
