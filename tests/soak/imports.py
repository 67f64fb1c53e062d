"""A large file, some of it against opt-outs on record, killed again and again and gone on with: none revives.

`python -m tests.soak.imports --rows 1000000 --kills 20` is the full run; `make test` has a small one.
"""

import csv
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import click

from benchmarks.process import peak_mib
from consent import clock
from consent.db import Sql
from consent.house import House
from consent.imports import runs
from consent.imports.runs import Run
from consent.preferences import queries, rebuild
from tests.crash.installation import CONSENT
from tests.imports.files import HEADING, no, row
from tests.support import databases
from tests.support import valley as at_valley
from tests.support.postgres import Server
from tests.support.valley import TEXTS, Tenant

FIRST = 12015550100  # numbers from here on; nobody is called
ONE_IN = 100  # rows against an opt-out
MOST_MIB = 300.0

_EVENTS = Sql("SELECT count(*) FROM ledger_event WHERE organization_id = :organization_id")
_ENTRIES = Sql("SELECT count(*), count(DISTINCT event_id) FROM import_entry WHERE organization_id = :organization_id")
Say = Callable[[str], None]


@dataclass(slots=True)
class Result:
    """What the run found; memory is the most that any of its processes held."""

    rows: int
    kills: int = 0
    seconds: float = 0.0
    peak_mib: float = 0.0
    findings: list[str] = field(default_factory=list)


