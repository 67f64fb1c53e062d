"""What is done about a request: its clock, an outcome for each class of data, every step, evidence of identity."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ID = sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql")
OWN_ROWS = "organization_id = NULLIF(current_setting('app.organization', true), '')::uuid"
TABLES = ("request_outcome", "request_identity", "request_step")
UNDER_WAY = "state IN ('open', 'in_progress', 'approved')"


def _at(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=True)


def _added() -> tuple[sa.Column[object], ...]:
    """The new columns of a request."""
    return (
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("language", sa.String(2), nullable=True),
        sa.Column("answer_by", sa.Date(), nullable=True),
        sa.Column("acknowledge_by", sa.Date(), nullable=True),
        _at("acknowledged_at"),
        sa.Column("extended_due_on", sa.Date(), nullable=True),
        _at("extended_at"),
        sa.Column("sealed_extension", sa.LargeBinary(), nullable=True),
        sa.Column("paused_since", sa.Date(), nullable=True),
        sa.Column("pauses", sa.String(), server_default="[]", nullable=False),
        sa.Column("assigned_to", ID, nullable=True),
        sa.Column("routed_to", sa.String(64), nullable=True),
        sa.Column("fallback_on", sa.Date(), nullable=True),
        sa.Column("representative", sa.String(24), nullable=True),
        sa.Column("sealed_representative", sa.LargeBinary(), nullable=True),
        sa.Column("about_request_id", ID, nullable=True),
        _at("decided_at"),
        sa.Column("decided_by", ID, nullable=True),
        _at("approved_at"),
        sa.Column("approved_by", ID, nullable=True),
        _at("begun_at"),
        _at("closed_at"),
        sa.Column("denied_ground", sa.String(64), nullable=True),
        sa.Column("recheck_on", sa.Date(), nullable=True),
        sa.Column("escalated", sa.String(16), server_default="", nullable=False),
        _at("reduced_at"),
    )


def upgrade() -> None:
    for column in _added():
        op.add_column("privacy_request", column)
    op.execute(sa.text("UPDATE privacy_request SET answer_by = due_on"))
    under_way = sa.text(UNDER_WAY)
    op.create_index(
        "ix_privacy_request_queue",
        "privacy_request",
        ["organization_id", "answer_by", "id"],
        unique=False,
        sqlite_where=under_way,
        postgresql_where=under_way,
    )
    op.create_index("ix_privacy_request_closed", "privacy_request", ["organization_id", "closed_at"], unique=False)
    op.create_index("ix_privacy_request_recheck", "privacy_request", ["organization_id", "recheck_on"], unique=False)
    op.create_table(
        "request_outcome",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("request_id", ID, nullable=False),
        sa.Column("category", sa.String(64), nullable=False),
        sa.Column("outcome", sa.String(9), nullable=False),
        sa.Column("ground", sa.String(64), nullable=True),
        sa.Column("source", sa.String(64), nullable=True),
        sa.Column("sealed_words", sa.LargeBinary(), nullable=True),
        sa.Column("recheck_on", sa.Date(), nullable=True),
        sa.Column("recheck", sa.String(64), nullable=True),
        sa.Column("keep_until", sa.Date(), nullable=True),
        sa.Column("backup_until", sa.Date(), nullable=True),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("decided_by", ID, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        _at("done_at"),
        sa.CheckConstraint(
            "outcome IN ('do', 'refuse', 'defer', 'keep', 'anonymize', 'isolate')",
            name=op.f("ck_request_outcome_outcome"),
        ),
        sa.CheckConstraint("state IN ('decided', 'done', 'waiting')", name=op.f("ck_request_outcome_state")),
        sa.PrimaryKeyConstraint("organization_id", "request_id", "category", name=op.f("pk_request_outcome")),
    )
    op.create_table(
        "request_identity",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("request_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("media_type", sa.String(64), nullable=False),
        sa.Column("sealed_content", sa.LargeBinary(), nullable=False),
        sa.Column("entered_by", ID, nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "request_id", "id", name=op.f("pk_request_identity")),
    )
    op.create_table(
        "request_step",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("request_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_member", ID, nullable=True),
        sa.Column("entry_id", ID, nullable=True),
        sa.Column("facts", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "request_id", "number", name=op.f("pk_request_step")),
        info={"protection": "no_update"},
    )
    if op.get_bind().dialect.name != "postgresql":
        op.execute(
            "CREATE TRIGGER request_step_no_update BEFORE UPDATE ON request_step"
            " BEGIN SELECT RAISE(ABORT, 'request_step is append-only'); END"
        )
        return
    op.execute(
        "CREATE TRIGGER request_step_no_change BEFORE UPDATE ON request_step"
        " FOR EACH ROW EXECUTE FUNCTION consent_refuse_change()"
    )
    op.execute("GRANT SELECT, INSERT, DELETE ON request_step TO consent_serving")
    for table in TABLES[:2]:
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO consent_serving")
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY {table}_own ON {table} USING ({OWN_ROWS}) WITH CHECK ({OWN_ROWS})")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    for index in ("recheck", "closed", "queue"):
        op.drop_index(f"ix_privacy_request_{index}", table_name="privacy_request")
    for column in reversed(_added()):
        op.drop_column("privacy_request", column.name)
