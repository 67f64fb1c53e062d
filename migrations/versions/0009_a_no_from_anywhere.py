"""Revocations and who confirmed them, texts that somebody has read, and privacy requests."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ID = sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql")
TABLES = ("revocation", "revocation_sender", "privacy_request")
OWN_ROWS = "organization_id = NULLIF(current_setting('app.organization', true), '')::uuid"
OPEN = "state = 'open'"
UNDER_WAY = "state IN ('open', 'in_progress', 'approved')"


def upgrade() -> None:
    op.create_table(
        "revocation",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("how", sa.String(16), nullable=False),
        sa.Column("contact_point_id", ID, nullable=False),
        sa.Column("entry_id", ID, nullable=False),
        sa.Column("content_tag", sa.LargeBinary(), nullable=False),
        sa.Column("channels", sa.String(100), nullable=False),
        sa.Column("programs", sa.String(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("steps", sa.String(), nullable=False),
        sa.Column("state", sa.String(6), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('revocation', 'everything', 'wrong-number')", name=op.f("ck_revocation_kind")),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_revocation_state")),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_revocation")),
        sa.UniqueConstraint("organization_id", "content_tag", name=op.f("uq_revocation_organization_id_content_tag")),
    )
    op.create_index(
        "ix_revocation_open",
        "revocation",
        ["organization_id", "due_on"],
        unique=False,
        sqlite_where=sa.text(OPEN),
        postgresql_where=sa.text(OPEN),
    )
    op.create_table(
        "revocation_sender",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("revocation_id", ID, nullable=False),
        sa.Column("sender", sa.String(100), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("state", sa.String(9), nullable=False),
        sa.Column("how", sa.String(8), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("entry_id", ID, nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'confirmed')", name=op.f("ck_revocation_sender_state")),
        sa.PrimaryKeyConstraint("organization_id", "revocation_id", "sender", name=op.f("pk_revocation_sender")),
    )
    op.create_table(
        "privacy_request",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("request_type", sa.String(32), nullable=False),
        sa.Column("state", sa.String(11), nullable=False),
        sa.Column("how", sa.String(16), nullable=False),
        sa.Column("contact_point_id", ID, nullable=False),
        sa.Column("entry_id", ID, nullable=False),
        sa.Column("source_event_id", ID, nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("binding", sa.String(64), nullable=False),
        sa.Column("steps", sa.String(), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'in_progress', 'approved', 'fulfilled', 'denied', 'revoked', 'expired')",
            name=op.f("ck_privacy_request_state"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_privacy_request")),
    )
    op.create_index(
        "uq_privacy_request_under_way",
        "privacy_request",
        ["organization_id", "contact_point_id", "request_type"],
        unique=True,
        sqlite_where=sa.text(UNDER_WAY),
        postgresql_where=sa.text(UNDER_WAY),
    )
    op.create_table(
        "sms_review",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("entry_id", ID, nullable=False),
        sa.Column("outcome", sa.String(8), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("outcome IN ('stop', 'other', 'help')", name=op.f("ck_sms_review_outcome")),
        sa.PrimaryKeyConstraint("organization_id", "event_id", "entry_id", name=op.f("pk_sms_review")),
        info={"protection": "no_update"},
    )
    if op.get_bind().dialect.name != "postgresql":
        op.execute(
            "CREATE TRIGGER sms_review_no_update BEFORE UPDATE ON sms_review"
            " BEGIN SELECT RAISE(ABORT, 'sms_review is append-only'); END"
        )
        return
    op.execute(
        "CREATE TRIGGER sms_review_no_change BEFORE UPDATE ON sms_review"
        " FOR EACH ROW EXECUTE FUNCTION consent_refuse_change()"
    )
    op.execute("GRANT SELECT, INSERT, DELETE ON sms_review TO consent_serving")
    for table in TABLES:
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO consent_serving")
    for table in (*TABLES, "sms_review"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY {table}_own ON {table} USING ({OWN_ROWS}) WITH CHECK ({OWN_ROWS})")


def downgrade() -> None:
    for table in ("sms_review", "privacy_request", "revocation_sender", "revocation"):
        op.drop_table(table)
