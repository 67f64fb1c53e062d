"""Engines set up so that the database module alone begins and ends transactions."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.pool import NullPool

from consent.db.readonly import WRITES_ALL_THE_SAME
from consent.errors import SetupProblem

# Libraries note: WITH synchronous=NORMAL a power cut may drop the last commits; a ledger cannot afford that.
SQLITE_LOCAL = ("journal_mode=WAL", "synchronous=FULL")
SQLITE_SHARED = ("journal_mode=DELETE", "synchronous=EXTRA")  # no lock to be had: a network file system
SQLITE_ALWAYS = ("foreign_keys=ON", "busy_timeout=10000", "temp_store=MEMORY", "cache_size=-4096")

SERVING_ROLE = "consent_serving"
POSTGRESQL_OPTIONS = "-c timezone=UTC -c lock_timeout=5000 -c statement_timeout=30000"


def make_engine(
    url: str,
    *,
    role: str | None = SERVING_ROLE,
    sqlite_mode: tuple[str, ...] = SQLITE_LOCAL,
    writes_all_the_same: bool = False,
) -> Engine:
    """An engine in autocommit: the driver starts no transaction by itself.

    On PostgreSQL every connection acts as `role`, which owns nothing, so that row security binds it;
    migrations pass `role=None`.
    """
    lite = url.startswith("sqlite")
    options = f"{POSTGRESQL_OPTIONS} {WRITES_ALL_THE_SAME}" if writes_all_the_same else POSTGRESQL_OPTIONS
    connect_args: dict[str, Any] = {"check_same_thread": False} if lite else {"options": options}
    engine = sa.create_engine(
        url,
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        skip_autocommit_rollback=True,
        connect_args=connect_args,
    )
    if lite:
        keep_private(engine.url.database)

        @event.listens_for(engine, "connect")
        def _pragmas(driver: Any, _record: Any) -> None:
            driver.isolation_level = None
            for pragma in sqlite_mode + SQLITE_ALWAYS:
                driver.execute("PRAGMA " + pragma)

        return engine

    from psycopg import errors  # loaded only where PostgreSQL is used, as in `database`

    from consent.db.connecting import Connection

    @event.listens_for(engine, "do_connect")
    def _connect(_dialect: Any, _record: Any, arguments: list[Any], parameters: dict[str, Any]) -> Any:
        return Connection.connect(*arguments, **parameters)

    if role is not None:

        @event.listens_for(engine, "connect")
        def _serve(driver: Any, _record: Any) -> None:
            driver.autocommit = True
            # Statements are prepared by the pipeline. psycopg's own preparing ends with DEALLOCATE ALL after a
            # ROLLBACK, which would take those of the pipeline along and fail every later request on the connection.
            driver.prepare_threshold = None
            try:
                driver.execute(f"SET ROLE {role}")
            except (errors.InsufficientPrivilege, errors.InvalidParameterValue):
                raise SetupProblem(
                    f"This database login may not act as {role}. Run consent db upgrade, then: GRANT {role} TO it."
                ) from None

    return engine


def keep_private(file: str | None) -> None:
    """A database file that is made now can be read by its owner alone; its log files take that over (SQLite)."""
    if file and file != ":memory:" and Path(file).parent.is_dir():
        with suppress(OSError):  # the first statement says what is wrong
            Path(file).touch(mode=0o600)
