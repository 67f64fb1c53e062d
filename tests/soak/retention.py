"""Very many records, planned and disposed of, killed again and again in between: each goes once and none stays.

`python -m tests.soak.retention --records 1000000 --kills 50` is the full run; `make test` has a small one.
"""

import json
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import click

from benchmarks.process import peak_mib
from consent import clock
from consent.db import Sql
from consent.house import House
from consent.privacy_requests.tasks import accounts
from consent.retention import batches as batches_of
from consent.retention import hold_rows, registering
from consent.retention.registering import OWN, Draft
from tests.crash.installation import CONSENT
from tests.soak.harness.shelf import NAME
from tests.soak.imports import Say, environment_of
from tests.support import databases
from tests.support import valley as at_valley
from tests.support.organizations import VALET, found_shipped
from tests.support.postgres import Server
from tests.support.valley import Tenant

AT_ONCE = 10_000  # records to a transaction while the list is filled
YOUNG_ONE_IN = 10  # whose time is not over
OLD_DAYS = 200  # New York City's entries go after ninety (1V-26)
INSTRUCTION = {"en": "Take it out.", "fr": "Sortez-le.", "es": "Sáquelo."}
MOST_MIB = 300.0

_BATCHES = Sql("SELECT count(*) FROM disposal_batch WHERE organization_id = :organization_id AND state = 'done'")
_OWN = Sql(
    "SELECT coalesce(sum(count), 0) FROM disposal_batch WHERE organization_id = :organization_id"
    " AND state = 'done' AND store = 'own'"
)
_LEFT = Sql("SELECT count(*) FROM held_record WHERE organization_id = :organization_id")
_OPEN = Sql("SELECT count(*) FROM disposal_batch WHERE organization_id = :organization_id AND state <> 'done'")
# The leases of the killed, and the waits after a store's refusal, end by themselves; nobody runs, so nobody holds one.
_LAPSED = Sql(
    "UPDATE disposal_batch SET locked_until = NULL, run_at = created_at"
    " WHERE organization_id = :organization_id AND state <> 'done'"
)


@dataclass(slots=True)
class Result:
    """What the run found; memory is the most that planning and disposing held, speeds are records a second."""

    records: int
    kills: int = 0
    filled: float = 0.0
    planned: float = 0.0
    disposed: float = 0.0
    peak_mib: float = 0.0
    findings: list[str] = field(default_factory=list)


def run(
    house: House, tenant: Tenant, folder: Path, records: int, kills: int, seed: int, say: Say,
    faults: Sequence[str] = (),
) -> Result:  # fmt: skip
    """The list is filled, the plan taken, what is due disposed of with its kills; `findings` says what is wrong."""
    result, environment, log = Result(records), environment_of(house), folder / "shelf.sqlite3"
    result.filled = _per_second(records, lambda: _fill(house, tenant, records))
    plan: dict[str, set[str]] = {NAME: set(), OWN: set()}
    result.planned = _per_second(records, lambda: _plan(tenant, environment, plan, result))
    due = sum(map(len, plan.values()))
    say(f"{due:,} of {records:,} records shall go")
    program = [sys.executable, "-m", "tests.soak.harness.shelf", str(tenant.id), str(log), *faults]
    moments = _moments(due, kills, seed)
    result.disposed = _per_second(due, lambda: _dispose(program, environment, house, tenant, moments, say, result))
    _finish(program, environment, house, tenant, result)
    result.findings += _check(house, tenant, plan, log, records)
    return result


def _per_second(count: int, work: Any) -> float:
    began = time.monotonic()
    work()
    return count / (time.monotonic() - began)


def _fill(house: House, tenant: Tenant, records: int) -> None:
    now = clock.now()
    settings: dict[str, Any] = {"categories": ["authentication-data"], "instruction": INSTRUCTION}
    house.db.write(lambda tx: accounts.add(tx, house.keyring, tenant.id, "manual", NAME, settings, now), tenant.id)
    in_force, drafts = house.governing.now(tenant.id, now), _drafts(records)
    while some := list(islice(drafts, AT_ONCE)):

        def work(tx: Any, some: list[Draft] = some) -> object:
            reckoner = hold_rows.reckoner(tx, in_force.rulebook, now)
            return registering.register(tx, house.keyring, in_force.log, reckoner, some, "api", now)

        house.db.write(work, tenant.id)


def _drafts(records: int) -> Iterator[Draft]:
    """Entries of buildings in New York City, half of them in the store of somebody else; old by the real clock."""
    now = datetime.now(UTC)
    for place in range(records):
        young = place % YOUNG_ONE_IN == 0
        collected = now - timedelta(days=1 if young else OLD_DAYS + place % 30)
        yield Draft(
            "authentication-data", NAME if place % 2 else OWN, f"entry-{place}", collected, "letting the tenant in",
            role="tenant", place="US-NY-NYC", site=f"building-{place % 50}", source="automatic",
        )  # fmt: skip


