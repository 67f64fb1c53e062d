"""Reads of campaigns: what they are, how far they have come, who gets what and who is left out, and why."""

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from consent.db import Sql, Tx
from consent.db.transaction import Row
from consent.db.types import as_id, as_instant
from consent.errors import NotFound
from consent.notices.wording import Words
from consent.web.messages import N_

PAGE = 100
INSTEAD = "instead"  # the reason of a mailbox that gets what came back from another one of the same people
_COLUMNS = (
    "SELECT id, kind, about, version_id, state, ways, posted, purposes, collected_for, wording, per_minute,"
    " listed_after, created_at, listed_at, approved_at, approved_by, finished_at FROM notice_campaign"
    " WHERE organization_id = :organization_id"
)
_EVERY = Sql(f"{_COLUMNS} ORDER BY created_at DESC, id DESC LIMIT :most")
_IN_STATES = Sql(
    f"{_COLUMNS} AND state <> 'done' AND state <> 'cancelled' AND created_at <= :now ORDER BY created_at, id"
)
# Mail of a cancelled campaign that had left, or was leaving, when it was cancelled.
_WAITS = (
    "SELECT 1 FROM notice_recipient r"
    " WHERE r.organization_id = :organization_id AND r.campaign_id = notice_campaign.id AND r.state = 'waiting'"
)
_UNSETTLED = Sql(f"{_COLUMNS} AND state = 'cancelled' AND EXISTS ({_WAITS})")
_ONE = Sql(f"{_COLUMNS} AND id = :id")
_LOCKED = Sql(f"{_COLUMNS} AND id = :id", postgresql=f"{_COLUMNS} AND id = :id FOR UPDATE")
_COUNTS = Sql(
    "SELECT state, part, reason, promise, count(*) FROM notice_recipient WHERE organization_id = :organization_id"
    " AND campaign_id = :id GROUP BY state, part, reason, promise ORDER BY 5 DESC, 1, 2, 3, 4"
)
_PEOPLE = Sql(
    "SELECT contact_point_id, state, part, reason, promise, language, settled_at, event_id, job_id"
    " FROM notice_recipient"
    " WHERE organization_id = :organization_id AND campaign_id = :id AND state = :state AND contact_point_id > :after"
    " ORDER BY contact_point_id LIMIT :most"
)
# Of a mail that came back it counts when it was sent, not when that was heard of.
_OUT = "CASE WHEN state = 'bounced' THEN queued_at ELSE settled_at END"
_FIRST_AND_LAST = Sql(
    f"SELECT min({_OUT}), max({_OUT}) FROM notice_recipient WHERE organization_id = :organization_id"  # noqa: S608 - fixed parts
    f" AND campaign_id = :id AND state IN ('sent', 'bounced') AND reason <> '{INSTEAD}'"
)


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign as it stands."""

    id: uuid.UUID
    kind: str
    about: str
    version_id: uuid.UUID | None
    state: str
    ways: frozenset[str]
    posted: Mapping[str, datetime]
    purposes: tuple[str, ...]
    collected_for: frozenset[str]
    wording: Mapping[str, Mapping[str, Words]]  # part, then language
    per_minute: int
    listed_after: uuid.UUID
    created_at: datetime
    listed_at: datetime | None
    approved_at: datetime | None
    approved_by: uuid.UUID | None
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class Count:
    """How many contact points of a campaign stand at the same."""

    state: str
    part: str
    reason: str
    promise: str
    count: int


@dataclass(frozen=True, slots=True)
class Person:
    """One contact point of a campaign."""

    contact_point_id: uuid.UUID
    state: str
    part: str
    reason: str
    promise: str
    language: str
    settled_at: datetime | None
    event_id: uuid.UUID | None
    job_id: uuid.UUID | None


def every(tx: Tx, organization_id: uuid.UUID) -> list[Campaign]:
    """The newest campaigns, at most a hundred."""
    return [_campaign(row) for row in tx.all(_EVERY, {"organization_id": organization_id, "most": PAGE})]


def unfinished(tx: Tx, organization_id: uuid.UUID, now: datetime) -> list[Campaign]:
    """The campaigns that are neither done nor cancelled, oldest first.

    None that lies ahead: a demo whose clock was moved on has some, and they are none of the present's business.
    """
    return [_campaign(row) for row in tx.all(_IN_STATES, {"organization_id": organization_id, "now": now})]


def unsettled(tx: Tx, organization_id: uuid.UUID) -> list[Campaign]:
    """The cancelled campaigns of which something waits to be put on record."""
    return [_campaign(row) for row in tx.all(_UNSETTLED, {"organization_id": organization_id})]


def one(tx: Tx, organization_id: uuid.UUID, campaign_id: uuid.UUID, *, lock: bool = False) -> Campaign:
    """The campaign; with `lock` nobody else changes it until the transaction ends. NotFound for a foreign id too."""
    row = tx.one(_LOCKED if lock else _ONE, {"organization_id": organization_id, "id": campaign_id})
    if row is None:
        raise NotFound(N_("There is no such notice."))
    return _campaign(row)


def counts(tx: Tx, organization_id: uuid.UUID, campaign_id: uuid.UUID) -> list[Count]:
    """How many stand at what, and why; the largest first."""
    rows = tx.all(_COUNTS, {"organization_id": organization_id, "id": campaign_id})
    return [Count(row[0], row[1], row[2], row[3], int(row[4])) for row in rows]


def people(
    tx: Tx, organization_id: uuid.UUID, campaign_id: uuid.UUID, state: str, after: uuid.UUID = uuid.UUID(int=0),
    most: int = PAGE,
) -> Sequence[Person]:  # fmt: skip
    """Those in this state, in the order of their ids, behind `after`."""
    asked = {"organization_id": organization_id, "id": campaign_id, "state": state, "after": after, "most": most}
    return [_person(row) for row in tx.all(_PEOPLE, asked)]


def told_between(tx: Tx, organization_id: uuid.UUID, campaign_id: uuid.UUID) -> tuple[datetime, datetime] | None:
    """When the first and the last mail went out; None while none did."""
    row = tx.one(_FIRST_AND_LAST, {"organization_id": organization_id, "id": campaign_id})
    return None if row is None or row[0] is None else (as_instant(row[0]), as_instant(row[1]))


def words_json(wording: Mapping[str, Mapping[str, Words]]) -> str:
    """The texts as the table keeps them."""
    said = {part: {lang: [one.subject, one.text] for lang, one in each.items()} for part, each in wording.items()}
    return json.dumps(said, ensure_ascii=False)


def as_seen(campaign: Campaign, counts: Sequence[Count]) -> str:
    """Names all that whoever approves it has looked at: words, ways, whose data, and who gets it or does not."""
    stands = [[one.state, one.part, one.reason, one.promise, one.count] for one in counts]
    chosen = [sorted(campaign.ways), sorted(campaign.collected_for), words_json(campaign.wording), stands]
    return hashlib.sha256(json.dumps(chosen).encode()).hexdigest()


def _campaign(row: Row) -> Campaign:
    wording = {part: {lang: Words(*one) for lang, one in each.items()} for part, each in json.loads(row[9]).items()}
    return Campaign(
        as_id(row[0]), row[1], row[2], _id(row[3]), row[4], frozenset(json.loads(row[5])),
        {way: datetime.fromisoformat(at) for way, at in json.loads(row[6]).items()},
        tuple(json.loads(row[7])), frozenset(json.loads(row[8])), wording, int(row[10]), as_id(row[11]),
        as_instant(row[12]), _at(row[13]), _at(row[14]), _id(row[15]), _at(row[16]),
    )  # fmt: skip


def _person(row: Row) -> Person:
    contact, state, part, reason, promise, language, settled, event, job = row
    return Person(as_id(contact), state, part, reason, promise, language, _at(settled), _id(event), _id(job))


def _id(value: bytes | uuid.UUID | None) -> uuid.UUID | None:
    return None if value is None else as_id(value)


def _at(value: datetime | str | None) -> datetime | None:
    return None if value is None else as_instant(value)
