"""What was sent to whom and when: one row for each message that left."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ID = sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql")
OWN_ROWS = "organization_id = NULLIF(current_setting('app.organization', true), '')::uuid"


def upgrade() -> None:
    op.create_table(
        "message_log",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("channel", sa.String(8), nullable=False),
        sa.Column("tag64", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("program", sa.String(64), nullable=True),
        sa.Column("message_class", sa.String(64), nullable=True),
        sa.Column("sender", sa.String(64), nullable=False),
        sa.Column("decision_id", ID, nullable=True),
        sa.Column("provider_tag", sa.LargeBinary(), nullable=True),
        sa.Column("segments", sa.Integer(), nullable=True),
        sa.Column("flags", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "channel", "tag64", "sent_at", "id", name=op.f("pk_message_log")),
        info={"protection": "no_update"},
        sqlite_with_rowid=False,
    )
    op.create_index(
        "uq_message_log_provider_tag",
        "message_log",
        ["organization_id", "provider_tag"],
        unique=True,
        sqlite_where=sa.text("provider_tag IS NOT NULL"),
        postgresql_where=sa.text("provider_tag IS NOT NULL"),
    )
    if op.get_bind().dialect.name != "postgresql":
        op.execute(
            "CREATE TRIGGER message_log_no_update BEFORE UPDATE ON message_log"
            " BEGIN SELECT RAISE(ABORT, 'message_log is append-only'); END"
        )
        return
    op.execute(
        "CREATE TRIGGER message_log_no_change BEFORE UPDATE ON message_log"
        " FOR EACH ROW EXECUTE FUNCTION consent_refuse_change()"
    )
    op.execute("GRANT SELECT, INSERT, DELETE ON message_log TO consent_serving")
    op.execute("ALTER TABLE message_log ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE message_log FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY message_log_own ON message_log USING ({OWN_ROWS}) WITH CHECK ({OWN_ROWS})")


def downgrade() -> None:
    op.drop_table("message_log")
