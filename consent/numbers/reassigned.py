"""Ask a database of reassigned numbers about every consent that is too old to be used without asking.

Which database, and how it is reached, is the operator's: a callable that is handed in. Without one nobody is asked.
"""

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, time

from consent.db import Database, Sql
from consent.db.types import as_id, as_instant
from consent.deadlines import Period, zone
from consent.ledger.keys import Keyring
from consent.numbers import service
from consent.policies.governing import Governing
from consent.policies.rulebook import Rulebook
from consent.preferences import numbers
from consent.subjects import service as subjects

# The number in E.164 and the day since which it may have been given up; the answer is yes, no or no-data.
Query = Callable[[str, date], str]

_OLD = Sql(
    "SELECT p.contact_point_id, p.occurred_at FROM preference p LEFT JOIN preference q"
    " ON q.organization_id = p.organization_id AND q.channel = p.channel AND q.tag64 = p.tag64"
    " AND q.program = :queried"
    " WHERE p.organization_id = :organization_id AND p.channel = :channel AND p.state = 'given'"
    " AND p.program = :program"
    " AND p.occurred_at < :before AND (q.occurred_at IS NULL OR q.occurred_at < :before) ORDER BY p.tag64"
    " LIMIT :most"
)


def ask(
    db: Database,
    keyring: Keyring,
    governing: Governing,
    organization_id: uuid.UUID,
    query: Query,
    now: datetime,
    most: int = 500,
) -> int:
    """Each answer stands in the ledger; how many there were. What fails is raised, and what was answered stays."""
    in_force = governing.now(organization_id, now)
    due = _due(db, keyring, organization_id, in_force.rulebook, now, most)
    for number, day in due.items():
        said = service.Answered(service.telephone(keyring, organization_id, number), query(number, day), day, now)
        db.write(
            lambda tx, said=said: service.answer(  # type: ignore[misc]
                tx, keyring, in_force.log, in_force.rulebook, said, "system", now
            ),
            organization_id,
        )
    return len(due)


def _due(
    db: Database, keyring: Keyring, organization_id: uuid.UUID, rulebook: Rulebook, now: datetime, most: int
) -> dict[str, date]:
    """The numbers whose consents are too old, each with the day of the oldest; at most so many of each program."""
    due: dict[str, date] = {}
    local = zone(rulebook.organization.zone)
    marketing = [one for one in rulebook.organization.programs if one.marketing]
    for program, channel in [(one.key, channel) for one in marketing for channel in one.channels]:
        period = rulebook.asks_reassigned_after(channel)
        if period is None:
            continue
        oldest = Period.parse(period).before(now.astimezone(local).date())
        before = datetime.combine(oldest, time(), local).astimezone(UTC)
        asked: dict[str, object] = {"organization_id": organization_id, "channel": channel, "program": program}
        asked |= {"queried": numbers.QUERIED, "before": before, "most": most}
        with db.read(organization_id) as tx:
            for contact_id, given_at in tx.all(_OLD, asked):
                contact = subjects.by_id(tx, keyring, organization_id, as_id(contact_id))
                if contact is not None and contact.address is not None:
                    day = as_instant(given_at).astimezone(local).date()
                    due[contact.address] = min(day, due.get(contact.address, day))
    return due
