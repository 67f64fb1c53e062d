"""What is due by its time: planned, and disposed of in batches, beside a range read and a DELETE by the raw driver."""

import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

import psycopg

from benchmarks.figures import Figure
from benchmarks.ledger import Pair
from consent import clock
from consent.db import Database, Tx
from consent.organizations.service import Tenant
from consent.policies import founding
from consent.policies.packs import packs_root
from consent.retention import disposing, hold_rows, planning, registering
from consent.retention.registering import OWN, Draft
from consent.timed.retention import runner

if TYPE_CHECKING:
    from benchmarks.service import Ready

SLUG = "1valet"  # entries of buildings in New York City go after ninety days (1V-26)
OLD, OVER_DAYS = timedelta(days=200), 30
AT_ONCE = 10_000  # records to a transaction of the set-up
MOST_MICROSECONDS = 50.0  # to plan a record: 20,000 a second
RUN_REACH = 0.2  # of the DELETE
MOST_LOCK = 50.0  # ms that one transaction may keep all other writers waiting
T = TypeVar("T")

_RANGE = "SELECT * FROM held_record WHERE organization_id = {0} AND dispose_on <= {0} ORDER BY dispose_on, id"
_SOME = "SELECT id FROM held_record WHERE organization_id = {0} AND dispose_on <= {0} ORDER BY dispose_on, id LIMIT 100"
_ONE = "DELETE FROM held_record WHERE organization_id = ? AND id = ?"
_MANY = "DELETE FROM held_record WHERE organization_id = %s AND id = ANY(%s)"


@dataclass(slots=True)
class _Watched:
    """The database, with how long each write took, from its turn to its commit: nobody else writes meanwhile."""

    db: Database
    seconds: list[float] = field(default_factory=list)

    def read(self, *args: Any, **more: Any) -> AbstractContextManager[Tx]:
        """As the database reads."""
        return self.db.read(*args, **more)

    def write(self, work: Callable[[Tx], T], organization_id: UUID | None = None) -> T:
        """As the database writes."""
        began = time.perf_counter()
        try:
            return self.db.write(work, organization_id)
        finally:
            self.seconds.append(time.perf_counter() - began)


def measured(ready: "Ready", database: str, rounds: int, records: int) -> tuple[list[Pair], list[Figure]]:
    """Records a second planned and disposed of, with their floors; what planning one costs, the longest write."""
    house = ready.house
    now = clock.now() - timedelta(days=1)  # the policy was in force before anything is looked at
    tenant = founding.found(house.config, house.db, house.keyring, packs_root() / SLUG, now)
    plan, run = Pair("retention: plan", database, None), Pair("retention: run", database, RUN_REACH)
    costs, longest, watched = list[float](), list[float](), _Watched(house.db)
    for turn in range(rounds):
        _fill(ready, tenant, records, f"floor-{turn}")
        plan.floor.append(_rate(records, lambda: _expect(_read(ready, tenant), records)))
        run.floor.append(_rate(records, lambda: _expect(_delete(ready, tenant), records)))
        _fill(ready, tenant, records, f"ours-{turn}")
        spent = time.process_time()
        plan.ours.append(_rate(records, lambda: _expect(_plan(ready, tenant), records)))
        costs.append((time.process_time() - spent) / records * 1e6)
        watched.seconds.clear()
        run.ours.append(_rate(records, lambda: _expect(_run(ready, tenant, watched), records)))
        longest.append(max(watched.seconds) * 1000)
    return [plan, run], [
        Figure("retention: planning a record", database, statistics.median(costs), "us", MOST_MICROSECONDS),
        Figure("retention: longest write of a run", database, statistics.median(longest), "ms", MOST_LOCK),
    ]


def _fill(ready: "Ready", tenant: Tenant, records: int, name: str) -> None:
    """Nothing but our own entries stands for them, so that a run is the list and the ledger, and no store's time."""
    house, now, drafts = ready.house, clock.now(), _drafts(records, name)
    in_force = house.governing.now(tenant.id, now)
    while some := list(islice(drafts, AT_ONCE)):

        def work(tx: Tx, some: list[Draft] = some) -> object:
            reckoner = hold_rows.reckoner(tx, in_force.rulebook, now)
            return registering.register(tx, house.keyring, in_force.log, reckoner, some, "api", now)

        house.db.write(work, tenant.id)


def _drafts(records: int, name: str) -> Iterator[Draft]:
    for place in range(records):
        collected = clock.now() - OLD - timedelta(days=place % OVER_DAYS)
        yield Draft(
            "authentication-data", OWN, f"{name}-{place}", collected, "letting the tenant in",
            role="tenant", place="US-NY-NYC", site=f"building-{place % 50}", source="automatic",
        )  # fmt: skip


def _plan(ready: "Ready", tenant: Tenant) -> int:
    now = clock.now()
    rulebook = ready.house.governing.now(tenant.id, now).rulebook
    return sum(1 for _ in planning.planned(ready.house.db, tenant.id, rulebook, now.date()))


def _run(ready: "Ready", tenant: Tenant, watched: _Watched) -> int:
    mine = replace(runner(ready.house), db=watched)  # type: ignore[arg-type] # it reads and writes, no more is asked
    return disposing.run(mine, tenant.id, clock.now).disposed


def _read(ready: "Ready", tenant: Tenant) -> int:
    today = clock.now().date()
    if ready.house.db.file is not None:
        with closing(sqlite3.connect(ready.house.db.file)) as lite:
            return len(lite.execute(_RANGE.format("?"), (tenant.id.bytes, today.isoformat())).fetchall())
    with _postgresql(ready, tenant) as connection:
        return len(connection.execute(_RANGE.format("%s"), (tenant.id, today)).fetchall())


def _delete(ready: "Ready", tenant: Tenant) -> int:
    """A hundred to a transaction, as ours."""
    today, gone = clock.now().date(), 0
    if ready.house.db.file is not None:
        with closing(sqlite3.connect(ready.house.db.file, isolation_level=None)) as lite:
            lite.execute("PRAGMA synchronous=FULL")
            while True:
                lite.execute("BEGIN IMMEDIATE")
                some = lite.execute(_SOME.format("?"), (tenant.id.bytes, today.isoformat())).fetchall()
                lite.executemany(_ONE, [(tenant.id.bytes, one) for (one,) in some])
                lite.execute("COMMIT")
                gone += len(some)
                if not some:
                    return gone
    with _postgresql(ready, tenant) as connection:
        while True:
            with connection.transaction():
                some = connection.execute(_SOME.format("%s"), (tenant.id, today)).fetchall()
                connection.execute(_MANY, (tenant.id, [one for (one,) in some]))
            gone += len(some)
            if not some:
                return gone


@contextmanager
def _postgresql(ready: "Ready", tenant: Tenant) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(ready.environment["CONSENT_DATABASE_URL"], autocommit=True) as connection:
        connection.execute("SELECT set_config('app.organization', %s, false)", (str(tenant.id),))
        yield connection


def _rate(count: int, work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return count / (time.perf_counter() - began)


def _expect(found: int, wanted: int) -> None:
    if found != wanted:
        raise SystemExit(f"{found:,} records where {wanted:,} were due")
