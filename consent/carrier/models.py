"""The tables of carrier mode: the registers, notices that went as letters, and what was told of changed accounts."""

import uuid
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from consent.db.types import Id


class CarrierMatter(SQLModel, table=True):
    """One entry of a register; every word in it is in `sealed`. The id is also that of its stream.

    `about` is the id, or the year of a certificate, so that a year has one. `version` counts the changes. A failure of
    the way to say no has the days from which and until which it did not work; the second is empty while it lasts, and
    both are in entries from before they were asked for.
    """

    __tablename__ = "carrier_matter"
    __table_args__ = (
        sa.UniqueConstraint("organization_id", "about"),
        sa.CheckConstraint(
            "kind IN ('failure', 'campaign', 'training', 'complaint', 'broker', 'certificate')", name="kind"
        ),
        sa.CheckConstraint("state IN ('open', 'closed')", name="state"),
        sa.Index("ix_carrier_matter_state", "organization_id", "state", "due_on"),
        sa.Index(
            "ix_carrier_matter_failure",
            "organization_id",
            sqlite_where=sa.text("kind = 'failure'"),
            postgresql_where=sa.text("kind = 'failure'"),
        ),
        {"info": {"erasure": "stays"}},  # the register is kept by law; whom a complaint is of does not stand in it
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    kind: str = Field(max_length=11)
    about: str = Field(max_length=40)
    state: str = Field(max_length=6)
    happened_on: date
    due_on: date | None = None
    sealed: bytes = Field(sa_column_kwargs={"info": {"personal": True}})
    entered_at: datetime
    closed_on: date | None = None
    version: int = 1
    broken_from: date | None = None
    works_again_on: date | None = None


class CarrierLetter(SQLModel, table=True):
    """An opt-out notice that went to one contact point's people by letter, on that day; `event_id` is its entry."""

    __tablename__ = "carrier_letter"
    __table_args__ = ({"sqlite_with_rowid": False},)
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    contact_point_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    sent_on: date = Field(primary_key=True)
    event_id: uuid.UUID = Field(sa_type=Id)


class CarrierChange(SQLModel, table=True):
    """An account was changed and its customer told, at the address as it was before; `told` says how."""

    __tablename__ = "carrier_change"
    __table_args__ = (
        sa.CheckConstraint("told IN ('sms', 'voice', 'email', 'post')", name="told"),
        sa.Index("ix_carrier_change_recorded_at", "organization_id", "recorded_at", "id"),
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    contact_point_id: uuid.UUID = Field(sa_type=Id)
    what: str = Field(max_length=32)
    told: str = Field(max_length=5)
    changed_at: datetime
    recorded_at: datetime
    job_id: uuid.UUID | None = Field(default=None, sa_type=Id)
    event_id: uuid.UUID = Field(sa_type=Id)
