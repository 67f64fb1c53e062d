"""The table of answers kept for requests that come twice."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from consent.db.types import Id


class IdempotencyKey(SQLModel, table=True):
    """One POST that carried an Idempotency-Key, and its answer; of key and request only hashes are kept.

    Status 0 stands only inside the transaction that is still working on the answer.
    """

    __tablename__ = "idempotency_key"
    __table_args__ = (
        sa.CheckConstraint("length(key_hash) = 32", name="key_hash_length"),
        sa.CheckConstraint("length(request_hash) = 32", name="request_hash_length"),
        sa.Index("ix_idempotency_key_age", "organization_id", "created_at"),
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    key_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    key_hash: bytes = Field(primary_key=True)
    request_hash: bytes
    status: int
    body: bytes
    created_at: datetime
