"""The tables of stores and of the tasks they are given."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from consent.db.types import Id

PERSONAL = {"personal": True}


class DataStore(SQLModel, table=True):
    """A system of the organization that holds data about people. How it is reached, and its secrets, are encrypted."""

    __tablename__ = "data_store"
    __table_args__ = (
        sa.UniqueConstraint("organization_id", "name"),
        sa.CheckConstraint("length(endpoint_hash) = 32", name="endpoint_hash_length"),
        {"info": {"row_security": "door", "door_column": "endpoint_hash"}},
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    kind: str = Field(max_length=16)
    name: str = Field(max_length=64)
    endpoint_hash: bytes = Field(unique=True)
    sealed_settings: bytes
    created_at: datetime


class RequestTask(SQLModel, table=True):
    """One action on one category in one store, for one request; its unique place makes planning twice harmless.

    `state`: `waiting` to be tried at `run_at`; `sent`, taken by the store, whose receipt is awaited until `run_at`;
    `by_hand`, somebody has to do it; `last`, waits until the certificate has arrived; `done`; `cancelled`.
    `token` is how far it came. `receipt` is JSON without anything personal; `sealed_changes` what a correction says,
    and after a task by hand who did it and how, under the key of the person's stream.
    """

    __tablename__ = "request_task"
    __table_args__ = (
        sa.UniqueConstraint("organization_id", "request_id", "store", "category", "action"),
        sa.CheckConstraint("action IN ('erase', 'correct', 'isolate')", name="action"),
        sa.CheckConstraint("state IN ('waiting', 'sent', 'by_hand', 'last', 'done', 'cancelled')", name="state"),
        sa.Index("ix_request_task_due", "organization_id", "state", "run_at"),
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    request_id: uuid.UUID = Field(sa_type=Id)
    store: str = Field(max_length=64)
    category: str = Field(max_length=64)
    action: str = Field(max_length=8)
    state: str = Field(max_length=9)
    attempts: int = 0
    run_at: datetime
    token: str = Field(default="", max_length=500)
    count: int = 0
    last_error: str = Field(default="", max_length=64)
    escalated_at: datetime | None = None
    locked_by: str | None = Field(default=None, max_length=80)
    locked_until: datetime | None = None
    receipt: str | None = Field(default=None, max_length=4000)
    sealed_changes: bytes | None = Field(default=None, sa_column_kwargs={"info": PERSONAL})
    created_at: datetime
    first_tried_at: datetime | None = None
    done_at: datetime | None = None
