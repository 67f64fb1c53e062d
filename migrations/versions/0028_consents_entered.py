"""Consents that one member of the staff entered for a person, and a second has to look at."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0028"
down_revision: str | None = "0027"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ID = sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql")
OWN_ROWS = "organization_id = NULLIF(current_setting('app.organization', true), '')::uuid"


def upgrade() -> None:
    op.create_table(
        "consent_proposal",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("contact_point_id", ID, nullable=False),
        sa.Column("program", sa.String(64), nullable=False),
        sa.Column("method", sa.String(64), nullable=False),
        sa.Column("proposed_by", ID, nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed_draft", sa.LargeBinary(), nullable=True),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("sealed_file", sa.LargeBinary(), nullable=True),
        sa.Column("entry_id", ID, nullable=True),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_consent_proposal")),
    )
    op.create_index(
        "ix_consent_proposal_contact", "consent_proposal", ["organization_id", "contact_point_id"], unique=False
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON consent_proposal TO consent_serving")
        op.execute("ALTER TABLE consent_proposal ENABLE ROW LEVEL SECURITY")
        op.execute("ALTER TABLE consent_proposal FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY consent_proposal_own ON consent_proposal USING ({OWN_ROWS}) WITH CHECK ({OWN_ROWS})")


def downgrade() -> None:
    op.drop_table("consent_proposal")
