"""What was published: the versions of each policy, and organization.toml each time it was applied."""

import uuid
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from consent.db.types import Id


class Status(StrEnum):
    """The life of a version, in its order."""

    DRAFT = "draft"
    ANNOUNCED = "announced"
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"


class PolicyVersion(SQLModel, table=True):
    """One published version: the exact wording and commitments, and from when it binds."""

    __tablename__ = "policy_version"
    __table_args__ = (
        sa.UniqueConstraint("organization_id", "policy", "version"),
        sa.CheckConstraint("length(text_sha256) = 32", name="text_sha256_length"),
        sa.CheckConstraint("length(commitments_sha256) = 32", name="commitments_sha256_length"),
        sa.CheckConstraint("status IN ('draft', 'announced', 'in_force', 'superseded')", name="status"),
        sa.Index("ix_policy_version_effective", "organization_id", "policy", "effective_at"),
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    policy: str = Field(max_length=64)
    version: str = Field(max_length=64)
    title: str = Field(max_length=200)
    text: str
    commitments_toml: str
    text_sha256: bytes
    commitments_sha256: bytes
    status: str = Field(max_length=16)
    announced_at: datetime
    effective_at: datetime
    superseded_at: datetime | None = None
    stream_id: uuid.UUID = Field(sa_type=Id)
    event_id: uuid.UUID = Field(sa_type=Id)
    # An announced version that another one replaced before its day: it never binds, and this entry says so.
    withdrawn_event_id: uuid.UUID | None = Field(default=None, sa_type=Id)
    # The entry that says from when it binds, where the notice of it went out later than its day allowed.
    postponed_event_id: uuid.UUID | None = Field(default=None, sa_type=Id)


class PolicyTranslation(SQLModel, table=True):
    """The wording of a version in another language, as it was published with it."""

    __tablename__ = "policy_translation"
    __table_args__ = (
        sa.CheckConstraint("length(text_sha256) = 32", name="text_sha256_length"),
        {"info": {"protection": "append_only"}},
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    version_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    language: str = Field(max_length=8, primary_key=True)
    text: str
    text_sha256: bytes


class OrganizationSettings(SQLModel, table=True):
    """organization.toml as it was applied; the newest before an instant is the one that counted then."""

    __tablename__ = "organization_settings"
    __table_args__ = (
        sa.CheckConstraint("length(sha256) = 32", name="sha256_length"),
        sa.Index("ix_organization_settings_applied", "organization_id", "applied_at"),
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    toml: str
    sha256: bytes
    applied_at: datetime
    stream_id: uuid.UUID = Field(sa_type=Id)
    event_id: uuid.UUID = Field(sa_type=Id)
