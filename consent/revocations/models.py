"""The tables of revocations and of who has confirmed the block."""

import uuid
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from consent.db.types import Id

OPEN = "state = 'open'"


class Revocation(SQLModel, table=True):
    """A no that arrived, or something a no by text left for a person to do (`everything`, `wrong-number`).

    Whose it is, what was written and who entered it are facts of its ledger entry. `steps` is the arithmetic of the
    due date, a list of sentences in JSON.
    """

    __tablename__ = "revocation"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('revocation', 'everything', 'wrong-number')", name="kind"),
        sa.CheckConstraint("state IN ('open', 'closed')", name="state"),
        sa.UniqueConstraint("organization_id", "content_tag"),
        sa.Index(
            "ix_revocation_open",
            "organization_id",
            "due_on",
            sqlite_where=sa.text(OPEN),
            postgresql_where=sa.text(OPEN),
        ),
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    kind: str = Field(max_length=12)
    how: str = Field(max_length=16)
    contact_point_id: uuid.UUID = Field(sa_type=Id)
    entry_id: uuid.UUID = Field(sa_type=Id)
    content_tag: bytes
    channels: str = Field(max_length=100)
    programs: str
    received_at: datetime
    entered_at: datetime
    due_on: date | None = None
    steps: str
    state: str = Field(max_length=6)
    closed_at: datetime | None = None


class RevocationSender(SQLModel, table=True):
    """One who could still send and has to confirm the block; `how` says by whose word it is confirmed."""

    __tablename__ = "revocation_sender"
    __table_args__ = (sa.CheckConstraint("state IN ('waiting', 'confirmed')", name="state"),)
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    revocation_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    sender: str = Field(primary_key=True, max_length=100)
    name: str = Field(max_length=200)
    state: str = Field(max_length=9)
    how: str = Field(max_length=8)
    confirmed_at: datetime | None = None
    entry_id: uuid.UUID | None = Field(default=None, sa_type=Id)
