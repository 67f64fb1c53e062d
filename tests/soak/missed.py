"""A gateway that never repeats, a service that is killed again and again: `python -m tests.soak.missed --kills 100`.

Each text is brought once; what the service did not take is only on the gateway's list. After one reconciliation
nothing is missing.
"""

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from consent import clock
from consent.organizations import service as organizations
from consent.timed import arriving
from tests.crash.installation import Installation, children, kill_group
from tests.soak.harness.clients import Client, new_key, stored_ids, until
from tests.support import databases
from tests.support.listing import Provider
from tests.support.postgres import Server
from tests.support.valley import NUMBER, TOKEN, make_account

NUMBERS = tuple(f"+1206555{number:04d}" for number in range(110, 150))
THREADS, PAUSE = 4, 0.05
LATER = timedelta(minutes=10)  # when the gateway's list is read


class Gateway:
    """Threads that bring each text once and put it on the list, whatever became of it."""

    def __init__(self, installation: Installation, path: str, seed: int) -> None:
        self.provider = Provider(NUMBER, page=200)
        self.last: dict[str, str] = {}
        self.tried = self.taken = 0
        self._lock, self._ending = threading.Lock(), threading.Event()
        self._threads = []
        for n in range(THREADS):
            client = Client(installation, "")
            client.path, client.token, client.number = path, TOKEN, NUMBER
            chance = random.Random(seed * 10 + n)
            self._threads.append(threading.Thread(target=self._bring, args=(client, NUMBERS[n::THREADS], chance)))
            self._threads[-1].start()

    def finish(self) -> None:
        """No new text is begun."""
        self._ending.set()
        for thread in self._threads:
            thread.join(60)

    def _bring(self, client: Client, numbers: tuple[str, ...], chance: random.Random) -> None:
        while not self._ending.is_set():
            number, word = chance.choice(numbers), chance.choice(("STOP", "START", "When do you come?"))
            sid = f"SM{chance.getrandbits(128):032x}"
            with self._lock:
                self.provider.received(sid, word, number, datetime.now(UTC))
                self.tried += 1
                if word != "When do you come?":
                    self.last[number] = word
            self.taken += client.message(sid, word, number).good
            # The list knows whole seconds: two words of one number in one second have no order there.
            self._ending.wait(chance.random() * PAUSE * 2 + 1.1 / len(numbers))


@dataclass(frozen=True, slots=True)
class Result:
    """What one run did and what is wrong afterwards."""

    kills: int
    tried: int
    taken: int
    found: dict[str, int]
    findings: list[str]


def run(folder: Path, kills: int, *, database_url: str = "", seed: int = 1) -> Result:
    """So many kills, one reconciliation, and a count."""
    installation = Installation(folder, database_url)
    house, tenant, chance = installation.house, installation.tenant, random.Random(seed)
    try:
        endpoint = make_account(house, tenant.id, datetime.now(UTC), can_send=False)
        key = new_key(installation)
        # The job of the service must not ask a real provider: what is looked at is looked at below.
        account = _account(installation)
        later = datetime.now(UTC) + timedelta(days=1)
        arriving.reconciler_of(house, Provider(NUMBER)).look(tenant.id, account)
        house.db.write(lambda tx: arriving.reconcile.soon(tx, tenant.id, later), tenant.id)
        installation.start()
        gateway = Gateway(installation, f"/webhooks/sms/{endpoint}", seed)
        for _ in range(kills):
            before = gateway.taken
            # Texts arrive again: a kill that hits nobody tells nothing.
            until(lambda before=before: gateway.taken > before, 10)  # type: ignore[misc]
            time.sleep(chance.uniform(0.1, 0.6))
            _kill(installation, chance)
            time.sleep(chance.uniform(0.0, 0.3))
            installation.start()
        gateway.finish()
        until(lambda: not house.spooling.spool.waiting(), 60)
        found = _reconcile(installation, gateway.provider, account)
        return Result(kills, gateway.tried, gateway.taken, found, _look(installation, gateway, key))
    finally:
        installation.close()


def _account(installation: Installation) -> organizations.Account:
    with installation.house.db.read(installation.tenant.id) as tx:
        accounts = organizations.accounts(tx, installation.house.keyring, installation.tenant.id)
    return next(one for one in accounts if one.gateway == "twilio")


def _kill(installation: Installation, chance: random.Random) -> None:
    """The process that serves, or everything."""
    serve = installation.servers["serve"]
    if chance.random() < 0.5:
        kill_group(serve)
        return
    for child in children(serve.pid):
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)


def _reconcile(installation: Installation, provider: Provider, account: organizations.Account) -> dict[str, int]:
    """One look at the list, some minutes later."""
    real = clock.now
    clock.now = lambda: real() + LATER  # a START that is only some seconds old may still be on its way
    try:
        looked = arriving.reconciler_of(installation.house, provider).look(installation.tenant.id, account, whole=True)
    finally:
        clock.now = real
    return dict(looked.missing) if looked is not None else {}


def _look(installation: Installation, gateway: Gateway, key: str) -> list[str]:
    stored = Counter(stored_ids(installation))
    listed = [str(one["sid"]) for one in gateway.provider.messages]
    found = [f"missing: {sid}" for sid in listed if sid not in stored]
    found += [f"stored {times} times: {sid}" for sid, times in stored.items() if times > 1]
    client = Client(installation, key)
    for number, word in gateway.last.items():
        asked = client.decide(number, store=False)
        if word == "STOP" and (asked.status != 200 or asked.body["answer"] != "deny"):
            found.append(f"after a STOP the gate answers {asked.status}")
    return found


def main(argv: list[str]) -> int:
    """100 kills on each database, or as many as one says."""
    parser = argparse.ArgumentParser(prog="tests.soak.missed", description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--database", choices=("sqlite", "postgresql"))
    parser.add_argument("--seed", type=int, default=1)
    said, _ = parser.parse_known_args(argv)
    bad = False
    for database in (said.database,) if said.database else ("sqlite", "postgresql"):
        place = Path(tempfile.mkdtemp(prefix="consent-soak-"))
        (folder := place / "installation").mkdir()
        server = Server(durable=True) if database == "postgresql" else None
        try:
            url = databases.create_postgresql(server.url(), "soak") if server is not None else ""
            result = run(folder, said.kills, database_url=url, seed=said.seed)
        finally:
            if server is not None:
                server.destroy()
            shutil.rmtree(place, ignore_errors=True)
        print(f"{database}: {result.kills} kills, {result.tried} texts, {result.taken} taken,", end=" ")
        print(f"found on the list: {result.found}; {len(result.findings)} findings", flush=True)
        for finding in result.findings[:30]:
            print(f"  {finding}")
        bad |= bool(result.findings)
    return int(bad)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
