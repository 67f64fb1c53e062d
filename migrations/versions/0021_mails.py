"""Mails to the privacy inbox: what each was read as, and which wait for somebody."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0021"
down_revision: str | None = "0020"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ID = sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql")
WHEN = sa.DateTime(timezone=True)
OWN_ROWS = "organization_id = NULLIF(current_setting('app.organization', true), '')::uuid"
VERDICTS = "'request', 'unsubscribe', 'complaint', 'unknown', 'automatic'"


def upgrade() -> None:
    op.create_table(
        "inbound_mail",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("message_tag", sa.LargeBinary(), nullable=False),
        sa.Column("contact_point_id", ID, nullable=True),
        sa.Column("entry_id", ID, nullable=False),
        sa.Column("verdict", sa.String(11), nullable=False),
        sa.Column("asks", sa.String(32), nullable=False),
        sa.Column("request_id", ID, nullable=True),
        sa.Column("received_at", WHEN, nullable=False),
        sa.Column("arrived_at", WHEN, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("language", sa.String(5), nullable=False),
        sa.Column("state", sa.String(7), nullable=False),
        sa.Column("settled_at", WHEN, nullable=True),
        sa.Column("settled_as", sa.String(16), nullable=False),
        sa.Column("settled_by", ID, nullable=True),
        sa.CheckConstraint(f"verdict IN ({VERDICTS})", name=op.f("ck_inbound_mail_verdict")),
        sa.CheckConstraint("state IN ('waiting', 'done')", name=op.f("ck_inbound_mail_state")),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_inbound_mail")),
    )
    op.create_index("uq_inbound_mail_message", "inbound_mail", ["organization_id", "message_tag"], unique=True)
    op.create_index("ix_inbound_mail_state", "inbound_mail", ["organization_id", "state", "received_at", "id"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON inbound_mail TO consent_serving")
        op.execute("ALTER TABLE inbound_mail ENABLE ROW LEVEL SECURITY")
        op.execute("ALTER TABLE inbound_mail FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY inbound_mail_own ON inbound_mail USING ({OWN_ROWS}) WITH CHECK ({OWN_ROWS})")


def downgrade() -> None:
    op.drop_table("inbound_mail")
