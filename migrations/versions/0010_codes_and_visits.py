"""Codes on their way to an address, and the visits they open."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ID = sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql")
TABLES = ("challenge", "visit")
OWN_ROWS = "organization_id = NULLIF(current_setting('app.organization', true), '')::uuid"


def upgrade() -> None:
    op.create_table(
        "challenge",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(5), nullable=False),
        sa.Column("address_tag", sa.LargeBinary(), nullable=False),
        sa.Column("network_tag", sa.LargeBinary(), nullable=True),
        sa.Column("browser_hash", sa.LargeBinary(), nullable=False),
        sa.Column("code_mac", sa.LargeBinary(), nullable=False),
        sa.Column("link_hash", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_address", sa.LargeBinary(), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("state", sa.String(9), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('phone', 'email')", name=op.f("ck_challenge_kind")),
        sa.CheckConstraint("state IN ('open', 'used', 'cancelled')", name=op.f("ck_challenge_state")),
        sa.CheckConstraint("length(code_mac) = 32", name=op.f("ck_challenge_code_mac_length")),
        sa.CheckConstraint("length(link_hash) = 32", name=op.f("ck_challenge_link_hash_length")),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_challenge")),
        sa.UniqueConstraint("organization_id", "link_hash", name=op.f("uq_challenge_organization_id_link_hash")),
    )
    for index, column in (("browser", "browser_hash"), ("address", "address_tag"), ("network", "network_tag")):
        op.create_index(f"ix_challenge_{index}", "challenge", ["organization_id", column, "created_at"], unique=False)
    op.create_index("ix_challenge_age", "challenge", ["organization_id", "created_at"], unique=False)
    op.create_table(
        "visit",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(5), nullable=False),
        sa.Column("address_tag", sa.LargeBinary(), nullable=False),
        sa.Column("tag64", sa.BigInteger(), nullable=False),
        sa.Column("voice_tag64", sa.BigInteger(), nullable=True),
        sa.Column("sealed_address", sa.LargeBinary(), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("proven_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('phone', 'email')", name=op.f("ck_visit_kind")),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_visit")),
    )
    op.create_index("ix_visit_address", "visit", ["organization_id", "address_tag"], unique=False)
    op.create_index("ix_visit_age", "visit", ["organization_id", "proven_at"], unique=False)
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in TABLES:
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO consent_serving")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY {table}_own ON {table} USING ({OWN_ROWS}) WITH CHECK ({OWN_ROWS})")


def downgrade() -> None:
    for table in ("visit", "challenge"):
        op.drop_table(table)
