"""How often each commitment left evidence, by the day, and how far the counting has come."""

import uuid
from datetime import date

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from consent.db.types import Id


class EvidenceCount(SQLModel, table=True):
    """So many pieces of evidence of one code rest on this commitment, of one day (UTC). Derived from what is stored."""

    __tablename__ = "evidence_count"
    __table_args__ = (sa.CheckConstraint("count > 0", name="count"), {"sqlite_with_rowid": False})
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    commitment: str = Field(max_length=16, primary_key=True)
    day: date = Field(primary_key=True)
    code: str = Field(max_length=16, primary_key=True)
    count: int


class EvidenceCursor(SQLModel, table=True):
    """Up to where a source was counted: `after` is the last counted key, as its bytes."""

    __tablename__ = "evidence_cursor"
    __table_args__ = ({"sqlite_with_rowid": False},)
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    source: str = Field(max_length=16, primary_key=True)
    log_id: int = Field(primary_key=True)
    after: bytes
