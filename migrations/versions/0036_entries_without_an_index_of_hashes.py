"""No index of leaf hashes: nothing is looked up by one, and each entry wrote a page of its own into it.

Two entries cannot have one hash unless they have one body, and so one id, which is the key.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0036"
down_revision: str | None = "0035"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ID = sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql")
UNIQUE = "uq_ledger_event_organization_id_leaf_hash"
COLUMNS = "organization_id, event_id, log_id, stream_id, stream_seq, body, leaf_hash, recorded_at"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f(UNIQUE), "ledger_event", type_="unique")
    else:
        _move()


def downgrade() -> None:
    unique = sa.UniqueConstraint("organization_id", "leaf_hash", name=op.f(UNIQUE))
    if op.get_bind().dialect.name == "postgresql":
        op.create_unique_constraint(op.f(UNIQUE), "ledger_event", ["organization_id", "leaf_hash"])
    else:
        _move(unique)


def _move(*unique: sa.UniqueConstraint) -> None:
    """SQLite: a constraint of a table is changed by moving its rows into another, in the order they were written.

    Dropping a table fires none of its triggers; they go with it, so they are made again.
    """
    op.create_table(
        "ledger_event_moved",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("log_id", sa.Integer(), nullable=False),
        sa.Column("stream_id", ID, nullable=False),
        sa.Column("stream_seq", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(body) BETWEEN 2 AND 8192", name=op.f("ck_ledger_event_body_length")),
        sa.CheckConstraint("length(leaf_hash) = 32", name=op.f("ck_ledger_event_leaf_hash_length")),
        sa.CheckConstraint("stream_seq >= 1", name=op.f("ck_ledger_event_stream_seq")),
        sa.PrimaryKeyConstraint("organization_id", "event_id", name=op.f("pk_ledger_event")),
        *unique,
        sa.UniqueConstraint(
            "organization_id",
            "log_id",
            "stream_id",
            "stream_seq",
            name=op.f("uq_ledger_event_organization_id_log_id_stream_id_stream_seq"),
        ),
    )
    op.execute(
        f"INSERT INTO ledger_event_moved ({COLUMNS}) SELECT {COLUMNS} FROM ledger_event ORDER BY rowid"  # noqa: S608
    )
    op.drop_table("ledger_event")
    op.rename_table("ledger_event_moved", "ledger_event")
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER ledger_event_no_{verb.lower()} BEFORE {verb} ON ledger_event"
            " BEGIN SELECT RAISE(ABORT, 'ledger_event is append-only'); END"
        )
