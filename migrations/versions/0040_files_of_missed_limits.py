"""A limit that was missed opens a file among the incidents: one more kind, and which misses each file is about."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0040"
down_revision: str | None = "0039"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ID = sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql")
OWN_ROWS = "organization_id = NULLIF(current_setting('app.organization', true), '')::uuid"
BEFORE = "kind IN ('breach', 'demand', 'childs-data')"
AFTER = "kind IN ('breach', 'demand', 'childs-data', 'kept-late')"


def upgrade() -> None:
    _kinds(AFTER)
    op.create_table(
        "incident_miss",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("miss_id", ID, nullable=False),
        sa.Column("incident_id", ID, nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "miss_id", "incident_id", name=op.f("pk_incident_miss")),
    )
    op.create_index("ix_incident_miss_incident", "incident_miss", ["organization_id", "incident_id"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON incident_miss TO consent_serving")
        op.execute("ALTER TABLE incident_miss ENABLE ROW LEVEL SECURITY")
        op.execute("ALTER TABLE incident_miss FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY incident_miss_own ON incident_miss USING ({OWN_ROWS}) WITH CHECK ({OWN_ROWS})")


def downgrade() -> None:
    op.drop_table("incident_miss")
    op.execute("DELETE FROM incident WHERE kind = 'kept-late'")
    _kinds(BEFORE)


def _kinds(then: str) -> None:
    """SQLite changes no constraint of a table: it is written anew, as it stands."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_incident_kind"), "incident", type_="check")
        op.create_check_constraint(op.f("ck_incident_kind"), "incident", then)
        return
    with op.batch_alter_table("incident", copy_from=_incident(then), recreate="always"):
        pass


def _incident(kinds: str) -> sa.Table:
    return sa.Table(
        "incident",
        sa.MetaData(),
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
        sa.CheckConstraint(kinds, name=op.f("ck_incident_kind")),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_incident_state")),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_incident")),
        sa.Index("ix_incident_state", "organization_id", "state", "detected_at", "id"),
    )
