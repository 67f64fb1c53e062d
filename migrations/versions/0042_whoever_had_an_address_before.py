"""Whoever had an address that is somebody else's by now is on a list of their own: told another way, and not there."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0042"
down_revision: str | None = "0041"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ID = sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql")
OWN_ROWS = "organization_id = NULLIF(current_setting('app.organization', true), '')::uuid"
TABLE = "incident_former"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("incident_id", ID, nullable=False),
        sa.Column("contact_point_id", ID, nullable=False),
        sa.Column("channel", sa.String(8), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told", sa.String(10), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("entry_id", ID, nullable=True),
        sa.CheckConstraint(
            "told IN ('', 'post', 'phone-call', 'in-person', 'not-found')", name=op.f("ck_incident_former_told")
        ),
        sa.PrimaryKeyConstraint("organization_id", "incident_id", "contact_point_id", name=op.f("pk_incident_former")),
    )
    op.create_index(
        "ix_incident_former_told", TABLE, ["organization_id", "incident_id", "told", "contact_point_id"], unique=False
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {TABLE} TO consent_serving")
        op.execute(f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {TABLE} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY {TABLE}_own ON {TABLE} USING ({OWN_ROWS}) WITH CHECK ({OWN_ROWS})")


def downgrade() -> None:
    op.drop_table(TABLE)
