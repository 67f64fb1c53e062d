"""The index that finds by person what belongs to a person; imported only where the whole metadata is needed.

A web process does without it: a condition on an index brings the whole of a database's dialect along.
"""

import sqlalchemy as sa
from sqlmodel import SQLModel

from consent.preferences import models

OF_PERSONS = "program IN ('*sale', '*use')"
_TABLE = SQLModel.metadata.tables[models.Preference.__tablename__]

sa.Index(
    "ix_preference_of_person",
    _TABLE.c.organization_id,
    _TABLE.c.person_id,
    sqlite_where=sa.text(OF_PERSONS),
    postgresql_where=sa.text(OF_PERSONS),
)
