"""What has no floor: bytes, memory, time to start."""

import statistics
from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks import process
from benchmarks.servers import Server

STARTS = 5


@dataclass(frozen=True)
class Figure:
    """One measured value and the most it may be."""

    name: str
    database: str
    value: float
    unit: str
    most: float | None

    def missed(self) -> bool:
        """Whether it is more than it may be."""
        return self.most is not None and self.value > self.most


def storage(database: str, before: int, after: int, events: int) -> Figure:
    """What a sealed consent takes with everything around it; promised for SQLite."""
    most = 3.0 if database == "sqlite" else None
    return Figure("storage of a consent", database, (after - before) / events / 1024, "KiB", most)


def serving(database: str, server: Server) -> list[Figure]:
    """Memory of the web process after all its load, and how long it took to answer at first."""
    return [
        Figure("memory of a web process", database, server.memory_mib(), "MiB", 120.0),
        Figure("first answer after start", database, server.ready_after, "s", 3.0),
    ]


def help_text(environment: Mapping[str, str]) -> Figure:
    """How long `consent --help` takes."""
    runs = [process.run(process.consent("--help"), environment) for _ in range(STARTS)]
    if any(run.status for run in runs):
        raise SystemExit("consent --help failed")
    return Figure("consent --help", "-", statistics.median(run.seconds for run in runs), "s", 0.4)
