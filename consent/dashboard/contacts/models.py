"""Who watches the contact points and the measures that an organization names, and when they were last looked at."""

import uuid
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from consent.db.types import Id


class WatchedContact(SQLModel, table=True):
    """A contact point of the company itself, or a measure that it promises, as `kind:value`: both are published words.

    `every_days` is how often somebody has to look there, as the organization's officer has set it.
    """

    __tablename__ = "watched_contact"
    __table_args__ = (sa.CheckConstraint("every_days BETWEEN 1 AND 366", name="every_days"),)
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    contact: str = Field(max_length=300, primary_key=True)
    watched_by: uuid.UUID = Field(sa_type=Id)
    every_days: int
    watched_since: date
    checked_at: datetime | None = None
    checked_by: uuid.UUID | None = Field(default=None, sa_type=Id)
    entry_id: uuid.UUID = Field(sa_type=Id)
