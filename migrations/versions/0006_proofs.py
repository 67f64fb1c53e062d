"""Files that prove a consent."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ID = sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql")
OWN_ROWS = "organization_id = NULLIF(current_setting('app.organization', true), '')::uuid"


def upgrade() -> None:
    op.create_table(
        "proof",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("consent_id", ID, nullable=False),
        sa.Column("stream_id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("media_type", sa.String(32), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content_tag", sa.LargeBinary(), nullable=False),
        sa.Column("key_version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(content_tag) = 16", name=op.f("ck_proof_content_tag_length")),
        sa.CheckConstraint("size > 0", name=op.f("ck_proof_size")),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_proof")),
        sa.UniqueConstraint(
            "organization_id",
            "consent_id",
            "content_tag",
            name=op.f("uq_proof_organization_id_consent_id_content_tag"),
        ),
    )
    op.create_index("ix_proof_stream", "proof", ["organization_id", "stream_id"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER proof_no_change BEFORE UPDATE ON proof"
            " FOR EACH ROW EXECUTE FUNCTION consent_refuse_change()"
        )
        op.execute("GRANT SELECT, INSERT, DELETE ON proof TO consent_serving")
        op.execute("ALTER TABLE proof ENABLE ROW LEVEL SECURITY")
        op.execute("ALTER TABLE proof FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY proof_own ON proof USING ({OWN_ROWS}) WITH CHECK ({OWN_ROWS})")
    else:
        op.execute(
            "CREATE TRIGGER proof_no_update BEFORE UPDATE ON proof"
            " BEGIN SELECT RAISE(ABORT, 'proof is append-only'); END"
        )


def downgrade() -> None:
    op.drop_table("proof")
