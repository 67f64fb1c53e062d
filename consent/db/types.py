"""Column types that mean the same on SQLite and PostgreSQL, and the way back from raw driver values."""

import sqlite3
import uuid
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import Dialect
from sqlmodel import SQLModel

# Before the first model: names that Alembic and both databases agree on.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Id(sa.types.TypeDecorator[uuid.UUID]):
    """A UUID: native on PostgreSQL, its 16 bytes on SQLite (text would take 36)."""

    impl = sa.LargeBinary
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> sa.types.TypeEngine[Any]:
        native = dialect.name == "postgresql"
        return dialect.type_descriptor(sa.UUID() if native else sa.LargeBinary(16))

    def process_bind_param(self, value: uuid.UUID | None, dialect: Dialect) -> Any:
        return value if value is None or dialect.name == "postgresql" else value.bytes

    def process_result_value(self, value: Any, dialect: Dialect) -> uuid.UUID | None:
        return None if value is None else as_id(value)

    def __repr__(self) -> str:
        return "Id()"


def as_id(value: bytes | uuid.UUID) -> uuid.UUID:
    """The UUID behind what a driver returned."""
    return uuid.UUID(bytes=value) if isinstance(value, bytes) else value


def as_instant(value: str | datetime) -> datetime:
    """The aware UTC instant behind what a driver returned."""
    if isinstance(value, str):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    return value.astimezone(UTC)


@lru_cache(maxsize=256)  # one instant goes into many rows
def stored_text(instant: datetime) -> str:
    """The form in which SQLAlchemy stores a time on SQLite; a naive time is refused as it is there."""
    if instant.tzinfo is None:
        raise ValueError("a stored time must carry its zone")
    if instant.tzinfo is not UTC:
        instant = instant.astimezone(UTC)
    return instant.replace(tzinfo=None).isoformat(" ", "microseconds")


sqlite3.register_adapter(uuid.UUID, lambda value: value.bytes)
sqlite3.register_adapter(datetime, stored_text)
# They are stored as they are, and saying so is quicker: for bytes and NULL the driver otherwise asks two objects for
# methods they do not have, and each time an error is written out and thrown away (a text binds some forty of them).
sqlite3.register_adapter(bytes, bytes)
sqlite3.register_adapter(type(None), lambda nothing: nothing)
