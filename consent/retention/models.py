"""The tables of what is held, of the clocks that run on it, and of what became of it."""

import uuid
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from consent.db.types import Id

PERSONAL = {"personal": True}
STATES = ("running", "waiting", "unlimited", "unsettled", "kept-by-law", "going", "isolated")


class HeldRecord(SQLModel, table=True):
    """One thing that a store holds; what it says lies there, never here.

    `place` is where the rules of a place are looked up: of a building it is the building's. `site` is the building or
    service it belongs to. `events` are the instants from which its clocks count, in JSON; it was `collected_at` in any
    case. `dispose_on` is the day on which it shall go, `due_on` the last day on which it lawfully may, `because` the
    promises and laws that say so, under `policy_version`; `rules` is the beginning of that rulebook's hash. One that is
    `going` stands in the batch `batch_id`; one that is `isolated` is kept apart until it goes for good.
    """

    __tablename__ = "held_record"
    __table_args__ = (
        sa.UniqueConstraint("organization_id", "store", "category", "reference"),
        sa.CheckConstraint(
            "state IN ('running', 'waiting', 'unlimited', 'unsettled', 'kept-by-law', 'going', 'isolated')",
            name="state",
        ),
        sa.Index("ix_held_record_due", "organization_id", "dispose_on", "id"),
        sa.Index("ix_held_record_person", "organization_id", "person_id"),
        {"info": {"erasure": "stays"}},  # what is lawfully kept of somebody who was erased must go in its time, too
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    category: str = Field(max_length=64)
    store: str = Field(max_length=64)
    reference: str = Field(max_length=200)
    person_id: uuid.UUID | None = Field(default=None, sa_type=Id, sa_column_kwargs={"info": PERSONAL})
    role: str | None = Field(default=None, max_length=64)
    place: str | None = Field(default=None, max_length=16)
    site: str | None = Field(default=None, max_length=100)
    use: str | None = Field(default=None, max_length=64)
    collected_at: datetime
    purpose: str = Field(max_length=200)
    source: str | None = Field(default=None, max_length=64)
    events: str = Field(default="{}", max_length=2000)
    state: str = Field(max_length=12)
    dispose_on: date | None = None
    due_on: date | None = None
    method: str | None = Field(default=None, max_length=32)
    because: str = Field(default="", max_length=200)
    policy_version: str = Field(max_length=64)
    rules: str = Field(max_length=16)
    batch_id: uuid.UUID | None = Field(default=None, sa_type=Id)
    registered_at: datetime


class ClockEvent(SQLModel, table=True):
    """Something happened to a person from which limits count, in all that is held of them now or later.

    `site`: at this building or with this service alone; T-31, who leaves one building has not left another.
    `applied_through` is how far the person's records were looked at since; None once all were.
    """

    __tablename__ = "clock_event"
    __table_args__ = (
        sa.Index("ix_clock_event_person", "organization_id", "person_id"),
        sa.Index("ix_clock_event_applied", "organization_id", "applied_through"),
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    event: str = Field(max_length=64)
    happened_at: datetime
    person_id: uuid.UUID = Field(sa_type=Id, sa_column_kwargs={"info": PERSONAL})
    site: str | None = Field(default=None, max_length=100)
    entry_id: uuid.UUID = Field(sa_type=Id)
    entered_at: datetime
    applied_through: uuid.UUID | None = Field(default=None, sa_type=Id)


class RetentionHold(SQLModel, table=True):
    """A ground on which records stay: one record, all of a person, or those that a query finds (JSON in `query`).

    `renewals` are days with their written reasons, in JSON. `applied_through` is how far the records it reaches were
    looked at again since it was placed, renewed or released; None once all were. Of the `reached` records,
    `already_left` were with a store that disposes of them when the hold was placed.
    """

    __tablename__ = "retention_hold"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('legal', 'request', 'incident')", name="kind"),
        sa.Index("ix_retention_hold_open", "organization_id", "released_at"),
        {"info": {"erasure": "stays"}},  # what a law keeps stays kept
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    kind: str = Field(max_length=8)
    ground: str = Field(max_length=64)
    record_id: uuid.UUID | None = Field(default=None, sa_type=Id)
    person_id: uuid.UUID | None = Field(default=None, sa_type=Id, sa_column_kwargs={"info": PERSONAL})
    query: str | None = Field(default=None, max_length=1000)
    reason: str | None = Field(default=None, max_length=500, sa_column_kwargs={"info": PERSONAL})
    owner: str | None = Field(default=None, max_length=100, sa_column_kwargs={"info": PERSONAL})
    since: datetime
    until: date | None = None
    renewals: str = Field(default="[]", max_length=4000)
    reached: int = 0
    released_at: datetime | None = None
    applied_through: uuid.UUID | None = Field(default=None, sa_type=Id)
    entry_id: uuid.UUID = Field(sa_type=Id)
    already_left: int = Field(default=0, sa_column_kwargs={"server_default": "0"})


class DisposalBatch(SQLModel, table=True):
    """Records of one class that one store is asked to dispose of at once; its id is the task's at every try.

    `records` are their ids, sixteen bytes each, until it is done; `digest` is the SHA-256 of ids and references
    and stays. `because` are the promises and laws behind it, `backups_gone_by` counts from the day on which they went.
    `receipt` is JSON without anything personal.
    """

    __tablename__ = "disposal_batch"
    __table_args__ = (
        sa.CheckConstraint("state IN ('waiting', 'sent', 'by_hand', 'done')", name="state"),
        sa.CheckConstraint("length(digest) = 32", name="digest_length"),
        sa.Index("ix_disposal_batch_due", "organization_id", "state", "run_at"),
        sa.Index("ix_disposal_batch_done", "organization_id", "done_at"),
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    store: str = Field(max_length=64)
    category: str = Field(max_length=64)
    method: str = Field(max_length=32)
    because: str = Field(max_length=200)
    policy_version: str = Field(max_length=64)
    count: int
    digest: bytes
    records: bytes
    due_on: date
    backups_gone_by: date | None = None
    state: str = Field(max_length=7)
    token: str = Field(default="", max_length=500)
    attempts: int = 0
    run_at: datetime
    last_error: str = Field(default="", max_length=64)
    locked_by: str | None = Field(default=None, max_length=80)
    locked_until: datetime | None = None
    receipt: str | None = Field(default=None, max_length=4000)
    first_tried_at: datetime | None = None
    created_at: datetime
    done_at: datetime | None = None


class RetentionMiss(SQLModel, table=True):
    """Records of one class in one store that were still there after their last lawful day: an incident to be handled.

    `left` is how many of them are still there; `closed_at` is when none was left.
    """

    __tablename__ = "retention_miss"
    __table_args__ = (
        sa.UniqueConstraint("organization_id", "store", "category", "due_on"),
        sa.Index("ix_retention_miss_open", "organization_id", "closed_at"),
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    store: str = Field(max_length=64)
    category: str = Field(max_length=64)
    due_on: date
    because: str = Field(max_length=200)
    count: int
    left: int
    found_at: datetime
    closed_at: datetime | None = None
    entry_id: uuid.UUID = Field(sa_type=Id)


class RetentionWalk(SQLModel, table=True):
    """How far the records were looked at again under the rulebook whose hash begins with `rules`.

    `consents_log` and `consents_leaf` are the last place in the ledger up to which consents were followed.
    No text of a message is left in an entry up to `texts_through`. `delivery_batch` is the last disposal with which
    something went of what was sent when to whom (consent.retention.deliveries).
    """

    __tablename__ = "retention_walk"
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    rules: str = Field(max_length=16)
    through: uuid.UUID = Field(sa_type=Id)
    finished_at: datetime | None = None
    changed: int = 0
    consents_log: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    consents_leaf: int = Field(default=-1, sa_type=sa.BigInteger, sa_column_kwargs={"server_default": "-1"})
    texts_through: uuid.UUID | None = Field(default=None, sa_type=Id)
    delivery_batch: uuid.UUID | None = Field(default=None, sa_type=Id)
