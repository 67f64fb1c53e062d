"""Announced versions that are replaced, translated wordings, and what each commitment left behind, by the day."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ID = sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql")
COUNTED = ("evidence_count", "evidence_cursor")
OWN_ROWS = "organization_id = NULLIF(current_setting('app.organization', true), '')::uuid"


def upgrade() -> None:
    op.add_column("policy_version", sa.Column("withdrawn_event_id", ID, nullable=True))
    op.create_table(
        "policy_translation",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("version_id", ID, nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("text_sha256", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(text_sha256) = 32", name=op.f("ck_policy_translation_text_sha256_length")),
        sa.PrimaryKeyConstraint("organization_id", "version_id", "language", name=op.f("pk_policy_translation")),
        info={"protection": "append_only"},
    )
    op.create_table(
        "evidence_count",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("commitment", sa.String(16), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("code", sa.String(16), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count > 0", name=op.f("ck_evidence_count_count")),
        sa.PrimaryKeyConstraint("organization_id", "commitment", "day", "code", name=op.f("pk_evidence_count")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "evidence_cursor",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("log_id", sa.Integer(), nullable=False),
        sa.Column("after", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "source", "log_id", name=op.f("pk_evidence_cursor")),
        sqlite_with_rowid=False,
    )
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgresql()
    else:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER policy_translation_no_{verb.lower()} BEFORE {verb} ON policy_translation"
                " BEGIN SELECT RAISE(ABORT, 'policy_translation is append-only'); END"
            )


def _guard_postgresql() -> None:
    op.execute(
        "CREATE TRIGGER policy_translation_no_change BEFORE UPDATE OR DELETE ON policy_translation"
        " FOR EACH ROW EXECUTE FUNCTION consent_refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER policy_translation_no_truncate BEFORE TRUNCATE ON policy_translation"
        " FOR EACH STATEMENT EXECUTE FUNCTION consent_refuse_change()"
    )
    op.execute("GRANT SELECT, INSERT ON policy_translation TO consent_serving")
    for table in COUNTED:
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO consent_serving")
    for table in ("policy_translation", *COUNTED):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY {table}_own ON {table} USING ({OWN_ROWS}) WITH CHECK ({OWN_ROWS})")


def downgrade() -> None:
    op.drop_table("evidence_cursor")
    op.drop_table("evidence_count")
    op.drop_table("policy_translation")
    with op.batch_alter_table("policy_version", schema=None) as batch_op:
        batch_op.drop_column("withdrawn_event_id")
