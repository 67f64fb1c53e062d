"""What lies beside the database: calls of gateways that could not be read, and in development what would have left."""

from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

from consent.db.spool import Spool
from consent.outbox.pages import MAILS, TEXTS


def forget(data_dir: Path, spool: Spool | None, addresses: Sequence[str]) -> int:
    """Nothing of it names these addresses; returns how many pieces are gone."""
    needles = [form for address in addresses for form in _forms(address)]

    def is_theirs(content: bytes) -> bool:
        return any(one in content for one in needles)

    if not needles:
        return 0
    gone = spool.forget_aside(is_theirs) if spool is not None else 0
    return gone + sum(_without(data_dir / name, needles) for name in (TEXTS, MAILS))


def _forms(address: str) -> tuple[bytes, ...]:
    """As it stands in bodies of gateways: as it is, in a URL, and a number without its sign."""
    plain = address.encode()
    return (plain,) if "@" in address else (plain, plain.replace(b"+", b"%2B"), plain.removeprefix(b"+"))


def _without(path: Path, needles: Sequence[bytes]) -> int:
    """The lines that name nobody of them stay; the old file is overwritten before it goes."""
    try:
        lines = path.read_bytes().splitlines(keepends=True)
    except FileNotFoundError:
        return 0
    kept = [line for line in lines if not any(one in line for one in needles)]
    if len(kept) == len(lines):
        return 0
    draft = path.with_name(f".{path.name}.{uuid4().hex}")
    draft.touch(0o600)
    draft.write_bytes(b"".join(kept))
    path.write_bytes(bytes(path.stat().st_size))
    draft.replace(path)
    return len(lines) - len(kept)
