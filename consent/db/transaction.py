"""What a piece of work holds while it reads and writes: one open connection, one organization."""

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlmodel import Session

from consent.db.sql import Rows, Sql
from consent.db.types import stored_text

if TYPE_CHECKING:
    from consent.db.pipeline import Pipeline

Row = tuple[Any, ...]
Parameters = Mapping[str, object] | Sequence[object]

NOBODY = uuid.UUID(int=0)  # the organization of work that has none: row security shows it nothing
SET_ORGANIZATION = "SELECT set_config('app.organization', %s, true)"
_END = Sql("ROLLBACK")
_AT_ONE_INSTANT = Sql("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")


class Tx:
    """One open transaction. `session` is for everyday code; `one`, `all`, `run`, `gather`, `later` for hot paths.

    On PostgreSQL the transaction begins with its first statement, in the same round trip, and what `later`
    gathered goes out together with the commit.
    """

    __slots__ = (
        "_driver",
        "_gathered",
        "_held",
        "_open",
        "_pipeline",
        "_session",
        "_single",
        "connection",
        "organization_id",
        "postgresql",
    )

    def __init__(
        self, connection: sa.Connection, organization_id: uuid.UUID | None = None, *, single: bool = False
    ) -> None:
        self.connection = connection
        self.organization_id = organization_id
        self.postgresql = connection.dialect.name == "postgresql"
        self._driver: Any = connection.connection.driver_connection
        self._session: Session | None = None
        self._gathered: dict[str, list[Parameters]] | None = None
        self._held: list[tuple[str, Any]] = []
        self._open = not self.postgresql
        self._single = single
        if self.postgresql:
            self._pipeline = pipeline_of(connection)
            if not single:
                self._held.append(("BEGIN", None))
                self._held.append((SET_ORGANIZATION, (str(organization_id or NOBODY),)))

    @property
    def session(self) -> Session:
        """A SQLModel session on the same transaction, made when first asked for."""
        self._send()
        self._give()
        if self._session is None:
            self._session = Session(self.connection, expire_on_commit=False, join_transaction_mode="rollback_only")
        return self._session

    def enter(self, organization_id: uuid.UUID) -> None:
        """From here on this work sees and writes the rows of `organization_id` alone (row security)."""
        self.flush()
        self.organization_id = organization_id
        if self.postgresql:
            self._held.append((SET_ORGANIZATION, (str(organization_id),)))

    def freeze(self, organization_id: uuid.UUID) -> None:
        """From here on this reading sees the database at one instant, while others go on writing.

        On SQLite every `read` does so from its beginning.
        """
        if self.postgresql:
            self.run(_END, {})
            self.run(_AT_ONE_INSTANT, {})
            self.enter(organization_id)

    def present(self, door: bytes) -> None:
        """Show the hash of a key or endpoint: row security then lets its one row be read (PostgreSQL)."""
        if self.postgresql:
            self._held.append(("SELECT set_config('app.door', %s, true)", (door.hex(),)))

    def id(self, value: uuid.UUID) -> uuid.UUID | bytes:
        """The id as the driver stores it: converted once here instead of once for each statement that names it."""
        return value if self.postgresql else value.bytes

    def at(self, moment: datetime) -> datetime | str:
        """The instant as the driver stores it, likewise."""
        return moment if self.postgresql else stored_text(moment)

    def many_of(self, numbers: Sequence[int]) -> list[int] | str:
        """Many whole numbers as one parameter: `json_each(:name)` on SQLite, `= ANY(:name)` on PostgreSQL."""
        return list(numbers) if self.postgresql else f"[{','.join(map(str, numbers))}]"

    def texts_of(self, texts: Sequence[str]) -> list[str] | str:
        """Many texts as one parameter, likewise."""
        return list(texts) if self.postgresql else json.dumps(list(texts))

    def one(self, sql: Sql, parameters: Parameters) -> Row | None:
        """The first row, or None."""
        row: Row | None = self._execute(sql, parameters).fetchone()
        return row

    def all(self, sql: Sql, parameters: Parameters) -> list[Row]:
        """Every row."""
        rows: list[Row] = self._execute(sql, parameters).fetchall()
        return rows

    def run(self, sql: Sql, parameters: Parameters) -> int:
        """Execute and return how many rows it touched."""
        touched: int = self._execute(sql, parameters).rowcount
        return touched

    def gather(self, *questions: tuple[Sql, Parameters]) -> list[list[Row]]:
        """The rows of several questions, asked in this order, in one round trip."""
        if not self.postgresql:
            self._give()
            execute = self._driver.execute
            return [execute(sql.sqlite, parameters).fetchall() for sql, parameters in questions]
        cursors = self._send(*[(sql.postgresql, parameters) for sql, parameters in questions])
        return [cursor.fetchall() for cursor in cursors]

    def later(self, sql: Sql, parameters: Parameters) -> None:
        """Execute before the commit, or before whatever is asked next; nothing comes back."""
        if self.postgresql:
            self._held.append((sql.postgresql, parameters))
        elif self._gathered is not None and sql.inserts:
            self._gathered.setdefault(sql.sqlite, []).append(parameters)
        else:
            self._give()
            self._driver.execute(sql.sqlite, parameters)

    @contextmanager
    def gathering(self) -> Iterator[None]:
        """In here what `later` inserts is kept, each statement's rows together, until something is asked or changed.

        The rows of one statement keep their order; those of different tables need none. For work with hundreds of
        rows: on SQLite the driver then takes each statement once. On PostgreSQL everything is gathered anyway.
        """
        if not self.postgresql:
            self._gathered = {}
        try:
            yield
            self._give()
        finally:
            self._gathered = None

    def _give(self) -> None:
        """What was gathered is executed."""
        if self._gathered:
            gathered, self._gathered = self._gathered, {}
            for text, rows in gathered.items():
                self._driver.executemany(text, rows)

    def later_rows(self, insert: Rows, rows: Sequence[Sequence[object]]) -> None:
        """`later` for several rows of one table, in one statement; each holds its values in the order of columns."""
        if self._gathered is not None:
            self._gathered.setdefault(insert.single.sqlite, []).extend(rows)
        elif len(rows) == 1:
            self.later(insert.single, rows[0])
        elif rows:
            self.later(insert.sql(len(rows)), [value for row in rows for value in row])

    def many(self, sql: Sql, rows: Sequence[Parameters]) -> None:
        """Execute once for each of `rows`, in one call of the driver."""
        if not rows:
            return
        if self.postgresql:
            self._send()
            with self._driver.cursor() as cursor:
                cursor.executemany(sql.postgresql, rows)
        else:
            self._give()
            self._driver.executemany(sql.sqlite, rows)

    def stream(self, sql: Sql, parameters: Parameters, *, batch: int = 2_000) -> Iterator[Row]:
        """Rows one by one in flat memory; on PostgreSQL through a server-side cursor."""
        if self.postgresql:
            self._send()
            with self._driver.cursor(name=f"stream_{uuid.uuid4().hex}") as cursor:
                cursor.itersize = batch
                cursor.execute(sql.postgresql, parameters)
                yield from cursor
        else:
            self._give()
            yield from self._driver.execute(sql.sqlite, parameters)

    def flush(self) -> None:
        """Send what the session still holds."""
        if self._session is not None:
            self._session.flush()

    def end(self, last: str) -> None:
        """Send what is held and then COMMIT or ROLLBACK (PostgreSQL)."""
        if last == "ROLLBACK":
            self._held.clear()
            if self._open:
                self._driver.execute(last)
        elif self._open or len(self._held) > 2:  # more than the two statements that begin: there is work
            self._held.append((last, None))
            self._send()
        self._open = False

    def finish(self) -> None:
        """Let go of the session; rows it returned stay readable."""
        if self._session is not None:
            self._session.expunge_all()
            self._session.close()
            self._session = None

    def _execute(self, sql: Sql, parameters: Parameters) -> Any:
        if not self.postgresql:
            self._give()
            return self._driver.execute(sql.sqlite, parameters)
        return self._send((sql.postgresql, parameters))[0]

    def _send(self, *statements: tuple[str, Parameters]) -> list[Any]:
        """Everything held and then `statements`, in one round trip; the results of `statements`."""
        held, self._held = self._held, []
        if not held and not statements:
            return []
        if self._single:  # statements up to the sync are one implicit transaction: no BEGIN, no ROLLBACK
            held.insert(0, (SET_ORGANIZATION, (str(self.organization_id or NOBODY),)))
        else:
            self._open = True
        return self._pipeline.send((*held, *statements))[len(held) :]


def pipeline_of(connection: sa.Connection) -> "Pipeline":
    """The pipeline of this connection, kept with it for as long as it is open."""
    info = connection.info
    if "pipeline" not in info:
        from consent.db.pipeline import Pipeline  # loaded only where PostgreSQL is used, as in `database`

        info["pipeline"] = Pipeline(connection.connection.driver_connection)
    pipeline: Pipeline = info["pipeline"]
    return pipeline
