"""Read the registers of a carrier, the notices that went out, and what somebody must do about them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from consent.carrier import rules
from consent.db import Sql, Tx
from consent.db.types import as_id, as_instant
from consent.ledger import keys
from consent.ledger.keys import Keyring
from consent.notices import carriers
from consent.policies.answers.silence import Outage
from consent.retention.rows import day_of, stored_day

WORDS = "carrier"  # the sealed column
MOST = 100  # entries of a register, and people, that one page shows
_MATTER = (
    "SELECT m.id, m.kind, m.about, m.state, m.happened_on, m.due_on, m.sealed, m.closed_on, m.version, k.wrapped_key,"
    " m.broken_from, m.works_again_on"
    " FROM carrier_matter m JOIN stream_key k ON k.organization_id = m.organization_id AND k.stream_id = m.id"
    " WHERE m.organization_id = :organization_id"
)
_ONE = Sql(f"{_MATTER} AND m.id = :id")
_LOCKED = Sql(f"{_MATTER} AND m.id = :id", postgresql=f"{_MATTER} AND m.id = :id FOR UPDATE OF m")
_IN_STATE = Sql(f"{_MATTER} AND m.state = :state ORDER BY m.happened_on DESC, m.id LIMIT :most")
_OF_YEAR = Sql(f"{_MATTER} AND m.happened_on >= :since AND m.happened_on < :until ORDER BY m.happened_on, m.id")
_ABOUT = Sql(f"{_MATTER} AND m.about = :about")
_STILL_BROKEN = Sql(
    f"{_MATTER} AND m.kind = 'failure' AND m.state = 'closed' AND m.works_again_on IS NULL ORDER BY m.happened_on, m.id"
)
_OUTAGES = Sql(
    "SELECT broken_from, works_again_on, happened_on FROM carrier_matter"
    " WHERE organization_id = :organization_id AND kind = 'failure'"
)
_DUE = Sql(
    "SELECT count(*) FROM carrier_matter WHERE organization_id = :organization_id AND state = 'open'"
    " AND due_on <= :until"
)
# Of each contact point whose last notice by mail did not reach anybody there: nothing went by letter since.
_UNREACHED = (
    " FROM notice_recipient r WHERE r.organization_id = :organization_id AND r.campaign_id = :campaign"
    " AND (r.state IN ('bounced', 'failed') OR r.state = 'left_out' AND r.reason IN (:unapproved, :mailless))"
    " AND NOT EXISTS (SELECT 1 FROM carrier_letter l WHERE l.organization_id = r.organization_id"
    " AND l.contact_point_id = r.contact_point_id AND l.sent_on >= :since)"
)
_UNREACHED_PEOPLE = Sql(
    f"SELECT r.contact_point_id, r.state, r.reason{_UNREACHED} AND r.contact_point_id > :after"
    " ORDER BY r.contact_point_id LIMIT :most"
)
_UNREACHED_COUNT = Sql(f"SELECT count(*){_UNREACHED}")
_CAMPAIGNS = Sql(
    "SELECT c.id, c.about, c.state, c.created_at, c.approved_at,"
    " (SELECT min(r.queued_at) FROM notice_recipient r WHERE r.organization_id = c.organization_id"
    " AND r.campaign_id = c.id AND r.state = 'sent')"
    " FROM notice_campaign c WHERE c.organization_id = :organization_id AND c.about LIKE :about"
    " ORDER BY c.created_at DESC, c.id DESC LIMIT :most"
)
_FIRST_LETTER = Sql(
    "SELECT min(l.sent_on) FROM notice_recipient r CROSS JOIN carrier_letter l"
    " WHERE r.organization_id = :organization_id AND r.campaign_id = :campaign"
    " AND l.organization_id = r.organization_id AND l.contact_point_id = r.contact_point_id AND l.sent_on >= :since"
)
_NOON = time(12, tzinfo=UTC)  # the same day by every clock of the United States


@dataclass(frozen=True, slots=True)
class Matter:
    """An entry of a register with its words readable."""

    id: UUID
    kind: str
    about: str
    state: str
    happened_on: date
    due_on: date | None
    words: Mapping[str, str]
    closed_on: date | None
    version: int
    broken_from: date | None = None
    works_again_on: date | None = None

    @property
    def title(self) -> str:
        """What it is called."""
        return self.words.get(rules.TITLE, "")


@dataclass(frozen=True, slots=True)
class Round:
    """A notice to everybody; `sent_at`: when the first of its mails left, or of its letters where no mail did."""

    id: UUID
    use: str
    state: str
    created_at: datetime
    approved_at: datetime | None
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class Unreached:
    """Somebody whom the notice did not reach, and why."""

    contact_point_id: UUID
    why: str


def one(tx: Tx, keyring: Keyring, organization_id: UUID, matter_id: UUID, *, lock: bool = False) -> Matter | None:
    """The entry of that id, or None (also for a stranger's); with `lock` nobody else changes it meanwhile."""
    row = tx.one(_LOCKED if lock else _ONE, {"organization_id": organization_id, "id": matter_id})
    return None if row is None else _matter(keyring, organization_id, row)


def about(tx: Tx, keyring: Keyring, organization_id: UUID, named: str) -> Matter | None:
    """The entry that is about this: the certificate of a year."""
    row = tx.one(_ABOUT, {"organization_id": organization_id, "about": named})
    return None if row is None else _matter(keyring, organization_id, row)


def in_state(tx: Tx, keyring: Keyring, organization_id: UUID, state: str) -> list[Matter]:
    """The newest entries in this state."""
    rows = tx.all(_IN_STATE, {"organization_id": organization_id, "state": state, "most": MOST})
    return [_matter(keyring, organization_id, row) for row in rows]


def of_year(tx: Tx, keyring: Keyring, organization_id: UUID, year: int) -> list[Matter]:
    """The entries of what happened in that calendar year, oldest first."""
    span: dict[str, object] = {"since": stored_day(tx, date(year, 1, 1)), "until": stored_day(tx, date(year + 1, 1, 1))}
    rows = tx.all(_OF_YEAR, span | {"organization_id": organization_id})
    return [_matter(keyring, organization_id, row) for row in rows]


def still_broken(tx: Tx, keyring: Keyring, organization_id: UUID) -> list[Matter]:
    """The failures of which the FCC was told and that, for all that is on record, last to this day."""
    rows = tx.all(_STILL_BROKEN, {"organization_id": organization_id})
    return [_matter(keyring, organization_id, row) for row in rows]


def outages(tx: Tx, organization_id: UUID) -> list[Outage]:
    """When nobody could say no; a failure without its days is taken to last since the day it was found."""
    rows = tx.all(_OUTAGES, {"organization_id": organization_id})
    return [Outage(day_of(row[0]) or day_of(row[2]) or date.min, day_of(row[1])) for row in rows]


def due_until(tx: Tx, organization_id: UUID, until: date) -> int:
    """How many open entries are due by then."""
    row = tx.one(_DUE, {"organization_id": organization_id, "until": stored_day(tx, until)})
    return int(row[0]) if row is not None else 0


def rounds(tx: Tx, organization_id: UUID) -> list[Round]:
    """The notices to everybody, the newest first."""
    rows = tx.all(_CAMPAIGNS, {"organization_id": organization_id, "about": f"{carriers.PREFIX}%", "most": MOST})
    found = [
        Round(
            as_id(row[0]), carriers.use_of(str(row[1])), str(row[2]), as_instant(row[3]),
            None if row[4] is None else as_instant(row[4]), None if row[5] is None else as_instant(row[5]),
        )
        for row in rows
    ]  # fmt: skip
    return [one if one.sent_at is not None else _by_letter(tx, organization_id, one) for one in found]


def _by_letter(tx: Tx, organization_id: UUID, round: Round) -> Round:
    """The same with the day of its first letter: whoever has no mailbox is told by letter alone."""
    asked = {"organization_id": organization_id, "campaign": round.id, "since": stored_day(tx, begins(round))}
    row = tx.one(_FIRST_LETTER, asked)
    day = day_of(row[0]) if row is not None else None
    return round if day is None else replace(round, sent_at=datetime.combine(day, _NOON))


def begins(round: Round) -> date:
    """From which day on a letter is one of this notice: whoever sends them may begin on the day before it was drawn up,
    by the clock of another place.
    """
    return (round.created_at - timedelta(days=1)).date()


def unreached(tx: Tx, organization_id: UUID, round: Round, after: UUID, most: int = MOST) -> list[Unreached]:
    """Those to whom a letter must go, by id behind `after`."""
    rows = tx.all(_UNREACHED_PEOPLE, _asked(tx, organization_id, round) | {"after": after, "most": most})
    return [Unreached(as_id(row[0]), str(row[2]) if row[1] == "left_out" else str(row[1])) for row in rows]


def count_unreached(tx: Tx, organization_id: UUID, round: Round) -> int:
    """To how many people a letter must go."""
    row = tx.one(_UNREACHED_COUNT, _asked(tx, organization_id, round))
    return int(row[0]) if row is not None else 0


def _asked(tx: Tx, organization_id: UUID, round: Round) -> dict[str, object]:
    return {
        "organization_id": organization_id, "campaign": round.id, "since": stored_day(tx, begins(round)),
        "unapproved": carriers.NOT_APPROVED, "mailless": carriers.NO_MAILBOX,
    }  # fmt: skip


def _matter(keyring: Keyring, organization_id: UUID, row: Sequence[Any]) -> Matter:
    identity, kind, named, state, happened_on, due_on, sealed, closed_on, version, wrapped, broken, mended = row
    key = keyring.stream_key(organization_id, bytes(wrapped))
    words = json.loads(keys.open_facts(key, bytes(sealed), organization_id, as_id(identity), WORDS))
    return Matter(
        as_id(identity), kind, named, state, day_of(happened_on) or date.min, day_of(due_on), words,
        day_of(closed_on), int(version), day_of(broken), day_of(mended),
    )  # fmt: skip
