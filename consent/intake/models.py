"""The table of mails that came in."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from consent.db.types import Id


class InboundMail(SQLModel, table=True):
    """A mail as it was taken: what it was read as, what came of it, and whether somebody still has to read it.

    `message_tag` knows a mail that is handed in again. `request_id` is the request that it opened or joined; `asks` the
    wish it was read for. `sealed` holds subject, text and what was left out, under the key of its stream.
    """

    __tablename__ = "inbound_mail"
    __table_args__ = (
        sa.CheckConstraint(
            "verdict IN ('request', 'unsubscribe', 'complaint', 'unknown', 'automatic')", name="verdict"
        ),
        sa.CheckConstraint("state IN ('waiting', 'done')", name="state"),
        sa.Index("uq_inbound_mail_message", "organization_id", "message_tag", unique=True),
        sa.Index("ix_inbound_mail_state", "organization_id", "state", "received_at", "id"),
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    message_tag: bytes
    contact_point_id: uuid.UUID | None = Field(default=None, sa_type=Id)
    entry_id: uuid.UUID = Field(sa_type=Id)
    verdict: str = Field(max_length=11)
    asks: str = Field(default="", max_length=32)
    request_id: uuid.UUID | None = Field(default=None, sa_type=Id)
    received_at: datetime
    arrived_at: datetime
    sealed: bytes | None = Field(default=None, sa_column_kwargs={"info": {"personal": True}})
    language: str = Field(default="", max_length=5)
    state: str = Field(max_length=7)
    settled_at: datetime | None = None
    settled_as: str = Field(default="", max_length=16)
    settled_by: uuid.UUID | None = Field(default=None, sa_type=Id)
