"""Which record each row of an import put on the list."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0030"
down_revision: str | None = "0029"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ID = sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql")
OWN_ROWS = "organization_id = NULLIF(current_setting('app.organization', true), '')::uuid"


def upgrade() -> None:
    op.create_table(
        "import_record",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("import_id", ID, nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("record_id", ID, nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "import_id", "row_number", name=op.f("pk_import_record")),
        sqlite_with_rowid=False,
    )
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON import_record TO consent_serving")
    op.execute("ALTER TABLE import_record ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE import_record FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY import_record_own ON import_record USING ({OWN_ROWS}) WITH CHECK ({OWN_ROWS})")


def downgrade() -> None:
    op.drop_table("import_record")
