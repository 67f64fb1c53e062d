"""`python -m benchmarks`: the speed table on SQLite and PostgreSQL, floors and paths in turns."""

import argparse
import os
import platform
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks import postgresql, servers, service, table
from benchmarks.floors import serve
from benchmarks.measure import WARM_UP, Outcome, measure
from benchmarks.paths import paths

FIRST_NUMBER = 15095550100  # the block 555-0100 on is kept for fiction


def main() -> int:
    """Print the table; the status is 1 when a path misses what it must reach."""
    options = _options()
    settings = servers.Settings(options.processes, options.threads, options.backpressure)
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()},"
        f" SQLite {sqlite3.sqlite_version}; granian with {settings.processes} process,"
        f" {settings.threads} threads; {options.rounds} rounds of {options.requests} requests",
        flush=True,
    )
    outcomes: list[Outcome] = []
    with tempfile.TemporaryDirectory(prefix="bench-", dir="/var/tmp") as folder:
        for database in options.databases.split(","):
            with _ground(database, Path(folder), settings, options) as (floor, service):
                for path in paths(database, floor, service):
                    outcomes.append(measure(path, options.rounds, options.requests))
                    print(".", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    print("\n".join(table.lines([table.HEAD, *map(table.row, outcomes)])))
    print(f"Load generator: at most {table.client_share(outcomes):.0%} of the processor time of any turn.")
    return 1 if any(outcome.shortfalls() for outcome in outcomes) else 0


@contextmanager
def _ground(
    database: str, folder: Path, settings: servers.Settings, options: argparse.Namespace
) -> Iterator[tuple[serve.Floor, service.Service | None]]:
    """A floor and our service on databases of the same kind, both standing still until their turn."""
    numbers = [f"+{FIRST_NUMBER + place}" for place in range(_people(options))]
    with ExitStack() as stack:
        floor_at: str | Path = folder / "floor.sqlite3"
        ours_at = f"sqlite:///{folder / 'service.sqlite3'}"
        if database == "postgresql":
            cluster = stack.enter_context(postgresql.cluster())
            floor_at, ours_at = cluster.create("floor"), cluster.create("service")
        floor = stack.enter_context(serve.serving(floor_at, numbers, settings, folder))
        floor.server.pause()
        ours = None
        if not options.floors_only:
            ready = service.set_up(ours_at, folder / f"data-{database}", numbers, settings)
            stack.callback(ready.house.db.close)
            ours = stack.enter_context(service.serving(ready, numbers, settings, folder))
            ours.server.pause()
        yield floor, ours


def _people(options: argparse.Namespace) -> int:
    """Enough numbers that every STOP of the run comes from somebody who still had a consent."""
    rounds, requests = int(options.rounds), int(options.requests)
    turns = 2 * rounds  # at 8 and at 64 connections
    return int(turns * (1 + WARM_UP) * requests) + 200 * turns


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a look in a minute: 3 rounds of 400 requests")
    parser.add_argument("--rounds", type=int, help="turns of each side (default 5)")
    parser.add_argument("--requests", type=int, help="requests in a turn (default 2000)")
    parser.add_argument("--databases", default="sqlite,postgresql", help="default: sqlite,postgresql")
    parser.add_argument("--floors-only", action="store_true", help="leave our own service out")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--threads", type=int, default=32)
    parser.add_argument("--backpressure", type=int, default=1024)
    options = parser.parse_args()
    options.rounds = options.rounds or (3 if options.quick else 5)
    options.requests = options.requests or (400 if options.quick else 2000)
    return options


if __name__ == "__main__":
    sys.exit(main())
