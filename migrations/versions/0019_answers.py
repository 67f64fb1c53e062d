"""What a person gets at the end of a request: certificates, downloads, corrections that stay."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ID = sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql")
OWN_ROWS = "organization_id = NULLIF(current_setting('app.organization', true), '')::uuid"
TABLES = ("request_certificate", "answer_file", "corrected_value", "correction_conflict")


def upgrade() -> None:
    op.create_table(
        "request_certificate",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("request_id", ID, nullable=False),
        sa.Column("contact_point_id", ID, nullable=True),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("job_id", ID, nullable=True),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_request_certificate")),
    )
    op.create_index("ix_request_certificate_request", "request_certificate", ["organization_id", "request_id"])
    op.create_table(
        "answer_file",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("request_id", ID, nullable=False),
        sa.Column("contact_point_id", ID, nullable=False),
        sa.Column("sealed_key", sa.LargeBinary(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("downloads", sa.Integer(), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_answer_file")),
    )
    op.create_index("ix_answer_file_request", "answer_file", ["organization_id", "request_id"])
    op.create_index("ix_answer_file_expires", "answer_file", ["organization_id", "expires_at"])
    op.create_table(
        "corrected_value",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("contact_point_id", ID, nullable=False),
        sa.Column("field", sa.String(64), nullable=False),
        sa.Column("request_id", ID, nullable=False),
        sa.Column("value_tag", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_value", sa.LargeBinary(), nullable=False),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "contact_point_id", "field", name=op.f("pk_corrected_value")),
    )
    op.create_table(
        "correction_conflict",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("contact_point_id", ID, nullable=False),
        sa.Column("field", sa.String(64), nullable=False),
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("value_tag", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_value", sa.LargeBinary(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_as", sa.String(5), nullable=True),
        sa.Column("settled_by", ID, nullable=True),
        sa.CheckConstraint(
            "settled_as IS NULL OR settled_as IN ('kept', 'taken')", name=op.f("ck_correction_conflict_settled_as")
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_correction_conflict")),
    )
    op.create_index(
        "uq_correction_conflict_same",
        "correction_conflict",
        ["organization_id", "contact_point_id", "field", "value_tag"],
        unique=True,
    )
    if op.get_bind().dialect.name == "postgresql":
        for table in TABLES:
            op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO consent_serving")
            op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
            op.execute(f"CREATE POLICY {table}_own ON {table} USING ({OWN_ROWS}) WITH CHECK ({OWN_ROWS})")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
