"""Before a schema changes, what is there is backed up in the data folder."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from consent.backup import taking
from consent.backup.rules import BACKUP, name_of
from consent.backup.taking import Taken
from consent.config import Config
from consent.ledger import keyfiles
from consent.ledger.keys import Keyring

FOLDER, KEYS_FOLDER = "backups", "backups-keys"


def back_up_before(config: Config, revision: str, now: datetime) -> Taken | None:
    """A backup of the database at the schema that it leaves now; None where there is no organization to lose."""
    if not keyfiles.organizations_with_keys(config.data_dir):
        return None
    backups, keys = config.data_dir / FOLDER, config.data_dir / KEYS_FOLDER
    for folder in (backups, keys):
        folder.mkdir(mode=0o700, exist_ok=True)
    to = backups / name_of(now, BACKUP, f"before-{revision}")
    return taking.take(config.database_url, Keyring(config.data_dir), to, keys, now)


def forget_old(data_dir: Path, now: datetime) -> Iterator[Path]:
    """Their keys are destroyed when their time is over."""
    yield from taking.destroy_old(data_dir / KEYS_FOLDER, now)
