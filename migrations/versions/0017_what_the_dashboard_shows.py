"""Figures counted by day, who watches a contact point, and what finds the newest of texts, reports and suppressions."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ID = sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql")
OWN_ROWS = "organization_id = NULLIF(current_setting('app.organization', true), '')::uuid"
TABLES = ("daily_figure", "watched_contact")
SUPPRESSED = "state = 'withdrawn' AND program IN ('*', '*do-not-call', '*holder', '*reach', '*review')"


def upgrade() -> None:
    op.create_table(
        "daily_figure",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("figure", sa.String(16), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("part", sa.String(80), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count > 0", name=op.f("ck_daily_figure_count")),
        sa.PrimaryKeyConstraint("organization_id", "figure", "day", "part", name=op.f("pk_daily_figure")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "watched_contact",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("contact", sa.String(300), nullable=False),
        sa.Column("watched_by", ID, nullable=False),
        sa.Column("every_days", sa.Integer(), nullable=False),
        sa.Column("watched_since", sa.Date(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_by", ID, nullable=True),
        sa.Column("entry_id", ID, nullable=False),
        sa.CheckConstraint("every_days BETWEEN 1 AND 366", name=op.f("ck_watched_contact_every_days")),
        sa.PrimaryKeyConstraint("organization_id", "contact", name=op.f("pk_watched_contact")),
    )
    op.create_index("ix_inbound_seen", "inbound", ["organization_id", "account_id", "first_seen_at"], unique=False)
    op.create_index(
        "ix_delivery_status_reported",
        "delivery_status",
        ["organization_id", "account_id", "reported_at", "status"],
        unique=False,
    )
    op.create_index(
        "ix_preference_suppressed",
        "preference",
        ["organization_id", "program", "occurred_at", "contact_point_id"],
        unique=False,
        sqlite_where=sa.text(SUPPRESSED),
        postgresql_where=sa.text(SUPPRESSED),
    )
    if op.get_bind().dialect.name == "postgresql":
        for table in TABLES:
            op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO consent_serving")
            op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
            op.execute(f"CREATE POLICY {table}_own ON {table} USING ({OWN_ROWS}) WITH CHECK ({OWN_ROWS})")


def downgrade() -> None:
    op.drop_index("ix_preference_suppressed", table_name="preference")
    op.drop_index("ix_delivery_status_reported", table_name="delivery_status")
    op.drop_index("ix_inbound_seen", table_name="inbound")
    for table in reversed(TABLES):
        op.drop_table(table)
