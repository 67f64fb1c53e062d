"""What a piece of work holds while it reads and writes: one open connection, one organization."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from consent.db.sql import Sql

Row = tuple[Any, ...]


class Tx:
    """One open transaction (or one read). `session` is for everyday code, `one/all/run/many` for hot paths."""

    __slots__ = ("_driver", "_execute", "_postgresql", "_session", "connection", "organization_id")

    def __init__(self, connection: sa.Connection, organization_id: uuid.UUID | None = None) -> None:
        self.connection = connection
        self.organization_id = organization_id
        self._driver: Any = connection.connection.driver_connection
        self._execute: Any = self._driver.execute
        self._postgresql = connection.dialect.name == "postgresql"
        self._session: Session | None = None

    @property
    def postgresql(self) -> bool:
        """Whether this is PostgreSQL, for the few statements that have two texts."""
        return self._postgresql

    @property
    def session(self) -> Session:
        """A SQLModel session on the same transaction, made when first asked for."""
        if self._session is None:
            self._session = Session(
                self.connection, expire_on_commit=False, join_transaction_mode="rollback_only"
            )
        return self._session

    def enter(self, organization_id: uuid.UUID) -> None:
        """From here on this work sees and writes the rows of `organization_id` (row security on PostgreSQL)."""
        self.flush()
        self.organization_id = organization_id
        if self._postgresql:
            self._execute("SELECT set_config('app.organization', %s, true)", (str(organization_id),))

    def one(self, sql: Sql, parameters: Mapping[str, object]) -> Row | None:
        """The first row, or None."""
        row: Row | None = self._execute(
            sql.postgresql if self._postgresql else sql.sqlite, parameters
        ).fetchone()
        return row

    def all(self, sql: Sql, parameters: Mapping[str, object]) -> list[Row]:
        """Every row."""
        rows: list[Row] = self._execute(
            sql.postgresql if self._postgresql else sql.sqlite, parameters
        ).fetchall()
        return rows

    def run(self, sql: Sql, parameters: Mapping[str, object]) -> int:
        """Execute and return how many rows it touched."""
        touched: int = self._execute(sql.postgresql if self._postgresql else sql.sqlite, parameters).rowcount
        return touched

    def many(self, sql: Sql, rows: Sequence[Mapping[str, object]]) -> None:
        """Execute once for each of `rows`, in one call of the driver."""
        if not rows:
            return
        if self._postgresql:
            with self._driver.cursor() as cursor:
                cursor.executemany(sql.postgresql, rows)
        else:
            self._driver.executemany(sql.sqlite, rows)

    def stream(self, sql: Sql, parameters: Mapping[str, object], *, batch: int = 2_000) -> Iterable[Row]:
        """Rows one by one in flat memory; on PostgreSQL by a server-side cursor, so inside a transaction."""
        if self._postgresql:
            with self._driver.cursor(name="stream") as cursor:
                cursor.itersize = batch
                cursor.execute(sql.postgresql, parameters)
                yield from cursor
        else:
            yield from self._driver.execute(sql.sqlite, parameters)

    def flush(self) -> None:
        """Send what the session still holds."""
        if self._session is not None:
            self._session.flush()

    def finish(self) -> None:
        """Let go of the session; rows it returned stay readable."""
        if self._session is not None:
            self._session.expunge_all()
            self._session.close()
            self._session = None
