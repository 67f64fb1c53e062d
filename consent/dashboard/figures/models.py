"""How much of what happened on each day: derived from the ledger and the decisions, so that no page reads them all."""

import uuid
from datetime import date

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from consent.db.types import Id


class DailyFigure(SQLModel, table=True):
    """So many of one part of a figure on one day (UTC)."""

    __tablename__ = "daily_figure"
    __table_args__ = (sa.CheckConstraint("count > 0", name="count"), {"sqlite_with_rowid": False})
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    figure: str = Field(max_length=16, primary_key=True)
    day: date = Field(primary_key=True)
    part: str = Field(max_length=80, primary_key=True)
    count: int
