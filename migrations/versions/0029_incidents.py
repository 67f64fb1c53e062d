"""Incidents, the people they are about, and what was done for each duty."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0029"
down_revision: str | None = "0028"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ID = sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql")
TABLES = ("incident", "incident_person", "incident_duty")
OWN_ROWS = "organization_id = NULLIF(current_setting('app.organization', true), '')::uuid"


def upgrade() -> None:
    op.create_table(
        "incident",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(11), nullable=False),
        sa.Column("state", sa.String(6), nullable=False),
        sa.Column("detected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("facts", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("telling", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('breach', 'demand', 'childs-data')", name=op.f("ck_incident_kind")),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_incident_state")),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_incident")),
    )
    op.create_index("ix_incident_state", "incident", ["organization_id", "state", "detected_at", "id"], unique=False)
    op.create_table(
        "incident_person",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("incident_id", ID, nullable=False),
        sa.Column("contact_point_id", ID, nullable=False),
        sa.Column("channel", sa.String(8), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told", sa.String(10), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("entry_id", ID, nullable=True),
        sa.CheckConstraint(
            "told IN ('', 'mail', 'post', 'phone-call', 'in-person')", name=op.f("ck_incident_person_told")
        ),
        sa.PrimaryKeyConstraint("organization_id", "incident_id", "contact_point_id", name=op.f("pk_incident_person")),
    )
    columns = ["organization_id", "incident_id", "told", "contact_point_id"]
    op.create_index("ix_incident_person_told", "incident_person", columns, unique=False)
    op.create_table(
        "incident_duty",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("incident_id", ID, nullable=False),
        sa.Column("duty", sa.String(120), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entry_id", ID, nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "incident_id", "duty", name=op.f("pk_incident_duty")),
    )
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in TABLES:
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO consent_serving")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY {table}_own ON {table} USING ({OWN_ROWS}) WITH CHECK ({OWN_ROWS})")


def downgrade() -> None:
    op.drop_table("incident_duty")
    op.drop_table("incident_person")
    op.drop_table("incident")
