"""Which letter waits, or has left, for whoever an incident is about: only one that left has told them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0034"
down_revision: str | None = "0033"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ID = sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql")


def upgrade() -> None:
    op.add_column("incident_person", sa.Column("job_id", ID, nullable=True))
    op.add_column("incident_person", sa.Column("letter_sha256", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("incident_person", "letter_sha256")
    op.drop_column("incident_person", "job_id")
