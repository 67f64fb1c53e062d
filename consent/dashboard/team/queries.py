"""What lies on each of the staff: open requests, those due within a week, and what was closed in a month."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from consent.db import Sql, Tx
from consent.db.types import as_id
from consent.ledger.keys import Keyring
from consent.privacy_requests.rules import UNDER_WAY
from consent.staff import accounts
from consent.staff.accounts import Account

SOON, BACK = timedelta(days=7), timedelta(days=30)
_OPEN = Sql(
    "SELECT assigned_to, count(*), sum(CASE WHEN answer_by < :today THEN 1 ELSE 0 END),"  # noqa: S608 - fixed words
    " sum(CASE WHEN answer_by >= :today AND answer_by <= :soon THEN 1 ELSE 0 END) FROM privacy_request"
    f" WHERE organization_id = :organization_id AND {UNDER_WAY} GROUP BY assigned_to"
)
_CLOSED = Sql(
    "SELECT decided_by, count(*) FROM privacy_request WHERE organization_id = :organization_id"
    " AND closed_at >= :since GROUP BY decided_by"
)


@dataclass(frozen=True, slots=True)
class Load:
    """What lies on one of the staff; `account` is None for what nobody has taken."""

    account: Account | None
    open: int
    overdue: int
    soon: int
    closed: int


def loads(tx: Tx, keyring: Keyring, organization_id: UUID, today: date, now: datetime) -> list[Load]:
    """Every active member, and everybody else on whom something lies; what nobody has taken comes first."""
    asked = {"organization_id": organization_id, "today": today.isoformat(), "soon": (today + SOON).isoformat()}
    open_rows, closed_rows = tx.gather((_OPEN, asked), (_CLOSED, asked | {"since": now - BACK}))
    lies = {as_id(row[0]) if row[0] is not None else None: _figures(row) for row in open_rows}
    closed = {as_id(row[0]): int(row[1]) for row in closed_rows if row[0] is not None}
    staff = {one.id: one for one in accounts.every(tx, keyring, organization_id)}
    shown = [one for one in staff.values() if one.state == "active" or one.id in lies or one.id in closed]
    mine = [Load(one, *lies.get(one.id, (0, 0, 0)), closed.get(one.id, 0)) for one in shown]
    mine.sort(key=lambda one: (-one.overdue, -one.soon, -one.open))
    free = Load(None, *lies[None], 0) if None in lies else None
    return [free, *mine] if free is not None else mine


def _figures(row: tuple[Any, ...]) -> tuple[int, int, int]:
    """Open, overdue and due soon."""
    return int(row[1]), int(row[2] or 0), int(row[3] or 0)
