"""Append an event to its stream, inside the transaction of whatever it records."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from consent.db import Rows, Sql, Tx
from consent.ids import new_id
from consent.ledger import bodies, disclosures, keys
from consent.ledger.disclosures import MESSAGE_TEXT, PAYLOAD
from consent.ledger.streams import IN_ANY_LOG

FACTS, MESSAGE = "facts", "message"  # the two stored rows of disclosures

_INSERT_EVENT = Rows(
    "ledger_event",
    ("organization_id", "event_id", "log_id", "stream_id", "stream_seq", "body", "leaf_hash", "recorded_at"),
)
_INSERT_DISCLOSURES = Rows("ledger_disclosure", ("organization_id", "event_id", "name", "ciphertext", "key_version"))
_INSERT_PENDING = Rows("ledger_pending", ("organization_id", "event_id", "log_id", "enqueued_at"))
_UPSERT_HEAD = Rows(
    "stream_head",
    ("organization_id", "stream_id", "log_id", "seq", "leaf_hash", "last_occurred_at"),
    "ON CONFLICT (organization_id, stream_id) DO UPDATE SET"
    " log_id = excluded.log_id, seq = excluded.seq, leaf_hash = excluded.leaf_hash,"
    " last_occurred_at = excluded.last_occurred_at",
)
_INSERT_KEY = Rows("stream_key", ("organization_id", "stream_id", "key_version", "wrapped_key"))
_HEAD_TEXT = (
    "SELECT k.wrapped_key, h.seq, h.leaf_hash, h.last_occurred_at FROM stream_key k"
    " JOIN stream_head h ON h.organization_id = k.organization_id AND h.stream_id = k.stream_id"
    " WHERE k.organization_id = :organization_id AND k.stream_id = :stream_id"
)
_SELECT_HEAD = Sql(_HEAD_TEXT, postgresql=_HEAD_TEXT + " FOR UPDATE OF h")
_SELECT_LOG = Sql(
    "SELECT log_id, origin FROM ledger_log WHERE organization_id = :organization_id AND closed_at IS NULL"
    " ORDER BY log_id DESC LIMIT 1"
)
_INSERT_LOG = Sql(
    "INSERT INTO ledger_log (organization_id, log_id, origin, opened_at)"
    " VALUES (:organization_id, :log_id, :origin, :opened_at)"
)
_BODIES_OF_STREAM = Sql(
    f"SELECT body FROM ledger_event WHERE organization_id = :organization_id AND {IN_ANY_LOG}"  # noqa: S608 - fixed
    " AND stream_id = :stream_id ORDER BY log_id, stream_seq"
)


@dataclass(frozen=True, slots=True)
class Log:
    """The log an organization writes to now."""

    organization_id: uuid.UUID
    log_id: int
    origin: str


@dataclass(slots=True)
class Stream:
    """A stream as read and locked in this transaction: where it ends, and its data key."""

    id: uuid.UUID
    key: bytes
    seq: int = 0
    leaf_hash: bytes = b""
    last_occurred_at: datetime | None = None
    _cipher: AESGCM | None = field(default=None, repr=False, compare=False)

    @property
    def cipher(self) -> AESGCM:
        """What seals with the data key, made once for all that is sealed in this transaction."""
        if self._cipher is None:
            self._cipher = AESGCM(self.key)
        return self._cipher


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, before it has a place: `facts`, `message` and `payload` are personal, all else is not.

    `payload` is what a gateway brought, in which the message stands: both are stored apart and go together.
    """

    type: str
    source: str
    channel: str = "none"
    purposes: tuple[str, ...] = ()
    data: Mapping[str, object] = field(default_factory=dict)
    occurred_at: datetime | None = None
    facts: Mapping[str, str | None] = field(default_factory=dict)
    message: str | None = None
    payload: str | None = None


class Entry(NamedTuple):
    """An appended event; `in_order` is False when the stream already held something as new or newer."""

    event_id: uuid.UUID
    stream_id: uuid.UUID
    seq: int
    leaf_hash: bytes
    body: bytes
    recorded_at: datetime
    occurred_at: datetime
    in_order: bool
    type: str
    purposes: tuple[str, ...]
    data: Mapping[str, object]


