"""Every no, told again outside the database: an encrypted line each, so that no restore forgets one.

A log is followed leaf by leaf, so nothing is left out, and what was sealed is outside a moment later. A line holds the
keyed tag of the address and never the address; only this installation's keys open it. Lines are added, never changed.
What was ended or is held (`followed`) has its lines among them.
"""

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from consent.backup import followed
from consent.db import Database, Sql, Tx, giving_way
from consent.db.locks import FileLock
from consent.ledger import bodies, queries
from consent.ledger.keys import Keyring
from consent.preferences.facts import ALLOWING, Effect, effect_of
from consent.subjects import service as subjects

PAGE = 256  # leaves read at once: the file's log cannot begin anew while somebody reads
PAGES = 64  # in one call and log: an old installation catches up in many calls
NONCE = 12
PURPOSE = "outside-opt-outs"
# A language is no no, an answer about a number is asked for again, and a narrowed STOP stays as wide as it was.
_NO_NO = (*ALLOWING, Effect.LANGUAGE, Effect.QUERIED, Effect.NARROWED)

_LEAVES = Sql(
    "SELECT l.leaf_index, e.body FROM ledger_leaf l CROSS JOIN ledger_event e"
    " WHERE l.organization_id = :organization_id AND l.log_id = :log_id AND l.leaf_index >= :start"
    " AND l.leaf_index < :end AND e.organization_id = l.organization_id AND e.event_id = l.event_id"
    " ORDER BY l.leaf_index"
)


@dataclass(frozen=True, slots=True)
class Said:
    """A no as it stands outside: what it said, of which contact point, and the entry that was its first record."""

    event_id: UUID
    channel: str
    tag: bytes
    type: str
    purposes: tuple[str, ...]
    data: Mapping[str, Any]
    source: str
    occurred_at: datetime

    def __repr__(self) -> str:
        return f"Said({self.type}, {self.event_id})"


def is_no(type: str, data: Mapping[str, Any]) -> bool:
    """Whether an entry speaks against contact, or takes back what did not count; or settles what was held."""
    effect = effect_of(type, data)
    return (effect is not None and effect not in _NO_NO) or "settles" in data


Positions = dict[Path, int]  # how far each log was followed by this process, beyond what its file says


def keep_up(db: Database, keyring: Keyring, organization_id: UUID, positions: Positions) -> int:
    """What every log of the organization sealed since the last call is outside, as far as it is a no; how many were."""
    with db.read(organization_id) as tx:
        sizes = {log.log_id: queries.size(tx, organization_id, log.log_id) for log in queries.logs(tx, organization_id)}
    count = 0
    for log_id, size in sizes.items():
        journal = Journal(keyring, organization_id, log_id)
        if positions.get(journal.path, 0) < size:
            with journal.held():
                count += _follow(db, organization_id, journal, size, positions)
    return count


def _follow(db: Database, organization_id: UUID, journal: "Journal", size: int, positions: Positions) -> int:
    written = journal.reached()
    start, count = max(written, positions.get(journal.path, 0)), 0
    end = min(size, start + PAGE * PAGES)
    while start < end:
        place = {"organization_id": organization_id, "log_id": journal.log_id, "start": start, "end": start + PAGE}
        with db.read(organization_id) as tx:
            rows = tx.all(_LEAVES, place)
        if not rows:
            break
        told = [leaf for _, body in giving_way.in_turns(rows) if (leaf := _may_speak(bytes(body))) is not None]
        said: list[Said] = []
        for few in giving_way.few_at_once(told):
            with db.read(organization_id) as tx:
                said += [one for leaf in few if (one := _said(tx, organization_id, leaf)) is not None]
        upto = int(rows[-1][0]) + 1
        if said or upto - written >= PAGE:  # nothing but yes is not worth a line each time
            journal.add(said, start, upto)
            written = upto
        start = positions[journal.path] = upto
        count += len(said)
    return count


def _may_speak(body: bytes) -> bodies.Leaf | None:
    kind = bodies.type_of(body)
    if kind in followed.FOLLOWED or _may_be_no(kind) or b'"settles":' in body:
        return bodies.read(body)
    return None


