"""Something happened from which limits count: to one record, or to all that is held of a person."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from consent.db import Sql, Tx
from consent.errors import BadInput, NotFound
from consent.ids import new_id
from consent.ledger import service as ledger
from consent.ledger.bodies import instant
from consent.ledger.keys import Keyring
from consent.retention.reckoning import Reckoner
from consent.retention.rows import KEPT, TERMS, events_text, kept_from, terms_from, terms_row
from consent.retention.rules import Kept, Terms

# An event may be known ahead: notice is given in May for moving out in August, and the clock starts in August (T-31).
FURTHEST = timedelta(days=2 * 366)
MOST = 5_000  # records of one person that one event reaches at once

_WHERE = f"SELECT {KEPT}, {TERMS} FROM held_record WHERE organization_id = :organization_id"  # noqa: S608 - fixed columns
_OPEN = " AND state NOT IN ('going', 'isolated')"
_OF_RECORD = _WHERE + " AND id = :id" + _OPEN
_OF_PERSON = _WHERE + " AND person_id = :id" + _OPEN + " ORDER BY id LIMIT :most"
_RECORD = Sql(_OF_RECORD, postgresql=_OF_RECORD + " FOR UPDATE")
_PERSON = Sql(_OF_PERSON, postgresql=_OF_PERSON + " FOR UPDATE")
_IS_THERE = Sql("SELECT person_id FROM held_record WHERE organization_id = :organization_id AND id = :id")
_INSERT = Sql(
    "INSERT INTO clock_event (organization_id, id, event, happened_at, person_id, site, entry_id, entered_at)"
    " VALUES (:organization_id, :id, :event, :happened_at, :person_id, :site, :entry_id, :now)"
)
_SAME = Sql(
    "SELECT site FROM clock_event WHERE organization_id = :organization_id AND person_id = :person_id"
    " AND event = :event AND happened_at = :happened_at"
)
_SET = Sql(
    "UPDATE held_record SET events = :events, state = :state, dispose_on = :dispose_on, due_on = :due_on,"
    " method = :method, because = :because, policy_version = :policy_version, rules = :rules"
    " WHERE organization_id = :organization_id AND id = :id"
)


@dataclass(frozen=True, slots=True)
class Happened:
    """What happened, when, and to what: a record, or a person, there at one site alone where one is named."""

    event: str
    at: datetime
    record_id: uuid.UUID | None = None
    person_id: uuid.UUID | None = None
    site: str | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """A record whose clocks were looked at again."""

    id: uuid.UUID
    before: Terms
    after: Terms


def check(happened: Happened, reckoner: Reckoner, now: datetime) -> None:
    """BadInput for an event from which nothing counts, or one too far ahead."""
    known = reckoner.rulebook.retention.clocks
    if happened.event not in known:
        said = ", ".join(sorted(known))
        raise BadInput(f"No limit counts from this event. Events are: {said}.", field="event")
    if happened.at > now + FURTHEST:
        raise BadInput("An event is entered at most two years ahead.", field="happened_at")


def start(
    tx: Tx, keyring: Keyring, log: ledger.Log, reckoner: Reckoner, happened: Happened, source: str, now: datetime
) -> list[Changed]:
    """The clocks of all it reaches count from it; what has another date now comes back. NotFound for no record."""
    organization_id = log.organization_id
    place = {"organization_id": organization_id, "id": happened.record_id or happened.person_id, "most": MOST}
    owner = happened.person_id
    if happened.record_id is not None:
        found = tx.one(_IS_THERE, place)
        if found is None:
            raise NotFound("There is no such record.")
    rows = tx.all(_RECORD if happened.record_id is not None else _PERSON, place)
    changed = []
    for row in rows:
        one = kept_from(row)
        if happened.site is not None and one.site != happened.site:
            continue
        known = dict(one.thing.events)
        if happened.event not in known or known[happened.event] < happened.at:
            changed.append(_change(tx, organization_id, reckoner, one, terms_from(row[11:]), happened))
    told = owner is not None and _is_new(tx, organization_id, happened)
    if changed or told:
        stream = ledger.stream(tx, keyring, organization_id, organization_id)
        data = {"event": happened.event, "happened_at": instant(happened.at), "records": len(changed)}
        data["person" if owner is not None else "record"] = str(owner or happened.record_id)
        cited = reckoner.rulebook.policy_version.cited()
        entry = ledger.append(tx, log, stream, ledger.Event("record.clock_started", source, data=data | cited), now)
        if told:
            _insert(tx, organization_id, happened, entry, now)
    return [one for one in changed if one.after != one.before]


def _change(
    tx: Tx, organization_id: uuid.UUID, reckoner: Reckoner, one: Kept, before: Terms, happened: Happened
) -> Changed:
    events = dict(one.thing.events) | {happened.event: happened.at}
    one = one._replace(thing=one.thing._replace(events=tuple(sorted(events.items()))))
    after = reckoner.terms(one)
    place = {"organization_id": organization_id, "id": one.id, "events": events_text(events)}
    place |= {"policy_version": reckoner.policy_version, "rules": reckoner.rules}
    tx.run(_SET, place | terms_row(tx, after))
    return Changed(one.id, before, after)


def _is_new(tx: Tx, organization_id: uuid.UUID, happened: Happened) -> bool:
    asked = {"organization_id": organization_id, "person_id": happened.person_id, "event": happened.event}
    rows = tx.all(_SAME, asked | {"happened_at": tx.at(happened.at)})
    return all(row[0] != happened.site for row in rows)


def _insert(tx: Tx, organization_id: uuid.UUID, happened: Happened, entry: ledger.Entry, now: datetime) -> None:
    tx.later(
        _INSERT,
        {
            "organization_id": organization_id,
            "id": new_id(now),
            "event": happened.event,
            "happened_at": happened.at,
            "person_id": happened.person_id,
            "site": happened.site,
            "entry_id": entry.event_id,
            "now": now,
        },
    )
