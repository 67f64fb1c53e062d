"""Holds: placed with a reason, an owner and an end, renewed, released; what they reach is looked at again."""

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from consent.db import Sql, Tx
from consent.db.types import as_id
from consent.errors import BadInput, Conflict, Filled
from consent.ids import new_id
from consent.ledger import service as ledger
from consent.ledger.bodies import CLOCK_SKEW
from consent.ledger.keys import Keyring
from consent.policies.answers.holdings import Hold
from consent.policies.questions import Reason
from consent.policies.rulebook import Rulebook
from consent.retention import hold_rows, looking_again, own_reach, reaching, taking_back
from consent.retention.reckoning import Reckoner
from consent.retention.rows import day_of, kept_from, stored_day
from consent.retention.rules import Query
from consent.web.messages import N_

NO_RECORD = N_("There is no record that this would hold.")
NO_GROUND = N_("Nothing here lets data stay on this ground. Grounds are: %(grounds)s.")
NO_GROUNDS = N_("No promise and no law lets this data stay longer.")
TOO_MANY = N_("An organization has at most %(most)s open holds: release what is over.")
DAY_IS_OVER = N_("This day is over, and nothing would be held. Give today or a later one.")
NOT_AHEAD = N_("A hold begins today or began before; place it when its day has come.")
RELEASED = N_("This hold was released; place a new one.")
TOO_OFTEN = N_("This hold was renewed too often: release it and place a new one.")
FIRST = uuid.UUID(int=0)
MOST = 1_000  # open holds of one organization
SEEN = 1_000  # records that are asked while a hold is placed; a job looks at the others

_INSERT = Sql(
    "INSERT INTO retention_hold (organization_id, id, kind, ground, record_id, person_id, query, reason, owner, since,"
    " until, renewals, reached, already_left, applied_through, entry_id) VALUES (:organization_id, :id, :kind, :ground,"
    " :record_id, :person_id, :query, :reason, :owner, :since, :until, '[]', :reached, :already_left, :applied_through,"
    " :entry_id)"
)
_RENEW = Sql(
    "UPDATE retention_hold SET renewals = :renewals, until = :until, applied_through = :first"
    " WHERE organization_id = :organization_id AND id = :id"
)
_RELEASE = Sql(
    "UPDATE retention_hold SET released_at = :now, applied_through = :first"
    " WHERE organization_id = :organization_id AND id = :id AND released_at IS NULL"
)
_PENDING = Sql(
    "SELECT id FROM retention_hold WHERE organization_id = :organization_id"
    " AND applied_through IS NOT NULL ORDER BY id LIMIT 1"
)
_THROUGH = Sql("SELECT applied_through FROM retention_hold WHERE organization_id = :organization_id AND id = :id")
_WENT_ON = Sql(
    "UPDATE retention_hold SET applied_through = :through WHERE organization_id = :organization_id AND id = :id"
)


class HoldRefused(BadInput):
    """No rule of what it reaches admits this ground: a person decides, and nothing is held by itself."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A hold as it is asked for; exactly one of record, person and query says what it reaches."""

    kind: str
    ground: str
    reason: str = field(repr=False)
    owner: str = field(repr=False)
    since: datetime
    until: date | None = None
    record_id: uuid.UUID | None = None
    person_id: uuid.UUID | None = None
    query: Query | None = None

    @property
    def target(self) -> str:
        """Which of the three it is."""
        return "record" if self.record_id is not None else "person" if self.person_id is not None else "query"

    @property
    def hold(self) -> Hold:
        """As the rulebook is asked."""
        return Hold(self.ground, self.since, self.until)


@dataclass(frozen=True, slots=True)
class Reach:
    """What a hold would reach: how many records, some of them as rows, and why some of those are not held.

    Of `count`, `left` are with their store already, which may have disposed of them, and `own` are rows of messages,
    which nobody registers.
    """

    count: int
    left: int
    rows: list[Any]
    refused: tuple[Reason, ...]
    held: int
    admitted: tuple[str, ...] = ()  # the promises and laws that let what is held stay
    own: int = 0