def _said(tx: Tx, organization_id: UUID, leaf: bodies.Leaf) -> Said | None:
    if leaf.type in followed.FOLLOWED:
        data = followed.told(tx, organization_id, leaf.type, leaf.data)
        return Said(leaf.id, "none", b"", leaf.type, (), data, leaf.source, leaf.occurred_at)
    known = subjects.tag_of(tx, organization_id, leaf.stream) if is_no(leaf.type, leaf.data) else None
    if known is None:  # not about an address, or erased since: what survived that was said anew
        return None
    told = (leaf.type, leaf.purposes, leaf.data, leaf.source, leaf.occurred_at)
    return Said(leaf.id, known[0], known[2], *told)


@lru_cache(maxsize=256)
def _may_be_no(type: str) -> bool:
    effect = effect_of(type, {})
    return effect is not None and effect not in _NO_NO


class Journal:
    """The file of one log. Each line says up to which leaf the log was followed, and what was found."""

    def __init__(self, keyring: Keyring, organization_id: UUID, log_id: int) -> None:
        folder = keyring.data_dir / "outside" / str(organization_id) / str(log_id)
        self.log_id = log_id
        self.path = folder / "opt-outs.jsonl"
        self._key = AESGCM(keyring.key_for(organization_id, PURPOSE))
        self._place = f"opt-out|1|{organization_id}|{log_id}".encode()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Nobody else of this machine adds to it."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.path.with_name("opt-outs.lock"))
        try:
            with lock:
                yield
        finally:
            lock.close()

    def reached(self) -> int:
        """Up to which leaf the log was followed."""
        try:
            with self.path.open("rb") as file:
                file.seek(max(file.seek(0, os.SEEK_END) - _TAIL, 0))
                lines = file.read().split(b"\n")
        except FileNotFoundError:
            return 0
        for line in reversed(lines[:-1]):  # behind the last newline stands nothing, or half a line
            if line:
                return int(line.partition(b" ")[0])
        return 0

    def add(self, said: list[Said], start: int, upto: int) -> None:
        """Each of them is a line, on stable storage; with the last one the log counts as followed up to that leaf."""
        lines = [f"{start} {self._seal(one)}\n" for one in said[:-1]]
        lines.append(f"{upto} {self._seal(said[-1])}\n" if said else f"{upto} -\n")
        fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            end = os.lseek(fd, 0, os.SEEK_END)
            torn = end > 0 and os.pread(fd, 1, end - 1) != b"\n"
            os.write(fd, ("\n" if torn else "").encode() + "".join(lines).encode())
            os.fsync(fd)
        finally:
            os.close(fd)

    def read(self) -> Iterator[Said]:
        """Every no in it, in the order of the log; what does not open is none of ours and is left out."""
        try:
            lines = self.path.open("rb")
        except FileNotFoundError:
            return
        with lines:
            for line in lines:
                _upto, _, sealed = line.rstrip(b"\n").partition(b" ")
                said = self._open(sealed) if line.endswith(b"\n") and sealed != b"-" else None
                if said is not None:
                    yield said

    def _seal(self, said: Said) -> str:
        told = [str(said.event_id), said.channel, said.tag.hex(), said.type, list(said.purposes), dict(said.data)]
        plain = json.dumps([*told, said.source, said.occurred_at.isoformat()]).encode()
        nonce = os.urandom(NONCE)
        return b64encode(nonce + self._key.encrypt(nonce, plain, self._place)).decode()

    def _open(self, sealed: bytes) -> Said | None:
        try:
            raw = b64decode(sealed, validate=True)
            told = json.loads(self._key.decrypt(raw[:NONCE], raw[NONCE:], self._place))
        except (InvalidTag, ValueError):
            return None
        event_id, channel, tag, type, purposes, data, source, at = told
        when = datetime.fromisoformat(at)
        return Said(UUID(event_id), channel, bytes.fromhex(tag), type, tuple(purposes), data, source, when)


_TAIL = 64 * 1024  # a body is 8 KiB at the most, and so a line far less than this


def journals(keyring: Keyring, organization_id: UUID) -> Iterator[Journal]:
    """The files of every log of the organization, oldest first."""
    folder: Path = keyring.data_dir / "outside" / str(organization_id)
    for log_id in sorted(int(path.parent.name) for path in folder.glob("*/opt-outs.jsonl")):
        yield Journal(keyring, organization_id, log_id)
