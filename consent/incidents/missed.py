"""A limit that was missed opens a file by itself: one for each class of data, which later misses join while it is open.

So a store that was away for a year makes one file with a count, and not one for each day. What was missed is what
retention put on record (`retention.missed`); the file names those entries.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from consent.db import Database, Sql, Tx
from consent.db.types import as_id, as_instant
from consent.incidents import rules, service
from consent.incidents.queries import Words
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing
from consent.privacy_requests.answers.words import CATEGORIES_FOR_STAFF, Speaker
from consent.retention.rows import day_of
from consent.web import spoken
from consent.web.i18n import day_in
from consent.web.messages import N_

AT_ONCE = 100  # misses of one transaction: the ids of their entries stand in one entry of the file
LINES = 30  # the first of them, written out in the file
TITLE = N_("Still there after the last lawful day: %(category)s")
MORE = N_("And %(count)s more of these limits, as the page of retention lists them.")

# A limit that is missed again after its file was closed has that link, and is to have another file.
_WITHOUT = Sql(
    'SELECT m.id, m.category, m.store, m.due_on, m.count, m."left", m.because, m.found_at, m.entry_id'
    " FROM retention_miss m WHERE m.organization_id = :organization_id AND m.closed_at IS NULL AND NOT EXISTS"
    " (SELECT 1 FROM incident_miss o JOIN incident i ON i.organization_id = o.organization_id AND i.id = o.incident_id"
    " WHERE o.organization_id = m.organization_id AND o.miss_id = m.id AND i.state = 'open')"
    " ORDER BY m.category, m.due_on, m.store LIMIT :most"
)
_OPEN_FILE = Sql(
    "SELECT i.id FROM retention_miss m"
    " JOIN incident_miss o ON o.organization_id = m.organization_id AND o.miss_id = m.id"
    " JOIN incident i ON i.organization_id = o.organization_id AND i.id = o.incident_id"
    " WHERE m.organization_id = :organization_id AND m.category = :category AND i.state = 'open' LIMIT 1"
)
_LINK = Sql(
    "INSERT INTO incident_miss (organization_id, miss_id, incident_id) VALUES (:organization_id, :miss, :id)"
    " ON CONFLICT DO NOTHING"
)


@dataclass(frozen=True, slots=True)
class Miss:
    """A limit that passed with records still there."""

    id: UUID
    category: str
    store: str
    due_on: date
    count: int
    left: int
    because: tuple[str, ...]
    found_at: datetime
    entry_id: UUID


def open_files(db: Database, keyring: Keyring, governing: Governing, organization_id: UUID, now: datetime) -> int:
    """Every limit that was missed and has records left stands in an open file; returns how many files are new.

    Raises NotFound where no policy is in force.
    """
    desk = service.Desk(keyring, governing.now(organization_id, now), "system", "system")
    opened, more = 0, True
    while more:
        new, more = db.write(lambda tx: _file(tx, desk, now), organization_id)
        opened += new
    return opened


def _file(tx: Tx, desk: service.Desk, now: datetime) -> tuple[int, bool]:
    """Is the next class of data in a file that is new, and are there more of it, or others?"""
    # Locked, so that of two who do it at once the second finds it done.
    ledger.stream(tx, desk.keyring, desk.organization_id, desk.organization_id)
    rows = tx.all(_WITHOUT, {"organization_id": desk.organization_id, "most": AT_ONCE + 1})
    if not rows:
        return 0, False
    read = [_miss(row) for row in rows]
    some = [one for one in read if one.category == read[0].category][:AT_ONCE]
    place: dict[str, object] = {"organization_id": desk.organization_id}
    row = tx.one(_OPEN_FILE, place | {"category": some[0].category})
    told = {"missed": [str(one.entry_id) for one in some], "records": sum(one.left for one in some)}
    told["rests_on"] = sorted({promise for one in some for promise in one.because})
    if row is None:
        facts = rules.Facts(detected_at=min(one.found_at for one in some))
        identity = service.open_incident(tx, desk, rules.LATE, facts, _words(desk, some), now)
        found = service.open_one(tx, desk, identity)
    else:
        found = service.open_one(tx, desk, as_id(row[0]))
    service.append(tx, desk, found, "incident.changed", {**told, "changed": ["missed"]}, now)
    tx.many(_LINK, [place | {"miss": one.id, "id": found.id} for one in some])
    return int(row is None), len(rows) > len(some)


def _words(desk: service.Desk, some: Sequence[Miss]) -> Words:
    """The name of the file and its first lines, in the language of the organization."""
    pack = desk.in_force.rulebook.organization
    language = pack.languages[0]
    say = spoken.say(language)
    names = Speaker(say, language, pack, categories=CATEGORIES_FOR_STAFF)
    lines = [
        _line(one.count, language)
        % {
            "store": names.store(one.store),
            "left": one.left,
            "count": one.count,
            "day": day_in(language, one.due_on),
            "because": ", ".join(one.because),
        }
        for one in some[:LINES]
    ]
    if len(some) > LINES:
        lines.append(say(MORE) % {"count": len(some) - LINES})
    return Words(say(TITLE) % {"category": names.category(some[0].category).text}, "\n".join(lines))


def _line(count: int, language: str) -> str:
    ngettext = spoken.counted(language)
    return ngettext(
        "%(store)s: %(left)s of %(count)s record, which should have been gone by %(day)s (%(because)s).",
        "%(store)s: %(left)s of %(count)s records, which should have been gone by %(day)s (%(because)s).",
        count,
    )


def _miss(row: Sequence[Any]) -> Miss:
    identity, category, store, due_on, count, left, because, found_at, entry_id = row
    day = day_of(due_on)
    assert day is not None
    return Miss(
        as_id(identity), category, store, day, count, left, tuple(because.split()), as_instant(found_at),
        as_id(entry_id),
    )  # fmt: skip
