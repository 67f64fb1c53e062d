"""The table of webhooks."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from consent.db.types import Id


class WebhookEndpoint(SQLModel, table=True):
    """Somebody's address that is told of changes, and how far in the feed it has been told.

    There is no row for each delivery: what is still to be told is what stands in the feed behind `log_id` and
    `leaf_index`. Address and secrets are encrypted under the endpoint's own key.
    """

    __tablename__ = "webhook_endpoint"
    __table_args__ = (
        sa.CheckConstraint("disabled_why IN ('', 'gone', 'failing')", name="disabled_why"),
        {"sqlite_with_rowid": False},
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    sealed: bytes
    types: str = Field(max_length=2000)
    created_at: datetime
    log_id: int
    leaf_index: int = Field(sa_type=sa.BigInteger)
    test_id: uuid.UUID | None = Field(default=None, sa_type=Id)
    attempts: int = 0
    run_at: datetime | None = None
    failing_since: datetime | None = None
    disabled_at: datetime | None = None
    disabled_why: str = Field(default="", max_length=8)
    locked_by: str | None = Field(default=None, max_length=80)
    locked_until: datetime | None = None
    last_id: uuid.UUID | None = Field(default=None, sa_type=Id)
    last_at: datetime | None = None
    last_status: int | None = None
    last_error: str = Field(default="", max_length=40)
    delivered_at: datetime | None = None
    delivered: int = Field(default=0, sa_type=sa.BigInteger)
