"""The table of privacy requests."""

import uuid
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from consent.db.types import Id
from consent.privacy_requests.rules import UNDER_WAY


class PrivacyRequest(SQLModel, table=True):
    """What a person asks about their data, at most one of a type under way for a contact point.

    `source_event_id` is the entry of the message it came with. `steps` is the arithmetic of the due date, in JSON.
    `reference` is what the person is told to ask by. `verified_at` is when they showed that the address is theirs;
    `acted_at` when what can be done at once was done; `joined_on` the last day on which somebody who had shown it added
    words. `sealed_words` is what they wrote, under the key of their stream.

    `version` counts its changes: a form that shows an older one is refused. `answer_by` is the day that binds:
    `due_on`, or `extended_due_on` once an extension was told, moved by pauses that the law has. `pauses` are those that
    ended, in JSON. `routed_to` decides first, until `fallback_on`. `representative`: in what quality somebody asks for
    another. `about_request_id` is the request an appeal or complaint is about. `recheck_on` is the first day on which
    something deferred is looked at again. `escalated` is the last stage of which people were told by mail.
    `reduced_at`: all that remains is what proves the answer. `reopened_at`: since when its dates count anew.
    """

    __tablename__ = "privacy_request"
    __table_args__ = (
        sa.CheckConstraint(
            "state IN ('open', 'in_progress', 'approved', 'fulfilled', 'denied', 'revoked', 'expired')", name="state"
        ),
        sa.Index(
            "uq_privacy_request_under_way",
            "organization_id",
            "contact_point_id",
            "request_type",
            unique=True,
            sqlite_where=sa.text(UNDER_WAY),
            postgresql_where=sa.text(UNDER_WAY),
        ),
        sa.Index("uq_privacy_request_reference", "organization_id", "reference", unique=True),
        sa.Index("ix_privacy_request_contact", "organization_id", "contact_point_id"),
        sa.Index(
            "ix_privacy_request_queue",
            "organization_id",
            "answer_by",
            "id",
            sqlite_where=sa.text(UNDER_WAY),
            postgresql_where=sa.text(UNDER_WAY),
        ),
        sa.Index(
            "ix_privacy_request_approved",
            "organization_id",
            "id",
            sqlite_where=sa.text("state = 'approved'"),
            postgresql_where=sa.text("state = 'approved'"),
        ),
        sa.Index("ix_privacy_request_closed", "organization_id", "closed_at"),
        sa.Index("ix_privacy_request_recheck", "organization_id", "recheck_on"),
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    request_type: str = Field(max_length=32)
    state: str = Field(max_length=11)
    how: str = Field(max_length=16)
    contact_point_id: uuid.UUID = Field(sa_type=Id)
    entry_id: uuid.UUID = Field(sa_type=Id)
    source_event_id: uuid.UUID | None = Field(default=None, sa_type=Id)
    received_at: datetime
    due_on: date | None = None
    binding: str = Field(max_length=64)
    steps: str
    place: str | None = Field(default=None, max_length=16)
    role: str | None = Field(default=None, max_length=64)
    ground: str | None = Field(default=None, max_length=64)
    reference: str | None = Field(default=None, max_length=16)
    verified_at: datetime | None = None
    acted_at: datetime | None = None
    sealed_words: bytes | None = Field(default=None, sa_column_kwargs={"info": {"personal": True}})
    joined_on: date | None = None
    version: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    language: str | None = Field(default=None, max_length=2)
    answer_by: date | None = None
    acknowledge_by: date | None = None
    acknowledged_at: datetime | None = None
    extended_due_on: date | None = None
    extended_at: datetime | None = None
    sealed_extension: bytes | None = Field(default=None, sa_column_kwargs={"info": {"personal": True}})
    paused_since: date | None = None
    pauses: str = Field(default="[]", sa_column_kwargs={"server_default": "[]"})
    assigned_to: uuid.UUID | None = Field(default=None, sa_type=Id)
    routed_to: str | None = Field(default=None, max_length=64)
    fallback_on: date | None = None
    representative: str | None = Field(default=None, max_length=24)
    sealed_representative: bytes | None = Field(default=None, sa_column_kwargs={"info": {"personal": True}})
    about_request_id: uuid.UUID | None = Field(default=None, sa_type=Id)
    decided_at: datetime | None = None
    decided_by: uuid.UUID | None = Field(default=None, sa_type=Id)
    approved_at: datetime | None = None
    approved_by: uuid.UUID | None = Field(default=None, sa_type=Id)
    begun_at: datetime | None = None
    closed_at: datetime | None = None
    denied_ground: str | None = Field(default=None, max_length=64)
    recheck_on: date | None = None
    escalated: str = Field(default="", max_length=16, sa_column_kwargs={"server_default": ""})
    reduced_at: datetime | None = None
    reopened_at: datetime | None = None


class RequestOutcome(SQLModel, table=True):
    """What becomes of one class of data in one request.

    `ground` is why it is not simply done, one of the closed list of that promise or law, which `source` names.
    `sealed_words` is what the person is told besides. `recheck_on` is when something deferred is looked at again, and
    `recheck` what it waits for. `keep_until` is the last day on which it is kept, `backup_until` when the last backup
    that holds it is gone. `state`: decided, waiting (deferred) or done.
    """

    __tablename__ = "request_outcome"
    __table_args__ = (
        sa.CheckConstraint("outcome IN ('do', 'refuse', 'defer', 'keep', 'anonymize', 'isolate')", name="outcome"),
        sa.CheckConstraint("state IN ('decided', 'done', 'waiting')", name="state"),
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    request_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    category: str = Field(max_length=64, primary_key=True)
    outcome: str = Field(max_length=9)
    ground: str | None = Field(default=None, max_length=64)
    source: str | None = Field(default=None, max_length=64)
    sealed_words: bytes | None = Field(default=None, sa_column_kwargs={"info": {"personal": True}})
    recheck_on: date | None = None
    recheck: str | None = Field(default=None, max_length=64)
    keep_until: date | None = None
    backup_until: date | None = None
    state: str = Field(max_length=8)
    decided_by: uuid.UUID | None = Field(default=None, sa_type=Id)
    decided_at: datetime
    done_at: datetime | None = None


class RequestStep(SQLModel, table=True):
    """One step of a request: what was done, when, by whom, and the entry that proves it. No row ever changes."""

    __tablename__ = "request_step"
    __table_args__ = ({"info": {"protection": "no_update"}},)
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    request_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    number: int = Field(primary_key=True)
    kind: str = Field(max_length=32)
    at: datetime
    by_member: uuid.UUID | None = Field(default=None, sa_type=Id)
    entry_id: uuid.UUID | None = Field(default=None, sa_type=Id)
    facts: str


class RequestIdentity(SQLModel, table=True):
    """Evidence of who asks, sealed, for the check alone: no row outlives it."""

    __tablename__ = "request_identity"
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    request_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    kind: str = Field(max_length=32)
    media_type: str = Field(max_length=64)
    sealed_content: bytes = Field(sa_column_kwargs={"info": {"personal": True}})
    entered_by: uuid.UUID | None = Field(default=None, sa_type=Id)
    entered_at: datetime
