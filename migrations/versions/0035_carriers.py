"""The registers of a telephone carrier, its notices by letter, and what it told of changed accounts."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0035"
down_revision: str | None = "0034"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ID = sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql")
TABLES = ("carrier_matter", "carrier_letter", "carrier_change")
KINDS = "kind IN ('failure', 'campaign', 'training', 'complaint', 'broker', 'certificate')"
OWN_ROWS = "organization_id = NULLIF(current_setting('app.organization', true), '')::uuid"


def upgrade() -> None:
    op.create_table(
        "carrier_matter",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(11), nullable=False),
        sa.Column("about", sa.String(40), nullable=False),
        sa.Column("state", sa.String(6), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(KINDS, name=op.f("ck_carrier_matter_kind")),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_carrier_matter_state")),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_carrier_matter")),
        sa.UniqueConstraint("organization_id", "about", name=op.f("uq_carrier_matter_organization_id_about")),
    )
    op.create_index("ix_carrier_matter_state", "carrier_matter", ["organization_id", "state", "due_on"], unique=False)
    op.create_table(
        "carrier_letter",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("contact_point_id", ID, nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "contact_point_id", "sent_on", name=op.f("pk_carrier_letter")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "carrier_change",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("contact_point_id", ID, nullable=False),
        sa.Column("what", sa.String(32), nullable=False),
        sa.Column("told", sa.String(5), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("job_id", ID, nullable=True),
        sa.Column("event_id", ID, nullable=False),
        sa.CheckConstraint("told IN ('sms', 'voice', 'email', 'post')", name=op.f("ck_carrier_change_told")),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_carrier_change")),
    )
    columns = ["organization_id", "recorded_at", "id"]
    op.create_index("ix_carrier_change_recorded_at", "carrier_change", columns, unique=False)
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in TABLES:
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO consent_serving")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY {table}_own ON {table} USING ({OWN_ROWS}) WITH CHECK ({OWN_ROWS})")


def downgrade() -> None:
    op.drop_table("carrier_change")
    op.drop_table("carrier_letter")
    op.drop_table("carrier_matter")
