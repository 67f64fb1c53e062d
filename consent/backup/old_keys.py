"""Keys files are destroyed when their 35 days are over. Apart from `taking`: a web process asks this every day."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from consent.backup.rules import KEYS, is_over

BEFORE_UPGRADES = "backups-keys"  # in the data folder: the keys of the backups that upgrades make


def destroy_old(folder: Path, now: datetime) -> Iterator[Path]:
    """Keys files whose time is over are overwritten and gone."""
    for path in sorted(folder.glob(f"*.{KEYS}")):
        if is_over(path.name, now):
            with path.open("r+b") as file:
                file.write(bytes(path.stat().st_size))
                file.flush()
            path.unlink()
            yield path
