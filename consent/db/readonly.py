"""A database that was put back from a backup and is not in order yet: it is read, and takes no changes (ledger A10).

A SQLite file has a mark beside it. PostgreSQL knows itself: the database begins every transaction as READ ONLY, which
it tells with each connection, so no process on any machine can miss it.
"""

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any

from consent.errors import Unavailable

RETRY_AFTER = 60
SETTING = "default_transaction_read_only"
WRITES_ALL_THE_SAME = f"-c {SETTING}=off"  # what the finishing of a restore connects with


class BeingRestored(Unavailable):
    """Changes wait until the restore is finished."""

    def __init__(self) -> None:
        super().__init__(
            "This service is being restored from a backup: it can be read, and takes changes again once that is"
            " finished. A retry is safe.",
            retry_after=RETRY_AFTER,
        )


def mark_of(file: Path) -> Path:
    """What stands beside a SQLite file while it is being restored."""
    return file.with_name(file.name + ".restoring")


def is_marked(mark: str) -> bool:
    """Whether it stands there. Costs one look at a folder."""
    return os.access(mark, os.F_OK)  # on the path of every write: a stat takes six times as long where nothing stands


def write_mark(path: Path, facts: dict[str, Any]) -> None:
    """The mark stands, on stable storage."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    fd = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(fd, "w", encoding="utf-8") as file:
        file.write(json.dumps(facts) + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    sync_folder(path.parent)


def read_mark(path: Path) -> dict[str, Any] | None:
    """What the restore that has begun wrote down; None where none has."""
    try:
        facts: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return None
    return facts


def taken_at(facts: dict[str, Any]) -> datetime:
    """When the backup was taken that a mark is about."""
    return datetime.fromisoformat(facts["taken_at"])


def sync_folder(folder: Path) -> None:
    """What was renamed or removed in the folder is so after a power cut too."""
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
