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
