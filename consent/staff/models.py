"""The tables of staff: accounts and their factors, where they are signed in, what waits for a second person."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from consent.db.types import Id

PERSONAL = {"personal": True}


class StaffAccount(SQLModel, table=True):
    """One person of the staff; name, address and the secret of the app are encrypted, the password is hashed.

    `totp_step` is the last step of 30 seconds whose code was used: no code opens anything twice.
    """

    __tablename__ = "staff_account"
    __table_args__ = (
        sa.UniqueConstraint("organization_id", "email_tag"),
        sa.CheckConstraint("role IN ('viewer', 'clerk', 'privacy_officer', 'admin', 'auditor')", name="role"),
        sa.CheckConstraint("state IN ('invited', 'active', 'disabled')", name="state"),
        sa.CheckConstraint("length(email_tag) = 32", name="email_tag_length"),
        {"info": {"erasure": "stays"}},  # the organization's own people: an account ends by being disabled
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    email_tag: bytes
    sealed_name: bytes = Field(sa_column_kwargs={"info": PERSONAL})
    sealed_email: bytes = Field(sa_column_kwargs={"info": PERSONAL})
    role: str = Field(max_length=16)
    language: str = Field(max_length=16)
    state: str = Field(max_length=8)
    password_hash: str | None = Field(default=None, max_length=200)
    sealed_totp: bytes | None = None
    totp_step: int | None = Field(default=None, sa_type=sa.BigInteger)
    created_at: datetime


class StaffSignIn(SQLModel, table=True):
    """One browser at which somebody is signed in; `factor_at` is when a factor was last shown there (S35).

    `browser` is a short name such as "Firefox, Linux", so that its owner knows it again.
    """

    __tablename__ = "staff_sign_in"
    __table_args__ = (sa.Index("ix_staff_sign_in_account", "organization_id", "account_id", "began_at"),)
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    account_id: uuid.UUID = Field(sa_type=Id)
    began_at: datetime
    factor_at: datetime
    browser: str = Field(max_length=60)
    how: str = Field(max_length=8)


class StaffPasskey(SQLModel, table=True):
    """A passkey of an account: its public half and the count it last told (WebAuthn level 3)."""

    __tablename__ = "staff_passkey"
    __table_args__ = (sa.UniqueConstraint("organization_id", "credential_id"),)
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    account_id: uuid.UUID = Field(sa_type=Id)
    credential_id: bytes
    public_key: bytes
    sign_count: int = Field(sa_type=sa.BigInteger)
    name: str = Field(max_length=60)
    created_at: datetime
    used_at: datetime | None = None


class StaffRecoveryCode(SQLModel, table=True):
    """One of the codes for the day the telephone is lost: hashed, and gone once used."""

    __tablename__ = "staff_recovery_code"
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    account_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    number: int = Field(primary_key=True)
    code_hash: str = Field(max_length=200)


class StaffInvitation(SQLModel, table=True):
    """A link by which an account gets its password and factors; only its SHA-256 is kept, and it works once."""

    __tablename__ = "staff_invitation"
    __table_args__ = (sa.CheckConstraint("length(link_hash) = 32", name="link_hash_length"),)
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    account_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    link_hash: bytes
    expires_at: datetime


class StaffAttempt(SQLModel, table=True):
    """A try to sign in that did not succeed (yet), by keyed tags of the account that was named and of the network."""

    __tablename__ = "staff_attempt"
    __table_args__ = (
        sa.Index("ix_staff_attempt_account", "organization_id", "account_tag", "tried_at"),
        sa.Index("ix_staff_attempt_network", "organization_id", "network_tag", "tried_at"),
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    account_tag: bytes
    network_tag: bytes
    tried_at: datetime


class StaffApproval(SQLModel, table=True):
    """An act that one person proposed and a second one has to allow.

    `facts` is what both saw, in JSON, without anything personal. `ripe_at`: from when it counts although nobody else
    has looked, in a house whose only member has asked for that; until then it can be taken back.
    """

    __tablename__ = "staff_approval"
    __table_args__ = (
        sa.CheckConstraint("state IN ('waiting', 'given', 'declined')", name="state"),
        sa.CheckConstraint("decided_by IS NULL OR decided_by <> proposed_by", name="two_persons"),
        sa.Index("ix_staff_approval_subject", "organization_id", "what", "subject"),
        sa.Index("ix_staff_approval_waiting", "organization_id", "state", "proposed_at"),
    )
    organization_id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    id: uuid.UUID = Field(sa_type=Id, primary_key=True)
    what: str = Field(max_length=64)
    subject: uuid.UUID = Field(sa_type=Id)
    facts: str
    proposed_by: uuid.UUID = Field(sa_type=Id)
    proposed_at: datetime
    expires_at: datetime
    state: str = Field(max_length=8)
    decided_by: uuid.UUID | None = Field(default=None, sa_type=Id)
    decided_at: datetime | None = None
    ripe_at: datetime | None = None
