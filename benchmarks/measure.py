"""Two sides in turns: every round drives the floor and then ours, with the other one standing still."""

import statistics
from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks.load import Load, drive_apart
from benchmarks.servers import Server

WARM_UP = 0.1  # of a round's requests, before the clock runs


@dataclass(frozen=True)
class Side:
    """One way to do a job: a server, fresh requests for it, and how many rows it has written so far."""

    server: Server
    requests: Callable[[int], list[bytes]]
    ok: frozenset[int]
    written: Callable[[], int] | None = None


@dataclass(frozen=True)
class Path:
    """A job, the floor for it, ours if it exists yet, and what we must reach."""

    name: str
    database: str
    connections: int
    floor: Side
    ours: Side | None
    reach: float | None
    p99_reach: float | None = None
    size: float = 1.0  # requests in a round, as a multiple of the run's own number


@dataclass(frozen=True)
class Turn:
    """One side in one round."""

    load: Load
    server_cpu_seconds: float
    unwritten: int  # answered as done, but not found in the database

    @property
    def client_share(self) -> float:
        """The load generator's part of all processor time spent."""
        together = self.load.client_cpu_seconds + self.server_cpu_seconds
        return self.load.client_cpu_seconds / together if together else 0.0


@dataclass
class Outcome:
    """All rounds of one path."""

    path: Path
    floor: list[Turn] = field(default_factory=list)
    ours: list[Turn] = field(default_factory=list)

    def ratios(self) -> list[float]:
        """Our rate as a part of the floor's, round by round."""
        return [ours.load.rate / floor.load.rate for floor, ours in zip(self.floor, self.ours, strict=True)]

    def p99_ratios(self) -> list[float]:
        """Our p99 as a multiple of the floor's, round by round."""
        return [ours.load.p99_ms / floor.load.p99_ms for floor, ours in zip(self.floor, self.ours, strict=True)]

    def shortfalls(self) -> list[str]:
        """What was not reached; empty when everything was, or when there is nothing of ours yet."""
        found = []
        for name, turns in (("floor", self.floor), ("ours", self.ours)):
            if failed := sum(turn.load.failed for turn in turns):
                found.append(f"{name}: {failed} requests failed")
            if lost := sum(turn.unwritten for turn in turns):
                found.append(f"{name}: {lost} answers without a row")
        if self.ours:
            ratio, reach = statistics.median(self.ratios()), self.path.reach
            if reach is not None and ratio < reach:
                found.append(f"rate {ratio:.2f} of the floor, {reach:.2f} wanted")
            p99, reach = statistics.median(self.p99_ratios()), self.path.p99_reach
            if reach is not None and p99 > reach:
                found.append(f"p99 {p99:.2f} times the floor's, {reach:.2f} allowed")
        return found


def measure(path: Path, rounds: int, requests: int) -> Outcome:
    """Drive both sides `rounds` times, in turns."""
    outcome = Outcome(path)
    number = max(path.connections, int(requests * path.size))
    sides = [(path.floor, outcome.floor)]
    if path.ours is not None:
        sides.append((path.ours, outcome.ours))
    for _ in range(rounds):
        for side, turns in sides:
            turns.append(_turn(side, path.connections, number))
    return outcome


def _turn(side: Side, connections: int, number: int) -> Turn:
    server = side.server
    server.resume()
    try:
        warm = max(connections, int(number * WARM_UP))
        drive_apart(server.address, connections, side.requests(warm), side.ok)
        requests = side.requests(number)
        before = side.written() if side.written else 0
        cpu = server.cpu_seconds()
        load = drive_apart(server.address, connections, requests, side.ok)
        cpu = server.cpu_seconds() - cpu
        unwritten = max(0, load.answered - (side.written() - before)) if side.written else 0
        return Turn(load, cpu, unwritten)
    finally:
        server.pause()
