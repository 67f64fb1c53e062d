"""When an account last brought a text stands beside its progress; the index that told it is gone.

Every text wrote a page of that index. On PostgreSQL it did worse: while a new table has no statistics, the planner
takes it for as good as the key, and looks for a repeat among all texts of the account.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0041"
down_revision: str | None = "0040"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("gateway_progress", sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True))
    _own_rows_only(False)
    op.execute(
        "INSERT INTO gateway_progress (organization_id, account_id, next_at, found, error, heard_at)"
        " SELECT organization_id, account_id, max(first_seen_at), 0, '', max(first_seen_at) FROM inbound"
        " WHERE true GROUP BY organization_id, account_id"
        " ON CONFLICT (organization_id, account_id) DO UPDATE SET heard_at = excluded.heard_at"
    )
    _own_rows_only(True)
    op.drop_index("ix_inbound_seen", table_name="inbound")


def downgrade() -> None:
    op.create_index("ix_inbound_seen", "inbound", ["organization_id", "account_id", "first_seen_at"], unique=False)
    op.drop_column("gateway_progress", "heard_at")


def _own_rows_only(bound: bool) -> None:
    """Row security binds the owner of the tables, too, who has no organization here and would see no text."""
    if op.get_bind().dialect.name == "postgresql":
        for table in ("inbound", "gateway_progress"):
            op.execute(f"ALTER TABLE {table} {'' if bound else 'NO '}FORCE ROW LEVEL SECURITY")
