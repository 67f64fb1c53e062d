"""The tables of imports: each run, what it wrote, and the rows it did not believe."""

import uuid
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from consent.db.types import Id

PERSONAL = {"personal": True}
COMPACT = {"sqlite_with_rowid": False}


class Stage(StrEnum):
    """How far an import is."""

    WAITING = "waiting"  # uploaded; a job takes it up
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"  # the file could not be read; nothing of it was written
    UNDOING = "undoing"
    UNDONE = "undone"


class ImportRun(SQLModel, table=True):
    """One import: `position` counts the rows done, and moves in the transaction that does them."""

    __tablename__ = "import_run"
    __table_args__ = (
        sa.CheckConstraint("length(file_sha256) = 32", name="file_sha256_length"),
        sa.CheckConstraint("length(mapping_sha256) = 32", name="mapping_sha256_length"),
        sa.CheckConstraint("stage IN ('waiting', 'running', 'finished', 'failed', 'undoing', 'undone')", name="stage"),
        sa.Index("ix_import_run_file", "organization_id", "file_sha256"),
        {"info": {"erasure": "stays"}},  # who of the organization brought it is not about the people in it
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    stage: str = Field(max_length=8)
    uploaded: bool
    file_sha256: bytes
    mapping_sha256: bytes
    mapping: str
    brought_by: str = Field(max_length=100, sa_column_kwargs={"info": PERSONAL})
    wrapped_key: bytes
    rows: int
    position: int
    gives: int
    ends: int
    unchanged: int
    older: int
    refused: int
    quarantined: int
    undo_position: int
    undone: int
    kept: int
    undo_reason: str | None = Field(default=None, max_length=500)
    trouble: str | None = Field(default=None, max_length=500)
    created_at: datetime
    finished_at: datetime | None = None
    undone_at: datetime | None = None


class ImportEntry(SQLModel, table=True):
    """What one row wrote; `row_tag` tells the same words of the same row again, whatever file brings them."""

    __tablename__ = "import_entry"
    __table_args__ = (
        sa.UniqueConstraint("organization_id", "row_tag"),
        sa.CheckConstraint("length(row_tag) = 16", name="row_tag_length"),
        sa.CheckConstraint("outcome IN ('gives', 'ends')", name="outcome"),
        COMPACT,
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    import_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    row_number: int = Field(primary_key=True)
    row_tag: bytes
    outcome: str = Field(max_length=5)
    event_id: uuid.UUID = Field(sa_type=Id)
    contact_point_id: uuid.UUID = Field(sa_type=Id)


class ImportRecord(SQLModel, table=True):
    """The record that one row of an import of records put on the list."""

    __tablename__ = "import_record"
    __table_args__ = (COMPACT,)
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    import_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    row_number: int = Field(primary_key=True)
    record_id: uuid.UUID = Field(sa_type=Id)


class ImportQuarantine(SQLModel, table=True):
    """A row that was not believed: why (no word of the row in it), and the row itself, encrypted.

    `tag64` is that of the row's address, where it has one, so that erasing a person finds what is held here.
    """

    __tablename__ = "import_quarantine"
    __table_args__ = (
        sa.CheckConstraint("outcome IN ('refused', 'quarantined')", name="outcome"),
        COMPACT,
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    import_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    row_number: int = Field(primary_key=True)
    outcome: str = Field(max_length=11)
    code: str = Field(max_length=32)
    reasons: str
    tag64: int | None = Field(default=None, sa_type=sa.BigInteger)
    sealed_row: bytes = Field(sa_column_kwargs={"info": PERSONAL})
