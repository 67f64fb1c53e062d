"""Customers that were taken on, and under which version each acknowledged what it is for its own users' data."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0031"
down_revision: str | None = "0030"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ID = sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql")
OWN_ROWS = "organization_id = NULLIF(current_setting('app.organization', true), '')::uuid"


def upgrade() -> None:
    op.create_table(
        "customer_taken_on",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("policy", sa.String(64), nullable=False),
        sa.Column("policy_version", sa.String(64), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entry_id", ID, nullable=False),
        sa.PrimaryKeyConstraint(
            "organization_id", "person_id", "policy", "policy_version", name=op.f("pk_customer_taken_on")
        ),
    )
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON customer_taken_on TO consent_serving")
    op.execute("ALTER TABLE customer_taken_on ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE customer_taken_on FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY customer_taken_on_own ON customer_taken_on USING ({OWN_ROWS}) WITH CHECK ({OWN_ROWS})")


def downgrade() -> None:
    op.drop_table("customer_taken_on")
