"""The database goes away under load, in every way, and comes back: `python -m tests.soak.outages --database sqlite`.

Each text is brought once. Every answer must be 2xx, nothing may be lost, each number's texts keep their order, and the
gate never says yes after an acknowledged STOP.
"""

import argparse
import random
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from consent.errors import Unavailable
from consent.ledger import bodies, disclosures, keys
from tests.crash.findings import EVENTS
from tests.crash.installation import CONSENT, Installation
from tests.soak.harness import causes
from tests.soak.harness.clients import Client, new_key, stored_ids, until
from tests.support import databases
from tests.support.postgres import Server

SERVED = ("-m", "tests.soak.harness.served")
THREADS, NUMBERS_EACH = 8, 8
PAUSE, CALM = 0.02, 0.5  # seconds between the texts of one thread while something is wrong, and afterwards
SOON = 2.0  # seconds in which a gateway is answered
DRAINED_WITHIN = 120.0


@dataclass(slots=True)
class Phase:
    """What was answered while one thing was wrong, or nothing."""

    texts: list[float] = field(default_factory=list)
    refused: int = 0
    gate: Counter[str] = field(default_factory=Counter)
    gate_seconds: float = 0.0

    def in_words(self, name: str) -> str:
        """One line."""
        late, gate = sum(one > SOON for one in self.texts), ", ".join(f"{n} {what}" for what, n in self.gate.items())
        ordered = sorted(self.texts) or [0.0]
        return (
            f"{name}: {len(self.texts)} texts, {self.refused} refused, slowest {ordered[-1]:.2f} s,"
            f" p99 {ordered[int(len(ordered) * 0.99)]:.2f} s, {late} over {SOON:.0f} s;"
            f" gate: {gate or 'not asked'}, slowest {self.gate_seconds:.2f} s"
        )


class Load:
    """Threads that bring texts, each for numbers of its own, and ask the gate after some STOPs."""

    def __init__(self, installation: Installation, key: str, seed: int) -> None:
        self.phases: dict[str, Phase] = {"before": Phase()}
        self.now = "before"
        self.sent: dict[str, list[str]] = {}  # number -> acknowledged ids in order
        self.said: dict[str, str] = {}  # number -> its last acknowledged word
        self.findings: list[str] = []
        self._lock, self._ending = threading.Lock(), threading.Event()
        clients = [Client(installation, key) for _ in range(THREADS)]
        groups = [[f"+1206555{120 + t * NUMBERS_EACH + n:04d}" for n in range(NUMBERS_EACH)] for t in range(THREADS)]
        for client, group in zip(clients, groups, strict=True):
            for number in group:
                if not client.consent(number).good:
                    self.findings.append("a consent was refused before anything happened")
        self._threads = [
            threading.Thread(target=self._bring, args=(client, group, random.Random(seed * 100 + n)), daemon=True)
            for n, (client, group) in enumerate(zip(clients, groups, strict=True))
        ]
        for thread in self._threads:
            thread.start()

    def finish(self) -> None:
        """No new text is begun."""
        self._ending.set()
        for thread in self._threads:
            thread.join(60)

    def _bring(self, client: Client, numbers: list[str], chance: random.Random) -> None:
        while not self._ending.is_set():
            number, word = chance.choice(numbers), chance.choice(("STOP", "START"))
            sid, phase = f"SM{chance.getrandbits(128):032x}", self.phases[self.now]
            answer = client.message(sid, word, number)
            with self._lock:
                phase.texts.append(answer.seconds)
                if not answer.good:
                    phase.refused += 1
                    self.findings.append(f"{self.now}: a text was answered {answer.status}")
                    continue
                self.sent.setdefault(number, []).append(sid)
                self.said[number] = word
            if word == "STOP" and chance.random() < 0.3:
                self._ask(client, number, phase, store=chance.random() < 0.5)
            self._ending.wait(chance.random() * 2 * (CALM if self.now == "before" else PAUSE))

    def _ask(self, client: Client, number: str, phase: Phase, *, store: bool) -> None:
        asked = client.decide(number, store=store)
        said = asked.body["answer"] if asked.status == 200 else str(asked.status)
        with self._lock:
            phase.gate[said] += 1
            phase.gate_seconds = max(phase.gate_seconds, asked.seconds)
            if said == "allow":
                self.findings.append(f"{self.now}: a yes after an acknowledged STOP")
            elif said not in ("deny", "503"):
                self.findings.append(f"{self.now}: the gate answered {said}")