def run(
    house: House,
    tenant: Tenant,
    environment: Mapping[str, str],
    folder: Path,
    rows: int,
    kills: int,
    seed: int,
    say: Say,
) -> Result:
    """Opt-outs first, then the file with its kills; `findings` names everything that is not as it must be."""
    result, chance = Result(rows), random.Random(seed)
    stops, people = folder / "stops.csv", folder / "people.csv"
    against = [place for place in range(rows) if place % ONE_IN == ONE_IN // 2]
    stopped_at = clock.now() - timedelta(hours=1)
    _write(stops, (no(address=_number(place), occurred_at=stopped_at.isoformat()) for place in against))
    _write(people, (_row(place, stopped_at, place % ONE_IN == ONE_IN // 2) for place in range(rows)))
    command = [sys.executable, *CONSENT, "import", "consents"]
    mine = ["--organization", tenant.slug]
    if subprocess.run([*command, str(stops), *mine], env=environment, capture_output=True, check=False).returncode:
        raise SystemExit("the opt-outs could not be imported")
    before = _events(house, tenant)
    moments = sorted(chance.uniform(0, rows * 0.95) for _ in range(kills))
    began, resume = time.monotonic(), list[str]()
    for moment in [*moments, None]:
        process = subprocess.Popen(
            [*command, str(people), *mine, *resume], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        if moment is None:
            told = _ended(process, result)
            if process.returncode:
                result.findings.append(f"the last run failed: {told.decode()[-300:]}")
            break
        if _killed(house, tenant, process, moment, chance, result):
            result.kills += 1
            say(f"killed beyond row {int(moment):,}")
        resume = _resume(house, tenant)
    result.seconds = time.monotonic() - began
    result.findings += _check(house, tenant, rows, len(against), before)
    return result


def _killed(
    house: House,
    tenant: Tenant,
    process: subprocess.Popen[bytes],
    moment: float,
    chance: random.Random,
    result: Result,
) -> bool:
    """SIGKILL once the run is past `moment`; False when the process was quicker."""
    while process.poll() is None:
        result.peak_mib = max(result.peak_mib, peak_mib(process.pid))
        newest = _newest(house, tenant)
        if newest is not None and newest.rows > newest.position >= moment:
            time.sleep(chance.uniform(0, 0.05))
            process.kill()
            process.communicate()
            return True
        time.sleep(0.01)
    process.communicate()
    return False


def _ended(process: subprocess.Popen[bytes], result: Result) -> bytes:
    """What the run said at its end; the most memory that it took is noted while it runs."""
    while process.poll() is None:
        result.peak_mib = max(result.peak_mib, peak_mib(process.pid))
        time.sleep(0.01)
    return process.communicate()[1]


def _resume(house: House, tenant: Tenant) -> list[str]:
    newest = _newest(house, tenant)
    return ["--resume", str(newest.id)] if newest is not None and newest.stage == "running" else []


def _newest(house: House, tenant: Tenant) -> Run | None:
    """The import of the people, once it has begun."""
    with house.db.read(tenant.id) as tx:
        found = runs.newest(tx, tenant.id, most=2)
    return found[0] if len(found) == 2 else None


def _check(house: House, tenant: Tenant, rows: int, against: int, before: int) -> Iterator[str]:
    newest = _newest(house, tenant)
    if newest is None or newest.stage != "finished" or newest.position != rows:
        yield "the import is not at its end"
        return
    counts = newest.counts
    expected = {"gives": rows - against, "ends": 0, "unchanged": 0, "older": 0}
    if {name: counts[name] for name in expected} != expected or counts["refused"] + counts["quarantined"] != against:
        yield f"the counts are {counts}"
    events = _events(house, tenant) - before
    # One for each consent, one that the import began and one that it ended.
    if events != rows - against + 2:
        yield f"{events} events where {rows - against + 2} must be"
    with house.db.read(tenant.id) as tx:
        entries = tx.one(_ENTRIES, {"organization_id": tenant.id})
        if entries is None or tuple(entries) != (rows, rows):
            yield f"{entries} entries of rows where {rows} must be"
        given = stopped = revived = 0
        numbers: dict[int, str] = {}
        for channel, tag64, program, _, state, *_ in queries.dump(tx, tenant.id):
            if channel == "sms" and program == "*" and state == "withdrawn":
                stopped += 1
                numbers[tag64] = "stopped"
        for channel, tag64, program, _, state, *_ in queries.dump(tx, tenant.id):
            if channel == "sms" and program == TEXTS and state == "given":
                given += 1
                revived += tag64 in numbers
        if (given, stopped, revived) != (rows - against, against, 0):
            yield f"{given} consents, {stopped} stops, {revived} revived"
        yield from (str(one) for one in rebuild.check(tx, tenant.id))


def _events(house: House, tenant: Tenant) -> int:
    with house.db.read(tenant.id) as tx:
        found = tx.one(_EVENTS, {"organization_id": tenant.id})
    return int(found[0]) if found else 0


def _number(place: int) -> str:
    return f"+{FIRST + place}"


def _row(place: int, stopped_at: datetime, against: bool) -> dict[str, str]:
    """A complete yes; one against an opt-out is older, as old, without hour, without time, or lies ahead."""
    if not against:
        return row(address=_number(place), occurred_at="2026-03-01T17:00:00Z")
    instant = stopped_at.isoformat()
    day = instant[:10]
    times = ("2026-03-01T17:00:00Z", instant, day, None, "2090-01-01T00:00:00Z", "soon")
    return row(address=_number(place), occurred_at=times[place // ONE_IN % len(times)])


def _write(file: Path, rows: Iterator[dict[str, str]]) -> None:
    with file.open("w", newline="", encoding="utf-8") as written:
        out = csv.writer(written)
        out.writerow(HEADING)
        for one in rows:
            out.writerow([one.get(name, "") for name in HEADING])


def environment_of(house: House) -> dict[str, str]:
    """What a command needs to find this house."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CONSENT_")}
    return kept | {
        "CONSENT_DATA_DIR": str(house.config.data_dir),
        "CONSENT_DATABASE_URL": house.config.database_url,
    }


@click.command()
@click.option("--rows", default=1_000_000, show_default=True, type=click.IntRange(ONE_IN), help="Rows of the file.")
@click.option("--kills", default=10, show_default=True, type=click.IntRange(0), help="How often to kill.")
@click.option("--database", type=click.Choice(["sqlite", "postgresql"]), default="sqlite", show_default=True)
@click.option("--seed", default=1, show_default=True, help="Another seed: other moments.")
def main(rows: int, kills: int, database: str, seed: int) -> None:
    """Exit status 0 only if no opt-out revived, nothing is missing or doubled, and memory stayed below 300 MiB."""
    folder = Path(tempfile.mkdtemp(prefix="consent-import-", dir="/var/tmp"))
    server = Server(durable=True) if database == "postgresql" else None
    try:
        url = f"sqlite:///{folder / 'consent.sqlite3'}"
        if server is None:
            databases.migrations.upgrade(url)
        else:
            url = databases.create_postgresql(server.url(), "imports")
        house = House.open(at_valley.settings(at_valley.new_data_dir(folder / "var"), url))
        try:
            tenant = at_valley.found_tenant(house, clock.now())
            result = run(house, tenant, environment_of(house), folder, rows, kills, seed, click.echo)
        finally:
            house.db.close()
    finally:
        if server is not None:
            server.destroy()
        shutil.rmtree(folder, ignore_errors=True)
    if result.peak_mib >= MOST_MIB:
        result.findings.append(f"{result.peak_mib:.0f} MiB")
    click.echo(
        f"{database}: {rows:,} rows, {result.kills} kills, {result.seconds:.0f} s"
        f" ({rows / result.seconds:,.0f} rows a second, starts and kills included), at most {result.peak_mib:.0f} MiB;"
        f" {len(result.findings)} findings"
    )
    for finding in result.findings[:50]:
        click.echo(f"  {finding}")
    sys.exit(1 if result.findings else 0)


if __name__ == "__main__":
    main()
