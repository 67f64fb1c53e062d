"""Agents of the Data Rights Protocol, their tokens, and what they asked."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0020"
down_revision: str | None = "0019"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ID = sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql")
WHEN = sa.DateTime(timezone=True)
OWN_ROWS = "organization_id = NULLIF(current_setting('app.organization', true), '')::uuid"
SHOWN = "decode(NULLIF(current_setting('app.door', true), ''), 'hex')"
DOORS = {"drp_agent": "agent_tag", "drp_token": "token_hash"}


def upgrade() -> None:
    op.create_table(
        "drp_agent",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("agent_tag", sa.LargeBinary(), nullable=False),
        sa.Column("agent_id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("business_id", sa.String(64), nullable=False),
        sa.Column("verify_key", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", WHEN, nullable=False),
        sa.Column("removed_at", WHEN, nullable=True),
        sa.CheckConstraint("length(verify_key) = 32", name=op.f("ck_drp_agent_verify_key_length")),
        sa.CheckConstraint("length(agent_tag) = 32", name=op.f("ck_drp_agent_agent_tag_length")),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_drp_agent")),
    )
    op.create_index("uq_drp_agent_name", "drp_agent", ["organization_id", "agent_tag"], unique=True)
    op.create_table(
        "drp_token",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("agent_id", ID, nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("issued_at", WHEN, nullable=False),
        sa.Column("created_at", WHEN, nullable=False),
        sa.CheckConstraint("length(token_hash) = 32", name=op.f("ck_drp_token_token_hash_length")),
        sa.PrimaryKeyConstraint("organization_id", "agent_id", name=op.f("pk_drp_token")),
    )
    op.create_index("uq_drp_token_hash", "drp_token", ["token_hash"], unique=True)
    op.create_table(
        "drp_request",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("agent_id", ID, nullable=False),
        sa.Column("message_tag", sa.LargeBinary(), nullable=False),
        sa.Column("privacy_request_id", ID, nullable=True),
        sa.Column("opened", sa.Boolean(), nullable=False),
        sa.Column("exercise", sa.String(32), nullable=False),
        sa.Column("regime", sa.String(16), nullable=False),
        sa.Column("received_at", WHEN, nullable=False),
        sa.Column("refused", sa.String(24), nullable=False),
        sa.Column("confirmed_at", WHEN, nullable=True),
        sa.Column("disowned_at", WHEN, nullable=True),
        sa.Column("revoked_at", WHEN, nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("told", sa.String(64), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("run_at", WHEN, nullable=True),
        sa.Column("failing_since", WHEN, nullable=True),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_drp_request")),
    )
    op.create_index("uq_drp_request_message", "drp_request", ["organization_id", "message_tag"], unique=True)
    op.create_index("ix_drp_request_privacy_request", "drp_request", ["organization_id", "privacy_request_id"])
    op.create_index("ix_drp_request_run", "drp_request", ["organization_id", "run_at"])
    if op.get_bind().dialect.name == "postgresql":
        for table in (*DOORS, "drp_request"):
            op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO consent_serving")
            op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
            op.execute(f"CREATE POLICY {table}_own ON {table} USING ({OWN_ROWS}) WITH CHECK ({OWN_ROWS})")
        for table, column in DOORS.items():
            op.execute(f"CREATE POLICY {table}_door ON {table} FOR SELECT USING ({column} = {SHOWN})")


def downgrade() -> None:
    for table in ("drp_request", "drp_token", "drp_agent"):
        op.drop_table(table)
