"""The indexes that find what belongs to a person, and the newest suppressions.

Imported only where the whole metadata is needed. A web process does without them: a condition
on an index brings the whole of a database's dialect along.
"""

import sqlalchemy as sa
from sqlmodel import SQLModel

from consent.preferences import models

OF_PERSONS = "program IN ('*sale', '*use')"
NAMED_ON_SQLITE = "person_id <> x'00000000000000000000000000000000'"
NAMED_ON_POSTGRESQL = "person_id <> '00000000-0000-0000-0000-000000000000'"
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
    "ix_preference_named",
    _TABLE.c.organization_id,
    _TABLE.c.person_id,
    _TABLE.c.channel,
    _TABLE.c.tag64,
    sqlite_where=sa.text(NAMED_ON_SQLITE),
    postgresql_where=sa.text(NAMED_ON_POSTGRESQL),
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
