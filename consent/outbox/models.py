"""The table of jobs."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from consent.db.types import Id

WAITING = "done_at IS NULL"
HELD_BACK = "done_at IS NULL AND program IS NOT NULL"  # what a withdrawal has to find; replies carry no program


class Job(SQLModel, table=True):
    """Something to do, such as a text to send. `done_at` is set when it is over, whatever the outcome.

    A job about a message names its contact point, program and class, so that a withdrawal finds what waits.
    Its payload is encrypted when it holds an address or a text.
    """

    __tablename__ = "job"
    __table_args__ = (
        sa.Index(
            "uq_job_unique_key",
            "organization_id",
            "unique_key",
            unique=True,
            sqlite_where=sa.text("unique_key IS NOT NULL"),
            postgresql_where=sa.text("unique_key IS NOT NULL"),
        ),
        sa.CheckConstraint(
            "outcome IN ('waiting', 'sent', 'done', 'cancelled', 'expired', 'refused', 'dead')",
            name="outcome",
        ),
        sa.Index(
            "ix_job_due",
            "organization_id",
            "queue",
            "run_at",
            sqlite_where=sa.text(WAITING),
            postgresql_where=sa.text(WAITING),
        ),
        sa.Index(
            "ix_job_contact",
            "organization_id",
            "contact_point_id",
            sqlite_where=sa.text(HELD_BACK),
            postgresql_where=sa.text(HELD_BACK),
        ),
        {"sqlite_with_rowid": False},
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    queue: str = Field(max_length=32)
    kind: str = Field(max_length=48)
    payload: bytes = Field(sa_column_kwargs={"info": {"personal": True}})
    unique_key: str | None = Field(default=None, max_length=120)
    contact_point_id: uuid.UUID | None = Field(default=None, sa_type=Id)
    program: str | None = Field(default=None, max_length=64)
    message_class: str | None = Field(default=None, max_length=64)
    run_at: datetime
    expires_at: datetime | None = None
    attempts: int = 0
    max_attempts: int
    locked_by: str | None = Field(default=None, max_length=80)
    locked_until: datetime | None = None
    done_at: datetime | None = None
    outcome: str = Field(default="waiting", max_length=10)
    last_error: str | None = Field(default=None, max_length=200)
    provider_tag: bytes | None = None
    created_at: datetime


class MessageLog(SQLModel, table=True):
    """One message that left, ours or another system's; the address only as its keyed tag.

    Read backwards along the key: what went to this number last, and how much in the last day. Without a program it
    is the answer to a keyword. `flags` says what was wrong with it (consent.outbox.message_log.Flag).
    """

    __tablename__ = "message_log"
    __table_args__ = (
        sa.Index(
            "uq_message_log_provider_tag",
            "organization_id",
            "provider_tag",
            unique=True,
            sqlite_where=sa.text("provider_tag IS NOT NULL"),
            postgresql_where=sa.text("provider_tag IS NOT NULL"),
        ),
        sa.Index("ix_message_log_sent", "organization_id", "sent_at", "id"),  # whose time is over, across all numbers
        {"info": {"protection": "no_update"}, "sqlite_with_rowid": False},
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    channel: str = Field(primary_key=True, max_length=8)
    tag64: int = Field(primary_key=True, sa_type=sa.BigInteger)
    sent_at: datetime = Field(primary_key=True)
    id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    program: str | None = Field(default=None, max_length=64)
    message_class: str | None = Field(default=None, max_length=64)
    sender: str = Field(max_length=64)
    decision_id: uuid.UUID | None = Field(default=None, sa_type=Id)
    provider_tag: bytes | None = None
    segments: int | None = None
    flags: int
