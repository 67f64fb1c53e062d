"""The tables of incidents, of the people and missed limits they are about, and of what was done for each duty."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from consent.db.types import Id


class Incident(SQLModel, table=True):
    """An incident as it stands: `facts` are times, places and answers in JSON; `sealed` holds every word in it.

    The id is also that of its stream. `version` counts the changes, so that two people do not write over each other.
    """

    __tablename__ = "incident"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('breach', 'demand', 'childs-data', 'kept-late')", name="kind"),
        sa.CheckConstraint("state IN ('open', 'closed')", name="state"),
        sa.Index("ix_incident_state", "organization_id", "state", "detected_at", "id"),
        {"info": {"erasure": "stays"}},  # the record of a breach is kept by law, and names nobody: the list does
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    kind: str = Field(max_length=11)
    state: str = Field(max_length=6)
    detected_at: datetime
    facts: str
    sealed: bytes = Field(sa_column_kwargs={"info": {"personal": True}})
    telling: bool = False
    opened_at: datetime
    closed_at: datetime | None = None
    version: int = 1


class IncidentPerson(SQLModel, table=True):
    """Somebody whose data it is about; `told` is empty until they were told, and then says how.

    `job_id` is the letter that waits for them, or has left, or failed; `letter_sha256` names its words.
    """

    __tablename__ = "incident_person"
    __table_args__ = (
        sa.CheckConstraint("told IN ('', 'mail', 'post', 'phone-call', 'in-person')", name="told"),
        sa.Index("ix_incident_person_told", "organization_id", "incident_id", "told", "contact_point_id"),
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    incident_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    contact_point_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    channel: str = Field(max_length=8)
    added_at: datetime
    told: str = Field(default="", max_length=10)
    told_at: datetime | None = None
    entry_id: uuid.UUID | None = Field(default=None, sa_type=Id)
    job_id: uuid.UUID | None = Field(default=None, sa_type=Id)
    letter_sha256: bytes | None = None


class IncidentFormer(SQLModel, table=True):
    """Somebody whose data it is and who had this address, which is somebody else's by now: told another way, not there.

    `told` is empty until they were told and then says how, or that nobody could find them.
    """

    __tablename__ = "incident_former"
    __table_args__ = (
        sa.CheckConstraint("told IN ('', 'post', 'phone-call', 'in-person', 'not-found')", name="told"),
        sa.Index("ix_incident_former_told", "organization_id", "incident_id", "told", "contact_point_id"),
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    incident_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    contact_point_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    channel: str = Field(max_length=8)
    added_at: datetime
    told: str = Field(default="", max_length=10)
    told_at: datetime | None = None
    entry_id: uuid.UUID | None = Field(default=None, sa_type=Id)


class IncidentMiss(SQLModel, table=True):
    """A limit that was missed (retention_miss), and the file about it; missed again later, it has another file."""

    __tablename__ = "incident_miss"
    __table_args__ = (sa.Index("ix_incident_miss_incident", "organization_id", "incident_id"),)
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    miss_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    incident_id: uuid.UUID = Field(sa_type=Id, primary_key=True)


class IncidentDuty(SQLModel, table=True):
    """What was done for one duty; the words about it are facts of the entry."""

    __tablename__ = "incident_duty"
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    incident_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    duty: str = Field(primary_key=True, max_length=120)
    done_at: datetime
    entry_id: uuid.UUID = Field(sa_type=Id)
