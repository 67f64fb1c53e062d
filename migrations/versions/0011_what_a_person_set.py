"""Refused sales and limited uses are found by person, wherever the person is reached."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

OF_PERSONS = "program IN ('*sale', '*use')"


def upgrade() -> None:
    op.create_index(
        "ix_preference_of_person",
        "preference",
        ["organization_id", "person_id"],
        unique=False,
        sqlite_where=sa.text(OF_PERSONS),
        postgresql_where=sa.text(OF_PERSONS),
    )


def downgrade() -> None:
    op.drop_index("ix_preference_of_person", table_name="preference")
    # What a program of that time cannot read is no part of what holds; the ledger keeps it.
    op.execute(
        "DELETE FROM preference WHERE program IN ('*sale', '*use', '*language', '*pause')"
        " OR substr(program, 1, 7) = '*pause.' OR substr(program, 1, 11) = '*frequency.'"
    )
