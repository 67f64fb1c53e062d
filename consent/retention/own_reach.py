"""What a hold reaches of our own records of messages: their texts, and what was sent when and what became of it.

Nobody registers them, and they go in their time like what was registered (consent.retention.texts and deliveries).
"""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from consent.db import Sql, Tx
from consent.db.types import as_id
from consent.ids import oldest_id
from consent.policies.rulebook import Rulebook
from consent.preferences.models import NOBODY
from consent.retention.part_rules import DELIVERY, MESSAGES, Part
from consent.retention.reckoning import Reckoner
from consent.retention.registering import OWN
from consent.retention.rules import Kept, Query, Thing
from consent.retention.texts import text_in

BEGINNING, END = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)
PARTS = (DELIVERY, MESSAGES)

# Where the statement names nobody, it is word for word the condition of the index of those known by a name.
_POINTS = (
    "SELECT DISTINCT c.id, c.channel, c.tag64 FROM preference p {named} {then} contact_point c"
    " ON c.organization_id = p.organization_id AND c.channel = p.channel AND c.tag64 = p.tag64"
    " WHERE p.organization_id = :organization_id AND p.person_id = :person AND p.person_id <> {nobody}"
)
_AT = Sql(
    _POINTS.format(named="INDEXED BY ix_preference_named", then="CROSS JOIN", nobody=f"x'{NOBODY.hex}'"),
    postgresql=_POINTS.format(named="", then="JOIN", nobody=f"'{NOBODY}'"),
)
_SENT_TO = Sql(
    "SELECT count(*) FROM message_log WHERE organization_id = :organization_id AND channel = :channel"
    " AND tag64 = :tag64"
)
_SAID_AT = Sql(
    "SELECT e.event_id, e.stream_id, e.body FROM ledger_log l CROSS JOIN ledger_event e CROSS JOIN ledger_disclosure d"
    " WHERE l.organization_id = :organization_id AND e.organization_id = l.organization_id AND e.log_id = l.log_id"
    " AND e.stream_id = :id AND d.organization_id = e.organization_id AND d.event_id = e.event_id"
    " AND d.name = 'message'"
)
_SENT_BETWEEN = Sql(
    "SELECT channel, count(*) FROM message_log WHERE organization_id = :organization_id AND sent_at >= :begins"
    " AND sent_at < :ends GROUP BY channel"
)
_SAID_BETWEEN = Sql(
    "SELECT e.event_id, e.stream_id, e.body FROM ledger_disclosure d CROSS JOIN ledger_event e"
    " WHERE d.organization_id = :organization_id AND d.event_id >= :first AND d.event_id < :last AND d.name = 'message'"
    " AND e.organization_id = d.organization_id AND e.event_id = d.event_id"
)
Counted = dict[tuple[str, str], int]  # by part and channel


class Own(NamedTuple):
    """How many rows it reaches, and one thing of each of their classes, by which the rules are asked."""

    rows: int
    things: tuple[Kept, ...]


NOTHING = Own(0, ())


def of_person(tx: Tx, organization_id: uuid.UUID, rulebook: Rulebook, person_id: uuid.UUID, now: datetime) -> Own:
    """The rows at every address at which this person is known."""
    place: dict[str, object] = {"organization_id": organization_id}
    counted: Counted = {}
    for identity, channel, tag64 in tx.all(_AT, place | {"person": person_id}):
        _add(counted, DELIVERY, channel, _number(tx, _SENT_TO, place | {"channel": channel, "tag64": tag64}))
        _add(counted, MESSAGES, channel, sum(1 for _ in _texts(tx, _SAID_AT, place | {"id": as_id(identity)})))
    return _own(rulebook, counted, person_id, None, now)


def of_query(tx: Tx, organization_id: uuid.UUID, rulebook: Rulebook, query: Query, now: datetime) -> Own:
    """The rows that a query finds; none where it names a place, a building or a purpose, of which they have none."""
    if query.store not in (None, OWN) or any((query.place, query.site, query.purpose)):
        return NOTHING
    here = {one.here for one in rulebook.organization.data_categories if query.category in (None, one.key)}
    begins, ends = query.collected_from or BEGINNING, query.collected_until or END
    place: dict[str, object] = {"organization_id": organization_id}
    counted: Counted = {}
    if DELIVERY in here:
        for channel, number in tx.all(_SENT_BETWEEN, place | {"begins": begins, "ends": ends}):
            _add(counted, DELIVERY, channel, number)
    if MESSAGES in here:
        between = {"first": oldest_id(max(begins, BEGINNING)), "last": oldest_id(ends)}
        for channel in _texts(tx, _SAID_BETWEEN, place | between):
            _add(counted, MESSAGES, channel, 1)
    return _own(rulebook, counted, None, query.category, now)


def _own(rulebook: Rulebook, counted: Counted, person_id: uuid.UUID | None, category: str | None, now: datetime) -> Own:
    plain, count, classes = Reckoner(rulebook), 0, dict[str, None]()
    for (here, channel), number in counted.items():
        of_it = [one for one in Part(here, plain, now).classes(channel) if category in (None, one)]
        classes |= dict.fromkeys(of_it)
        count += number if of_it else 0
    things = (Thing(one, None, None, None, now) for one in classes)
    return Own(count, tuple(Kept(NOBODY, person_id, OWN, None, "", thing) for thing in things))


def _texts(tx: Tx, sql: Sql, asked: dict[str, object]) -> Iterator[str]:
    """The channel of each text."""
    return (text.channel for row in tx.all(sql, asked) if (text := text_in(row)) is not None)


def _number(tx: Tx, sql: Sql, asked: dict[str, object]) -> int:
    row = tx.one(sql, asked)
    return int(row[0]) if row is not None else 0


def _add(counted: Counted, here: str, channel: str, number: int) -> None:
    if number:
        counted[here, channel] = counted.get((here, channel), 0) + number
