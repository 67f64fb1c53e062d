"""How far an event and the consents were followed, and what had left when a hold was placed."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0032"
down_revision: str | None = "0031"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

OWN_ROWS = "organization_id = NULLIF(current_setting('app.organization', true), '')::uuid"
ID = sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql")


def upgrade() -> None:
    op.add_column("retention_hold", sa.Column("already_left", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("clock_event", sa.Column("applied_through", ID, nullable=True))
    op.create_index("ix_clock_event_applied", "clock_event", ["organization_id", "applied_through"], unique=False)
    _walk_anew(
        sa.Column("consents_log", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("consents_leaf", sa.BigInteger(), nullable=False, server_default="-1"),
    )


def downgrade() -> None:
    _walk_anew(sa.Column("consents_through", sa.DateTime(timezone=True), nullable=True))
    op.drop_index("ix_clock_event_applied", "clock_event")
    op.drop_column("clock_event", "applied_through")
    op.drop_column("retention_hold", "already_left")


def _walk_anew(*consents: sa.Column[object]) -> None:
    """The table of how far records and consents were looked at, empty: they are looked at once more, to no harm."""
    op.drop_table("retention_walk")
    op.create_table(
        "retention_walk",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("rules", sa.String(16), nullable=False),
        sa.Column("through", ID, nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed", sa.Integer(), nullable=False),
        *consents,
        sa.PrimaryKeyConstraint("organization_id", name=op.f("pk_retention_walk")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON retention_walk TO consent_serving")
        op.execute("ALTER TABLE retention_walk ENABLE ROW LEVEL SECURITY")
        op.execute("ALTER TABLE retention_walk FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY retention_walk_own ON retention_walk USING ({OWN_ROWS}) WITH CHECK ({OWN_ROWS})")
