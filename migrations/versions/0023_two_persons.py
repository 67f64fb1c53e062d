"""A proposal that ripens by itself where there is no second person, and the way to approved requests."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0023"
down_revision: str | None = "0022"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

APPROVED = "state = 'approved'"


def upgrade() -> None:
    op.add_column("staff_approval", sa.Column("ripe_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_privacy_request_approved",
        "privacy_request",
        ["organization_id", "id"],
        unique=False,
        sqlite_where=sa.text(APPROVED),
        postgresql_where=sa.text(APPROVED),
    )


def downgrade() -> None:
    op.drop_index("ix_privacy_request_approved", table_name="privacy_request")
    op.drop_column("staff_approval", "ripe_at")
