"""Who is told of a change: campaigns, the people of each, first uses, and versions that begin later than announced."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0026"
down_revision: str | None = "0025"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ID = sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql")
OWN_ROWS = "organization_id = NULLIF(current_setting('app.organization', true), '')::uuid"
TABLES = ("notice_campaign", "notice_recipient", "policy_first_use")


def upgrade() -> None:
    _campaigns()
    _recipients()
    op.create_table(
        "policy_first_use",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("version_id", ID, nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "person_id", "version_id", name=op.f("pk_policy_first_use")),
        sqlite_with_rowid=False,
    )
    op.add_column("policy_version", sa.Column("postponed_event_id", ID, nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        for table in TABLES:
            op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO consent_serving")
            op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
            op.execute(f"CREATE POLICY {table}_own ON {table} USING ({OWN_ROWS}) WITH CHECK ({OWN_ROWS})")


def _campaigns() -> None:
    op.create_table(
        "notice_campaign",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("about", sa.String(160), nullable=False),
        sa.Column("version_id", ID, nullable=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("ways", sa.String(), nullable=False),
        sa.Column("posted", sa.String(), nullable=False),
        sa.Column("purposes", sa.String(), nullable=False),
        sa.Column("collected_for", sa.String(), nullable=False),
        sa.Column("wording", sa.String(), nullable=False),
        sa.Column("per_minute", sa.Integer(), nullable=False),
        sa.Column("listed_after", ID, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("listed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", ID, nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_notice_campaign")),
        sa.UniqueConstraint("organization_id", "about", name=op.f("uq_notice_campaign_organization_id_about")),
        sa.CheckConstraint("kind IN ('version', 'refresh')", name=op.f("ck_notice_campaign_kind")),
        sa.CheckConstraint(
            "state IN ('listing', 'draft', 'sending', 'done', 'cancelled')", name=op.f("ck_notice_campaign_state")
        ),
    )


def _recipients() -> None:
    op.create_table(
        "notice_recipient",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("campaign_id", ID, nullable=False),
        sa.Column("contact_point_id", ID, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("part", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("promise", sa.String(40), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("job_id", ID, nullable=True),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wording_sha256", sa.LargeBinary(), nullable=True),
        sa.Column("event_id", ID, nullable=True),
        sa.PrimaryKeyConstraint("organization_id", "campaign_id", "contact_point_id", name=op.f("pk_notice_recipient")),
        sa.CheckConstraint(
            "state IN ('listed', 'left_out', 'waiting', 'sent', 'bounced', 'failed', 'withheld')",
            name=op.f("ck_notice_recipient_state"),
        ),
        sa.CheckConstraint(
            "wording_sha256 IS NULL OR length(wording_sha256) = 32",
            name=op.f("ck_notice_recipient_wording_sha256_length"),
        ),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_notice_recipient_state",
        "notice_recipient",
        ["organization_id", "campaign_id", "state", "contact_point_id"],
    )


def downgrade() -> None:
    op.drop_column("policy_version", "postponed_event_id")
    for table in reversed(TABLES):
        op.drop_table(table)
