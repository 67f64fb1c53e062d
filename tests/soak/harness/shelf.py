"""A store with a log of its own that no kill of ours tears, and `python -m` the work of disposal before it.

Each task is done once, as such a store promises. `--forgetful` is the planted fault: it does again what it did before,
and the process ends once between what it did and its answer.
"""

import os
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import click

from consent import clock
from consent import config as configuration
from consent.gateways.stores.base import Outcome, Receipt, Resume, Store, StoreFailed
from consent.house import House
from consent.retention import disposing
from consent.timed.retention import runner

NAME = "shelf"
_TABLES = """
CREATE TABLE IF NOT EXISTS task (id TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS refused (id TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS gone (reference TEXT NOT NULL, task TEXT NOT NULL);
"""
ONE_IN = 32  # of the tasks fail when they come first


class Shelf:
    """Its log is a database: what is gone, each time it went, under which task."""

    def __init__(self, log: Path, *, forgetful: bool = False) -> None:
        self._log = sqlite3.connect(log, isolation_level=None, timeout=30)
        self._log.execute("PRAGMA journal_mode=WAL")
        self._log.executescript(_TABLES)
        self._forgetful = forgetful

    def dispose(self, references: Sequence[str], category: str, method: str, resume: Resume) -> Outcome:
        """Done, or done before under the same task; some fail at first."""
        task = str(resume.task)
        if (
            resume.task.int % ONE_IN == 0
            and self._log.execute("INSERT OR IGNORE INTO refused VALUES (?)", (task,)).rowcount
        ):
            raise StoreFailed("away")
        self._log.execute("BEGIN IMMEDIATE")
        new = self._log.execute("INSERT OR IGNORE INTO task VALUES (?)", (task,)).rowcount
        if new or self._forgetful:
            self._log.executemany("INSERT INTO gone VALUES (?, ?)", [(one, task) for one in references])
        self._log.execute("COMMIT")
        if self._forgetful and self._log.execute("INSERT OR IGNORE INTO refused VALUES ('told nobody')").rowcount:
            os._exit(9)
        return Receipt(NAME, category, "dispose", len(references), clock.now(), method)


@click.command()
@click.argument("organization", type=click.UUID)
@click.argument("log", type=click.Path(path_type=Path))
@click.option("--forgetful", is_flag=True)
def main(organization: UUID, log: Path, forgetful: bool) -> None:
    """Dispose of everything that is due, as the service does, through this store."""
    house, shelf = House.open(configuration.load()), Shelf(log, forgetful=forgetful)

    def opened(_organization: UUID, name: str) -> Store | None:
        return shelf if name == NAME else None  # type: ignore[return-value]

    try:
        disposing.run(replace(runner(house), open_store=opened), organization, clock.now)
    finally:
        house.close()


if __name__ == "__main__":
    main()
