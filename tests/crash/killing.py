"""Kills at random moments, and the quiet end after which nothing may be missing."""

import contextlib
import os
import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from consent.db import Sql
from tests.crash import findings
from tests.crash.gateway import Gateway
from tests.crash.installation import CONSENT, Installation, NotServing, children, kill_group

DRAINED_WITHIN = 90.0
DURING_THE_START = 0.1
_LEASES_RUN_OUT = Sql("UPDATE job SET locked_until = created_at WHERE organization_id = :org AND done_at IS NULL")


@dataclass(frozen=True, slots=True)
class Result:
    """What one run did and what is wrong afterwards."""

    kills: dict[str, int]
    tried: int
    acknowledged: int
    repeated: int
    findings: list[str]


def run(
    folder: Path,
    kills: int,
    *,
    database_url: str = "",
    program: tuple[str, ...] = CONSENT,
    seed: int = 1,
    longest_pause: float = 0.5,
    say: Callable[[str], None] = lambda line: None,
) -> Result:
    """An installation under load is killed so many times; then it rests, and everything is counted."""
    chance = random.Random(seed)
    installation = Installation(folder, database_url, program)
    try:
        installation.start()
        gateway = Gateway(installation, seed)
        done: dict[str, int] = {}
        for number in range(kills):
            _wait_for_load(gateway, chance)
            time.sleep(chance.uniform(0.0, longest_pause))
            victim = _kill_something(installation, chance)
            done[victim] = done.get(victim, 0) + 1
            installation.start()
            say(f"kill {number + 1} of {kills}: {victim}; {len(gateway.acknowledged)} texts acknowledged")
        installation.kill_everything()
        installation.program = CONSENT
        installation.start()
        gateway.finish()
        _rest(installation)
        wrong = findings.look(installation, gateway)
        repeated = sum(gateway.acknowledged.values()) - len(gateway.acknowledged)
        return Result(done, len(gateway.tried), len(gateway.acknowledged), repeated, wrong)
    finally:
        installation.close()


def _wait_for_load(gateway: Gateway, chance: random.Random) -> None:
    """Texts arrive again; now and then nobody waits for that, so that a start is hit as well."""
    if chance.random() < DURING_THE_START:
        return
    before, deadline = gateway.answers, time.monotonic() + 10
    while gateway.answers == before and time.monotonic() < deadline:
        time.sleep(0.005)


def _kill_something(installation: Installation, chance: random.Random) -> str:
    """One of: the process that serves, its parent, both at once, and the process of the timed jobs."""
    serve = installation.servers["serve"]
    victims = ["web", "parent", "everything"] + (["jobs", "jobs"] if installation.is_postgresql else [])
    victim = chance.choice(victims)
    if victim == "web":
        for child in children(serve.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
    elif victim == "parent":
        orphans = children(serve.pid)
        serve.kill()
        serve.wait()
        _left_alone(orphans)
    elif victim == "jobs":
        kill_group(installation.servers["worker"])
    else:
        for server in installation.servers.values():
            kill_group(server)
    return victim


def _left_alone(orphans: list[int]) -> None:
    """What served under a killed parent has ended by itself, and makes room for the next."""
    deadline = time.monotonic() + 20
    while any(Path(f"/proc/{pid}").exists() for pid in orphans):
        if time.monotonic() > deadline:
            raise NotServing("A process goes on serving although its parent was killed.")
        time.sleep(0.02)


def _rest(installation: Installation) -> None:
    """Started once more, the service has sealed and sent all it has; then it ends in order."""
    installation.kill_everything()
    # The leases of killed workers end by themselves after a minute; nobody runs, so nobody holds one.
    tenant = installation.tenant.id
    installation.house.db.write(lambda tx: tx.run(_LEASES_RUN_OUT, {"org": tenant}), tenant)
    installation.start()
    deadline = time.monotonic() + DRAINED_WITHIN
    while findings.waiting(installation) and time.monotonic() < deadline:
        time.sleep(0.2)
    installation.stop()
