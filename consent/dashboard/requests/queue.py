"""The queue as it is read: the requests of a view in the order of the dates that bind, and how many there are of each.

What is under way is ordered by the day that binds, then comes what has no date, and last what is answered and still
waits for a person; what is closed, the newest first.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from consent.dashboard.requests import waiting
from consent.dashboard.requests.filters import ME, NOBODY, UNDER_WAY, Filters
from consent.dashboard.requests.risk import Risk, Span, risk_of, span_of
from consent.db import Sql, Tx
from consent.db.types import as_id, as_instant
from consent.ledger.keys import Keyring
from consent.privacy_requests.rules import OVER
from consent.privacy_requests.rules import UNDER_WAY as CONDITION
from consent.subjects import service as subjects
from consent.subjects.addresses import masked

_COLUMNS = (
    "id, request_type, state, how, contact_point_id, received_at, answer_by, place, reference, verified_at,"
    " assigned_to, acknowledged_at, acknowledge_by, paused_since, routed_to, decided_at, closed_at, version,"
    f" {waiting.SENT_BACK}, {waiting.TASK}"
)
_WHERE = (
    " WHERE organization_id = :organization_id"
    " AND (:state = '' OR state = :state) AND (:type = '' OR request_type = :type) AND (:place = '' OR place = :place)"
    " AND (:anybody = 1 OR (:nobody = 1 AND assigned_to IS NULL) OR assigned_to = :assignee)"
    f" AND (:next = '' OR :next = {waiting.COLUMN})"
)
_DATED = (
    f"SELECT {_COLUMNS} FROM privacy_request{_WHERE} AND {CONDITION} AND answer_by IS NOT NULL"  # noqa: S608 - fixed
    " AND answer_by BETWEEN :first AND :last AND (answer_by, id) > (:day, :after) ORDER BY answer_by, id LIMIT :most"
)
_UNDATED = (
    f"SELECT {_COLUMNS} FROM privacy_request{_WHERE} AND {CONDITION} AND answer_by IS NULL AND id > :after"  # noqa: S608
    " ORDER BY id LIMIT :most"
)
_CLOSED = (
    f"SELECT {_COLUMNS} FROM privacy_request{_WHERE} AND closed_at IS NOT NULL AND (closed_at, id) < (:at, :after)"  # noqa: S608
    " ORDER BY closed_at DESC, id DESC LIMIT :most"
)
_ANSWERED = (
    f"SELECT {_COLUMNS} FROM privacy_request{_WHERE} AND {waiting.ANSWERED} AND id > :after ORDER BY id LIMIT :most"  # noqa: S608
)
_OF_CONTACT = Sql(
    f"SELECT {_COLUMNS} FROM privacy_request WHERE organization_id = :organization_id"  # noqa: S608 - fixed columns
    " AND contact_point_id = :contact ORDER BY id DESC LIMIT :most"
)
_HAVE_TASK = Sql(
    f"SELECT {_COLUMNS} FROM privacy_request WHERE organization_id = :organization_id AND {waiting.HAS_TASK}"  # noqa: S608
    " ORDER BY received_at, id LIMIT :most"
)
_CASTS = {
    **dict.fromkeys(("first", "last", "day"), "date"),
    **dict.fromkeys(("state", "type", "place", "next"), "text"),
    **dict.fromkeys(("anybody", "nobody"), "int"),
    "assignee": "uuid",
    "at": "timestamptz",
}
FIRST_DAY, LAST_DAY = date(1, 1, 1), date(9999, 12, 31)
NO_ID, LAST_ID = uuid.UUID(int=0), uuid.UUID(int=(1 << 128) - 1)


def _sql(text: str) -> Sql:
    """The statement; PostgreSQL is told of what type each parameter is, which it cannot see in a comparison."""
    told = text
    for name, kind in _CASTS.items():
        for end in (" ", ")", ","):
            told = told.replace(f":{name}{end}", f"CAST(:{name} AS {kind}){end}")
    return Sql(text, postgresql=told)


_DATED_SQL, _UNDATED_SQL, _ANSWERED_SQL, _CLOSED_SQL = (_sql(one) for one in (_DATED, _UNDATED, _ANSWERED, _CLOSED))


@dataclass(frozen=True, slots=True)
class Row:
    """A request in the queue; `who` is masked, None once erased. `task` is what of it waits, or empty."""

    id: uuid.UUID
    request_type: str
    state: str
    how: str
    who: str | None
    received_at: datetime
    due: date | None
    risk: Risk
    place: str | None
    reference: str | None
    verified: bool
    assigned_to: uuid.UUID | None
    acknowledged: bool
    acknowledge_by: date | None
    paused: bool
    routed_to: str | None
    decided: bool
    version: int
    closed_at: datetime | None
    sent_back: bool
    task: str

    @property
    def left(self) -> str:
        """What is left of one that is answered: somebody to tell, or data that goes last; empty for nothing."""
        return self.task if self.state in OVER else ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of the queue goes on: after this day or moment and id.

    `phase` is dated, undated, answered or closed.
    """

    phase: str
    day: str
    after: uuid.UUID


