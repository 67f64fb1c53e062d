"""How Alembic runs here: on the connection it is handed, each migration in a transaction of its own."""

from typing import Any

import sqlalchemy as sa
from alembic import context
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

from consent import tables  # noqa: F401  (every model, so that the metadata is complete)
from consent.db.types import Id


def render_item(kind: str, item: Any, autogen: Any) -> str | bool:
    """Migrations spell types out and import neither our code nor SQLModel."""
    if kind != "type":
        return False
    if isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, Id):
        autogen.imports.add("from sqlalchemy.dialects import postgresql")
        return "sa.LargeBinary(16).with_variant(postgresql.UUID(), 'postgresql')"
    if isinstance(item, AutoString):
        return f"sa.String({item.impl.length})" if item.impl.length else "sa.String()"
    return False


def include_object(item: Any, name: str | None, kind: str, reflected: bool, compare_to: Any) -> bool:
    """Alembic's own table is none of ours."""
    return not (kind == "table" and name == "alembic_version")


connection: sa.Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    render_item=render_item,
    include_object=include_object,
    transactional_ddl=True,
    transaction_per_migration=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