def _plan(tenant: Tenant, environment: Mapping[str, str], plan: dict[str, set[str]], result: Result) -> None:
    command = [sys.executable, *CONSENT, "retention", "plan", "--organization", tenant.slug, "--each"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for number, line in enumerate(process.stdout):
            one = json.loads(line)
            plan[one["store"]].add(one["reference"])
            if number % AT_ONCE == 0:
                result.peak_mib = max(result.peak_mib, peak_mib(process.pid))
    if process.returncode:
        result.findings.append("the plan failed")


def _moments(due: int, kills: int, seed: int) -> list[float]:
    """Beyond how many batches the work is killed: there are no fewer than full ones would be."""
    chance, batches = random.Random(seed), max(1, due // batches_of.AT_ONCE)
    return sorted(chance.uniform(0, batches * 0.9) for _ in range(kills))


def _dispose(
    command: Sequence[str], environment: Mapping[str, str], house: House, tenant: Tenant, moments: Sequence[float],
    say: Say, result: Result,
) -> None:  # fmt: skip
    """Killed at these moments; then one run that nobody kills."""
    for moment in [*moments, None]:
        process = subprocess.Popen(command, env=environment)
        while process.poll() is None:
            result.peak_mib = max(result.peak_mib, peak_mib(process.pid))
            if moment is not None and _count(house, tenant, _BATCHES) >= moment:
                process.kill()
                process.wait()
                result.kills += 1
                say(f"killed beyond batch {int(moment):,}")
            time.sleep(0.01)


def _finish(
    command: Sequence[str], environment: Mapping[str, str], house: House, tenant: Tenant, result: Result
) -> None:
    """What the killed held and what a store put off is done as well."""
    for _ in range(3):
        if _count(house, tenant, _OPEN) == 0:
            return
        house.db.write(lambda tx: tx.run(_LAPSED, {"organization_id": tenant.id}), tenant.id)
        if subprocess.run(command, env=environment, check=False).returncode:
            result.findings.append("a run failed")


def _check(house: House, tenant: Tenant, plan: Mapping[str, set[str]], log: Path, records: int) -> Iterator[str]:
    with sqlite3.connect(log) as shelf:
        gone = [row[0] for row in shelf.execute("SELECT reference FROM gone")]
    if len(gone) != len(set(gone)):
        yield f"{len(gone) - len(set(gone))} things of the store went more than once"
    if missed := plan[NAME] - set(gone):
        yield f"{len(missed)} things of the store did not go"
    if others := set(gone) - plan[NAME]:
        yield f"{len(others)} things of the store went without a plan"
    if (own := _count(house, tenant, _OWN)) != len(plan[OWN]):
        yield f"{own} of our own records went where {len(plan[OWN])} had to"
    stay = records - sum(map(len, plan.values()))
    if (left := _count(house, tenant, _LEFT)) != stay:
        yield f"{left} records are on the list where {stay} must be"
    if waiting := _count(house, tenant, _OPEN):
        yield f"{waiting} batches are not done"


def _count(house: House, tenant: Tenant, sql: Sql) -> int:
    with house.db.read(tenant.id) as tx:
        found = tx.one(sql, {"organization_id": tenant.id})
    return int(found[0]) if found else 0


@click.command()
@click.option("--records", default=1_000_000, show_default=True, type=click.IntRange(1), help="Records on the list.")
@click.option("--kills", default=50, show_default=True, type=click.IntRange(0), help="How often to kill.")
@click.option("--database", type=click.Choice(["sqlite", "postgresql"]), default="sqlite", show_default=True)
@click.option("--seed", default=1, show_default=True, help="Another seed: other moments.")
def main(records: int, kills: int, database: str, seed: int) -> None:
    """Exit status 0 only if each thing that was due went once, nothing else went, and memory stayed bounded."""
    folder = Path(tempfile.mkdtemp(prefix="consent-retention-", dir="/var/tmp"))
    server = Server(durable=True) if database == "postgresql" else None
    try:
        url = f"sqlite:///{folder / 'consent.sqlite3'}"
        if server is None:
            databases.migrations.upgrade(url)
        else:
            url = databases.create_postgresql(server.url(), "retention")
        house = House.open(at_valley.settings(at_valley.new_data_dir(folder / "var"), url))
        try:
            tenant = found_shipped(house, VALET, clock.now())
            result = run(house, tenant, folder, records, kills, seed, click.echo)
        finally:
            house.db.close()
    finally:
        if server is not None:
            server.destroy()
        shutil.rmtree(folder, ignore_errors=True)
    if result.peak_mib >= MOST_MIB:
        result.findings.append(f"{result.peak_mib:.0f} MiB")
    click.echo(
        f"{database}: {records:,} records, {result.kills} kills; registered {result.filled:,.0f} a second, planned"
        f" {result.planned:,.0f}, disposed of {result.disposed:,.0f} (starts and kills included), at most"
        f" {result.peak_mib:.0f} MiB; {len(result.findings)} findings"
    )
    for finding in result.findings:
        click.echo(f"  {finding}")
    sys.exit(1 if result.findings else 0)


if __name__ == "__main__":
    main()
