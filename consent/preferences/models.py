"""The table of what holds now, and the wordings that were shown."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from consent.db.types import Id

EVERY_PROGRAM = "*"  # the row that holds what a STOP did to the number itself
NOBODY = uuid.UUID(int=0)  # a consent that names no person


class Preference(SQLModel, table=True):
    """What holds for one contact point, program and person; read as one range of the primary key.

    The row of program `*` says since when the number is stopped (`withdrawn`) or no longer (`given`).
    `stopped` on another row: it was given and a STOP withdrew it, so START may renew it. Rows of `*holder`, `*reach`,
    `*queried` and `*do-not-call` say what became of the number (see `numbers`), and `detail` how it was said. A row of
    `*review` is a text that waits for somebody to read it; until then nothing goes that could have been refused.
    """

    __tablename__ = "preference"
    __table_args__ = (
        sa.CheckConstraint("state IN ('given', 'refused', 'withdrawn', 'expired')", name="state"),
        {"sqlite_with_rowid": False},
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    channel: str = Field(primary_key=True, max_length=8)
    tag64: int = Field(primary_key=True, sa_type=sa.BigInteger)
    program: str = Field(primary_key=True, max_length=64)
    person_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    state: str = Field(max_length=10)
    occurred_at: datetime
    event_id: uuid.UUID = Field(sa_type=Id)
    contact_point_id: uuid.UUID = Field(sa_type=Id)
    policy: str = Field(max_length=64)
    policy_version: str = Field(max_length=32)
    sender: str = Field(max_length=64)
    stopped: bool
    detail: str = Field(default="", max_length=32, sa_column_kwargs={"server_default": ""})


class Wording(SQLModel, table=True):
    """A text that was shown or sent when somebody agreed, by its SHA-256."""

    __tablename__ = "wording"
    __table_args__ = (
        sa.CheckConstraint("length(sha256) = 32", name="sha256_length"),
        {"info": {"protection": "append_only"}},
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    sha256: bytes = Field(primary_key=True)
    language: str = Field(primary_key=True, max_length=16)
    text: str
    first_seen_at: datetime


class Proof(SQLModel, table=True):
    """A file that proves a consent, encrypted with the key of the person's stream; its hash stands in `event_id`.

    The content comes last: a list of files never reads it.
    """

    __tablename__ = "proof"
    __table_args__ = (
        sa.UniqueConstraint("organization_id", "consent_id", "content_tag"),
        sa.CheckConstraint("length(content_tag) = 16", name="content_tag_length"),
        sa.CheckConstraint("size > 0", name="size"),
        sa.Index("ix_proof_stream", "organization_id", "stream_id"),
        {"info": {"protection": "no_update"}},
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    consent_id: uuid.UUID = Field(sa_type=Id)
    stream_id: uuid.UUID = Field(sa_type=Id)
    event_id: uuid.UUID = Field(sa_type=Id)
    media_type: str = Field(max_length=32)
    size: int
    content_tag: bytes
    key_version: int
    created_at: datetime
    content: bytes = Field(sa_column_kwargs={"info": {"personal": True}})