def reach(tx: Tx, organization_id: uuid.UUID, rulebook: Rulebook, asked: Asked, now: datetime) -> Reach:
    """What it would reach and whether its ground is admitted there; BadInput where it would reach nothing."""
    count, left, rows = reaching.reached(
        tx, organization_id, asked.target, asked.record_id or asked.person_id, asked.query, now, SEEN
    )
    own = _own(tx, organization_id, rulebook, asked, now)
    if not count + own.rows:
        raise BadInput(NO_RECORD, field=asked.target)
    things = [*(kept_from(row).thing for row in rows), *(one.thing for one in own.things)]
    known = grounds(rulebook, {one.place for one in things})
    if asked.ground not in known:
        raise BadInput(Filled(NO_GROUND, grounds=sorted(known)) if known else NO_GROUNDS, field="ground")
    ours, refused, held, admitted = Reckoner(rulebook), dict[Reason, None](), 0, set[str]()
    for thing in things:
        disposal = ours.disposal(thing, (asked.hold,))
        if disposal.escalate:
            refused |= dict.fromkeys(disposal.escalate)
        else:
            held += 1
            admitted |= {one.commitment or one.law or "" for one in disposal.reasons if one.code == "held"}
    return Reach(count + own.rows, left, rows, tuple(refused), held, tuple(sorted(admitted - {""})), own.rows)


def _own(tx: Tx, organization_id: uuid.UUID, rulebook: Rulebook, asked: Asked, now: datetime) -> own_reach.Own:
    if asked.person_id is not None:
        return own_reach.of_person(tx, organization_id, rulebook, asked.person_id, now)
    if asked.query is not None:
        return own_reach.of_query(tx, organization_id, rulebook, asked.query, now)
    return own_reach.NOTHING


def grounds(rulebook: Rulebook, places: Iterable[str | None]) -> set[str]:
    """The grounds on which a promise or law lets data of these places stay."""
    named = {ground for place_ in places for ground, _promise in rulebook.retention.grounds(place_)}
    return named | rulebook.retention.suspending


def place(
    tx: Tx, keyring: Keyring, log: ledger.Log, rulebook: Rulebook, asked: Asked, source: str, now: datetime
) -> tuple[uuid.UUID, Reach]:
    """It holds from the commit on; HoldRefused where no record's rule admits its ground (T-32)."""
    organization_id = log.organization_id
    if asked.since > now + CLOCK_SKEW:
        raise BadInput(NOT_AHEAD, field="since")
    _check_end(rulebook, asked.until, now)
    ledger.stream(tx, keyring, organization_id, organization_id)  # locked: what is being gathered is counted afterwards
    found = reach(tx, organization_id, rulebook, asked, now)
    if not found.held:
        why = found.refused[0]
        facts: dict[str, Any] = (
            {"commitment": why.commitment} if why.commitment else {"law": why.law} if why.law else {}
        )
        raise HoldRefused(why.text, field="until" if why.code == "no-end-date" else "ground", **facts)
    if hold_rows.count_open(tx, organization_id) >= MOST:
        raise Conflict(Filled(TOO_MANY, most=MOST))
    hold_id = new_id(now)
    data = {
        "hold": str(hold_id),
        "kind": asked.kind,
        "ground": asked.ground,
        "reaches": asked.target,
        "records": found.count,
        "already_left": found.left,
        "not_held": sorted({one.commitment or one.law or "" for one in found.refused}),
        "until": asked.until.isoformat() if asked.until is not None else "",
        "rests_on": list(found.admitted),
    }
    entry = _told(tx, keyring, log, rulebook, "retention.hold_placed", data, asked.reason, source, now)
    tx.run(
        _INSERT,
        {
            "organization_id": organization_id,
            "id": hold_id,
            "kind": asked.kind,
            "ground": asked.ground,
            "record_id": asked.record_id,
            "person_id": asked.person_id,
            "query": hold_rows.query_text(asked.query),
            "reason": asked.reason,
            "owner": asked.owner,
            "since": asked.since,
            "until": stored_day(tx, asked.until),
            "reached": found.count,
            "already_left": found.left,
            "applied_through": None if found.count - found.own <= len(found.rows) else as_id(found.rows[-1][0]),
            "entry_id": entry.event_id,
        },
    )
    _look_again(tx, organization_id, rulebook, found.rows, now)
    return hold_id, found


def refuse(
    tx: Tx, keyring: Keyring, log: ledger.Log, rulebook: Rulebook, asked: Asked, why: HoldRefused, source: str,
    now: datetime,
) -> None:  # fmt: skip
    """That somebody asked for a hold which no rule admits is on record: a person has to decide what to do."""
    data = {"ground": asked.ground, "kind": asked.kind, "reaches": asked.target, "because": sorted(
        str(value) for name, value in why.facts.items() if name in ("commitment", "law"))}  # fmt: skip
    _told(tx, keyring, log, rulebook, "retention.hold_refused", data, asked.reason, source, now)


