"""What became of a number beside its preferences, and copies of do-not-call registries."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ID = sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql")
OWN_ROWS = "organization_id = NULLIF(current_setting('app.organization', true), '')::uuid"
LISTS = ("do_not_call_copy", "do_not_call_listing")


def upgrade() -> None:
    op.add_column("preference", sa.Column("detail", sa.String(32), nullable=False, server_default=""))
    op.create_table(
        "do_not_call_copy",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("list_name", sa.String(64), nullable=False),
        sa.Column("copied_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("listed", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event_id", ID, nullable=True),
        sa.CheckConstraint("state IN ('loading', 'complete', 'replaced')", name=op.f("ck_do_not_call_copy_state")),
        sa.PrimaryKeyConstraint("organization_id", "number", name=op.f("pk_do_not_call_copy")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "do_not_call_listing",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("channel", sa.String(8), nullable=False),
        sa.Column("tag64", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "number", "channel", "tag64", name=op.f("pk_do_not_call_listing")),
        sqlite_with_rowid=False,
    )
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in LISTS:
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO consent_serving")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY {table}_own ON {table} USING ({OWN_ROWS}) WITH CHECK ({OWN_ROWS})")


def downgrade() -> None:
    op.drop_table("do_not_call_listing")
    op.drop_table("do_not_call_copy")
    op.execute("DELETE FROM preference WHERE program IN ('*holder', '*reach', '*queried', '*do-not-call')")
    op.drop_column("preference", "detail")
