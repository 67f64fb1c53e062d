"""What was held back from an address is found by the address."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

HELD_BACK = "answer = 'deny'"


def upgrade() -> None:
    op.create_index(
        "ix_decision_held_back",
        "decision",
        ["organization_id", "channel", "tag64", "asked_at", "id"],
        unique=False,
        sqlite_where=sa.text(HELD_BACK),
        postgresql_where=sa.text(HELD_BACK),
    )


def downgrade() -> None:
    op.drop_index("ix_decision_held_back", table_name="decision")
