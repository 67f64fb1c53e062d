"""Data that was handed to somebody, or held back."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0024"
down_revision: str | None = "0023"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ID = sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql")
OWN_ROWS = "organization_id = NULLIF(current_setting('app.organization', true), '')::uuid"


def upgrade() -> None:
    op.create_table(
        "disclosure",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recipient", sa.String(64), nullable=False),
        sa.Column("purpose", sa.String(64), nullable=False),
        sa.Column("categories", sa.String(), nullable=False),
        sa.Column("fields", sa.String(), nullable=False),
        sa.Column("state", sa.String(11), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("contact_point_id", ID, nullable=True),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("entry_id", ID, nullable=False),
        sa.Column("content_tag", sa.LargeBinary(), nullable=True),
        sa.Column("told", sa.String(), nullable=False),
        sa.CheckConstraint("state IN ('made', 'refused', 'made-anyway')", name=op.f("ck_disclosure_state")),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_disclosure")),
        sa.UniqueConstraint("organization_id", "content_tag", name=op.f("uq_disclosure_organization_id_content_tag")),
    )
    op.create_index("ix_disclosure_of_contact", "disclosure", ["organization_id", "contact_point_id", "id"])
    op.create_index("ix_disclosure_of_person", "disclosure", ["organization_id", "person_id", "id"])
    op.create_index("ix_disclosure_to", "disclosure", ["organization_id", "recipient", "id"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON disclosure TO consent_serving")
        op.execute("ALTER TABLE disclosure ENABLE ROW LEVEL SECURITY")
        op.execute("ALTER TABLE disclosure FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY disclosure_own ON disclosure USING ({OWN_ROWS}) WITH CHECK ({OWN_ROWS})")


def downgrade() -> None:
    op.drop_table("disclosure")
