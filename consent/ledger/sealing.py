"""Sealing: committed events get their place in the log, turn by turn; then one checkpoint over all is signed.

Writers never wait for it. A crash at any point is harmless: places are given in one transaction, and signing
the same size and root again gives the same note.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from consent.db import Database, Sql, Tx
from consent.db.types import as_id
from consent.errors import ConsentError
from consent.ledger import notes, queries, tree
from consent.ledger.bodies import leaf_hash
from consent.ledger.keys import Keyring
from consent.ledger.notes import BadNote, Checkpoint
from consent.ledger.outside import OutsideFolder, OutsideRefused

MOST = 4096  # events in one turn: bounds memory, and how long others wait for the writer
SHORT_TURN = 128  # on SQLite, where a turn keeps every other writer waiting

_PENDING = Sql(
    "SELECT p.event_id, e.body, e.leaf_hash FROM ledger_pending p"
    " LEFT JOIN ledger_event e ON e.organization_id = p.organization_id AND e.event_id = p.event_id"
    " WHERE p.organization_id = :organization_id AND p.log_id = :log_id"
    " ORDER BY p.event_id LIMIT :most"
)
_LOCK = Sql("SELECT 1", postgresql="SELECT pg_try_advisory_xact_lock(:lock)::int")
_INSERT_LEAF = Sql(
    "INSERT INTO ledger_leaf (organization_id, log_id, leaf_index, event_id, leaf_hash, sealed_at)"
    " VALUES (:organization_id, :log_id, :leaf_index, :event_id, :leaf_hash, :now)"
)
_INSERT_TILE = Sql(
    "INSERT INTO ledger_tile (organization_id, log_id, level, tile_index, root_hash, hashes)"
    " VALUES (:organization_id, :log_id, :level, :tile_index, :root_hash, :hashes)"
)
_INSERT_CHECKPOINT = Sql(
    "INSERT INTO ledger_checkpoint (organization_id, log_id, tree_size, root_hash, created_at)"
    " VALUES (:organization_id, :log_id, :tree_size, :root_hash, :now)"
)
_DELETE_PENDING = Sql(
    "DELETE FROM ledger_pending WHERE organization_id = :organization_id AND log_id = :log_id AND event_id = :event_id"
)
_INSERT_SIGNED = Sql(
    "INSERT INTO ledger_checkpoint_sig (organization_id, log_id, tree_size, key_id, note)"
    " VALUES (:organization_id, :log_id, :tree_size, :key_id, :note) ON CONFLICT DO NOTHING"
)


class SealingStopped(ConsentError):
    """What is stored is not what was written: this log is not sealed further until a person has looked."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A turn worked out from a read: where the log stands and what is put on it."""

    size: int
    events: list[tuple[UUID, bytes]]
    tiles: list[tree.Tile]
    root: bytes


def turn_size(db: Database) -> int:
    """How many events one turn places at the most."""
    return MOST if db.is_postgresql else SHORT_TURN


def place_waiting(db: Database, organization_id: UUID, log: queries.LogRow, now: datetime) -> int:
    """One turn: what waits gets its place in the log; returns how many events did. `sign_newest` comes after."""
    with db.read(organization_id) as tx:
        prepared = _prepare(tx, organization_id, log.log_id, turn_size(db))
    if not prepared.events:
        return 0
    placed = db.write(lambda tx: _place(tx, organization_id, log, prepared, now), organization_id)
    return len(prepared.events) if placed else 0


def _prepare(tx: Tx, organization_id: UUID, log_id: int, most: int) -> Prepared:
    """Recompute every hash from its body; a single wrong leaf would spoil the log for good."""
    rows = tx.all(_PENDING, {"organization_id": organization_id, "log_id": log_id, "most": most})
    events: list[tuple[UUID, bytes]] = []
    for event_id, body, stored in rows:
        if not isinstance(body, bytes) or leaf_hash(body) != stored:
            raise SealingStopped(
                f"The event {as_id(event_id)} in ledger_event is not what was written. Nothing of this log is"
                " sealed until it is restored; run: consent ledger verify"
            )
        events.append((as_id(event_id), stored))
    size = queries.size(tx, organization_id, log_id)
    if not events:
        return Prepared(size, events, [], b"")
    tower = tree.Tower.standing_at(size, queries.hash_reader(tx, organization_id, log_id))
    newest = queries.newest_checkpoint(tx, organization_id, log_id)
    if (newest[:2] if newest else (0, tree.EMPTY_ROOT)) != (size, tower.root()):
        raise SealingStopped(
            "The newest checkpoint in ledger_checkpoint is not that of the leaves. Nothing more is sealed;"
            " run: consent ledger verify"
        )
    tiles = tower.extend(stored for _event_id, stored in events)
    return Prepared(size, events, tiles, tower.root())


