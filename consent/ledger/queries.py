"""Reads of the sealed log: sizes, hashes, checkpoints, proofs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from consent.db import Sql, Tx
from consent.db.types import as_instant
from consent.ledger import disclosures, keys, notes, proofs, tree
from consent.ledger.disclosures import Disclosure
from consent.ledger.keys import Keyring
from consent.ledger.notes import Checkpoint

_LOGS = Sql(
    "SELECT log_id, origin, opened_at, closed_at FROM ledger_log WHERE organization_id = :organization_id"
    " ORDER BY log_id"
)
_SIZE = Sql("SELECT max(leaf_index) FROM ledger_leaf WHERE organization_id = :organization_id AND log_id = :log_id")
_SEALED_AFTER = (
    "SELECT l.log_id, l.leaf_index, e.body FROM ledger_leaf l {join} ledger_event e"
    " ON e.organization_id = l.organization_id AND e.event_id = l.event_id"
    " WHERE l.organization_id = :organization_id AND (l.log_id, l.leaf_index) > (:log_id, :leaf_index)"
    " ORDER BY l.log_id, l.leaf_index LIMIT :most"
)
# CROSS JOIN keeps SQLite from walking every event where it has no statistics.
SEALED = Sql(_SEALED_AFTER.format(join="CROSS JOIN"), postgresql=_SEALED_AFTER.format(join="JOIN"))
_TILE = Sql(
    "SELECT hashes FROM ledger_tile WHERE organization_id = :organization_id AND log_id = :log_id"
    " AND level = :level AND tile_index = :tile_index"
)
_LEAF_HASHES = Sql(
    "SELECT leaf_hash FROM ledger_leaf WHERE organization_id = :organization_id AND log_id = :log_id"
    " AND leaf_index >= :start AND leaf_index < :end ORDER BY leaf_index"
)
_TILE_ROOTS = Sql(
    "SELECT root_hash FROM ledger_tile WHERE organization_id = :organization_id AND log_id = :log_id"
    " AND level = :level AND tile_index >= :start AND tile_index < :end ORDER BY tile_index"
)
_NEWEST_CHECKPOINT = Sql(
    "SELECT tree_size, root_hash, created_at FROM ledger_checkpoint"
    " WHERE organization_id = :organization_id AND log_id = :log_id ORDER BY tree_size DESC LIMIT 1"
)
_NEWEST_SIGNED = Sql(
    "SELECT tree_size FROM ledger_checkpoint_sig"
    " WHERE organization_id = :organization_id AND log_id = :log_id ORDER BY tree_size DESC LIMIT 1"
)
_NOTES = Sql(
    "SELECT note FROM ledger_checkpoint_sig WHERE organization_id = :organization_id AND log_id = :log_id"
    " AND tree_size = :tree_size ORDER BY key_id"
)
_EVENT = Sql(
    "SELECT e.log_id, e.body, l.leaf_index FROM ledger_event e"
    " LEFT JOIN ledger_leaf l ON l.organization_id = e.organization_id AND l.event_id = e.event_id"
    " WHERE e.organization_id = :organization_id AND e.event_id = :event_id"
)
_STAMPED = Sql(
    "SELECT min(tree_size) FROM ledger_anchor WHERE organization_id = :organization_id AND log_id = :log_id"
    " AND tree_size > :leaf_index AND kind = 'rfc3161'"
)
_DISCLOSURES = Sql(
    "SELECT d.name, d.ciphertext, d.key_version, k.wrapped_key FROM ledger_disclosure d"
    " JOIN ledger_event e ON e.organization_id = d.organization_id AND e.event_id = d.event_id"
    " LEFT JOIN stream_key k ON k.organization_id = e.organization_id AND k.stream_id = e.stream_id"
    " WHERE d.organization_id = :organization_id AND d.event_id = :event_id ORDER BY d.name"
)
# What waits in a closed log waits for ever: the log that follows vouches for it (`epochs`).
_OLDEST_PENDING = Sql(
    "SELECT min(p.enqueued_at) FROM ledger_pending p WHERE p.organization_id = :organization_id AND p.log_id ="
    " (SELECT max(l.log_id) FROM ledger_log l WHERE l.organization_id = :organization_id)"
)


@dataclass(frozen=True, slots=True)
class LogRow:
    """One log of an organization."""

    log_id: int
    origin: str
    opened_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event's body and its place; no place before it is sealed."""

    log_id: int
    body: bytes
    leaf_index: int | None


def logs(tx: Tx, organization_id: UUID) -> list[LogRow]:
    """Every log of the organization, oldest first."""
    return [
        LogRow(log_id, origin, as_instant(opened), None if closed is None else as_instant(closed))
        for log_id, origin, opened, closed in tx.all(_LOGS, {"organization_id": organization_id})
    ]


def size(tx: Tx, organization_id: UUID, log_id: int) -> int:
    """How many leaves the log has."""
    row = tx.one(_SIZE, {"organization_id": organization_id, "log_id": log_id})
    return 0 if row is None or row[0] is None else int(row[0]) + 1


