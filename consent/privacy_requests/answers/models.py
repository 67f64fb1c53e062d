"""The tables of answers: certificates, downloads, corrected values and what would overwrite them."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from consent.db.types import Id

PERSONAL = {"info": {"personal": True}}


class RequestCertificate(SQLModel, table=True):
    """A signed certificate; its id is that of the entry that sealed it.

    `sealed` is the statement, under a key of the organization: it outlives the person's data and holds none of it but
    the masked contact point. `job_id` is the mail that carries it, `mailed_at` when that was written.
    """

    __tablename__ = "request_certificate"
    __table_args__ = (
        sa.Index("ix_request_certificate_request", "organization_id", "request_id"),
        {"info": {"erasure": "stays"}},
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    request_id: uuid.UUID = Field(sa_type=Id)
    contact_point_id: uuid.UUID | None = Field(default=None, sa_type=Id)
    language: str = Field(max_length=8)
    sealed: bytes = Field(sa_column_kwargs=PERSONAL)
    made_at: datetime
    job_id: uuid.UUID | None = Field(default=None, sa_type=Id)
    mailed_at: datetime | None = None


class AnswerFile(SQLModel, table=True):
    """An answer that waits in the data folder, encrypted; its key is sealed under the person's stream.

    `removed_at`: the file is gone, because its time was over or its person was erased.
    """

    __tablename__ = "answer_file"
    __table_args__ = (
        sa.Index("ix_answer_file_request", "organization_id", "request_id"),
        sa.Index("ix_answer_file_expires", "organization_id", "expires_at"),
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    request_id: uuid.UUID = Field(sa_type=Id)
    contact_point_id: uuid.UUID = Field(sa_type=Id)
    sealed_key: bytes | None = Field(default=None, sa_column_kwargs=PERSONAL)
    size: int = Field(sa_type=sa.BigInteger)
    records: int
    made_at: datetime
    expires_at: datetime
    downloads: int
    fetched_at: datetime | None = None
    removed_at: datetime | None = None


class CorrectedValue(SQLModel, table=True):
    """What stands for a field since somebody corrected it; what a source brings does not overwrite it."""

    __tablename__ = "corrected_value"
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    contact_point_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    field: str = Field(primary_key=True, max_length=64)
    request_id: uuid.UUID = Field(sa_type=Id)
    value_tag: bytes
    sealed_value: bytes = Field(sa_column_kwargs=PERSONAL)
    corrected_at: datetime


class CorrectionConflict(SQLModel, table=True):
    """What a source brought against a corrected value; it waits for a person, and changed nothing.

    `settled_as`: `kept` is the corrected value, `taken` what the source brought.
    """

    __tablename__ = "correction_conflict"
    __table_args__ = (
        sa.CheckConstraint("settled_as IS NULL OR settled_as IN ('kept', 'taken')", name="settled_as"),
        sa.Index(
            "uq_correction_conflict_same", "organization_id", "contact_point_id", "field", "value_tag", unique=True
        ),
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    contact_point_id: uuid.UUID = Field(sa_type=Id)
    field: str = Field(max_length=64)
    source: str = Field(max_length=64)
    value_tag: bytes
    sealed_value: bytes = Field(sa_column_kwargs=PERSONAL)
    found_at: datetime
    settled_at: datetime | None = None
    settled_as: str | None = Field(default=None, max_length=5)
    settled_by: uuid.UUID | None = Field(default=None, sa_type=Id)


class CorrectionChange(SQLModel, table=True):
    """One field that a request for correction is about: what stood there and what shall, sealed for its person."""

    __tablename__ = "correction_change"
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    request_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    category: str = Field(primary_key=True, max_length=64)
    field: str = Field(primary_key=True, max_length=64)
    sealed_stood: bytes | None = Field(default=None, sa_column_kwargs=PERSONAL)
    sealed_shall: bytes = Field(sa_column_kwargs=PERSONAL)
