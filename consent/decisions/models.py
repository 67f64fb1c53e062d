"""The table of decisions."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from consent.db.types import Id


class Decision(SQLModel, table=True):
    """One answer of the gate with everything it rested on; the address only as its keyed tag."""

    __tablename__ = "decision"
    __table_args__ = (
        sa.CheckConstraint("answer IN ('allow', 'deny')", name="answer"),
        {"info": {"protection": "no_update"}},
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    asked_at: datetime
    about_at: datetime
    program: str = Field(max_length=64)
    message_class: str = Field(max_length=64)
    channel: str = Field(max_length=8)
    tag64: int = Field(sa_type=sa.BigInteger)
    person_id: uuid.UUID = Field(sa_type=Id)
    answer: str = Field(max_length=5)
    rulebook: bytes
    explained: str  # JSON: the answer as it was given, and the facts it rested on
