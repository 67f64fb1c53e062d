"""Eight clients do everything at once to the same numbers: `python -m tests.soak.safety --operations 100000`.

STOP, START, consents, decisions stored and explained, repeats, reports of blocked numbers and imports of opt-outs. A
"yes" is wrong when the question began after a STOP was acknowledged and nothing that could be a later consent had begun
before the answer.
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

from tests.crash.__main__ import PLANTED
from tests.crash.installation import CONSENT, Installation
from tests.soak.harness.clients import Answer, Client, new_key
from tests.support import databases
from tests.support.postgres import Server

CLIENTS = 8
NUMBERS = tuple(f"+1206555{number:04d}" for number in range(110, 122))  # few: the clients meet at each of them
# What is done, and how often of a hundred.
MIX = (
    ("stop", 18),
    ("start", 8),
    ("consent", 10),
    ("stored", 24),
    ("explained", 30),
    ("repeat", 8),
    ("blocked", 2),
)
IMPORTS_EVERY = 2_000
LOOKED_AT_EVERY = 100  # operations, where a run ends with the first wrong answer


@dataclass(slots=True)
class History:
    """What happened to one number, by the clock of the clients."""

    stops: list[tuple[float, float]] = field(default_factory=list)  # begun and acknowledged
    allowed: list[tuple[float, float]] = field(default_factory=list)  # begun and ended; endless while it runs
    yeses: list[tuple[float, float]] = field(default_factory=list)

    def wrong(self) -> int:
        """How many answers no order of events explains."""
        return sum(self._is_wrong(began, ended) for began, ended in self.yeses)

    def _is_wrong(self, began: float, ended: float) -> bool:
        before = [stop for stop in self.stops if stop[1] < began]
        if not before:
            return False
        latest = max(begun for begun, _ in before)
        return not any(start <= ended and end >= latest for start, end in self.allowed)


class Clients:
    """All of them, until so many operations were done; or, where asked so, until a wrong answer is seen."""

    def __init__(self, installation: Installation, operations: int, seed: int, *, to_the_first: bool) -> None:
        self.histories = {number: History() for number in NUMBERS}
        self.done: Counter[str] = Counter()
        self.failed: Counter[str] = Counter()
        self._left, self._lock, self._to_the_first = operations, threading.Lock(), to_the_first
        key = new_key(installation)
        self._threads = [
            threading.Thread(target=self._work, args=(Client(installation, key), random.Random(seed * 1000 + n)))
            for n in range(CLIENTS)
        ]

    def run(self) -> None:
        """Everything was done."""
        for thread in self._threads:
            thread.start()
        for thread in self._threads:
            thread.join()

    @property
    def wrong(self) -> int:
        """How many answers no order of events explains."""
        return sum(one.wrong() for one in self.histories.values())

    def _work(self, client: Client, chance: random.Random) -> None:
        names, weights = [name for name, _ in MIX], [weight for _, weight in MIX]
        sent: list[tuple[str, str, str]] = []
        while True:
            with self._lock:
                self._left -= 1
                if self._left < 0:
                    return
                number_of = self._left
            number = chance.choice(NUMBERS)
            name = "import" if number_of % IMPORTS_EVERY == IMPORTS_EVERY - 1 else chance.choices(names, weights)[0]
            answer = self._do(client, chance, name, number, sent)
            with self._lock:
                self.done[name] += 1
                if not answer.good:
                    self.failed[f"{name} {answer.status}"] += 1
                if self._to_the_first and number_of % LOOKED_AT_EVERY == 0 and self.wrong:
                    self._left = 0

    def _do(
        self, client: Client, chance: random.Random, name: str, number: str, sent: list[tuple[str, str, str]]
    ) -> Answer:
        history = self.histories[number]
        if name in ("stop", "start"):
            sent.append((f"SM{chance.getrandbits(128):032x}", name.upper(), number))
            del sent[:-50]
            return self._said(client, *sent[-1])
        if name == "repeat":
            return client.message(*chance.choice(sent)) if sent else client.decide(number, store=False)
        if name == "consent":
            return self._allowing(history, lambda: client.consent(number))
        if name == "blocked":
            answer = client.report(f"SM{chance.getrandbits(128):032x}", number)
            return self._stopping(history, answer)
        if name == "import":
            return self._imported(client, [number, chance.choice(NUMBERS)])
        answer = client.decide(number, store=name == "stored")
        if answer.status == 200 and answer.body["answer"] == "allow":
            with self._lock:
                history.yeses.append((answer.began, answer.ended))
        return answer

    def _said(self, client: Client, sid: str, word: str, number: str) -> Answer:
        history = self.histories[number]
        if word == "START":
            return self._allowing(history, lambda: client.message(sid, word, number))
        return self._stopping(history, client.message(sid, word, number))

    def _imported(self, client: Client, numbers: list[str]) -> Answer:
        answer = client.import_opt_outs(numbers)
        if answer.good and answer.body.get("stage") == "finished" and answer.body.get("ends") == len(set(numbers)):
            for number in set(numbers):
                self._stopping(self.histories[number], answer)
        return answer

    def _stopping(self, history: History, answer: Answer) -> Answer:
        if answer.good:
            with self._lock:
                history.stops.append((answer.began, answer.ended))
        return answer

    def _allowing(self, history: History, act: Callable[[], Answer]) -> Answer:
        """What may be a later consent counts from its beginning on, also while nobody knows its outcome."""
        with self._lock:
            place = len(history.allowed)
            history.allowed.append((time.monotonic(), float("inf")))
        answer = act()
        if answer.status:  # without an answer it may still be under way
            with self._lock:
                history.allowed[place] = (history.allowed[place][0], answer.ended)
        return answer


@dataclass(frozen=True, slots=True)
class Result:
    """What was done, what failed, and how many answers were wrong."""

    done: Counter[str]
    failed: Counter[str]
    yeses: int
    wrong: int


def run(
    folder: Path,
    operations: int,
    *,
    database_url: str = "",
    program: tuple[str, ...] = CONSENT,
    seed: int = 1,
    to_the_first: bool = False,
) -> Result:
    """So many operations against a served installation, or fewer where the first wrong answer is all that is sought."""
    installation = Installation(folder, database_url, program)
    try:
        clients = Clients(installation, operations, seed, to_the_first=to_the_first)
        installation.start()
        clients.run()
        yeses = sum(len(one.yeses) for one in clients.histories.values())
        return Result(clients.done, clients.failed, yeses, clients.wrong)
    finally:
        installation.close()


def main(argv: list[str]) -> int:
    """100,000 operations on each database, or as many as one says; then a planted fault that must be found."""
    parser = argparse.ArgumentParser(prog="tests.soak.safety", description=__doc__)
    parser.add_argument("--operations", type=int, default=100_000)
    parser.add_argument("--database", choices=("sqlite", "postgresql"))
    parser.add_argument("--seed", type=int, default=1)
    said, _ = parser.parse_known_args(argv)
    bad = 0
    for database in (said.database,) if said.database else ("sqlite", "postgresql"):
        for planted in (False, True):
            place = Path(tempfile.mkdtemp(prefix="consent-soak-"))
            (folder := place / "installation").mkdir()
            server = Server() if database == "postgresql" else None
            operations = min(said.operations, 5_000) if planted else said.operations
            try:
                url = databases.create_postgresql(server.url(), "soak") if server is not None else ""
                program = PLANTED if planted else CONSENT
                result = run(folder, operations, database_url=url, program=program, seed=said.seed)
            finally:
                if server is not None:
                    server.destroy()
                shutil.rmtree(place, ignore_errors=True)
            kind = "with a planted fault" if planted else "as it is"
            print(f"{database} {kind}: {dict(result.done)}; failed: {dict(result.failed) or 'none'};", end=" ")
            print(f"{result.yeses} yeses, {result.wrong} of them wrong", flush=True)
            bad |= (result.wrong == 0) if planted else (result.wrong > 0)
    return int(bad)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
