"""The tables of codes on their way and of visits that are under way; both are forgotten when they are over."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from consent.db.types import Id

PERSONAL = {"personal": True}


class Challenge(SQLModel, table=True):
    """A code and a link that were asked for; of both only keyed or plain hashes are kept.

    The same row is written whether anybody knows the address or not. Address and network stand here as keyed tags for
    the limits (the network's behind those of the two around it, so that each group is a range of them), the address
    once more encrypted for the visit that may follow.
    """

    __tablename__ = "challenge"
    __table_args__ = (
        sa.UniqueConstraint("organization_id", "link_hash"),
        sa.CheckConstraint("kind IN ('phone', 'email')", name="kind"),
        sa.CheckConstraint("state IN ('open', 'used', 'cancelled')", name="state"),
        sa.CheckConstraint("length(code_mac) = 32", name="code_mac_length"),
        sa.CheckConstraint("length(link_hash) = 32", name="link_hash_length"),
        sa.Index("ix_challenge_browser", "organization_id", "browser_hash", "created_at"),
        sa.Index("ix_challenge_address", "organization_id", "address_tag", "created_at"),
        sa.Index("ix_challenge_network", "organization_id", "network_tag", "created_at"),
        sa.Index("ix_challenge_age", "organization_id", "created_at"),
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    kind: str = Field(max_length=5)
    address_tag: bytes
    network_tag: bytes | None = None
    browser_hash: bytes
    code_mac: bytes
    link_hash: bytes
    sealed_address: bytes = Field(sa_column_kwargs={"info": PERSONAL})
    language: str = Field(max_length=16)
    state: str = Field(max_length=9)
    tries: int
    created_at: datetime
    expires_at: datetime


class Visit(SQLModel, table=True):
    """Somebody who has shown that an address is theirs; the browser holds the sealed id. Ending it deletes the row.

    `tag64` finds the contact point for texts or e-mail, `voice_tag64` the one for calls to the same telephone.
    """

    __tablename__ = "visit"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('phone', 'email')", name="kind"),
        sa.Index("ix_visit_address", "organization_id", "address_tag"),
        sa.Index("ix_visit_age", "organization_id", "proven_at"),
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    kind: str = Field(max_length=5)
    address_tag: bytes
    tag64: int = Field(sa_type=sa.BigInteger)
    voice_tag64: int | None = Field(default=None, sa_type=sa.BigInteger)
    sealed_address: bytes = Field(sa_column_kwargs={"info": PERSONAL})
    language: str = Field(max_length=16)
    person_id: uuid.UUID | None = Field(default=None, sa_type=Id)
    tries: int
    proven_at: datetime


class FormSent(SQLModel, table=True):
    """A form that anybody may send without a code was sent, and from which network; counted, and gone after an hour."""

    __tablename__ = "form_sent"
    __table_args__ = (sa.Index("ix_form_sent_network", "organization_id", "form", "network_tag", "sent_at"),)
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    form: str = Field(max_length=16)
    network_tag: bytes
    sent_at: datetime
