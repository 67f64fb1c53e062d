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
