"""Something happened from which limits count: to one record, or to all that is held of a person."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from consent.db import Sql, Tx
from consent.db.types import as_id, as_instant
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
AT_ONCE = 500  # records of a person that one transaction looks at; a job goes on with the others

FIRST = uuid.UUID(int=0)

_WHERE = f"SELECT {KEPT}, {TERMS} FROM held_record WHERE organization_id = :organization_id"  # noqa: S608 - fixed columns
_OPEN = " AND state NOT IN ('going', 'isolated')"
_OF_RECORD = _WHERE + " AND id = :id" + _OPEN
_OF_PERSON = _WHERE + " AND person_id = :id AND id > :after" + _OPEN + " ORDER BY id LIMIT :most"
_RECORD = Sql(_OF_RECORD, postgresql=_OF_RECORD + " FOR UPDATE")
_PERSON = Sql(_OF_PERSON, postgresql=_OF_PERSON + " FOR UPDATE")
_OF_ONE = Sql(_WHERE + " AND person_id = :id" + _OPEN + " ORDER BY id")
_UNTELL = Sql(
    "DELETE FROM clock_event WHERE organization_id = :organization_id AND person_id = :person_id AND event = :event"
    " AND happened_at = :happened_at"
)
_IS_THERE = Sql("SELECT person_id FROM held_record WHERE organization_id = :organization_id AND id = :id")
_INSERT = Sql(
    "INSERT INTO clock_event (organization_id, id, event, happened_at, person_id, site, entry_id, entered_at,"
    " applied_through) VALUES (:organization_id, :id, :event, :happened_at, :person_id, :site, :entry_id, :now,"
    " :through)"
)
_GOES_ON = Sql(
    "SELECT id, event, happened_at, person_id, site, applied_through FROM clock_event"
    " WHERE organization_id = :organization_id AND applied_through >= :first ORDER BY applied_through LIMIT 1"
)
_WENT_ON = Sql(
    "UPDATE clock_event SET applied_through = :through WHERE organization_id = :organization_id AND id = :id"
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
class Said:
    """Who said so by hand, and why: both are facts of the entry."""

    by: str = field(repr=False)
    reason: str = field(repr=False)

    @property
    def facts(self) -> dict[str, str | None]:
        """As the ledger keeps them."""
        return {"staff": self.by, "note": self.reason}


@dataclass(frozen=True, slots=True)
class Changed:
    """A record whose clocks were looked at again."""

    id: uuid.UUID
    before: Terms
    after: Terms


def check(happened: Happened, reckoner: Reckoner, now: datetime) -> None:
    """BadInput for an event from which nothing counts, or one too far ahead."""
    if happened.event not in (known := reckoner.rulebook.retention.clocks):
        raise BadInput(f"No limit counts from this event. Events are: {', '.join(sorted(known))}.", field="event")
    if happened.at > now + FURTHEST:
        raise BadInput("An event is entered at most two years ahead.", field="happened_at")


def start(
    tx: Tx, keyring: Keyring, log: ledger.Log, reckoner: Reckoner, happened: Happened, source: str, now: datetime,
    said: Said | None = None,
) -> list[Changed]:  # fmt: skip
    """The clocks of what it reaches count from it; what has another date now comes back. NotFound for no record.

    Of somebody of whom more is held than `AT_ONCE`, the rest follows by `go_on`.
    """
    organization_id = log.organization_id
    place = {"organization_id": organization_id, "id": happened.record_id}
    if happened.record_id is not None and tx.one(_IS_THERE, place) is None:
        raise NotFound("There is no such record.")
    changed, through = _some(tx, organization_id, reckoner, happened, FIRST)
    told = happened.person_id is not None and _is_new(tx, organization_id, happened)
    if changed or told:
        entry = _tell(tx, keyring, log, reckoner, happened, len(changed), source, now, said)
        if told:
            _insert(tx, organization_id, happened, entry, through, now)
    return [one for one in changed if one.after != one.before]


def told(tx: Tx, organization_id: uuid.UUID, record_id: uuid.UUID) -> dict[str, datetime] | None:
    """What happened to this record, and when; None for one that is not on the list, or is on its way out."""
    row = tx.one(_RECORD, {"organization_id": organization_id, "id": record_id})
    return None if row is None else dict(kept_from(row).thing.events)


def correct(
    tx: Tx, keyring: Keyring, log: ledger.Log, reckoner: Reckoner, happened: Happened, wrong: datetime, said: Said,
    now: datetime,
) -> int:  # fmt: skip
    """The event came when `happened` says, and not at the wrong instant: the record counts from then, and so does what
    is held of its person and counted from that same instant. How many records that are; what has gone stays gone.
    """
    organization_id = log.organization_id
    place: dict[str, object] = {"organization_id": organization_id, "id": happened.record_id}
    found = tx.all(_RECORD, place)
    person = as_id(found[0][1]) if found and found[0][1] is not None else None
    same: dict[str, object] = {"organization_id": organization_id, "person_id": person, "event": happened.event}
    same["happened_at"] = tx.at(wrong)
    sites = [row[0] for row in tx.all(_SAME, same)] if person is not None else []
    rows = tx.all(_OF_ONE, place | {"id": person}) if sites else found
    counted = [(one, dict(one.thing.events)) for one in map(kept_from, rows)]
    moved = []
    for one, events in counted:
        if events.get(happened.event) == wrong:
            events[happened.event] = happened.at
            moved.append(one._replace(thing=one.thing._replace(events=tuple(sorted(events.items())))))
    if not moved:
        return 0
    tx.many(_SET, [_row(tx, organization_id, reckoner, one, reckoner.terms(one)) for one in moved])
    entry = _tell(tx, keyring, log, reckoner, happened, len(moved), "staff", now, said, wrong)
    tx.run(_UNTELL, same)
    for site in sites:
        _insert(
            tx, organization_id, Happened(happened.event, happened.at, person_id=person, site=site), entry, None, now
        )
    return len(moved)


def waiting(tx: Tx, organization_id: uuid.UUID) -> bool:
    """Is there an event that has not reached all of its person's records?"""
    return tx.one(_GOES_ON, {"organization_id": organization_id, "first": FIRST}) is not None


