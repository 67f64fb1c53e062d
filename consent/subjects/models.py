"""The tables of people and contact points."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from consent.db.types import Id

PERSONAL = {"personal": True}


class ContactPoint(SQLModel, table=True):
    """A channel and an address, found by a keyed tag; its id is also the id of its ledger stream.

    `tag64` is the first 64 bits of `tag` as a signed integer: the key of the decision table.
    """

    __tablename__ = "contact_point"
    __table_args__ = (
        sa.UniqueConstraint("organization_id", "channel", "tag64"),
        sa.CheckConstraint("length(tag) = 32", name="tag_length"),
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    channel: str = Field(max_length=8)
    tag64: int = Field(sa_type=sa.BigInteger)
    tag: bytes
    sealed_address: bytes | None = Field(default=None, sa_column_kwargs={"info": PERSONAL})
    key_version: int
    created_at: datetime


class Person(SQLModel, table=True):
    """A person as the organization's own systems name them."""

    __tablename__ = "person"
    __table_args__ = (
        sa.UniqueConstraint("organization_id", "reference_tag"),
        sa.CheckConstraint("length(reference_tag) = 32", name="reference_tag_length"),
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    reference_tag: bytes
    sealed_reference: bytes | None = Field(default=None, sa_column_kwargs={"info": PERSONAL})
    created_at: datetime
