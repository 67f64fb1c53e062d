"""The tables of the ledger: what happened, sealed; bookkeeping beside it is marked as such."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from consent.db.types import Id

COMPACT = {"sqlite_with_rowid": False}  # small rows that are read by key: one B-tree instead of two
APPEND_ONLY = {"protection": "append_only"}  # no UPDATE, no DELETE: refused by grants and by triggers


class LedgerLog(SQLModel, table=True):
    """One Merkle log of an organization; `log_id` is its epoch, counted from 1."""

    __tablename__ = "ledger_log"
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    log_id: int = Field(primary_key=True)
    origin: str = Field(unique=True, max_length=255)
    opened_at: datetime
    closed_at: datetime | None = None


class LedgerEvent(SQLModel, table=True):
    """One event: its body exactly as hashed.

    No index of hashes: nothing is looked up by one, and two entries of one hash would have one body and so one id.
    """

    __tablename__ = "ledger_event"
    __table_args__ = (
        sa.UniqueConstraint("organization_id", "log_id", "stream_id", "stream_seq"),
        sa.CheckConstraint("length(body) BETWEEN 2 AND 8192", name="body_length"),
        sa.CheckConstraint("length(leaf_hash) = 32", name="leaf_hash_length"),
        sa.CheckConstraint("stream_seq >= 1", name="stream_seq"),
        {"info": APPEND_ONLY},
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    event_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    log_id: int
    stream_id: uuid.UUID = Field(sa_type=Id)
    stream_seq: int
    body: bytes
    leaf_hash: bytes
    recorded_at: datetime


class LedgerDisclosure(SQLModel, table=True):
    """The personal facts of an event, encrypted: the only ledger rows that erasure may delete.

    `name` is the group: `facts`, or `message` for a text that must be disposable alone.
    """

    __tablename__ = "ledger_disclosure"
    __table_args__ = ({**COMPACT, "info": {"protection": "no_update"}},)
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    event_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    name: str = Field(primary_key=True, max_length=16)
    ciphertext: bytes
    key_version: int


class LedgerPending(SQLModel, table=True):
    """Committed events that wait to be sealed, in the order of their time-ordered ids: a work queue, no evidence."""

    __tablename__ = "ledger_pending"
    __table_args__ = (COMPACT,)
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    log_id: int = Field(primary_key=True)
    event_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    enqueued_at: datetime


class LedgerLeaf(SQLModel, table=True):
    """An event's place in its log."""

    __tablename__ = "ledger_leaf"
    __table_args__ = (
        sa.UniqueConstraint("organization_id", "event_id"),
        sa.CheckConstraint("length(leaf_hash) = 32", name="leaf_hash_length"),
        {**COMPACT, "info": APPEND_ONLY},
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    log_id: int = Field(primary_key=True)
    leaf_index: int = Field(primary_key=True, sa_type=sa.BigInteger)
    event_id: uuid.UUID = Field(sa_type=Id)
    leaf_hash: bytes
    sealed_at: datetime


class LedgerTile(SQLModel, table=True):
    """256 neighbouring hashes of one level, and their root."""

    __tablename__ = "ledger_tile"
    __table_args__ = (
        sa.CheckConstraint("length(root_hash) = 32", name="root_hash_length"),
        sa.CheckConstraint("length(hashes) = 8192", name="hashes_length"),
        {"info": APPEND_ONLY},
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    log_id: int = Field(primary_key=True)
    level: int = Field(primary_key=True)
    tile_index: int = Field(primary_key=True, sa_type=sa.BigInteger)
    root_hash: bytes
    hashes: bytes


class LedgerCheckpoint(SQLModel, table=True):
    """The root of the log at a size."""

    __tablename__ = "ledger_checkpoint"
    __table_args__ = (
        sa.CheckConstraint("length(root_hash) = 32", name="root_hash_length"),
        {**COMPACT, "info": APPEND_ONLY},
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    log_id: int = Field(primary_key=True)
    tree_size: int = Field(primary_key=True, sa_type=sa.BigInteger)
    root_hash: bytes
    created_at: datetime


class LedgerCheckpointSig(SQLModel, table=True):
    """A checkpoint as signed note (C2SP tlog-checkpoint), whole."""

    __tablename__ = "ledger_checkpoint_sig"
    __table_args__ = ({"info": APPEND_ONLY},)
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    log_id: int = Field(primary_key=True)
    tree_size: int = Field(primary_key=True, sa_type=sa.BigInteger)
    key_id: str = Field(primary_key=True, max_length=64)
    note: str


class LedgerAnchor(SQLModel, table=True):
    """What somebody outside said about a checkpoint: a time stamp, a witness, a mail sent."""

    __tablename__ = "ledger_anchor"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('rfc3161', 'ots', 'witness', 'mail')", name="kind"),
        {"info": APPEND_ONLY},
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    log_id: int = Field(primary_key=True)
    tree_size: int = Field(primary_key=True, sa_type=sa.BigInteger)
    kind: str = Field(primary_key=True, max_length=16)
    obtained_at: datetime = Field(primary_key=True)
    data: bytes


class StreamHead(SQLModel, table=True):
    """Where a stream ends; `last_occurred_at` is the newest time a person acted in it."""

    __tablename__ = "stream_head"
    __table_args__ = (COMPACT,)
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    stream_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    log_id: int
    seq: int
    leaf_hash: bytes
    last_occurred_at: datetime


class StreamKey(SQLModel, table=True):
    """The stream's data key, wrapped; NULL once destroyed."""

    __tablename__ = "stream_key"
    __table_args__ = (COMPACT,)
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    stream_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    key_version: int
    wrapped_key: bytes | None = None
    destroyed_at: datetime | None = None


class ErasureJournal(SQLModel, table=True):
    """Which streams were erased for which case: re-applied after a restore."""

    __tablename__ = "erasure_journal"
    __table_args__ = ({"info": APPEND_ONLY},)
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    stream_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    case_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    done_at: datetime
