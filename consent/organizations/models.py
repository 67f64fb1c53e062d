"""The tables of tenants, API keys and gateway accounts."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from consent.db.types import Id


class Organization(SQLModel, table=True):
    """A company that runs its policies here. Its name and slug are public."""

    __tablename__ = "organization"
    __table_args__ = ({"info": {"row_security": "public_read"}},)
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    slug: str = Field(unique=True, max_length=64)
    name: str = Field(max_length=200)
    zone: str = Field(max_length=64)
    created_at: datetime


class ApiKey(SQLModel, table=True):
    """A bearer key of one organization: only its SHA-256 is kept, so it is shown once."""

    __tablename__ = "api_key"
    __table_args__ = (
        sa.CheckConstraint("length(key_hash) = 32", name="key_hash_length"),
        {"info": {"row_security": "door", "door_column": "key_hash"}},
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    key_hash: bytes = Field(unique=True)
    hint: str = Field(max_length=16)
    name: str = Field(max_length=100)
    scopes: str = Field(max_length=1000)
    created_at: datetime
    revoked_at: datetime | None = None


class GatewayAccount(SQLModel, table=True):
    """One account at a text gateway: where its webhooks arrive and how it sends. Secrets are encrypted."""

    __tablename__ = "gateway_account"
    __table_args__ = (
        sa.CheckConstraint("length(endpoint_hash) = 32", name="endpoint_hash_length"),
        {"info": {"row_security": "door", "door_column": "endpoint_hash"}},
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    endpoint_hash: bytes = Field(unique=True)
    gateway: str = Field(max_length=32)
    can_send: bool
    name: str = Field(max_length=100)
    sealed_settings: bytes
    created_at: datetime
    closed_at: datetime | None = None
