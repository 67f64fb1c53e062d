"""The tables of received texts and of what became of sent ones."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from consent.db.types import Id


class Inbound(SQLModel, table=True):
    """A text that arrived, by keyed tags of its gateway id and content, so that a repeat is known for ever.

    `review` is `open` while a person has to read it.
    """

    __tablename__ = "inbound"
    __table_args__ = (
        sa.CheckConstraint("review IN ('none', 'open', 'done')", name="review"),
        sa.Index(
            "ix_inbound_review",
            "organization_id",
            "first_seen_at",
            sqlite_where=sa.text("review = 'open'"),
            postgresql_where=sa.text("review = 'open'"),
        ),
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    account_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    message_tag: bytes = Field(primary_key=True)
    payload_tag: bytes
    outcome: str = Field(max_length=16)
    review: str = Field(max_length=4)
    event_id: uuid.UUID = Field(sa_type=Id)
    contact_point_id: uuid.UUID = Field(sa_type=Id)
    reply: str = Field(max_length=16)
    first_seen_at: datetime


class InboundConflict(SQLModel, table=True):
    """A second payload under a gateway id that had another one: kept for a person, never applied silently."""

    __tablename__ = "inbound_conflict"
    __table_args__ = ({"info": {"protection": "no_update"}},)
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    account_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    message_tag: bytes = Field(primary_key=True)
    payload_tag: bytes = Field(primary_key=True)
    event_id: uuid.UUID = Field(sa_type=Id)
    seen_at: datetime


class GatewayProgress(SQLModel, table=True):
    """How far the lists of one gateway account were read, when they are read next, and when it last brought a text."""

    __tablename__ = "gateway_progress"
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    account_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    next_at: datetime
    listed_until: datetime | None = None
    opt_outs_until: datetime | None = None
    found: int = Field(default=0)
    error: str = Field(default="", max_length=64)
    heard_at: datetime | None = None  # to the minute


class DeliveryStatus(SQLModel, table=True):
    """What a gateway reported about a text we sent: one row per message and status."""

    __tablename__ = "delivery_status"
    __table_args__ = (
        sa.Index("ix_delivery_status_reported", "organization_id", "account_id", "reported_at", "status"),
        {"info": {"protection": "no_update"}},
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    account_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    message_tag: bytes = Field(primary_key=True)
    status: str = Field(primary_key=True, max_length=32)
    error_code: str = Field(max_length=16)
    reported_at: datetime


class SmsReview(SQLModel, table=True):
    """Somebody has read a text and said what it meant; who and why are facts of the entry."""

    __tablename__ = "sms_review"
    __table_args__ = (
        sa.CheckConstraint("outcome IN ('stop', 'other', 'help')", name="outcome"),
        {"info": {"protection": "no_update"}},
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    event_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    entry_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    outcome: str = Field(max_length=8)
    decided_at: datetime
