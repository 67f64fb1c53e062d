"""What was sent when to whom goes in the order of time, and the last disposal of it is found at once."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0038"
down_revision: str | None = "0037"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ID = sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql")


def upgrade() -> None:
    op.create_index("ix_message_log_sent", "message_log", ["organization_id", "sent_at", "id"], unique=False)
    op.add_column("retention_walk", sa.Column("delivery_batch", ID, nullable=True))


def downgrade() -> None:
    op.drop_column("retention_walk", "delivery_batch")
    op.drop_index("ix_message_log_sent", table_name="message_log")
