"""The table of disclosures."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from consent.db.types import Id

MADE, REFUSED, MADE_ANYWAY = "made", "refused", "made-anyway"


class Disclosure(SQLModel, table=True):
    """Data that went to a recipient, or that was asked about and held back; `people` counts those it is about.

    `made-anyway` is what had gone already when it was reported, and should not have gone. `told` is the answer in JSON:
    reasons, and the fields to be left out. Free words (a reason, an order of a court) are facts of the ledger entry.
    """

    __tablename__ = "disclosure"
    __table_args__ = (
        sa.CheckConstraint("state IN ('made', 'refused', 'made-anyway')", name="state"),
        sa.UniqueConstraint("organization_id", "content_tag"),
        sa.Index("ix_disclosure_of_contact", "organization_id", "contact_point_id", "id"),
        sa.Index("ix_disclosure_of_person", "organization_id", "person_id", "id"),
        sa.Index("ix_disclosure_to", "organization_id", "recipient", "id"),
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    occurred_at: datetime
    recipient: str = Field(max_length=64)
    purpose: str = Field(max_length=64)
    categories: str
    fields: str
    state: str = Field(max_length=11)
    people: int
    contact_point_id: uuid.UUID | None = Field(default=None, sa_type=Id)
    person_id: uuid.UUID | None = Field(default=None, sa_type=Id)
    entry_id: uuid.UUID = Field(sa_type=Id)
    content_tag: bytes | None = None
    told: str
