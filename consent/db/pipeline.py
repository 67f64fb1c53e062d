"""Several statements to PostgreSQL in one round trip, over psycopg's own `pq` layer (the documented libpq wrapper).

psycopg's `Connection.pipeline()` does the same with generators and costs three times the processor time of the
statements themselves (docs/performance.md); adaptation of values, loading of rows and errors are psycopg's here too.
"""

import select
import time
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import psycopg
from psycopg import pq
from psycopg._queries import _query2pg_nocache
from psycopg.adapt import PyFormat, Transformer

from consent.db import patience

PREPARED = 500  # statements kept per connection; types of values are part of a statement's identity

Statement = tuple[str, Mapping[str, object] | Sequence[object] | None]
_NOT_PREPARED = b"26000"  # invalid_sql_statement_name
_FINE = (pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK)


class Result:
    """What one statement gave."""

    __slots__ = ("_result", "_transformer")

    def __init__(self, transformer: Any, result: Any) -> None:
        self._transformer = transformer
        self._result = result

    def fetchall(self) -> list[Any]:
        """Every row as a tuple."""
        self._transformer.set_pgresult(self._result)
        rows: list[Any] = self._transformer.load_rows(0, self._result.ntuples, tuple)
        return rows

    def fetchone(self) -> Any:
        """The first row, or None."""
        if self._result.ntuples == 0:
            return None
        self._transformer.set_pgresult(self._result)
        return self._transformer.load_row(0, tuple)

    @property
    def rowcount(self) -> int:
        """How many rows were touched."""
        return int(self._result.command_tuples or 0)


class Pipeline:
    """The pipeline of one connection, with the statements prepared on it."""

    __slots__ = ("_driver", "_names", "_pg", "_transformer")

    def __init__(self, driver: Any) -> None:
        self._driver = driver
        self._pg: Any = driver.pgconn
        self._transformer: Any = Transformer(driver)
        self._names: dict[tuple[bytes, tuple[int, ...]], bytes] = {}

    def send(self, statements: Sequence[Statement]) -> list[Result]:
        """Run all of them in order; the first error is raised, and nothing after it ran."""
        pg, transformer = self._pg, self._transformer
        if len(self._names) > PREPARED:
            self._driver.execute("DEALLOCATE ALL")
            self._names.clear()
        fresh: list[tuple[int, tuple[bytes, tuple[int, ...]]]] = []
        wanted: list[int] = []  # which of the results belong to `statements`
        sent = 0
        converted = [_converted(transformer, *one) for one in statements]  # what cannot be is noticed before any goes
        pg.enter_pipeline_mode()
        try:
            for query, values, types, formats in converted:
                identity = (query, types)
                name = self._names.get(identity)
                if name is None:
                    name = self._names[identity] = b"c%d" % len(self._names)
                    pg.send_prepare(name, query, types)
                    fresh.append((sent, identity))
                    sent += 1
                pg.send_query_prepared(name, values, formats, pq.Format.BINARY)
                wanted.append(sent)
                sent += 1
            pg.pipeline_sync()
            results = _receive(pg)
        except psycopg.Error:
            self._names.clear()
            raise
        finally:
            if pg.status == pq.ConnStatus.OK and pg.transaction_status != pq.TransactionStatus.ACTIVE:
                pg.exit_pipeline_mode()
        failed = next((result for result in results if result.status not in _FINE), None)
        if failed is not None:
            for place, identity in fresh:
                if place >= len(results) or results[place].status not in _FINE:
                    self._names.pop(identity, None)
            if failed.error_field(pq.DiagnosticField.SQLSTATE) == _NOT_PREPARED:
                self._names.clear()  # somebody else emptied the connection: the next work prepares anew
            raise psycopg.errors.error_from_result(failed, encoding="utf-8")
        return [Result(transformer, results[place]) for place in wanted]


Converted = tuple[bytes, Sequence[Any] | None, tuple[int, ...], Sequence[Any] | None]


def _converted(transformer: Any, text: str, parameters: Any) -> Converted:
    """The statement as the server gets it, its values, their types and formats.

    The driver's own conversion looks at text and parameters anew each time; here only the values are new.
    """
    if parameters is None:
        return text.encode(), None, (), None
    query, order, asked = _as_sent(text)
    if not asked:
        return query, None, (), None
    values = [parameters[name] for name in order] if order else parameters
    dumped = transformer.dump_sequence(values, asked)
    return query, dumped, tuple(transformer.types), transformer.formats


@lru_cache(maxsize=2 * PREPARED)
def _as_sent(text: str) -> tuple[bytes, list[str] | None, list[PyFormat]]:
    """`$1` for `%s` or `%(name)s`, as the driver writes it; the names in their order, if it has names; formats."""
    query, formats, order, _parts = _query2pg_nocache(text.encode(), "utf-8")
    return query, order, formats


def _receive(pg: Any) -> list[Any]:
    """Every result up to the sync. `get_result` keeps the interpreter's lock, so the waiting happens in poll()."""
    poll = select.poll()
    poll.register(pg.socket, select.POLLOUT)
    while pg.flush():
        _await(poll, pg)
    poll.modify(pg.socket, select.POLLIN)
    results: list[Any] = []
    while True:
        while pg.is_busy():
            _await(poll, pg)
            pg.consume_input()
        result = pg.get_result()
        if result is None:
            continue
        if result.status == pq.ExecStatus.PIPELINE_SYNC:
            return results
        results.append(result)


def _await(poll: Any, pg: Any) -> None:
    """The socket is ready; else it is closed, never cancelled: a cancel would wait for the same server."""
    since = time.monotonic()
    ready = poll.poll(patience.longest() * 1000)
    patience.spent(since)
    if not ready:
        pg.finish()
        raise psycopg.OperationalError("no answer from the database in time; the outcome is unknown")
