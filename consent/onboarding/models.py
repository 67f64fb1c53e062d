"""The table of customers that were taken on."""

import uuid
from datetime import datetime

from sqlmodel import Field, SQLModel

from consent.db.types import Id

PERSONAL = {"personal": True}


class CustomerTakenOn(SQLModel, table=True):
    """A customer acknowledged, under one version, what it is for its own users' data."""

    __tablename__ = "customer_taken_on"
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    person_id: uuid.UUID = Field(sa_type=Id, primary_key=True, sa_column_kwargs={"info": PERSONAL})
    policy: str = Field(primary_key=True, max_length=64)
    policy_version: str = Field(primary_key=True, max_length=64)
    acknowledged_at: datetime
    entry_id: uuid.UUID = Field(sa_type=Id)
