"""What was entered for a person and waits for a second member, with the file that proves it."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from consent.db.types import Id

PERSONAL = {"personal": True}


class ConsentProposal(SQLModel, table=True):
    """A consent as somebody entered it; draft and file lie under the key of the contact point, and go with it.

    `entry_id` is the ledger entry once a second member looked. Draft and file are emptied then, and when nobody wants
    it any more: the file of what was recorded lies with the consent.
    """

    __tablename__ = "consent_proposal"
    __table_args__ = (sa.Index("ix_consent_proposal_contact", "organization_id", "contact_point_id"),)
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    contact_point_id: uuid.UUID = Field(sa_type=Id)
    program: str = Field(max_length=64)
    method: str = Field(max_length=64)
    proposed_by: uuid.UUID = Field(sa_type=Id)
    proposed_at: datetime
    sealed_draft: bytes | None = Field(default=None, sa_column_kwargs={"info": PERSONAL})
    media_type: str = Field(max_length=100)
    sealed_file: bytes | None = Field(default=None, sa_column_kwargs={"info": PERSONAL})
    entry_id: uuid.UUID | None = Field(default=None, sa_type=Id)
