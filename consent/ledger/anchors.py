"""What others hold of a log: checkpoints that were mailed or handed over, and time stamps over them (ledger A9)."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from consent.db import Sql, Tx
from consent.db.types import as_instant
from consent.gateways import timestamps
from consent.gateways.timestamps import BadToken
from consent.ledger import base64url, proofs, queries
from consent.ledger.notes import Checkpoint

TIMESTAMP, MAIL, WITNESS = "rfc3161", "mail", "witness"  # a witness is whoever was handed a copy and said so

_INSERT = Sql(
    "INSERT INTO ledger_anchor (organization_id, log_id, tree_size, kind, obtained_at, data)"
    " VALUES (:organization_id, :log_id, :tree_size, :kind, :now, :data)"
)
_NEWEST = Sql(
    "SELECT kind, tree_size, obtained_at, data FROM ledger_anchor"
    " WHERE organization_id = :organization_id AND log_id = :log_id ORDER BY tree_size DESC, obtained_at DESC LIMIT 64"
)
STAMPS = Sql(
    "SELECT a.tree_size, a.obtained_at, a.data, c.root_hash FROM ledger_anchor a"
    " JOIN ledger_checkpoint c ON c.organization_id = a.organization_id AND c.log_id = a.log_id"
    " AND c.tree_size = a.tree_size WHERE a.organization_id = :organization_id AND a.log_id = :log_id"
    " AND a.kind = 'rfc3161' AND (a.tree_size, a.obtained_at) > (:after, :at)"
    " ORDER BY a.tree_size, a.obtained_at LIMIT :page"
)
_AT = Sql(
    "SELECT data FROM ledger_anchor WHERE organization_id = :organization_id AND log_id = :log_id"
    " AND tree_size = :tree_size AND kind = 'rfc3161' ORDER BY obtained_at"
)

_UNTIL = Sql(
    "SELECT kind, tree_size, obtained_at, data FROM ledger_anchor WHERE organization_id = :organization_id"
    " AND log_id = :log_id AND obtained_at <= :until ORDER BY tree_size, kind"
)


@dataclass(frozen=True, slots=True)
class Anchor:
    """One copy that went outside; `how` tells the ways of a witness apart."""

    kind: str
    size: int
    at: datetime
    how: str


def digest_of(checkpoint: Checkpoint) -> bytes:
    """What a time stamp is over: the three signed lines, whoever signs them."""
    return hashlib.sha256(checkpoint.text.encode()).digest()


def add(tx: Tx, organization_id: UUID, log_id: int, size: int, kind: str, data: bytes, now: datetime) -> None:
    """The copy is on record."""
    place = {"organization_id": organization_id, "log_id": log_id, "tree_size": size, "kind": kind}
    tx.run(_INSERT, place | {"now": now, "data": data})


def newest(tx: Tx, organization_id: UUID, log_id: int) -> list[Anchor]:
    """The copies that went outside last, newest first."""
    rows = tx.all(_NEWEST, {"organization_id": organization_id, "log_id": log_id})
    return [Anchor(kind, size, as_instant(at), _how(kind, bytes(data))) for kind, size, at, data in rows]


def until(tx: Tx, organization_id: UUID, log_id: int, at: datetime) -> list[tuple[Anchor, bytes]]:
    """Every copy that had gone outside by then, the shortest first, each with what is kept of it."""
    rows = tx.all(_UNTIL, {"organization_id": organization_id, "log_id": log_id, "until": at})
    return [
        (Anchor(kind, size, as_instant(got), _how(kind, bytes(data))), bytes(data)) for kind, size, got, data in rows
    ]


def handed(how: str) -> bytes:
    """What is kept of a copy that somebody was handed."""
    return json.dumps({"how": how}).encode()


def of_proof(tx: Tx, organization_id: UUID, log_id: int, proof: str) -> tuple[dict[str, Any], ...]:
    """The time stamps over the checkpoint of a proof, as evidence bundles carry them."""
    size = queries.checkpoint_of(proofs.read(proof).note).size
    rows = tx.all(_AT, {"organization_id": organization_id, "log_id": log_id, "tree_size": size})
    return tuple({"kind": TIMESTAMP, "token": base64url.encode(bytes(data))} for (data,) in rows)


def problem_of(checkpoint: Checkpoint, token: bytes) -> str:
    """What is wrong with a time stamp over this checkpoint; an empty text when nothing is."""
    try:
        timestamps.check(token, digest_of(checkpoint))
    except BadToken as error:
        return error.detail[0].lower() + error.detail[1:].rstrip(".")
    return ""


def _how(kind: str, data: bytes) -> str:
    if kind != WITNESS:
        return kind
    try:
        return str(json.loads(data)["how"])
    except (ValueError, KeyError, TypeError):
        return kind
