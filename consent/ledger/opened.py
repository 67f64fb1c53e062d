"""What a command works with: the settings, the database and the keys of this installation."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from consent import config as configuration
from consent.config import Config
from consent.db import Database, revision
from consent.ledger.keys import Keyring


@dataclass(frozen=True, slots=True)
class Opened:
    """Open for the length of one command."""

    config: Config
    db: Database
    keyring: Keyring


@contextmanager
def opened() -> Iterator[Opened]:
    """Settings read, database connected, keys loaded; everything is closed afterwards."""
    config = configuration.load()
    db = Database(config.database_url, connections=2)
    try:
        revision.check(db)
        yield Opened(config, db, Keyring(config.data_dir))
    finally:
        db.close()
