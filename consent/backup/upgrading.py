"""Before a schema changes, what is there is backed up in the data folder."""

from datetime import datetime

from consent.backup import taking
from consent.backup.old_keys import BEFORE_UPGRADES
from consent.backup.rules import BACKUP, name_of
from consent.backup.taking import Taken
from consent.config import Config
from consent.ledger import keyfiles
from consent.ledger.keys import Keyring

FOLDER = "backups"


def back_up_before(config: Config, revision: str, now: datetime) -> Taken | None:
    """A backup of the database at the schema that it leaves now; None where there is no organization to lose."""
    if not keyfiles.organizations_with_keys(config.data_dir):
        return None
    backups, keys = config.data_dir / FOLDER, config.data_dir / BEFORE_UPGRADES
    for folder in (backups, keys):
        folder.mkdir(mode=0o700, exist_ok=True)
    to = backups / name_of(now, BACKUP, f"before-{revision}")
    return taking.take(config.database_url, Keyring(config.data_dir), to, keys, now)
