"""The indexes that find what belongs to a person, and the newest suppressions.

Imported only where the whole metadata is needed. A web process does without them: a condition
on an index brings the whole of a database's dialect along.
"""

import sqlalchemy as sa
from sqlmodel import SQLModel

from consent.preferences import models

OF_PERSONS = "program IN ('*sale', '*use')"
SUPPRESSED = "state = 'withdrawn' AND program IN ('*', '*do-not-call', '*holder', '*reach', '*review')"
_TABLE = SQLModel.metadata.tables[models.Preference.__tablename__]

sa.Index(
    "ix_preference_of_person",
    _TABLE.c.organization_id,
    _TABLE.c.person_id,
    sqlite_where=sa.text(OF_PERSONS),
    postgresql_where=sa.text(OF_PERSONS),
)

sa.Index(
    "ix_preference_suppressed",
    _TABLE.c.organization_id,
    _TABLE.c.program,
    _TABLE.c.occurred_at,
    _TABLE.c.contact_point_id,
    sqlite_where=sa.text(SUPPRESSED),
    postgresql_where=sa.text(SUPPRESSED),
)
