"""Ways in which a database goes away, each for as long as a block lasts."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from tests.crash.installation import Installation
from tests.support.postgres import Server, frozen

Cause = Callable[[], AbstractContextManager[None]]
CONTROL = "database-is"  # the file by which `served` is told what becomes of the SQLite file


def of_postgresql(server: Server) -> dict[str, Cause]:
    """The server is stopped, frozen, killed."""

    @contextmanager
    def stopped() -> Iterator[None]:
        server.stop("fast")
        try:
            yield
        finally:
            server.start()

    @contextmanager
    def killed() -> Iterator[None]:
        server.kill()
        try:
            yield
        finally:
            server.start()

    return {"stopped": stopped, "frozen": lambda: frozen(server.processes()), "killed": killed}


def of_sqlite(installation: Installation) -> dict[str, Cause]:
    """Another process holds the file, the file cannot be written, its disk is full."""
    assert installation.house.db.file is not None
    file = installation.house.db.file

    @contextmanager
    def locked() -> Iterator[None]:
        other = sqlite3.connect(file, isolation_level=None, timeout=30)
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")
            other.close()

    def told(word: str) -> Cause:
        @contextmanager
        def held() -> Iterator[None]:
            control(installation.folder).write_text(word)
            try:
                yield
            finally:
                control(installation.folder).write_text("")

        return held

    return {"locked": locked, "read-only": told("read-only"), "full": told("full")}


def control(folder: Path) -> Path:
    """Where the word stands."""
    return folder / CONTROL
