"""A log as files that others can read and verify: bodies, checkpoints and keys, never personal facts."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from consent.db import Sql, Tx
from consent.db.types import as_id
from consent.errors import SetupProblem
from consent.ledger import base64url, queries
from consent.ledger.keys import Keyring

PAGE = 2_000

_LEAVES = Sql(
    "SELECT l.leaf_index, e.body FROM ledger_leaf l"
    " JOIN ledger_event e ON e.organization_id = l.organization_id AND e.event_id = l.event_id"
    " WHERE l.organization_id = :organization_id AND l.log_id = :log_id AND l.leaf_index > :after"
    " ORDER BY l.leaf_index LIMIT :page"
)
_PENDING = Sql(
    "SELECT p.event_id, e.body FROM ledger_pending p"
    " JOIN ledger_event e ON e.organization_id = p.organization_id AND e.event_id = p.event_id"
    " WHERE p.organization_id = :organization_id AND p.log_id = :log_id AND p.event_id > :after"
    " ORDER BY p.event_id LIMIT :page"
)
_SIZES = Sql(
    "SELECT DISTINCT tree_size FROM ledger_checkpoint_sig"
    " WHERE organization_id = :organization_id AND log_id = :log_id AND tree_size > :after"
    " ORDER BY tree_size LIMIT :page"
)


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written of one log."""

    origin: str
    folder: Path
    leaves: int
    checkpoints: int
    pending: int


def export(tx: Tx, keyring: Keyring, organization_id: UUID, log: queries.LogRow, folder: Path) -> Exported:
    """The log stands in `folder`: log.json, leaves.jsonl, checkpoints.jsonl, pending.jsonl."""
    try:
        folder.mkdir(parents=True, exist_ok=False)
    except FileExistsError:
        raise SetupProblem(f"{folder} exists already; export into a new folder.") from None
    vkeys = [verifier.vkey for verifier, _key in keyring.log_keys(organization_id, log.origin)]
    _write(folder / "log.json", iter([{"origin": log.origin, "vkeys": vkeys}]))
    where: dict[str, object] = {"organization_id": organization_id, "log_id": log.log_id, "page": PAGE}
    leaves = _write(folder / "leaves.jsonl", _leaves(tx, where))
    checkpoints = _write(folder / "checkpoints.jsonl", _checkpoints(tx, organization_id, log.log_id, where))
    pending = _write(folder / "pending.jsonl", _pending(tx, where))
    return Exported(log.origin, folder, leaves, checkpoints, pending)


def _leaves(tx: Tx, where: dict[str, object]) -> Iterator[dict[str, Any]]:
    after = -1
    while rows := tx.all(_LEAVES, where | {"after": after}):
        yield from ({"i": index, "b": base64url.encode(body)} for index, body in rows)
        after = rows[-1][0]


def _pending(tx: Tx, where: dict[str, object]) -> Iterator[dict[str, Any]]:
    after = UUID(int=0)
    while rows := tx.all(_PENDING, where | {"after": after}):
        yield from ({"b": base64url.encode(body)} for _event_id, body in rows)
        after = as_id(rows[-1][0])


def _checkpoints(tx: Tx, organization_id: UUID, log_id: int, where: dict[str, object]) -> Iterator[dict[str, Any]]:
    after = -1
    while rows := tx.all(_SIZES, where | {"after": after}):
        for (size,) in rows:
            yield {"note": queries.note_at(tx, organization_id, log_id, size)}
        after = rows[-1][0]


def _write(path: Path, lines: Iterator[dict[str, Any]]) -> int:
    count = 0
    with path.open("x", encoding="utf-8") as file:
        for line in lines:
            file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
            count += 1
        file.flush()
        os.fsync(file.fileno())
    return count
