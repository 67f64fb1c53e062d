"""Imports: each run, what it wrote, and the rows it did not believe."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ID = sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql")
TABLES = ("import_run", "import_entry", "import_quarantine")
COUNTS = ("rows", "position", "gives", "ends", "unchanged", "older", "refused", "quarantined")
OWN_ROWS = "organization_id = NULLIF(current_setting('app.organization', true), '')::uuid"


def upgrade() -> None:
    op.create_table(
        "import_run",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("stage", sa.String(8), nullable=False),
        sa.Column("uploaded", sa.Boolean(), nullable=False),
        sa.Column("file_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("mapping_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("mapping", sa.String(), nullable=False),
        sa.Column("brought_by", sa.String(100), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in (*COUNTS, "undo_position", "undone", "kept")),
        sa.Column("undo_reason", sa.String(500), nullable=True),
        sa.Column("trouble", sa.String(500), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(file_sha256) = 32", name=op.f("ck_import_run_file_sha256_length")),
        sa.CheckConstraint("length(mapping_sha256) = 32", name=op.f("ck_import_run_mapping_sha256_length")),
        sa.CheckConstraint(
            "stage IN ('waiting', 'running', 'finished', 'failed', 'undoing', 'undone')",
            name=op.f("ck_import_run_stage"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_import_run")),
    )
    op.create_index("ix_import_run_file", "import_run", ["organization_id", "file_sha256"], unique=False)
    op.create_table(
        "import_entry",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("import_id", ID, nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("row_tag", sa.LargeBinary(), nullable=False),
        sa.Column("outcome", sa.String(5), nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("contact_point_id", ID, nullable=False),
        sa.CheckConstraint("length(row_tag) = 16", name=op.f("ck_import_entry_row_tag_length")),
        sa.CheckConstraint("outcome IN ('gives', 'ends')", name=op.f("ck_import_entry_outcome")),
        sa.PrimaryKeyConstraint("organization_id", "import_id", "row_number", name=op.f("pk_import_entry")),
        sa.UniqueConstraint("organization_id", "row_tag", name=op.f("uq_import_entry_organization_id_row_tag")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "import_quarantine",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("import_id", ID, nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(11), nullable=False),
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("reasons", sa.String(), nullable=False),
        sa.Column("tag64", sa.BigInteger(), nullable=True),
        sa.Column("sealed_row", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("outcome IN ('refused', 'quarantined')", name=op.f("ck_import_quarantine_outcome")),
        sa.PrimaryKeyConstraint("organization_id", "import_id", "row_number", name=op.f("pk_import_quarantine")),
        sqlite_with_rowid=False,
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
