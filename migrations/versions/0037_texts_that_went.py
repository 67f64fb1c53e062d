"""How far the texts of messages have gone whose time is over: what lies behind need not be looked through again."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0037"
down_revision: str | None = "0036"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ID = sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql")


def upgrade() -> None:
    op.add_column("retention_walk", sa.Column("texts_through", ID, nullable=True))


def downgrade() -> None:
    op.drop_column("retention_walk", "texts_through")
