"""How well each gateway account is, read along its indexes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from consent.db import Sql, Tx
from consent.db.types import as_id, as_instant
from consent.ids import oldest_id
from consent.ledger.keys import Keyring
from consent.organizations import service as organizations
from consent.organizations.service import Account
from consent.outbox import queries as outbox

DAY = timedelta(days=1)
SMS, EMAIL = "sms", "email"  # the queues of the outbox
SLOW = timedelta(minutes=15)  # a message that waits so long is late; nothing is promised by it
_NEWEST_REPORT = Sql(
    "SELECT reported_at FROM delivery_status WHERE organization_id = :organization_id AND account_id = :id"
    " ORDER BY reported_at DESC LIMIT 1"
)
_REPORTED = Sql(
    "SELECT status, count(*) FROM delivery_status WHERE organization_id = :organization_id AND account_id = :id"
    " AND reported_at >= :since GROUP BY status ORDER BY status"
)
_PROGRESS = Sql(
    "SELECT account_id, listed_until, found, error, heard_at FROM gateway_progress"
    " WHERE organization_id = :organization_id"
)
_ENDED = Sql(
    "SELECT queue, count(*) FROM job WHERE organization_id = :organization_id AND id >= :since"
    " AND outcome IN ('dead', 'refused') GROUP BY queue ORDER BY queue"
)


@dataclass(frozen=True, slots=True)
class Health:
    """One account; `error` is what its lists answered last, `found` how many texts only its lists had."""

    account: Account
    last_text: datetime | None
    last_report: datetime | None
    reported: dict[str, int]
    listed_until: datetime | None
    found: int
    error: str

    @property
    def failed(self) -> int:
        """Reports of the last day that a text did not arrive."""
        return sum(count for status, count in self.reported.items() if status in ("failed", "undelivered", "rejected"))

    @property
    def ill(self) -> bool:
        """Whether somebody has to look."""
        reports = sum(self.reported.values())
        return self.account.closed_at is None and (bool(self.error) or (reports >= 20 and self.failed * 5 > reports))


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits in the outbox of one kind, and what it gave up in a day."""

    name: str
    waiting: int
    given_up: int


def accounts(tx: Tx, keyring: Keyring, organization_id: UUID, now: datetime) -> list[Health]:
    """Every account at a text gateway, closed ones as well."""
    place = {"organization_id": organization_id}
    progress = {as_id(row[0]): row[1:] for row in tx.all(_PROGRESS, place)}
    found = []
    for account in organizations.accounts(tx, keyring, organization_id):
        asked = place | {"id": account.id, "since": now - DAY}
        report, reported = tx.gather((_NEWEST_REPORT, asked), (_REPORTED, asked))
        listed, missing, error, heard = progress.get(account.id, (None, 0, "", None))
        found.append(
            Health(
                account,
                as_instant(heard) if heard is not None else None,
                as_instant(report[0][0]) if report else None,
                {str(status): int(count) for status, count in reported},
                as_instant(listed) if listed is not None else None,
                int(missing),
                str(error),
            )
        )
    return found


def queues(tx: Tx, organization_id: UUID, now: datetime) -> list[Queue]:
    """What waits to be sent, and what was given up in the last day."""
    rows = tx.all(_ENDED, {"organization_id": organization_id, "since": oldest_id(now - DAY)})
    ended = {str(queue): int(count) for queue, count in rows}
    return [Queue(one, outbox.waiting(tx, organization_id, one), ended.get(one, 0)) for one in (SMS, EMAIL)]


def late(tx: Tx, organization_id: UUID, now: datetime) -> datetime | None:
    """Since when the oldest message waits, if that is too long."""
    oldest = outbox.oldest_due(tx, organization_id)
    return oldest if oldest is not None and now - oldest > SLOW else None
