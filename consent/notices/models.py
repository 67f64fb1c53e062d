"""The tables of campaigns, of whom each told, and of the first use under each version; no address stands in them."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from consent.db.types import Id


class NoticeCampaign(SQLModel, table=True):
    """What one version, or one consent that runs out, makes us tell. `about` names it, so that there is one of each.

    `ways` are the chosen ways, `posted` since when those that a person does are done, `purposes` the new ends of data
    and `collected_for` the stated ones it concerns (none: all), `wording` the texts by part and language, as JSON.
    `listed_after` is how far the list of people has come; their list is whole at `listed_at`.
    """

    __tablename__ = "notice_campaign"
    __table_args__ = (
        sa.UniqueConstraint("organization_id", "about"),
        sa.CheckConstraint("kind IN ('version', 'refresh')", name="kind"),
        sa.CheckConstraint("state IN ('listing', 'draft', 'sending', 'done', 'cancelled')", name="state"),
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    kind: str = Field(max_length=8)
    about: str = Field(max_length=160)
    version_id: uuid.UUID | None = Field(default=None, sa_type=Id)
    state: str = Field(max_length=10)
    ways: str
    posted: str
    purposes: str
    collected_for: str
    wording: str
    per_minute: int
    listed_after: uuid.UUID = Field(sa_type=Id)
    created_at: datetime
    listed_at: datetime | None = None
    approved_at: datetime | None = None
    approved_by: uuid.UUID | None = Field(default=None, sa_type=Id)
    finished_at: datetime | None = None


class NoticeRecipient(SQLModel, table=True):
    """One contact point of a campaign: what it gets, or why it is left out; a second row of it cannot be."""

    __tablename__ = "notice_recipient"
    __table_args__ = (
        sa.CheckConstraint(
            "state IN ('listed', 'left_out', 'waiting', 'sent', 'bounced', 'failed', 'withheld')", name="state"
        ),
        sa.CheckConstraint("wording_sha256 IS NULL OR length(wording_sha256) = 32", name="wording_sha256_length"),
        sa.Index("ix_notice_recipient_state", "organization_id", "campaign_id", "state", "contact_point_id"),
        {"sqlite_with_rowid": False},
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    campaign_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    contact_point_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    state: str = Field(max_length=8)
    part: str = Field(max_length=12)
    reason: str = Field(max_length=40)
    promise: str = Field(max_length=40)
    language: str = Field(max_length=8)
    job_id: uuid.UUID | None = Field(default=None, sa_type=Id)
    queued_at: datetime | None = None
    settled_at: datetime | None = None
    wording_sha256: bytes | None = None
    event_id: uuid.UUID | None = Field(default=None, sa_type=Id)


class PolicyFirstUse(SQLModel, table=True):
    """The first time a person used the services under a version; it is no consent to anything."""

    __tablename__ = "policy_first_use"
    __table_args__ = ({"sqlite_with_rowid": False},)
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    person_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    version_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    used_at: datetime
    event_id: uuid.UUID = Field(sa_type=Id)
