"""Transactions on PostgreSQL: one connection each, the organization set in the round trip that begins it."""

import uuid
from collections.abc import Callable
from typing import Any

import psycopg
import sqlalchemy as sa

from consent.db.pool import Pool
from consent.db.transaction import Tx
from consent.errors import Unavailable

# What the driver raises when the database is away, full or locked, or serves for reading only.
AWAY = (psycopg.OperationalError, psycopg.errors.ReadOnlySqlTransaction)
# 40001 serialization failure, 40P01 deadlock: the database asks to try again. 23505 unique violation: somebody
# wrote the same thing between our look and our write; the next attempt sees it.
AGAIN = ("40001", "40P01", "23505")
ATTEMPTS = 5


def write(pool: Pool, work: Callable[[Tx], Any], organization_id: uuid.UUID | None) -> Any:
    """Run `work` in a transaction of its own and return its result after the commit."""
    for attempt in range(1, ATTEMPTS + 1):
        connection = pool.take()
        broken = True
        try:
            tx = Tx(connection, organization_id)
            try:
                result = work(tx)
                tx.flush()
                _commit(tx, connection.connection.driver_connection)
                broken = False
            except psycopg.Error as error:
                broken = not _rolled_back(connection)
                if error.sqlstate in AGAIN and attempt < ATTEMPTS:
                    continue
                raise
            except BaseException:
                broken = not _rolled_back(connection)
                raise
            finally:
                tx.finish()
            return result
        finally:
            pool.give_back(connection, broken=broken)
    raise Unavailable("The database was too busy to finish this.")


def _commit(tx: Tx, driver: Any) -> None:
    """Commit; a commit that did not reach the synchronous standby is no commit for us.

    PostgreSQL reports that case as success with a warning of SQLSTATE 01000 (ledger A6).
    """
    warnings: list[str] = []

    def hear(diagnostic: Any) -> None:
        if diagnostic.sqlstate == "01000":
            warnings.append(diagnostic.message_primary or "")

    driver.add_notice_handler(hear)
    try:
        tx.end("COMMIT")
    finally:
        driver.remove_notice_handler(hear)
    if any("synchronous replication" in warning for warning in warnings):
        raise Unavailable("The standby has not confirmed; the outcome is unknown and a retry is safe.")


def _rolled_back(connection: sa.Connection) -> bool:
    """End whatever is open; False when the connection cannot be used any more."""
    driver: Any = connection.connection.driver_connection
    try:
        if driver.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
            driver.execute("ROLLBACK")
    except psycopg.Error:
        return False
    return True
