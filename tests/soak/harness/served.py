"""`consent serve` on a SQLite file that a word in another file makes read-only or full.

SQLite itself refuses then, as it does on such a disk: nothing of the product knows of this.
"""

import os
from pathlib import Path
from typing import Any

import granian
import sqlalchemy as sa
from flask import Flask

from consent import serving
from consent.cli import main
from consent.db import committer

real_commit = committer.commit


def commit(connection: sa.Connection, group: list[committer.Waiting]) -> None:
    """As the product does, after the file has become what the word says; the spool is another file."""
    control = Path(os.environ["SOAK_CONTROL"])
    if str(connection.engine.url.database).endswith("consent.sqlite3"):
        word = control.read_text() if control.exists() else ""
        driver: Any = connection.connection.driver_connection
        if word == "read-only":
            driver.execute("PRAGMA query_only=ON")
        elif word == "full":
            pages = driver.execute("PRAGMA page_count").fetchone()[0]
            driver.execute(f"PRAGMA max_page_count={pages}")
        else:
            driver.execute("PRAGMA query_only=OFF")
            driver.execute("PRAGMA max_page_count=1073741823")
    real_commit(connection, group)


def application() -> Flask:
    """The application of such a process."""
    committer.commit = commit
    return serving.application()


class Granian(granian.Granian):  # type: ignore[misc,valid-type]
    """The server, pointed at the application above."""

    def __init__(self, _target: str, **options: Any) -> None:
        super().__init__("tests.soak.harness.served:application", **options)


if __name__ == "__main__":
    granian.Granian = Granian  # type: ignore[assignment]
    main()