@dataclass(frozen=True, slots=True)
class Result:
    """What one run saw."""

    phases: dict[str, Phase]
    texts: int
    findings: list[str]


def run(
    folder: Path,
    seconds: float,
    *,
    server: Server | None = None,
    database_url: str = "",
    seed: int = 1,
    say: Callable[[str], None] = lambda line: None,
) -> Result:
    """Every cause once, so long; then everything is counted."""
    installation = Installation(folder, database_url, CONSENT if server is not None else SERVED)
    installation.environment["SOAK_CONTROL"] = str(causes.control(folder))
    try:
        key = new_key(installation)
        installation.start()
        load = Load(installation, key, seed)
        time.sleep(1.0)
        ways = causes.of_postgresql(server) if server is not None else causes.of_sqlite(installation)
        for name, cause in ways.items():
            load.phases[name] = Phase()
            with cause():
                load.now = name
                time.sleep(seconds)
            load.now = "before"
            if not until(lambda: not installation.house.spooling.spool.waiting(), DRAINED_WITHIN):
                load.findings.append(f"{name}: the spool was not empty in time")
            say(load.phases[name].in_words(name))
            time.sleep(1.0)
        load.finish()
        until(lambda: not installation.house.spooling.spool.waiting(), DRAINED_WITHIN)
        load.findings += _look(installation, load, Client(installation, key))
        installation.stop()
        return Result(load.phases, sum(map(len, load.sent.values())), load.findings)
    finally:
        installation.close()


def _look(installation: Installation, load: Load, client: Client) -> list[str]:
    """What is lost, doubled, out of order, or not as the last word says."""
    stored = Counter(stored_ids(installation))
    sent = [sid for sids in load.sent.values() for sid in sids]
    found = [f"acknowledged and lost: {sid}" for sid in sent if sid not in stored]
    found += [f"stored {times} times: {sid}" for sid, times in stored.items() if times > 1]
    order = _in_order(installation)
    for number, sids in load.sent.items():
        place = {sid: n for n, sid in enumerate(order)}
        places = [place.get(sid, -1) for sid in sids]
        if places != sorted(places):
            found.append("the texts of a number are out of order")
        answer = client.decide(number, store=False)
        allowed = answer.status == 200 and answer.body["answer"] == "allow"
        if allowed != (load.said[number] == "START"):
            found.append(f"after {load.said[number]} the gate says {answer.status} {answer.body}")
    return found


def _in_order(installation: Installation) -> list[str]:
    """The ids of all texts in the order in which they count."""
    organization_id, found = installation.tenant.id, []
    for attempt in range(5):
        try:
            with installation.house.db.read(organization_id) as tx:
                rows = tx.all(EVENTS, {"org": organization_id})
            break
        except Unavailable:  # connections from before the outage
            if attempt == 4:
                raise
    for _stream, event_id, body, sealed, version, wrapped in rows:
        leaf = bodies.parse(bytes(body))
        if leaf.source != "webhook" or sealed is None:
            continue
        key = installation.house.keyring.stream_key(organization_id, bytes(wrapped))
        plain = keys.open_facts(key, bytes(sealed), organization_id, leaf.id, "facts", version)
        found += [
            (leaf.occurred_at, leaf.seq, str(fact.value))
            for fact in disclosures.unpack(plain)
            if fact.name == "provider_msg_id"
        ]
        del event_id
    return [sid for _, _, sid in sorted(found)]


def main(argv: list[str]) -> int:
    """60 seconds of each, or as long as one says."""
    parser = argparse.ArgumentParser(prog="tests.soak.outages", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--database", choices=("sqlite", "postgresql"))
    parser.add_argument("--seed", type=int, default=1)
    said, _ = parser.parse_known_args(argv)
    wrong = 0
    for database in (said.database,) if said.database else ("sqlite", "postgresql"):
        place = Path(tempfile.mkdtemp(prefix="consent-soak-"))
        (folder := place / "installation").mkdir()
        server = Server(durable=True) if database == "postgresql" else None
        try:
            url = databases.create_postgresql(server.url(), "soak") if server is not None else ""
            result = run(folder, said.seconds, server=server, database_url=url, seed=said.seed, say=print)
        finally:
            if server is not None:
                server.destroy()
            shutil.rmtree(place, ignore_errors=True)
        print(f"{database}: {result.texts} texts acknowledged, {len(result.findings)} findings")
        for finding in result.findings[:30]:
            print(f"  {finding}")
        wrong |= bool(result.findings)
    return wrong


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
