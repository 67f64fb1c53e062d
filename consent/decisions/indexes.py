"""The index that finds what was held back from an address; imported only where the whole metadata is needed.

A web process does without it: a condition on an index brings the whole of a database's dialect along.
"""

import sqlalchemy as sa
from sqlmodel import SQLModel

from consent.decisions import models

HELD_BACK = "answer = 'deny'"
_TABLE = SQLModel.metadata.tables[models.Decision.__tablename__]

sa.Index(
    "ix_decision_held_back",
    _TABLE.c.organization_id,
    _TABLE.c.channel,
    _TABLE.c.tag64,
    _TABLE.c.asked_at,
    _TABLE.c.id,
    sqlite_where=sa.text(HELD_BACK),
    postgresql_where=sa.text(HELD_BACK),
)
