"""The table of presses on the unsubscribe of a mail."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from consent.db.types import Id


class Unsubscription(SQLModel, table=True):
    """One press that ended something; its id is that of its ledger entry.

    By `mail_tag` and `network_tag`, keyed and gone after a day, bursts are counted without keeping an address.
    `noticed_at` is when it was seen to be part of one, `why` by which of the two, `undone_at` when the person took it
    back.
    """

    __tablename__ = "unsubscription"
    __table_args__ = (
        sa.CheckConstraint("how IN ('one-click', 'form')", name="how"),
        sa.CheckConstraint("why IN ('', 'one-mail', 'one-network')", name="why"),
        sa.Index("ix_unsubscription_happened", "organization_id", "happened_at"),
        sa.Index("ix_unsubscription_contact", "organization_id", "contact_point_id"),
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    contact_point_id: uuid.UUID = Field(sa_type=Id)
    happened_at: datetime
    how: str = Field(max_length=9)
    programs: str
    mail_tag: bytes | None = None
    network_tag: bytes | None = None
    noticed_at: datetime | None = None
    why: str = Field(default="", max_length=11, sa_column_kwargs={"server_default": ""})
    people: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    undone_at: datetime | None = None
