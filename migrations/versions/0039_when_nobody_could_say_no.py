"""Since when and until when the way to say no to a carrier did not work; nobody knows it of entries from before."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0039"
down_revision: str | None = "0038"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

FAILURES = sa.text("kind = 'failure'")


def upgrade() -> None:
    op.add_column("carrier_matter", sa.Column("broken_from", sa.Date(), nullable=True))
    op.add_column("carrier_matter", sa.Column("works_again_on", sa.Date(), nullable=True))
    op.create_index(
        "ix_carrier_matter_failure",
        "carrier_matter",
        ["organization_id"],
        unique=False,
        sqlite_where=FAILURES,
        postgresql_where=FAILURES,
    )


def downgrade() -> None:
    op.drop_index("ix_carrier_matter_failure", table_name="carrier_matter")
    op.drop_column("carrier_matter", "works_again_on")
    op.drop_column("carrier_matter", "broken_from")