def sealed_after(tx: Tx, organization_id: UUID, log_id: int, leaf_index: int, most: int) -> list[Any]:
    """Log, place and body of what was sealed behind that place, in the order of sealing, from one log to the next.

    An entry gets its place once it is committed, one after the other: whoever has read up to a place missed nothing.
    """
    place: dict[str, object] = {"organization_id": organization_id, "log_id": log_id, "leaf_index": leaf_index}
    return tx.all(SEALED, place | {"most": most})


def hash_reader(tx: Tx, organization_id: UUID, log_id: int) -> tree.HashReader:
    """Reads hashes of the tree: full tiles in one row each, the rest from leaves and roots of tiles."""
    log: dict[str, object] = {"organization_id": organization_id, "log_id": log_id}

    def read(level: int, start: int, count: int) -> Sequence[bytes]:
        end = start + count
        first = start // tree.TILE
        row = tx.one(_TILE, log | {"level": level, "tile_index": first})
        if row is not None:
            at = start - first * tree.TILE
            hashes = bytes(row[0])
            return [hashes[n * 32 : n * 32 + 32] for n in range(at, at + count)]
        if level == 0:
            rows = tx.all(_LEAF_HASHES, log | {"start": start, "end": end})
        else:
            rows = tx.all(_TILE_ROOTS, log | {"level": level - 1, "start": start, "end": end})
        return [bytes(row[0]) for row in rows]

    return read


def newest_checkpoint(tx: Tx, organization_id: UUID, log_id: int) -> tuple[int, bytes, datetime] | None:
    """Size, root and time of the newest checkpoint, signed or not."""
    row = tx.one(_NEWEST_CHECKPOINT, {"organization_id": organization_id, "log_id": log_id})
    return None if row is None else (row[0], bytes(row[1]), as_instant(row[2]))


def note_at(tx: Tx, organization_id: UUID, log_id: int, tree_size: int) -> str | None:
    """The signed note at this size with every signature it has, or None."""
    rows = tx.all(_NOTES, {"organization_id": organization_id, "log_id": log_id, "tree_size": tree_size})
    return notes.merge([row[0] for row in rows]) if rows else None


def newest_note(tx: Tx, organization_id: UUID, log_id: int) -> str | None:
    """The newest signed checkpoint, or None before the first."""
    row = tx.one(_NEWEST_SIGNED, {"organization_id": organization_id, "log_id": log_id})
    return None if row is None else note_at(tx, organization_id, log_id, row[0])


def event(tx: Tx, organization_id: UUID, event_id: UUID) -> StoredEvent | None:
    """The event as stored, or None."""
    row = tx.one(_EVENT, {"organization_id": organization_id, "event_id": event_id})
    return None if row is None else StoredEvent(row[0], bytes(row[1]), row[2])


def facts(tx: Tx, keyring: Keyring, organization_id: UUID, event_id: UUID) -> list[Disclosure]:
    """The personal facts of the event; none of a stream whose key is destroyed."""
    found: list[Disclosure] = []
    rows = tx.all(_DISCLOSURES, {"organization_id": organization_id, "event_id": event_id})
    for name, ciphertext, key_version, wrapped in rows:
        if wrapped is not None:
            key = keyring.stream_key(organization_id, bytes(wrapped))
            plain = keys.open_facts(key, bytes(ciphertext), organization_id, event_id, name, key_version)
            found += disclosures.unpack(plain)
    return found


def proof_of(tx: Tx, organization_id: UUID, event_id: UUID) -> str | None:
    """The proof that the event is in its log, or None while no signed checkpoint covers it.

    By the first checkpoint over it that carries a time stamp, so that the stamp proves it too; else by the newest.
    """
    stored = event(tx, organization_id, event_id)
    if stored is None or stored.leaf_index is None:
        return None
    place = {"organization_id": organization_id, "log_id": stored.log_id, "leaf_index": stored.leaf_index}
    stamped = tx.one(_STAMPED, place)
    note = note_at(tx, organization_id, stored.log_id, stamped[0]) if stamped and stamped[0] is not None else None
    note = note or newest_note(tx, organization_id, stored.log_id)
    checkpoint = checkpoint_of(note) if note is not None else None
    if note is None or checkpoint is None or checkpoint.size <= stored.leaf_index:
        return None
    read = hash_reader(tx, organization_id, stored.log_id)
    path = tree.inclusion(stored.leaf_index, checkpoint.size, read)
    return proofs.write(proofs.Proof(stored.leaf_index, tuple(path), note))


def consistency_proof(tx: Tx, organization_id: UUID, log_id: int, first: int, second: int) -> list[bytes] | None:
    """The proof between two sizes of the log, or None where the log is not that large."""
    if not 0 < first <= second <= size(tx, organization_id, log_id):
        return None
    return tree.consistency(first, second, hash_reader(tx, organization_id, log_id))


def checkpoint_of(note: str) -> Checkpoint:
    """The checkpoint in a note of our own, its signatures not looked at."""
    return notes.read_checkpoint(note.rpartition("\n\n")[0] + "\n")


def oldest_pending(tx: Tx, organization_id: UUID) -> datetime | None:
    """Since when the longest-waiting event waits to be sealed, or None."""
    row = tx.one(_OLDEST_PENDING, {"organization_id": organization_id})
    return None if row is None or row[0] is None else as_instant(row[0])
