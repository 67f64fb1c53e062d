"""The contact points of a person are found by their name: what was refused at one holds at the others."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0033"
down_revision: str | None = "0032"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NAMED_ON_SQLITE = "person_id <> x'00000000000000000000000000000000'"
NAMED_ON_POSTGRESQL = "person_id <> '00000000-0000-0000-0000-000000000000'"


def upgrade() -> None:
    op.create_index(
        "ix_preference_named",
        "preference",
        ["organization_id", "person_id", "channel", "tag64"],
        unique=False,
        sqlite_where=sa.text(NAMED_ON_SQLITE),
        postgresql_where=sa.text(NAMED_ON_POSTGRESQL),
    )


def downgrade() -> None:
    op.drop_index("ix_preference_named", table_name="preference")