def to_milliseconds(moment: datetime) -> datetime:
    """The instant as bodies hold it: UTC, without the digits below a millisecond."""
    if moment.tzinfo is not UTC:
        moment = moment.astimezone(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def new_stream(tx: Tx, keyring: keys.Keyring, organization_id: uuid.UUID, stream_id: uuid.UUID) -> Stream:
    """A stream without events, its data key stored wrapped."""
    key, wrapped = keyring.new_stream_key(organization_id)
    tx.later(_INSERT_KEY.single, (tx.id(organization_id), tx.id(stream_id), keys.KEY_VERSION, wrapped))
    return Stream(id=stream_id, key=key)


def stream(tx: Tx, keyring: keys.Keyring, organization_id: uuid.UUID, stream_id: uuid.UUID) -> Stream:
    """The stream, locked until this transaction ends; made if it does not exist."""
    row = tx.one(_SELECT_HEAD, {"organization_id": organization_id, "stream_id": stream_id})
    if row is None:
        return new_stream(tx, keyring, organization_id, stream_id)
    return stream_from(keyring, organization_id, stream_id, *row)


def stream_from(
    keyring: keys.Keyring,
    organization_id: uuid.UUID,
    stream_id: uuid.UUID,
    wrapped_key: bytes,
    seq: int,
    leaf_hash: bytes,
    last_occurred_at: datetime | str,
) -> Stream:
    """The stream behind one row of head and key."""
    key = keyring.stream_key(organization_id, wrapped_key)
    return stream_at(stream_id, key, seq, leaf_hash, last_occurred_at)


def stream_at(stream_id: uuid.UUID, key: bytes, seq: int, leaf_hash: bytes, last_occurred_at: datetime | str) -> Stream:
    """The stream behind one row of its head."""
    last = last_occurred_at
    if isinstance(last, str):
        last = datetime.fromisoformat(last).replace(tzinfo=UTC)
    return Stream(stream_id, key, seq, leaf_hash, last)


def append(tx: Tx, log: Log, stream: Stream, event: Event, now: datetime) -> Entry:
    """The event is the newest of its stream and waits to be sealed; nothing is durable before the commit."""
    recorded_at = to_milliseconds(now)
    source_time = to_milliseconds(event.occurred_at) if event.occurred_at is not None else None
    occurred_at = bodies.occurred(source_time, recorded_at)
    event_id = new_id(now)
    shown = disclosures.disclose({**event.facts, MESSAGE_TEXT: event.message, PAYLOAD: event.payload})
    apart = len(shown) - (event.message is not None) - (event.payload is not None)
    facts, message = shown[:apart], shown[apart:]
    body = bodies.build(
        log=log.origin,
        id=event_id,
        stream=stream.id,
        seq=stream.seq + 1,
        prev=stream.leaf_hash,
        type=event.type,
        recorded_at=recorded_at,
        occurred_at=occurred_at,
        source=event.source,
        channel=event.channel,
        purposes=event.purposes,
        data=event.data,
        digests=disclosures.digests(shown),
    )
    leaf_hash = bodies.leaf_hash(body)
    last = stream.last_occurred_at
    in_order = last is None or occurred_at > last
    owner, entry_id, stream_id = tx.id(log.organization_id), tx.id(event_id), tx.id(stream.id)
    recorded = tx.at(recorded_at)
    tx.later(_INSERT_EVENT.single, (owner, entry_id, log.log_id, stream_id, stream.seq + 1, body, leaf_hash, recorded))
    tx.later_rows(
        _INSERT_DISCLOSURES,
        [
            (
                owner,
                entry_id,
                name,
                keys.seal_facts(stream.cipher, disclosures.pack(some), log.organization_id, event_id, name),
                keys.KEY_VERSION,
            )
            for name, some in ((FACTS, facts), (MESSAGE, message))
            if some
        ],
    )
    tx.later(_INSERT_PENDING.single, (owner, entry_id, log.log_id, recorded))
    newest = tx.at(occurred_at if last is None or in_order else last)
    tx.later(_UPSERT_HEAD.single, (owner, stream_id, log.log_id, stream.seq + 1, leaf_hash, newest))
    stream.seq += 1
    stream.leaf_hash = leaf_hash
    if in_order:
        stream.last_occurred_at = occurred_at
    return Entry(
        event_id,
        stream.id,
        stream.seq,
        leaf_hash,
        body,
        recorded_at,
        occurred_at,
        in_order,
        event.type,
        event.purposes,
        event.data,
    )


def log_of(tx: Tx, organization_id: uuid.UUID) -> Log | None:
    """The open log of the organization, or None while it has none."""
    row = tx.one(_SELECT_LOG, {"organization_id": organization_id})
    return None if row is None else Log(organization_id, row[0], row[1])


def open_log(tx: Tx, organization_id: uuid.UUID, log_id: int, origin: str, now: datetime) -> Log:
    """A log that is open from now on."""
    tx.run(
        _INSERT_LOG,
        {"organization_id": organization_id, "log_id": log_id, "origin": origin, "opened_at": now},
    )
    return Log(organization_id, log_id, origin)


def bodies_of(tx: Tx, organization_id: uuid.UUID, stream_id: uuid.UUID) -> list[bytes]:
    """Every body of the stream, in its order."""
    rows = tx.all(_BODIES_OF_STREAM, {"organization_id": organization_id, "stream_id": stream_id})
    return [bytes(row[0]) for row in rows]
