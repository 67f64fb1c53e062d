"""A known address and an unknown one are told apart by nothing: asks for a code over HTTP, interleaved.

`python -m tests.soak.equal` asks 2,000 times for each; `make test` compares a few of every kind. Status, body, headers,
cookies, rows written and the outbox's delay must be the same. The test of times was chosen before anything was
measured: each known ask has an unknown one beside it, in random order; the statistic is the median of the differences
of the pairs, and chance is judged by turning the signs of the pairs at random 2,000 times. The two sides differ if
less than one turn in a hundred is as far from zero AND the median is above a quarter of a millisecond, which is far
below what a look at the clock through a network can tell. A planted millisecond must be found in the same run.
"""

import random
import re
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from threading import Thread
from unittest.mock import patch
from urllib.parse import urlencode
from uuid import UUID

from werkzeug.serving import WSGIRequestHandler, make_server

from consent import clock
from consent.app import create_app
from consent.db import Sql, migrations
from consent.house import House
from consent.subjects.addresses import Address
from consent.verification import pages, rules, service
from consent.verification.service import Ask
from consent.web import logs
from tests.support import snapshot
from tests.support import valley as at_valley
from tests.support.systems import Systems
from tests.support.valley import Tenant

ASKS, PER_ADDRESS = 2_000, 10
TURNS, CHANCE, BOUND = 2_000, 0.01, 0.000_25
PLANTED = 0.001  # seconds
# What differs between any two answers, whoever asks.
OWN = ("Date", "X-Request-Id")
_DELAYS = Sql("SELECT run_at, created_at FROM job WHERE organization_id = :org AND kind IN ('code', 'mail.code')")


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything an asker sees of an answer, without what is new in each."""

    status: int
    body: str
    headers: tuple[tuple[str, str], ...]
    cookies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the times say: the median of the differences in seconds, and how often chance does as much."""

    median: float
    chance: float

    @property
    def differs(self) -> bool:
        """Whether the two sides can be told apart."""
        return self.chance < CHANCE and abs(self.median) > BOUND


def compare(known: Sequence[float], unknown: Sequence[float], turns: int = TURNS) -> Verdict:
    """The sign-flip permutation test on the median of paired differences."""
    differences = [one - other for one, other in zip(known, unknown, strict=True)]
    median, turn = statistics.median(differences), random.Random(1)
    far = sum(
        abs(statistics.median([one if turn.random() < 0.5 else -one for one in differences])) >= abs(median)
        for _ in range(turns)
    )
    return Verdict(median, (far + 1) / (turns + 1))


def seen(status: int, body: str, headers: Sequence[tuple[str, str]], masked: str) -> Seen:
    """The answer with nonces, tokens and the masked address left out; a cookie by its name, attributes and length."""
    rest = [(name, value) for name, value in headers if name not in (*OWN, "Set-Cookie")]
    cookies = [value for name, value in headers if name == "Set-Cookie"]
    return Seen(
        status,
        re.sub(r'name="csrf" value="[^"]*"', "", body).replace(masked, ""),
        tuple((name, re.sub(r"nonce-[\w-]+", "nonce", value)) for name, value in rest),
        tuple(re.sub(r"=[^;]*", lambda found: f"={len(found[0]) // 20}", one, count=1) for one in cookies),
    )


class Asker:
    """One browser over one connection."""

    def __init__(self, port: int, slug: str, public_url: str) -> None:
        self.http = HTTPConnection("127.0.0.1", port)
        self.path, self.origin = f"/{slug}/preferences", public_url
        self.cookies: dict[str, str] = {}
        self.csrf = ""

    def begin(self) -> None:
        """The form was loaded once."""
        body, _ = self._send("GET", f"{self.path}/code")
        found = re.search(r'name="csrf" value="([^"]+)"', body)
        assert found is not None
        self.csrf = found[1]

    def ask(self, address: str) -> tuple[float, Seen, Seen]:
        """How long the answer took, the answer, and the page it leads to."""
        form = urlencode({"csrf": self.csrf, "contact": address})
        began = time.perf_counter()
        body, answer = self._send("POST", f"{self.path}/code", form)
        took = time.perf_counter() - began
        first = seen(answer.status, body, answer.getheaders(), "")
        body, answer = self._send("GET", f"{self.path}/enter")
        return took, first, seen(answer.status, body, answer.getheaders(), masked_of(address))

    def _send(self, verb: str, path: str, form: str | None = None) -> tuple[str, HTTPResponse]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if form is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.origin}
        self.http.request(verb, path, form, headers)
        answer = self.http.getresponse()
        body = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return body, answer


def masked_of(address: str) -> str:
    """How pages show it."""
    kind, found = rules.reachable(address, ("US-WA",))
    assert kind
    return found.masked


