"""What the metrics say of what waits: each gauge asks whenever it is read."""

from collections.abc import Callable, Iterator
from datetime import datetime
from uuid import UUID

from consent import clock
from consent.db import Tx
from consent.house import House
from consent.ledger import queries as ledger_queries
from consent.outbox import queries as outbox_queries
from consent.web import metrics


def watch_ages(house: House) -> None:
    """The gauges ask whenever they are read."""
    spool = house.spooling.spool
    metrics.UNSEALED_AGE_SECONDS.set_function(lambda: oldest_unsealed(house))
    metrics.OUTBOX_AGE_SECONDS.set_function(lambda: oldest_unsent(house))
    metrics.SPOOL_AGE_SECONDS.set_function(lambda: age(spool.figures().oldest))
    metrics.SPOOL_WAITING.set_function(lambda: float(spool.figures().waiting))
    metrics.SPOOL_ASIDE.set_function(lambda: float(spool.figures().aside))


def age(since: datetime | None) -> float:
    """Seconds since then, 0 for never."""
    return max((clock.now() - since).total_seconds(), 0.0) if since is not None else 0.0


def oldest_unsealed(house: House) -> float:
    """Seconds that the oldest entry has waited to be sealed, 0 when none waits."""
    return max((age(oldest) for oldest in _oldest(house, ledger_queries.oldest_pending)), default=0.0)


def oldest_unsent(house: House) -> float:
    """Seconds that the oldest message that is due has waited to be sent, 0 when none waits."""
    return max((age(oldest) for oldest in _oldest(house, outbox_queries.oldest_due)), default=0.0)


def _oldest(house: House, ask: Callable[[Tx, UUID], datetime | None]) -> Iterator[datetime | None]:
    for organization_id in house.keyring.organizations():
        with house.db.read(organization_id, single=True) as tx:
            yield ask(tx, organization_id)