def go_on(tx: Tx, keyring: Keyring, log: ledger.Log, reckoner: Reckoner, now: datetime) -> bool:
    """Some more records of a person count from what happened to them; False where none waits."""
    place = {"organization_id": log.organization_id}
    row = tx.one(_GOES_ON, place | {"first": FIRST})
    if row is None:
        return False
    happened = Happened(row[1], as_instant(row[2]), person_id=as_id(row[3]), site=row[4])
    changed, through = _some(tx, log.organization_id, reckoner, happened, as_id(row[5]))
    if changed:
        _tell(tx, keyring, log, reckoner, happened, len(changed), "system", now)
    tx.run(_WENT_ON, place | {"id": as_id(row[0]), "through": through})
    return True


def _some(
    tx: Tx, organization_id: uuid.UUID, reckoner: Reckoner, happened: Happened, after: uuid.UUID
) -> tuple[list[Changed], uuid.UUID | None]:
    """The next records it reaches count from it; which changed, and how far this came where there are more."""
    place: dict[str, object] = {"organization_id": organization_id, "id": happened.record_id or happened.person_id}
    one_alone = happened.record_id is not None
    rows = tx.all(_RECORD, place) if one_alone else tx.all(_PERSON, place | {"after": after, "most": AT_ONCE})
    changed, written = [], []
    for row in rows:
        one = kept_from(row)
        known = dict(one.thing.events)
        if happened.site in (None, one.site) and (happened.event not in known or known[happened.event] < happened.at):
            known[happened.event] = happened.at
            counted = one._replace(thing=one.thing._replace(events=tuple(sorted(known.items()))))
            terms = reckoner.terms(counted)
            changed.append(Changed(one.id, terms_from(row[11:]), terms))
            written.append(_row(tx, organization_id, reckoner, counted, terms))
    tx.many(_SET, written)
    return changed, as_id(rows[-1][0]) if len(rows) == AT_ONCE else None


def _row(tx: Tx, organization_id: uuid.UUID, reckoner: Reckoner, one: Kept, terms: Terms) -> dict[str, object]:
    place: dict[str, object] = {"organization_id": tx.id(organization_id), "id": tx.id(one.id)}
    place |= {"policy_version": reckoner.policy_version, "rules": reckoner.rules}
    return place | {"events": events_text(dict(one.thing.events))} | terms_row(tx, terms)


def _tell(
    tx: Tx, keyring: Keyring, log: ledger.Log, reckoner: Reckoner, happened: Happened, records: int, source: str,
    now: datetime, said: Said | None = None, wrong: datetime | None = None,
) -> ledger.Entry:  # fmt: skip
    stream = ledger.stream(tx, keyring, log.organization_id, log.organization_id)
    data = {"event": happened.event, "happened_at": instant(happened.at), "records": records}
    data |= {"person": str(happened.person_id)} if happened.person_id else {"record": str(happened.record_id)}
    cited = reckoner.rulebook.policy_version.cited()
    data |= {"instead_of": instant(wrong)} if wrong is not None else {}
    kind, facts = "record.clock_corrected" if wrong else "record.clock_started", said.facts if said is not None else {}
    return ledger.append(tx, log, stream, ledger.Event(kind, source, data=data | cited, facts=facts), now)


def _is_new(tx: Tx, organization_id: uuid.UUID, happened: Happened) -> bool:
    asked = {"organization_id": organization_id, "person_id": happened.person_id, "event": happened.event}
    rows = tx.all(_SAME, asked | {"happened_at": tx.at(happened.at)})
    return all(row[0] != happened.site for row in rows)


def _insert(
    tx: Tx, organization_id: uuid.UUID, happened: Happened, entry: ledger.Entry, through: uuid.UUID | None,
    now: datetime,
) -> None:  # fmt: skip
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
            "through": through,
        },
    )
