"""The ledger without HTTP: append and verify, each in turns with its floor, and what a consent takes on the disk."""

import sqlite3
import statistics
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from benchmarks import ledger_floor
from benchmarks.service import Ready
from consent import clock
from consent.db import Tx
from consent.ids import new_stream_id
from consent.ledger import jobs, service, verify
from consent.timed import outside, upkeep
from consent.timed.common import tenants

GROUP = 100  # events in one transaction
VERIFY_REACH = 0.15
MOST_BYTES = 3 * 1024  # of a consent event on SQLite, all tables and indexes counted

EVENT = service.Event(
    "message.received",
    "webhook",
    "sms",
    data={"intent": "other"},
    facts={"address": "+15095550142", "provider_msg_id": "SM" + "0" * 32},
    message="When does the technician come?",
)


@dataclass
class Pair:
    """Events per second of the floor and of ours, round by round."""

    name: str
    database: str
    reach: float | None
    floor: list[float] = field(default_factory=list)
    ours: list[float] = field(default_factory=list)

    def ratios(self) -> list[float]:
        """Our rate as a part of the floor's, round by round."""
        return [ours / floor for floor, ours in zip(self.floor, self.ours, strict=True)]

    def missed(self) -> bool:
        """Whether the median ratio stays below what must be reached."""
        return self.reach is not None and statistics.median(self.ratios()) < self.reach


def append(ready: Ready, database: str, floor_at: str | Path, rounds: int, events: int) -> Pair:
    """New events, each with a stream of its own, written a hundred to a commit."""
    pair = Pair("ledger append", database, None)
    house, organization_id = ready.house, ready.tenant.id
    log = house.governing.now(organization_id, clock.now()).log

    def work(tx: Tx) -> None:
        now = clock.now()
        for _ in range(GROUP):
            stream = service.new_stream(tx, house.keyring, organization_id, new_stream_id())
            service.append(tx, log, stream, EVENT, now)

    with closing(ledger_floor.writer(floor_at)) as floor:
        for _ in range(rounds):
            pair.floor.append(_rate(events, lambda: floor.write(GROUP)))
            pair.ours.append(_rate(events, lambda: house.db.write(work, organization_id)))
    return pair


def verified(ready: Ready, database: str, rounds: int) -> list[Pair]:
    """Every sealed event checked by one process, beside reading and hashing the same bodies and nothing else.

    First the log alone (V1 to V8), for which the floor is made; then everything, facts opened and erasures looked for.
    """
    log, everything = Pair("ledger verify, log", database, VERIFY_REACH), Pair("ledger verify, all", database, None)
    at = str(ready.house.db.file or ready.environment["CONSENT_DATABASE_URL"])
    seal(ready)
    for _ in range(rounds):
        events, seconds = ledger_floor.read_and_hash(Path(at) if ready.house.db.file else at)
        for pair, log_only in ((log, True), (everything, False)):
            pair.floor.append(events / seconds)
            pair.ours.append(events / _verify(ready, log_only))
    return [log, everything]


def seal(ready: Ready) -> None:
    """Nothing waits to be sealed."""
    house = ready.house
    while jobs.seal(house.db, house.keyring, [ready.tenant.id], clock.now()).events:
        pass


def catch_up(ready: Ready) -> None:
    """What the set-up left behind is sealed, counted and kept outside, as it is in a service that has run for a while.

    What the turns themselves add is dealt with while they run.
    """
    house = ready.house
    while jobs.seal(house.db, house.keyring, tenants(house), clock.now()).events:
        pass
    for job in (upkeep.count_evidence, upkeep.count_figures, outside.keep_opt_outs):
        job(house)


def size(ready: Ready) -> int:
    """Bytes of the database, all tables and indexes."""
    if ready.house.db.file is not None:
        with closing(sqlite3.connect(ready.house.db.file)) as lite:
            return int(lite.execute("PRAGMA page_count").fetchone()[0] * lite.execute("PRAGMA page_size").fetchone()[0])
    with psycopg.connect(ready.environment["CONSENT_DATABASE_URL"]) as connection:
        row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
        return int(row[0]) if row else 0


def _verify(ready: Ready, log_only: bool) -> float:
    house = ready.house
    began = time.perf_counter()
    with house.db.read(ready.tenant.id) as tx:
        report = verify.verify(tx, house.keyring, ready.tenant.id, clock.now(), log_only=log_only)
    seconds = time.perf_counter() - began
    if report.findings:
        raise SystemExit(f"ledger verify found {len(report.findings)} faults in a ledger nobody touched")
    return seconds


def _rate(events: int, group: Callable[[], object]) -> float:
    groups = max(1, events // GROUP)
    began = time.perf_counter()
    for _ in range(groups):
        group()
    return groups * GROUP / (time.perf_counter() - began)
