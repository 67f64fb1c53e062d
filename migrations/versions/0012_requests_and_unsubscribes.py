"""Requests that people make themselves, and presses on the unsubscribe of a mail."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ID = sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql")
OWN_ROWS = "organization_id = NULLIF(current_setting('app.organization', true), '')::uuid"
ASKED = ("place", "role", "ground", "reference", "verified_at", "acted_at", "sealed_words")


def upgrade() -> None:
    op.create_table(
        "unsubscription",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("contact_point_id", ID, nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("how", sa.String(9), nullable=False),
        sa.Column("programs", sa.String(), nullable=False),
        sa.Column("mail_tag", sa.LargeBinary(), nullable=True),
        sa.Column("network_tag", sa.LargeBinary(), nullable=True),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why", sa.String(11), server_default="", nullable=False),
        sa.Column("people", sa.Integer(), server_default="0", nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("how IN ('one-click', 'form')", name=op.f("ck_unsubscription_how")),
        sa.CheckConstraint("why IN ('', 'one-mail', 'one-network')", name=op.f("ck_unsubscription_why")),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_unsubscription")),
    )
    op.create_index("ix_unsubscription_happened", "unsubscription", ["organization_id", "happened_at"], unique=False)
    op.create_index(
        "ix_unsubscription_contact", "unsubscription", ["organization_id", "contact_point_id"], unique=False
    )
    op.add_column("privacy_request", sa.Column("place", sa.String(16), nullable=True))
    op.add_column("privacy_request", sa.Column("role", sa.String(64), nullable=True))
    op.add_column("privacy_request", sa.Column("ground", sa.String(64), nullable=True))
    op.add_column("privacy_request", sa.Column("reference", sa.String(16), nullable=True))
    op.add_column("privacy_request", sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("privacy_request", sa.Column("acted_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("privacy_request", sa.Column("sealed_words", sa.LargeBinary(), nullable=True))
    op.create_index("uq_privacy_request_reference", "privacy_request", ["organization_id", "reference"], unique=True)
    op.create_index(
        "ix_privacy_request_contact", "privacy_request", ["organization_id", "contact_point_id"], unique=False
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON unsubscription TO consent_serving")
        op.execute("ALTER TABLE unsubscription ENABLE ROW LEVEL SECURITY")
        op.execute("ALTER TABLE unsubscription FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY unsubscription_own ON unsubscription USING ({OWN_ROWS}) WITH CHECK ({OWN_ROWS})")


def downgrade() -> None:
    op.drop_index("ix_privacy_request_contact", table_name="privacy_request")
    op.drop_index("uq_privacy_request_reference", table_name="privacy_request")
    for column in reversed(ASKED):
        op.drop_column("privacy_request", column)
    op.drop_table("unsubscription")