def _place(tx: Tx, organization_id: UUID, log: queries.LogRow, prepared: Prepared, now: datetime) -> bool:
    """Write the turn, unless another process has been quicker."""
    lock = int.from_bytes(sha256(f"seal|{organization_id}|{log.log_id}".encode()).digest()[:8], signed=True)
    free = tx.one(_LOCK, {"lock": lock})
    if free is None or not free[0] or queries.size(tx, organization_id, log.log_id) != prepared.size:
        return False
    place: dict[str, object] = {"organization_id": organization_id, "log_id": log.log_id, "now": now}
    tx.many(
        _INSERT_LEAF,
        [
            place | {"leaf_index": index, "event_id": event_id, "leaf_hash": stored}
            for index, (event_id, stored) in enumerate(prepared.events, prepared.size)
        ],
    )
    tx.many(
        _INSERT_TILE,
        [
            place | {"level": t.level, "tile_index": t.index, "root_hash": t.root, "hashes": t.hashes}
            for t in prepared.tiles
        ],
    )
    size = prepared.size + len(prepared.events)
    tx.run(_INSERT_CHECKPOINT, place | {"tree_size": size, "root_hash": prepared.root})
    tx.many(
        _DELETE_PENDING,
        [
            {"organization_id": organization_id, "log_id": log.log_id, "event_id": event_id}
            for event_id, _ in prepared.events
        ],
    )
    return True


def sign_newest(db: Database, keyring: Keyring, organization_id: UUID, log: queries.LogRow) -> str | None:
    """The newest checkpoint is signed, stored and published; None before the first.

    Signed only after a look at what was published before: a log never contradicts itself (ledger A8).
    """
    outside = OutsideFolder(keyring.data_dir, organization_id, log.log_id)
    published = outside.latest()
    with db.read(organization_id) as tx:
        newest = queries.newest_checkpoint(tx, organization_id, log.log_id)
        if newest is None and published is None:
            return None
        size, root, created_at = newest or (0, tree.EMPTY_ROOT, log.opened_at)
        checkpoint = Checkpoint(log.origin, size, root)
        stored = queries.note_at(tx, organization_id, log.log_id, size)
        if stored is not None and not stored.startswith(checkpoint.text + "\n"):
            raise SealingStopped(
                f"The note at {size} entries in ledger_checkpoint_sig is not that of ledger_checkpoint."
                " Nothing more is published; run: consent ledger verify"
            )
        if published is not None and published == stored:
            return stored
        if published is not None:
            _compare(tx, keyring, organization_id, log, published, checkpoint)
    if stored is None:
        signers = keyring.log_signers(organization_id, log.origin, created_at)
        signed = [(signer.verifier.id.hex(), notes.sign(checkpoint.text, [signer])) for signer in signers]
        stored = notes.merge([note for _key_id, note in sorted(signed)])
        place = {"organization_id": organization_id, "log_id": log.log_id, "tree_size": size}
        rows = [place | {"key_id": key_id, "note": note} for key_id, note in signed]
        db.write(lambda tx: tx.many(_INSERT_SIGNED, rows), organization_id)
    outside.publish_keys(key_list(keyring, organization_id, log.origin))
    outside.publish(size, stored)
    return stored


def _compare(
    tx: Tx,
    keyring: Keyring,
    organization_id: UUID,
    log: queries.LogRow,
    published: str,
    checkpoint: Checkpoint,
) -> None:
    known = [verifier for verifier, _key in keyring.log_keys(organization_id, log.origin)]
    try:
        before = notes.open_checkpoint(published, known)
    except BadNote:
        raise OutsideRefused(
            f"The published checkpoint of {log.origin} in the outside store is not signed by a key of this"
            " log. Nothing more is signed until a person has looked."
        ) from None
    if before.origin != log.origin or before.size > checkpoint.size:
        raise OutsideRefused(
            f"The log {log.origin} has {checkpoint.size} entries, but {before.size} were published. The"
            " database was restored or cut; close this log and open the next epoch."
        )
    if before.size == 0:
        return
    read = queries.hash_reader(tx, organization_id, log.log_id)
    path = tree.consistency(before.size, checkpoint.size, read)
    if not tree.extends(before.size, before.root, checkpoint.size, checkpoint.root, path):
        raise OutsideRefused(
            f"The log {log.origin} contradicts the checkpoint of {before.size} entries published before."
            " Nothing more is signed; run: consent ledger verify"
        )


def key_list(keyring: Keyring, organization_id: UUID, origin: str) -> str:
    """The public keys of a log, a line each: the key, and the dates between which it signs."""
    lines = []
    for verifier, key in keyring.log_keys(organization_id, origin):
        until = key.retired_at.isoformat() if key.retired_at else "-"
        lines.append(f"{verifier.vkey} {key.valid_from.isoformat()} {until}\n")
    return "".join(lines)
