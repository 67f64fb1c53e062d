"""The tables of copies of do-not-call registries; a listed number is there as its keyed tag only."""

import uuid
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from consent.db.types import Id


class CopyState(StrEnum):
    """Where a copy stands; the numbers of one that is being loaded count at once, its date only when it is whole."""

    LOADING = "loading"
    COMPLETE = "complete"
    REPLACED = "replaced"


class DoNotCallCopy(SQLModel, table=True):
    """A copy of a public registry as it was on a day."""

    __tablename__ = "do_not_call_copy"
    __table_args__ = (
        sa.CheckConstraint("state IN ('loading', 'complete', 'replaced')", name="state"),
        {"sqlite_with_rowid": False},
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    list_name: str = Field(max_length=64)
    copied_on: date
    state: str = Field(max_length=8)
    listed: int
    started_at: datetime
    event_id: uuid.UUID | None = Field(default=None, sa_type=Id)


class DoNotCallListing(SQLModel, table=True):
    """One number on one copy, by the tag under which a contact point of that channel is found."""

    __tablename__ = "do_not_call_listing"
    # A public registry's word, not ours: erasing a person must not make their number callable.
    __table_args__ = ({"sqlite_with_rowid": False, "info": {"erasure": "stays"}},)
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    channel: str = Field(primary_key=True, max_length=8)
    tag64: int = Field(primary_key=True, sa_type=sa.BigInteger)