def renew(
    tx: Tx, keyring: Keyring, log: ledger.Log, rulebook: Rulebook, hold_id: uuid.UUID, reason: str, until: date | None,
    source: str, now: datetime,
) -> None:  # fmt: skip
    """It holds once more from today, with its written reason."""
    row = hold_rows.row_of(tx, log.organization_id, hold_id)
    if row[12] is not None:
        raise Conflict(RELEASED)
    _check_end(rulebook, until, now)
    today = Reckoner(rulebook).today(now)
    renewals = [*json.loads(row[10]), [today.isoformat(), reason]]
    ends = until or day_of(row[9])
    changed = {"renewals": json.dumps(renewals, ensure_ascii=False), "until": stored_day(tx, ends), "first": FIRST}
    if len(str(changed["renewals"])) > 4000:
        raise Conflict(TOO_OFTEN)
    tx.run(_RENEW, {"organization_id": log.organization_id, "id": hold_id, **changed})
    _told(tx, keyring, log, rulebook, "retention.hold_renewed", {"hold": str(hold_id)}, reason, source, now)
    apply(tx, log.organization_id, rulebook, hold_id, now)


def _check_end(rulebook: Rulebook, until: date | None, now: datetime) -> None:
    if until is not None and until < Reckoner(rulebook).today(now):
        raise BadInput(DAY_IS_OVER, field="until")


def release(
    tx: Tx, keyring: Keyring, log: ledger.Log, rulebook: Rulebook, hold_id: uuid.UUID, reason: str, source: str,
    now: datetime,
) -> None:  # fmt: skip
    """It holds no more: what it reached goes in its time, without a new request. Releasing again changes nothing."""
    hold_rows.row_of(tx, log.organization_id, hold_id)
    place_ = {"organization_id": log.organization_id, "id": hold_id, "now": now, "first": FIRST}
    if tx.run(_RELEASE, place_):
        _told(tx, keyring, log, rulebook, "retention.hold_released", {"hold": str(hold_id)}, reason, source, now)
        apply(tx, log.organization_id, rulebook, hold_id, now)


def pending(tx: Tx, organization_id: uuid.UUID) -> uuid.UUID | None:
    """A hold whose records are not all looked at yet."""
    row = tx.one(_PENDING, {"organization_id": organization_id})
    return None if row is None else as_id(row[0])


def apply(tx: Tx, organization_id: uuid.UUID, rulebook: Rulebook, hold_id: uuid.UUID, now: datetime) -> bool:
    """Some more of the records it reaches were looked at again; True where more are left."""
    one = hold_rows.placed_from(hold_rows.row_of(tx, organization_id, hold_id))
    # Read behind the lock on its row: a release meanwhile has set it back to the first record.
    through = tx.one(_THROUGH, {"organization_id": organization_id, "id": hold_id})
    if through is None or through[0] is None:
        return False
    after = as_id(through[0])
    asked: dict[str, object] = {"organization_id": organization_id, "after": after, "most": looking_again.AT_ONCE}
    if one.query is None:
        sql = reaching.FOUND["record" if one.record_id is not None else "person"]
        rows = found = tx.all(sql, asked | {"id": one.record_id or one.person_id})
    else:
        rows = tx.all(looking_again.NEXT, asked)
        found = [row for row in rows if one.query.finds(kept_from(row))]
    came_to = as_id(rows[-1][0]) if len(rows) == looking_again.AT_ONCE else None
    _look_again(tx, organization_id, rulebook, found, now)
    tx.run(_WENT_ON, {"organization_id": organization_id, "id": hold_id, "through": came_to})
    return came_to is not None


def _look_again(tx: Tx, organization_id: uuid.UUID, rulebook: Rulebook, rows: list[Any], now: datetime) -> None:
    """These records have the dates of today's holds; those that stay are in no batch that waits."""
    reckoner = hold_rows.reckoner(tx, rulebook, now)
    looking_again.again(tx, organization_id, reckoner, rows)
    taking_back.take_back(tx, organization_id, reckoner, rows, now)


def _told(
    tx: Tx, keyring: Keyring, log: ledger.Log, rulebook: Rulebook, kind: str, data: Mapping[str, object], reason: str,
    source: str, now: datetime,
) -> ledger.Entry:  # fmt: skip
    stream = ledger.stream(tx, keyring, log.organization_id, log.organization_id)
    cited = rulebook.policy_version.cited()
    return ledger.append(
        tx, log, stream, ledger.Event(kind, source, data={**data, **cited}, facts={"note": reason}), now
    )
