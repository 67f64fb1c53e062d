"""A log that came back shorter than, or different from, what was published ends; the next one says so (ledger A10).

The old log is never signed again. The first leaf of the next one, `log.opened`, names the last checkpoint outside that
the old log still bears out, what was published beyond it, why, and the root over what waited to be sealed.
"""

from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from consent.db import Sql, Tx
from consent.db.types import as_id
from consent.ledger import bodies, keyfiles, notes, queries, tree
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.ledger.notes import BadNote, Checkpoint
from consent.ledger.outside import OutsideFolder

OPENED = "log.opened"

_CLOSE = Sql(
    "UPDATE ledger_log SET closed_at = :now"
    " WHERE organization_id = :organization_id AND log_id = :log_id AND closed_at IS NULL"
)
_WAITING = Sql(
    "SELECT p.event_id, e.leaf_hash FROM ledger_pending p"
    " JOIN ledger_event e ON e.organization_id = p.organization_id AND e.event_id = p.event_id"
    " WHERE p.organization_id = :organization_id AND p.log_id = :log_id AND p.event_id > :after"
    " ORDER BY p.event_id LIMIT 1024"
)
_FIRST_LEAF = Sql(
    "SELECT e.body FROM ledger_leaf l"
    " JOIN ledger_event e ON e.organization_id = l.organization_id AND e.event_id = l.event_id"
    " WHERE l.organization_id = :organization_id AND l.log_id = :log_id AND l.leaf_index = 0"
)


class Standing(StrEnum):
    """How a log stands to what was published of it."""

    SAME = "same"  # it continues everything that was published
    SHORTER = "shorter"  # more was published
    DIFFERENT = "different"  # something else was published
    UNKNOWN = "unknown"  # the newest that is held outside is older than the log itself, or there is none


@dataclass(frozen=True, slots=True)
class Compared:
    """A log beside what is held outside: `good` is the newest checkpoint there that it bears out."""

    standing: Standing
    size: int
    good: Checkpoint
    newest: Checkpoint


@dataclass(frozen=True, slots=True)
class Lost:
    """What the next log says of this one: whatever was published beyond `since` entries up to `newest` is not in it.

    `good`: the newest checkpoint outside that it bears out.
    """

    since: int
    good: int
    newest: Checkpoint
    waiting: int
    waiting_root: bytes

    def covers(self, checkpoint: Checkpoint) -> bool:
        """Whether that is such a checkpoint; of the newest size only the one root that was named."""
        if not self.since < checkpoint.size <= self.newest.size:
            return False
        return checkpoint.size < self.newest.size or checkpoint.root == self.newest.root


def compare(tx: Tx, keyring: Keyring, organization_id: UUID, log: queries.LogRow, held: Iterable[str]) -> Compared:
    """The log beside the outside store and notes `held` elsewhere; what no key of the log has signed says nothing."""
    verifiers = [verifier for verifier, _key in keyring.log_keys(organization_id, log.origin)]
    outside = OutsideFolder(keyring.data_dir, organization_id, log.log_id)
    published = [outside.latest() or "", *(note for _path, note in outside.all()), *held]
    claimed = sorted(_signed(published, verifiers, log.origin), key=lambda one: (one.size, one.root))
    size = queries.size(tx, organization_id, log.log_id)
    read = queries.hash_reader(tx, organization_id, log.log_id)
    nothing = Checkpoint(log.origin, 0, tree.EMPTY_ROOT)
    good, different = nothing, False
    for one in reversed(claimed):
        if one.size <= size:
            if one.root == tree.Tower.standing_at(one.size, read).root():
                good = one
                break
            different = True
    newest = claimed[-1] if claimed else nothing
    if different:
        standing = Standing.DIFFERENT
    elif newest.size > size:
        standing = Standing.SHORTER
    else:
        standing = Standing.SAME if newest.size == size else Standing.UNKNOWN
    return Compared(standing, size, good, newest)


def _signed(published: Iterable[str], verifiers: list[notes.Verifier], origin: str) -> set[Checkpoint]:
    found = set()
    for note in published:
        try:
            checkpoint = notes.open_checkpoint(note, verifiers)
        except BadNote:
            continue
        if checkpoint.origin == origin:
            found.add(checkpoint)
    return found


def next_origin(log: queries.LogRow) -> str:
    """The name of the log that follows."""
    return f"{log.origin.rpartition('/')[0]}/{log.log_id + 1}"


def make_key(keyring: Keyring, organization_id: UUID, origin: str, now: datetime) -> None:
    """There is a key that signs the log of this name; a file, and so before any transaction."""
    if origin not in keyring.origins(organization_id):
        keyfiles.create_signing_key(keyring.data_dir, organization_id, keyfiles.LOG, now, origin=origin)


def open_next(
    tx: Tx, keyring: Keyring, organization_id: UUID, log: queries.LogRow, found: Compared, why: str, now: datetime,
    *, origin: str = "",
) -> ledger.Log:  # fmt: skip
    """The log is closed for good and the next one open; its first entry says what was lost, and `why`.

    `origin`: the name of the next one where it does not follow from that of the log.
    """
    tx.run(_CLOSE, {"organization_id": organization_id, "log_id": log.log_id, "now": now})
    following = ledger.open_log(tx, organization_id, log.log_id + 1, origin or next_origin(log), now)
    count, root = waiting(tx, organization_id, log.log_id)
    stream = ledger.stream(tx, keyring, organization_id, organization_id)
    data: dict[str, object] = {
        "epoch": following.log_id,
        "before": log.origin,
        "before_size": found.size,
        "good_size": found.good.size,
        "good_root": _text(found.good.root),
        "lost_from": found.size if found.standing is Standing.SHORTER else found.good.size,
        "lost_to": max(found.newest.size, found.good.size),
        "lost_root": _text(found.newest.root),
        "waiting": count,
        "waiting_root": _text(root),
        "standing": str(found.standing),
        "reason": why,
    }
    ledger.append(tx, following, stream, ledger.Event(OPENED, "system", data=data), now)
    return following


def waiting(tx: Tx, organization_id: UUID, log_id: int) -> tuple[int, bytes]:
    """How many entries wait to be sealed in a log, and the root over them in the order of their ids."""
    tower, after = tree.Tower(), UUID(int=0)
    place = {"organization_id": organization_id, "log_id": log_id}
    while rows := tx.all(_WAITING, place | {"after": after}):
        tower.extend(bytes(row[1]) for row in rows)
        after = as_id(rows[-1][0])
    return tower.size, tower.root()


def lost(tx: Tx, organization_id: UUID, log: queries.LogRow) -> Lost | None:
    """What the next log says of this one; None where it is open, or nothing follows."""
    if log.closed_at is None:
        return None
    row = tx.one(_FIRST_LEAF, {"organization_id": organization_id, "log_id": log.log_id + 1})
    try:
        leaf = None if row is None else bodies.parse(bytes(row[0]))
        if leaf is None or leaf.type != OPENED or leaf.data.get("before") != log.origin:
            return None
        said = leaf.data
        newest = Checkpoint(log.origin, int(str(said["lost_to"])), b64decode(str(said["lost_root"])))
        root = b64decode(str(said["waiting_root"]))
        return Lost(int(str(said["lost_from"])), int(str(said["good_size"])), newest, int(str(said["waiting"])), root)
    except (ValueError, KeyError, TypeError):
        return None  # what is wrong with that entry is reported where it is looked at itself


def _text(root: bytes) -> str:
    return b64encode(root).decode()