def page(
    tx: Tx,
    keyring: Keyring,
    organization_id: uuid.UUID,
    filters: Filters,
    me: uuid.UUID,
    today: date,
    *,
    after: Place | None = None,
    most: int = 50,
) -> tuple[list[Row], Place | None]:
    """The requests of this view; the second value continues it."""
    asked = _asked(organization_id, filters, me) | {"most": most + 1}
    if filters.contact:
        rows = tx.all(_OF_CONTACT, {"organization_id": organization_id, "contact": uuid.UUID(filters.contact),
                                    "most": most})  # fmt: skip
        return _rows(tx, keyring, organization_id, rows, today), None
    if filters.next == waiting.BY_HAND:  # whatever its state, the oldest first; those that are done make room
        rows = tx.all(_HAVE_TASK, {"organization_id": organization_id, "most": most})
        return _rows(tx, keyring, organization_id, rows, today), None
    if filters.state and filters.state not in UNDER_WAY:
        place = after or Place("closed", "9999-12-31 23:59:59", LAST_ID)
        rows = tx.all(_CLOSED_SQL, asked | {"at": place.day, "after": place.after})
        return _cut(tx, keyring, organization_id, rows, today, most, closed=True)
    return _under_way(tx, keyring, organization_id, filters, asked, today, after, most)


def _under_way(
    tx: Tx,
    keyring: Keyring,
    organization_id: uuid.UUID,
    filters: Filters,
    asked: Mapping[str, object],
    today: date,
    after: Place | None,
    most: int,
) -> tuple[list[Row], Place | None]:
    """First those with a date, then those without, then what is answered and still waits for a person."""
    found: list[tuple[Any, ...]] = []
    span = span_of(Risk(filters.due), today) if filters.due else Span(None, None)
    if span is not None and (after is None or after.phase == "dated"):
        place = after or Place("dated", FIRST_DAY.isoformat(), NO_ID)
        bounds = {"first": span.first or FIRST_DAY, "last": span.last or LAST_DAY}
        found = tx.all(_DATED_SQL, {**asked, **bounds, "day": date.fromisoformat(place.day), "after": place.after})
    if len(found) <= most and filters.due in ("", Risk.UNDATED) and (after is None or after.phase != "answered"):
        last = after.after if after is not None and after.phase == "undated" else NO_ID
        found += tx.all(_UNDATED_SQL, {**asked, "after": last, "most": most + 1 - len(found)})
    if len(found) <= most and not filters.due and not filters.state:
        last = after.after if after is not None and after.phase == "answered" else NO_ID
        found += tx.all(_ANSWERED_SQL, {**asked, "after": last, "most": most + 1 - len(found)})
    return _cut(tx, keyring, organization_id, found, today, most)


def _cut(
    tx: Tx, keyring: Keyring, organization_id: uuid.UUID, found: list[tuple[Any, ...]], today: date, most: int,
    *, closed: bool = False,
) -> tuple[list[Row], Place | None]:  # fmt: skip
    """The rows of one page, and where the next one begins; `closed`: the view is that of what is closed."""
    rows = _rows(tx, keyring, organization_id, found[:most], today)
    if len(found) <= most:
        return rows, None
    last = rows[-1]
    if last.closed_at is not None:
        return rows, Place("closed", str(found[most - 1][16]), last.id) if closed else Place("answered", "-", last.id)
    return rows, Place("dated", last.due.isoformat(), last.id) if last.due else Place("undated", "-", last.id)


def _rows(
    tx: Tx, keyring: Keyring, organization_id: uuid.UUID, found: Sequence[tuple[Any, ...]], today: date
) -> list[Row]:
    contacts = list(dict.fromkeys(as_id(row[4]) for row in found))
    known = subjects.addresses(tx, keyring, organization_id, contacts)
    return [_row(row, known.get(as_id(row[4])), today) for row in found]


def _row(row: tuple[Any, ...], address: str | None, today: date) -> Row:
    due = None if row[6] is None else date.fromisoformat(str(row[6]))
    return Row(
        id=as_id(row[0]),
        request_type=row[1],
        state=row[2],
        how=row[3],
        who=None if address is None else masked("email" if "@" in address else "sms", address),
        received_at=as_instant(row[5]),
        due=due,
        risk=Risk.LAST if row[19] and row[2] in OVER else risk_of(due, today, over=row[2] in OVER),
        place=row[7],
        reference=row[8],
        verified=row[9] is not None,
        assigned_to=None if row[10] is None else as_id(row[10]),
        acknowledged=row[11] is not None,
        acknowledge_by=None if row[12] is None else date.fromisoformat(str(row[12])),
        paused=row[13] is not None,
        routed_to=row[14],
        decided=row[15] is not None,
        version=row[17],
        closed_at=None if row[16] is None else as_instant(row[16]),
        sent_back=row[18] == "sent_back" and row[2] not in OVER,
        task=row[19] or "",
    )


def _asked(organization_id: uuid.UUID, filters: Filters, me: uuid.UUID) -> dict[str, object]:
    who = (
        me if filters.assignee == ME else uuid.UUID(filters.assignee) if filters.assignee not in ("", NOBODY) else None
    )
    return {
        "organization_id": organization_id,
        "state": filters.state,
        "type": filters.request_type,
        "place": filters.place,
        "next": filters.next,
        "anybody": int(not filters.assignee),
        "nobody": int(filters.assignee == NOBODY),
        "assignee": who,
    }
