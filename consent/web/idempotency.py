"""A POST that comes twice is done once: its answer is stored in the transaction that does it.

The form of the header follows draft-ietf-httpapi-idempotency-key-header: the quotes of a structured string
are optional here. Refused requests store nothing, so they may be sent again once the cause is mended.
"""

import hashlib
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from flask import Request, Response

from consent.db import Database, Sql, Tx
from consent.errors import ConsentError, Malformed
from consent.web.api import body_limit
from consent.web.bodies import JSON, Plain, read_bytes
from consent.web.principal import Principal

KEPT_FOR = timedelta(hours=24)

_KEY = re.compile(r'"?([!#-~]{1,255})"?')

_CLAIM = Sql(
    "INSERT INTO idempotency_key (organization_id, key_id, key_hash, request_hash, status, body, created_at)"
    " VALUES (:organization_id, :key_id, :key_hash, :request_hash, 0, :body, :now)"
    " ON CONFLICT (organization_id, key_id, key_hash) DO NOTHING"
)
_ANSWERED = Sql(
    "SELECT request_hash, status, body FROM idempotency_key"
    " WHERE organization_id = :organization_id AND key_id = :key_id AND key_hash = :key_hash"
)
_STORE = Sql(
    "UPDATE idempotency_key SET status = :status, body = :body"
    " WHERE organization_id = :organization_id AND key_id = :key_id AND key_hash = :key_hash"
)
_PURGE = Sql("DELETE FROM idempotency_key WHERE organization_id = :organization_id AND created_at < :before")


class KeyReused(ConsentError):
    """The Idempotency-Key came before, with another request."""

    status: ClassVar[int] = 422
    slug: ClassVar[str] = "idempotency-key-reused"
    title: ClassVar[str] = "This Idempotency-Key was used for another request"


class Answer(NamedTuple):
    """What a POST is answered, and whether that was decided by an earlier one."""

    status: int
    body: bytes
    replayed: bool = False

    def response(self) -> Response:
        """The answer over HTTP; a repeated one says so."""
        headers = [("Idempotent-Replayed", "true")] if self.replayed else None
        return Response(self.body, self.status, headers, content_type=JSON)


def key_of(request: Request) -> str | None:
    """The request's Idempotency-Key, or None; one that cannot be read is refused."""
    sent = request.environ.get("HTTP_IDEMPOTENCY_KEY")
    if sent is None:
        return None
    found = _KEY.fullmatch(sent.strip())
    if found is None:
        raise Malformed(
            "An Idempotency-Key is 1 to 255 visible ASCII characters, such as a UUID.",
            field="Idempotency-Key",
        )
    return found[1]


def hash_of(request: Request, body: bytes) -> bytes:
    """The SHA-256 of what was asked: method, path and raw body."""
    return hashlib.sha256(f"{request.method}\n{request.path}\n".encode() + body).digest()


def once(
    tx: Tx,
    organization_id: UUID,
    key_id: UUID,
    key: str,
    request_hash: bytes,
    now: datetime,
    act: Callable[[], tuple[int, bytes]],
    instead: Callable[[bytes], tuple[int, bytes] | None] | None = None,
) -> Answer:
    """The answer of the first request with this key; `act` has run at most once among all that committed.

    Where an answer can cease to hold, `instead` is given the kept one and returns None while it holds, else the answer
    to give and to keep in its place. It may write only what the newer state bears: the request is an old one.

    A parallel duplicate waits at the insert until the first one is committed (PostgreSQL) or stands behind it
    in the queue of writers (SQLite), and then finds the answer.
    """
    row = {
        "organization_id": organization_id,
        "key_id": key_id,
        "key_hash": hashlib.sha256(key.encode()).digest(),
    }
    if tx.run(_CLAIM, row | {"request_hash": request_hash, "body": b"", "now": now}):
        status, body = act()
        tx.run(_STORE, row | {"status": status, "body": body})
        return Answer(status, body)
    found = tx.one(_ANSWERED, row)
    if found is None:  # purged in between: nothing is known of an earlier one any more
        return once(tx, organization_id, key_id, key, request_hash, now, act, instead)
    replayed = _replayed(found, request_hash)
    newer = None if instead is None else instead(bytes(found[2]))
    if newer is not None:
        status, body = newer
        tx.run(_STORE, row | {"status": status, "body": body})
        return Answer(status, body)
    return replayed


def earlier(db: Database, who: Principal, request: Request) -> Response | None:
    """What an earlier request with this Idempotency-Key was answered; None without a key or where it is the first.

    For what takes several transactions, each of which may be done again. Raises KeyReused.
    """
    key = key_of(request)
    if key is None:
        return None
    row = {
        "organization_id": who.organization_id,
        "key_id": who.key_id,
        "key_hash": hashlib.sha256(key.encode()).digest(),
    }
    with db.read(who.organization_id) as tx:
        found = tx.one(_ANSWERED, row)
    return None if found is None else _replayed(found, hash_of(request, read_bytes(request, body_limit()))).response()


def _replayed(found: tuple[Any, ...], request_hash: bytes) -> Answer:
    if bytes(found[0]) != request_hash:
        raise KeyReused("Use a new Idempotency-Key for a new request.", field="Idempotency-Key")
    return Answer(found[1], bytes(found[2]), replayed=True)


def write(
    db: Database,
    who: Principal,
    request: Request,
    now: datetime,
    act: Callable[[Tx], tuple[int, bytes]],
    instead: Callable[[Tx, bytes], tuple[int, bytes] | None] | None = None,
) -> Response:
    """What `act` answers once it is committed; with an Idempotency-Key, what it answered the first time.

    `instead` as `once` has it, for an answer that can cease to hold.
    """
    key = key_of(request)
    organization_id = who.organization_id
    if key is None:
        status, body = db.write(act, organization_id)
        return Plain(body, status, content_type=JSON)
    request_hash = hash_of(request, read_bytes(request, body_limit()))

    def work(tx: Tx) -> Answer:
        newer = None if instead is None else lambda kept: instead(tx, kept)
        return once(tx, organization_id, who.key_id, key, request_hash, now, lambda: act(tx), newer)

    return db.write(work, organization_id).response()


def purge(tx: Tx, organization_id: UUID, now: datetime) -> int:
    """Answers older than a day are gone; how many."""
    return tx.run(_PURGE, {"organization_id": organization_id, "before": now - KEPT_FOR})
