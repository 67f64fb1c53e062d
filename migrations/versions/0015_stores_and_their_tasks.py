"""Stores that hold data about people, and what decided requests ask of them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ID = sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql")
OWN_ROWS = "organization_id = NULLIF(current_setting('app.organization', true), '')::uuid"
AT_THE_DOOR = "endpoint_hash = decode(NULLIF(current_setting('app.door', true), ''), 'hex')"


def upgrade() -> None:
    op.create_table(
        "data_store",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("endpoint_hash", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_settings", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(endpoint_hash) = 32", name=op.f("ck_data_store_endpoint_hash_length")),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_data_store")),
        sa.UniqueConstraint("organization_id", "name", name=op.f("uq_data_store_organization_id_name")),
        sa.UniqueConstraint("endpoint_hash", name=op.f("uq_data_store_endpoint_hash")),
    )
    op.create_table(
        "request_task",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("request_id", ID, nullable=False),
        sa.Column("store", sa.String(64), nullable=False),
        sa.Column("category", sa.String(64), nullable=False),
        sa.Column("action", sa.String(8), nullable=False),
        sa.Column("state", sa.String(9), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("token", sa.String(500), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(64), nullable=False),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("locked_by", sa.String(80), nullable=True),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("receipt", sa.String(4000), nullable=True),
        sa.Column("sealed_changes", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("action IN ('erase', 'correct', 'isolate')", name=op.f("ck_request_task_action")),
        sa.CheckConstraint(
            "state IN ('waiting', 'sent', 'by_hand', 'last', 'done', 'cancelled')", name=op.f("ck_request_task_state")
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_request_task")),
        sa.UniqueConstraint(
            "organization_id",
            "request_id",
            "store",
            "category",
            "action",
            name=op.f("uq_request_task_organization_id_request_id_store_category_action"),
        ),
    )
    op.create_index("ix_request_task_due", "request_task", ["organization_id", "state", "run_at"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        for table in ("data_store", "request_task"):
            op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO consent_serving")
            op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
            op.execute(f"CREATE POLICY {table}_own ON {table} USING ({OWN_ROWS}) WITH CHECK ({OWN_ROWS})")
        op.execute(f"CREATE POLICY data_store_door ON data_store FOR SELECT USING ({AT_THE_DOOR})")


def downgrade() -> None:
    op.drop_table("request_task")
    op.drop_table("data_store")