def numbers(count: int, first: int) -> list[str]:
    """Fictional numbers, each its own: area codes from 201 on, 555-01xx."""
    areas = [area for area in range(201, 990) if area % 100 != 11 and area // 10 % 10 != 9]
    return [f"+1{areas[(first + at) // 100]}55501{(first + at) % 100:02}" for at in range(count)]


def people(count: int) -> tuple[list[str], list[str]]:
    """As many known as unknown addresses, telephones and mail in turn; they read alike."""
    phones = numbers(2 * count, 0)
    mails = [f"somebody{at:06}@mail.example" for at in range(2 * count)]
    mixed = [one for pair in zip(phones, mails, strict=True) for one in pair]
    return mixed[: 2 * count : 4] + mixed[1 : 2 * count : 4], mixed[2 : 2 * count : 4] + mixed[3 : 2 * count : 4]


def make_known(systems: Systems, stop: Callable[[str], object], known: Sequence[str]) -> None:
    """Each of these has agreed to something, and every other telephone has said STOP since."""
    for at, address in enumerate(known):
        if "@" in address:
            systems.consent("marketing-email", channel="email", address=address)
        else:
            systems.consent(address=address)
            if at % 2:
                stop(address)


@contextmanager
def served(house: House) -> Iterator[int]:
    """The application on a port of this machine; its log says nothing meanwhile."""

    class Quiet(WSGIRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_request(self, *_: object) -> None:  # type: ignore[override]
            """Nothing."""

    server = make_server("127.0.0.1", 0, create_app(house), threaded=True, request_handler=Quiet)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()


def interleaved(
    house: House, tenant: Tenant, port: int, known: Sequence[str], unknown: Sequence[str], *, count_each: int = 1
) -> tuple[list[str], list[float], list[float]]:
    """What told the two sides apart besides time, and the times of each; rows are counted at each such pair."""
    asker, turn, findings = Asker(port, tenant.slug, house.config.public_url), random.Random(1), []
    asker.begin()
    times: dict[bool, list[float]] = {True: [], False: []}
    for at, pair in enumerate(zip(known, unknown, strict=True)):
        counted = at % count_each == 0
        sides = [(pair[0], True), (pair[1], False)]
        turn.shuffle(sides)
        answers, grown = {}, {}
        for address, side in sides:
            before = snapshot.counts(house, tenant.id) if counted else {}
            took, first, second = asker.ask(address)
            after = snapshot.counts(house, tenant.id) if counted else {}
            times[side].append(took)
            answers[side] = (first, second)
            grown[side] = {name: count - before[name] for name, count in after.items() if count != before[name]}
        if answers[True] != answers[False]:
            findings.append("the answers differ")
        if counted and not grown[True] == grown[False] == {"challenge": 1, "job": 1}:
            findings.append(f"rows differ: {grown[True]} and {grown[False]}")
    with house.db.read(tenant.id) as tx:
        if any(run_at != created_at for run_at, created_at in tx.all(_DELAYS, {"org": tenant.id})):
            findings.append("a job waits longer than another")
    return findings, times[True], times[False]


def main() -> int:
    """The full run; its exit status."""
    logs.configure()
    folder = Path(tempfile.mkdtemp(prefix="equal-"))
    url = f"sqlite:///{folder / 'consent.sqlite3'}"
    migrations.upgrade(url)
    house = House.open(at_valley.settings(at_valley.new_data_dir(folder), url))
    try:
        return _full(house)
    finally:
        house.close()
        shutil.rmtree(folder, ignore_errors=True)


def _full(house: House) -> int:
    tenant = at_valley.found_tenant(house, clock.now())
    client = create_app(house).test_client()
    twilio = tenant.gateway(client)
    known, unknown = people(ASKS // PER_ADDRESS)
    make_known(Systems(client, tenant), lambda number: twilio.text("STOP", sender=number), known)
    most, each = 10 * ASKS, PER_ADDRESS * 2
    limits = rules.Limits(each, most, of_groups=(most,) * 3, of_address=(each,) * 3)
    findings: list[str] = []
    with patch.object(pages, "LIMITS", limits), served(house) as port:
        for planted in (False, True):
            with slower(set(known) if planted else set()):
                found, mine, others = interleaved(
                    house, tenant, port, known * PER_ADDRESS, unknown * PER_ADDRESS, count_each=50
                )
            verdict = compare(mine, others)
            print(f"planted: {planted} · pairs: {len(mine)} · median: {verdict.median * 1000:+.3f} ms"
                  f" · chance: {verdict.chance:.4f} · differs: {verdict.differs}")  # fmt: skip
            findings += found
            if verdict.differs != planted:
                findings.append("a planted millisecond is not found" if planted else "the times differ")
    print("\n".join(sorted(set(findings))) or "Nothing tells a known address from an unknown one.")
    return 1 if findings else 0


@contextmanager
def slower(addresses: set[str]) -> Iterator[None]:
    """Asks for these take a millisecond more."""
    real = service.prepare

    def prepare(keyring: object, organization_id: UUID, kind: str, address: Address, *more: object) -> Ask:
        if address.value in addresses:
            time.sleep(PLANTED)
        return real(keyring, organization_id, kind, address, *more)  # type: ignore[arg-type]

    with patch.object(service, "prepare", prepare):
        yield


if __name__ == "__main__":
    sys.exit(main())
