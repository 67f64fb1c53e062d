"""What a database is asked while a test looks: every statement of its writer (SQLite) or of its pipelines."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from consent.db import Database, Tx
from consent.db.pipeline import Pipeline


class Seen(list[str]):
    """The statements, in order."""

    @property
    def commits(self) -> int:
        """How many transactions ended well."""
        return sum(one.upper().startswith("COMMIT") for one in self)

    @property
    def changes(self) -> list[str]:
        """What writes: the statements that change rows."""
        return [one for one in self if one.split(maxsplit=1)[0].upper() in ("INSERT", "UPDATE", "DELETE", "REPLACE")]


@contextmanager
def seen(db: Database) -> Iterator[Seen]:
    """The statements that `db` runs in here: all writes on SQLite, everything sent by pipeline on PostgreSQL."""
    found = Seen()
    if db.is_postgresql:
        original = Pipeline.send

        def send(pipeline: Pipeline, statements: Any) -> Any:
            found.extend(" ".join(text.split()) for text, _ in statements)
            return original(pipeline, statements)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Pipeline, "send", send)
            yield found
        return
    db.write(lambda tx: _driver(tx).set_trace_callback(lambda text: found.append(" ".join(text.split()))))
    found.clear()
    try:
        yield found
    finally:
        closing = list(found)
        db.write(lambda tx: _driver(tx).set_trace_callback(None))
        found[:] = closing


def _driver(tx: Tx) -> Any:
    return tx.connection.connection.driver_connection
