"""Forms that anybody may send are counted by network, for all processes together."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ID = sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql")
OWN_ROWS = "organization_id = NULLIF(current_setting('app.organization', true), '')::uuid"


def upgrade() -> None:
    op.create_table(
        "form_sent",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("form", sa.String(16), nullable=False),
        sa.Column("network_tag", sa.LargeBinary(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_form_sent")),
    )
    op.create_index(
        "ix_form_sent_network", "form_sent", ["organization_id", "form", "network_tag", "sent_at"], unique=False
    )
    op.add_column("privacy_request", sa.Column("joined_on", sa.Date(), nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON form_sent TO consent_serving")
        op.execute("ALTER TABLE form_sent ENABLE ROW LEVEL SECURITY")
        op.execute("ALTER TABLE form_sent FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY form_sent_own ON form_sent USING ({OWN_ROWS}) WITH CHECK ({OWN_ROWS})")


def downgrade() -> None:
    op.drop_column("privacy_request", "joined_on")
    op.drop_table("form_sent")
