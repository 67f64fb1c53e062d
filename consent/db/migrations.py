"""Bring a database to the schema of this program, or tell how far it is from it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlmodel import SQLModel

from consent.db.engine import SQLITE_ALWAYS, SQLITE_LOCAL, keep_private
from consent.db.locks import FileLock
from consent.db.revision import head as head
from consent.errors import SetupProblem
from consent.resources import folder


def upgrade(url: str, revision: str = "head") -> None:
    """The database has the schema of `revision`."""
    with _connection(url) as connection:
        command.upgrade(_config(connection), revision)


def downgrade(url: str, revision: str) -> None:
    """The database has the earlier schema of `revision`."""
    with _connection(url) as connection:
        command.downgrade(_config(connection), revision)


def revisions() -> list[str]:
    """Every revision that this program knows, newest first."""
    config = AlembicConfig()
    config.set_main_option("script_location", str(folder("migrations")).replace("%", "%%"))
    return [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]


def current(url: str) -> str | None:
    """The revision the database is at; None for an empty one."""
    with _connection(url) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def differences(url: str) -> list[str]:
    """What the models say and the database does not have, or the other way round."""
    with _connection(url) as connection:
        config = _config(connection)
        options: dict[str, Any] = {
            "compare_type": True,
            "include_object": lambda item, name, kind, reflected, other: name != "alembic_version",
        }
        context = MigrationContext.configure(connection, opts=options)
        if context.get_current_revision() != ScriptDirectory.from_config(config).get_current_head():
            return [f"the database is at {context.get_current_revision() or 'nothing'}; run: consent db upgrade"]
        return [str(difference) for difference in compare_metadata(context, SQLModel.metadata)]


def _config(connection: sa.Connection) -> AlembicConfig:
    config = AlembicConfig()
    config.set_main_option("script_location", str(folder("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


@contextmanager
def _connection(url: str) -> Iterator[sa.Connection]:
    """A connection of the owner; on SQLite alone, without foreign keys while tables are rebuilt."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    if not url.startswith("sqlite"):
        with engine.connect() as connection:
            yield connection
        return
    path = Path(sa.make_url(url).database or "")
    if not path.parent.is_dir():
        raise SetupProblem(f"The folder {path.parent} does not exist. Create it, or set CONSENT_DATA_DIR.")
    keep_private(str(path))

    @sa.event.listens_for(engine, "connect")
    def _connect(driver: Any, _record: Any) -> None:
        driver.isolation_level = None
        for pragma in (*SQLITE_LOCAL, *SQLITE_ALWAYS, "foreign_keys=OFF"):
            driver.execute("PRAGMA " + pragma)

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    lock = FileLock(path.with_name(path.name + ".lock"))
    try:
        with lock, engine.connect() as connection:
            yield connection
    finally:
        lock.close()
        engine.dispose()
