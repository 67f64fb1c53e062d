"""`python -m benchmarks`: the speed table on SQLite and PostgreSQL, floors and paths in turns."""

import argparse
import os
import platform
import signal
import sqlite3
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

from benchmarks import (
    desk,
    figures,
    imports,
    ledger,
    many,
    pack,
    postgresql,
    retention,
    rulebook,
    servers,
    service,
    table,
    wording,
)
from benchmarks.floors import serve
from benchmarks.measure import WARM_UP, Outcome, measure
from benchmarks.paths import paths
from consent.config import load

FIRST_NUMBER = 15095550100  # the block 555-0100 on is kept for fiction


def main() -> int:
    """Print the table; the status is 1 when a path misses what it must reach."""
    # Asked to end, it unwinds: otherwise the servers, standing still, would outlive it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    options = _options()
    settings = servers.Settings(options.processes, options.threads, max(options.threads * 8, 128))
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()},"
        f" SQLite {sqlite3.sqlite_version}; granian with {settings.processes} process(es) on PostgreSQL,"
        f" {settings.threads} threads; {options.rounds} rounds of {options.requests} requests",
        flush=True,
    )
    results = Results()
    with tempfile.TemporaryDirectory(prefix="bench-", dir="/var/tmp") as folder:
        for database in options.databases.split(","):
            _measure(database, Path(folder), settings, options, results)
        if not options.floors_only:
            results.values.append(figures.help_text({}))
            results.values += rulebook.figures()
            results.values += wording.figures()
    print(file=sys.stderr)
    rows = [
        *map(table.row, results.outcomes),
        *map(table.pair_row, results.pairs),
        *map(table.figure_row, results.values),
    ]
    print("\n".join(table.lines([table.HEAD, *rows])))
    print(f"Load generator: at most {table.client_share(results.outcomes):.0%} of the processor time of any turn.")
    return 1 if results.missed() else 0


@dataclass
class Results:
    """All that was measured."""

    outcomes: list[Outcome] = field(default_factory=list)
    pairs: list[ledger.Pair] = field(default_factory=list)
    values: list[figures.Figure] = field(default_factory=list)

    def missed(self) -> bool:
        """Whether anything stays short of what it must reach."""
        return (
            any(outcome.shortfalls() for outcome in self.outcomes)
            or any(pair.missed() for pair in self.pairs)
            or any(value.missed() for value in self.values)
        )


def _measure(
    database: str, folder: Path, settings: servers.Settings, options: argparse.Namespace, results: Results
) -> None:
    """A floor and our service on databases of the same kind, each standing still until its turn."""
    if database == "sqlite":
        settings = replace(settings, processes=1)  # one process serves a file
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
            ready = service.set_up(ours_at, folder / f"data-{database}", settings)
            stack.callback(ready.house.db.close)
            _without_http(database, ready, floor_at, numbers, options, results)
            ours = stack.enter_context(service.serving(ready, numbers, settings, folder))
            ours.server.pause()
        for path in paths(database, floor, ours):
            results.outcomes.append(measure(path, options.rounds, options.requests))
            print(".", end="", file=sys.stderr, flush=True)
        if ours is not None:
            results.values += figures.serving(database, ours.server)
            try:
                results.pairs.append(many.batch(ours, database, floor_at, numbers, options.rounds))
                results.values += many.stream(ours, database, numbers, options.lines)
            except SystemExit as why:  # the rest of the table is worth printing; this row is a miss
                print(f"not measured: {why}", file=sys.stderr)
                results.values.append(figures.Figure("many questions over HTTP", database, float("inf"), "", 0.0))


def _without_http(
    database: str,
    ready: service.Ready,
    floor_at: str | Path,
    numbers: list[str],
    options: argparse.Namespace,
    results: Results,
) -> None:
    """Storage, append and verify, before any server holds the database."""
    before = ledger.size(ready)
    service.agree(ready, numbers)
    ledger.seal(ready)
    results.values.append(figures.storage(database, before, ledger.size(ready), len(numbers)))
    results.pairs.append(ledger.append(ready, database, floor_at, options.rounds, options.requests))
    results.pairs += ledger.verified(ready, database, options.rounds)
    with tempfile.TemporaryDirectory(prefix="bench-import-", dir="/var/tmp") as folder:
        at = Path(folder)
        results.pairs.append(imports.imported(ready, database, floor_at, at, options.rounds, options.import_rows))
        results.values.append(imports.memory(ready, database, at, options.import_rows))
    results.values += [desk.queue(ready, database), pack.made(ready, database)]
    pairs, values = retention.measured(ready, database, options.rounds, options.import_rows)
    results.pairs += pairs
    results.values += values
    ledger.catch_up(ready)


def _people(options: argparse.Namespace) -> int:
    """Enough numbers that every STOP of the run comes from somebody who still had a consent."""
    rounds, requests = int(options.rounds), int(options.requests)
    turns = 2 * rounds  # at 8 and at 64 connections
    return max(int(turns * (1 + WARM_UP) * requests) + 200 * turns, many.ADDRESSES)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a look in a minute: 3 rounds of 400 requests")
    parser.add_argument("--rounds", type=int, help="turns of each side (default 5)")
    parser.add_argument("--requests", type=int, help="requests in a turn (default 2000)")
    parser.add_argument(
        "--import-rows",
        type=int,
        help="rows of an imported file, records that are due (default 20000)",
    )
    parser.add_argument("--databases", default="sqlite,postgresql", help="default: sqlite,postgresql")
    parser.add_argument("--floors-only", action="store_true", help="leave our own service out")
    parser.add_argument("--processes", type=int, default=1, help="of both servers, on PostgreSQL (default 1)")
    parser.add_argument("--threads", type=int, default=load({}).threads, help="default: that of CONSENT_THREADS")
    parser.add_argument("--lines", type=int, help="questions in the stream (default 1,000,000)")
    options = parser.parse_args()
    options.lines = options.lines or (50_000 if options.quick else 1_000_000)
    options.rounds = options.rounds or (3 if options.quick else 5)
    options.requests = options.requests or (400 if options.quick else 2000)
    options.import_rows = options.import_rows or (4000 if options.quick else 20_000)
    return options


if __name__ == "__main__":
    sys.exit(main())
