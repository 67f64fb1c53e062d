"""What is held anywhere, the clocks that run on it, what keeps it longer, and what became of it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0025"
down_revision: str | None = "0024"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ID = sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql")
OWN_ROWS = "organization_id = NULLIF(current_setting('app.organization', true), '')::uuid"
TABLES = ("held_record", "clock_event", "retention_hold", "disposal_batch", "retention_miss", "retention_walk")


def upgrade() -> None:
    op.create_table(
        "held_record",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("category", sa.String(64), nullable=False),
        sa.Column("store", sa.String(64), nullable=False),
        sa.Column("reference", sa.String(200), nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("role", sa.String(64), nullable=True),
        sa.Column("place", sa.String(16), nullable=True),
        sa.Column("site", sa.String(100), nullable=True),
        sa.Column("use", sa.String(64), nullable=True),
        sa.Column("collected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("purpose", sa.String(200), nullable=False),
        sa.Column("source", sa.String(64), nullable=True),
        sa.Column("events", sa.String(2000), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("dispose_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("method", sa.String(32), nullable=True),
        sa.Column("because", sa.String(200), nullable=False),
        sa.Column("policy_version", sa.String(64), nullable=False),
        sa.Column("rules", sa.String(16), nullable=False),
        sa.Column("batch_id", ID, nullable=True),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('running', 'waiting', 'unlimited', 'unsettled', 'kept-by-law', 'going', 'isolated')",
            name=op.f("ck_held_record_state"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_held_record")),
        sa.UniqueConstraint(
            "organization_id",
            "store",
            "category",
            "reference",
            name=op.f("uq_held_record_organization_id_store_category_reference"),
        ),
        info={"erasure": "stays"},
    )
    op.create_index("ix_held_record_due", "held_record", ["organization_id", "dispose_on", "id"], unique=False)
    op.create_index("ix_held_record_person", "held_record", ["organization_id", "person_id"], unique=False)
    op.create_table(
        "clock_event",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("event", sa.String(64), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("site", sa.String(100), nullable=True),
        sa.Column("entry_id", ID, nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_clock_event")),
    )
    op.create_index("ix_clock_event_person", "clock_event", ["organization_id", "person_id"], unique=False)
    op.create_table(
        "retention_hold",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("ground", sa.String(64), nullable=False),
        sa.Column("record_id", ID, nullable=True),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("query", sa.String(1000), nullable=True),
        sa.Column("reason", sa.String(500), nullable=True),
        sa.Column("owner", sa.String(100), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("renewals", sa.String(4000), nullable=False),
        sa.Column("reached", sa.Integer(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("applied_through", ID, nullable=True),
        sa.Column("entry_id", ID, nullable=False),
        sa.CheckConstraint("kind IN ('legal', 'request', 'incident')", name=op.f("ck_retention_hold_kind")),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_retention_hold")),
        info={"erasure": "stays"},
    )
    op.create_index("ix_retention_hold_open", "retention_hold", ["organization_id", "released_at"], unique=False)
    op.create_table(
        "disposal_batch",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("store", sa.String(64), nullable=False),
        sa.Column("category", sa.String(64), nullable=False),
        sa.Column("method", sa.String(32), nullable=False),
        sa.Column("because", sa.String(200), nullable=False),
        sa.Column("policy_version", sa.String(64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("records", sa.LargeBinary(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("backups_gone_by", sa.Date(), nullable=True),
        sa.Column("state", sa.String(7), nullable=False),
        sa.Column("token", sa.String(500), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_error", sa.String(64), nullable=False),
        sa.Column("locked_by", sa.String(80), nullable=True),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("receipt", sa.String(4000), nullable=True),
        sa.Column("first_tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'sent', 'by_hand', 'done')", name=op.f("ck_disposal_batch_state")),
        sa.CheckConstraint("length(digest) = 32", name=op.f("ck_disposal_batch_digest_length")),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_disposal_batch")),
    )
    op.create_index("ix_disposal_batch_done", "disposal_batch", ["organization_id", "done_at"], unique=False)
    op.create_index("ix_disposal_batch_due", "disposal_batch", ["organization_id", "state", "run_at"], unique=False)
    op.create_table(
        "retention_miss",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("store", sa.String(64), nullable=False),
        sa.Column("category", sa.String(64), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("because", sa.String(200), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("left", sa.Integer(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("entry_id", ID, nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_retention_miss")),
        sa.UniqueConstraint(
            "organization_id",
            "store",
            "category",
            "due_on",
            name=op.f("uq_retention_miss_organization_id_store_category_due_on"),
        ),
    )
    op.create_index("ix_retention_miss_open", "retention_miss", ["organization_id", "closed_at"], unique=False)
    op.create_table(
        "retention_walk",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("rules", sa.String(16), nullable=False),
        sa.Column("through", ID, nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("consents_through", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("organization_id", name=op.f("pk_retention_walk")),
    )
    if op.get_bind().dialect.name == "postgresql":
        for table in TABLES:
            op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO consent_serving")
            op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
            op.execute(f"CREATE POLICY {table}_own ON {table} USING ({OWN_ROWS}) WITH CHECK ({OWN_ROWS})")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
