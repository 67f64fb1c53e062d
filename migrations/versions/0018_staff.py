"""Accounts of staff, their factors, where they are signed in, and what waits for a second person."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ID = sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql")
OWN_ROWS = "organization_id = NULLIF(current_setting('app.organization', true), '')::uuid"
TABLES = (
    "staff_account",
    "staff_sign_in",
    "staff_passkey",
    "staff_recovery_code",
    "staff_invitation",
    "staff_attempt",
    "staff_approval",
)


def upgrade() -> None:
    _accounts()
    _factors()
    op.create_table(
        "staff_sign_in",
        _id("organization_id"),
        _id("id"),
        _id("account_id"),
        _at("began_at"),
        _at("factor_at"),
        sa.Column("browser", sa.String(60), nullable=False),
        sa.Column("how", sa.String(8), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_staff_sign_in")),
    )
    op.create_index(
        "ix_staff_sign_in_account", "staff_sign_in", ["organization_id", "account_id", "began_at"], unique=False
    )
    op.create_table(
        "staff_attempt",
        _id("organization_id"),
        _id("id"),
        sa.Column("account_tag", sa.LargeBinary(), nullable=False),
        sa.Column("network_tag", sa.LargeBinary(), nullable=False),
        _at("tried_at"),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_staff_attempt")),
    )
    for name in ("account", "network"):
        columns = ["organization_id", f"{name}_tag", "tried_at"]
        op.create_index(f"ix_staff_attempt_{name}", "staff_attempt", columns, unique=False)
    _approvals()
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in TABLES:
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO consent_serving")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY {table}_own ON {table} USING ({OWN_ROWS}) WITH CHECK ({OWN_ROWS})")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _accounts() -> None:
    roles = "'viewer', 'clerk', 'privacy_officer', 'admin', 'auditor'"
    op.create_table(
        "staff_account",
        _id("organization_id"),
        _id("id"),
        sa.Column("email_tag", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_name", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_email", sa.LargeBinary(), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=True),
        sa.Column("sealed_totp", sa.LargeBinary(), nullable=True),
        sa.Column("totp_step", sa.BigInteger(), nullable=True),
        _at("created_at"),
        sa.CheckConstraint(f"role IN ({roles})", name=op.f("ck_staff_account_role")),
        sa.CheckConstraint("state IN ('invited', 'active', 'disabled')", name=op.f("ck_staff_account_state")),
        sa.CheckConstraint("length(email_tag) = 32", name=op.f("ck_staff_account_email_tag_length")),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_staff_account")),
        sa.UniqueConstraint("organization_id", "email_tag", name=op.f("uq_staff_account_organization_id_email_tag")),
    )


def _factors() -> None:
    op.create_table(
        "staff_passkey",
        _id("organization_id"),
        _id("id"),
        _id("account_id"),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        _at("created_at"),
        _at("used_at", nullable=True),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_staff_passkey")),
        sa.UniqueConstraint(
            "organization_id", "credential_id", name=op.f("uq_staff_passkey_organization_id_credential_id")
        ),
    )
    op.create_table(
        "staff_recovery_code",
        _id("organization_id"),
        _id("account_id"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "account_id", "number", name=op.f("pk_staff_recovery_code")),
    )
    op.create_table(
        "staff_invitation",
        _id("organization_id"),
        _id("account_id"),
        sa.Column("link_hash", sa.LargeBinary(), nullable=False),
        _at("expires_at"),
        sa.CheckConstraint("length(link_hash) = 32", name=op.f("ck_staff_invitation_link_hash_length")),
        sa.PrimaryKeyConstraint("organization_id", "account_id", name=op.f("pk_staff_invitation")),
    )


def _approvals() -> None:
    op.create_table(
        "staff_approval",
        _id("organization_id"),
        _id("id"),
        sa.Column("what", sa.String(64), nullable=False),
        _id("subject"),
        sa.Column("facts", sa.String(), nullable=False),
        _id("proposed_by"),
        _at("proposed_at"),
        _at("expires_at"),
        sa.Column("state", sa.String(8), nullable=False),
        _id("decided_by", nullable=True),
        _at("decided_at", nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'given', 'declined')", name=op.f("ck_staff_approval_state")),
        sa.CheckConstraint(
            "decided_by IS NULL OR decided_by <> proposed_by", name=op.f("ck_staff_approval_two_persons")
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_staff_approval")),
    )
    op.create_index("ix_staff_approval_subject", "staff_approval", ["organization_id", "what", "subject"], unique=False)
    op.create_index(
        "ix_staff_approval_waiting", "staff_approval", ["organization_id", "state", "proposed_at"], unique=False
    )


def _id(name: str, *, nullable: bool = False) -> sa.Column[bytes]:
    return sa.Column(name, ID, nullable=nullable)


def _at(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)
