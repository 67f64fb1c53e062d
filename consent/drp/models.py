"""The tables of agents, of their tokens and of what they asked."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from consent.db.types import Id


class DrpAgent(SQLModel, table=True):
    """An agent that may ask here: its key is pinned, and `business_id` is what its directory calls the company.

    `agent_tag` is the SHA-256 of its public name: who signs is known before it is known to whom they write.
    """

    __tablename__ = "drp_agent"
    __table_args__ = (
        sa.CheckConstraint("length(verify_key) = 32", name="verify_key_length"),
        sa.CheckConstraint("length(agent_tag) = 32", name="agent_tag_length"),
        sa.Index("uq_drp_agent_name", "organization_id", "agent_tag", unique=True),
        {"info": {"row_security": "door", "door_column": "agent_tag"}},
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    agent_tag: bytes
    agent_id: str = Field(max_length=64)
    name: str = Field(max_length=100)
    business_id: str = Field(max_length=64)
    verify_key: bytes
    added_at: datetime
    removed_at: datetime | None = None


class DrpToken(SQLModel, table=True):
    """The bearer token of an agent, one at a time: only its SHA-256 is kept.

    `issued_at` is that of the signed message which asked for it: an older one asks for nothing any more.
    """

    __tablename__ = "drp_token"
    __table_args__ = (
        sa.CheckConstraint("length(token_hash) = 32", name="token_hash_length"),
        sa.Index("uq_drp_token_hash", "token_hash", unique=True),
        {"info": {"row_security": "door", "door_column": "token_hash"}},
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    agent_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    token_hash: bytes
    issued_at: datetime
    created_at: datetime


class DrpRequest(SQLModel, table=True):
    """What an agent asked, and the privacy request that came of it, if one did.

    `message_tag` knows the signed message again. `opened`: it opened the privacy request rather than joining one.
    `refused` is the reason where it was denied at the door. `sealed` holds the agent's own number for it and where the
    agent is told of changes; `told` is what it was told last.
    """

    __tablename__ = "drp_request"
    __table_args__ = (
        sa.Index("uq_drp_request_message", "organization_id", "message_tag", unique=True),
        sa.Index("ix_drp_request_privacy_request", "organization_id", "privacy_request_id"),
        sa.Index("ix_drp_request_run", "organization_id", "run_at"),
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    agent_id: uuid.UUID = Field(sa_type=Id)
    message_tag: bytes
    privacy_request_id: uuid.UUID | None = Field(default=None, sa_type=Id)
    opened: bool = False
    exercise: str = Field(max_length=32)
    regime: str = Field(max_length=16)
    received_at: datetime
    refused: str = Field(default="", max_length=24)
    confirmed_at: datetime | None = None
    disowned_at: datetime | None = None
    revoked_at: datetime | None = None
    sealed: bytes
    told: str = Field(default="", max_length=64)
    attempts: int = 0
    run_at: datetime | None = None
    failing_since: datetime | None = None
