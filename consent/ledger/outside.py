"""The outside store: what we published, kept apart from the database, so that a cut of the database shows.

Here it is a folder per log: `latest`, every note published, and the public keys. Notes are written whole,
synced and then renamed into place; nothing is ever removed.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

from consent.errors import ConsentError

PER_FOLDER = 65_536  # leaves whose notes share a folder: no folder grows without bound


class OutsideRefused(ConsentError):
    """What was published outside and what the database holds cannot both be true; nothing more is signed."""


def published_logs(data_dir: Path, organization_id: UUID) -> list[int]:
    """The logs of an organization of which a checkpoint was published."""
    folders = (data_dir / "outside" / str(organization_id)).glob("*/latest")
    return sorted(int(path.parent.name) for path in folders if path.parent.name.isdecimal())


class OutsideFolder:
    """The published checkpoints of one log."""

    def __init__(self, data_dir: Path, organization_id: UUID, log_id: int) -> None:
        self.folder = data_dir / "outside" / str(organization_id) / str(log_id)

    def latest(self) -> str | None:
        """The newest published note, or None before the first."""
        try:
            return (self.folder / "latest").read_text(encoding="utf-8")
        except FileNotFoundError:
            return None

    def all(self) -> Iterator[tuple[Path, str]]:
        """Every published note with its file, smallest tree first."""
        found = [(int(path.stem), path) for path in self.folder.glob("*/*.note")]
        for _size, path in sorted(found):
            yield path, path.read_text(encoding="utf-8")

    def publish(self, size: int, note: str) -> None:
        """The note is the newest, whole and on stable storage.

        `latest` goes first: after a crash in between, the next call finds in it what the archive lacks.
        """
        before = self.latest()
        if before is not None and not (place := self._place(_size_of(before))).exists():
            write(place, before)
        if before != note:
            write(self.folder / "latest", note)
        if not (place := self._place(size)).exists():
            write(place, note)

    def publish_keys(self, vkeys: str) -> None:
        """The public keys of the log stand beside its notes."""
        path = self.folder / "keys"
        if not path.exists() or path.read_text(encoding="utf-8") != vkeys:
            write(path, vkeys)

    def _place(self, size: int) -> Path:
        return self.folder / str(size // PER_FOLDER) / f"{size}.note"


def _size_of(note: str) -> int:
    return int(note.split("\n", 2)[1])


def write(path: Path, text: str) -> None:
    """The file holds this text, whole and on stable storage, or is as it was."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{uuid4().hex}")
    with draft.open("w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
