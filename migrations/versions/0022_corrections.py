"""What a request for correction changes, field by field."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0022"
down_revision: str | None = "0021"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ID = sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql")
OWN_ROWS = "organization_id = NULLIF(current_setting('app.organization', true), '')::uuid"


def upgrade() -> None:
    op.create_table(
        "correction_change",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("request_id", ID, nullable=False),
        sa.Column("category", sa.String(64), nullable=False),
        sa.Column("field", sa.String(64), nullable=False),
        sa.Column("sealed_stood", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_shall", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint(
            "organization_id", "request_id", "category", "field", name=op.f("pk_correction_change")
        ),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON correction_change TO consent_serving")
        op.execute("ALTER TABLE correction_change ENABLE ROW LEVEL SECURITY")
        op.execute("ALTER TABLE correction_change FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY correction_change_own ON correction_change USING ({OWN_ROWS}) WITH CHECK ({OWN_ROWS})"
        )


def downgrade() -> None:
    op.drop_table("correction_change")
