"""Webhooks of an organization: set up, shown, rotated, tried, set back, removed."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from consent.changes import queries, rules
from consent.changes.cursors import Position
from consent.changes.models import WebhookEndpoint
from consent.db import Sql, Tx
from consent.db.types import as_id, as_instant
from consent.errors import BadInput, Conflict, NotFound
from consent.gateways.callbacks.signing import new_secret
from consent.ids import new_id, new_stream_id
from consent.ledger import keys
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.organizations import service as organizations

PLACE = "webhook"  # the place in the sealed part's authenticated data
MOST = 20  # webhooks of one organization
BOTH_SIGN_FOR = timedelta(hours=24)  # after a rotation the old secret and the new one both sign
EVERY = "*"

_COLUMNS = (
    "w.id, w.sealed, w.types, w.created_at, w.log_id, w.leaf_index, w.test_id, w.attempts, w.run_at, w.failing_since,"
    " w.disabled_at, w.disabled_why, w.last_id, w.last_at, w.last_status, w.last_error, w.delivered_at, w.delivered,"
    " k.wrapped_key"
)
_FROM = (
    f"SELECT {_COLUMNS} FROM webhook_endpoint w"  # noqa: S608 - fixed parts
    " JOIN stream_key k ON k.organization_id = w.organization_id AND k.stream_id = w.id"
    " WHERE w.organization_id = :organization_id"
)
_EVERY = Sql(_FROM + " ORDER BY w.created_at, w.id")
_ONE = Sql(_FROM + " AND w.id = :id")
_LOCKED = Sql(_FROM + " AND w.id = :id", postgresql=_FROM + " AND w.id = :id FOR UPDATE OF w")
_REMOVE = Sql("DELETE FROM webhook_endpoint WHERE organization_id = :organization_id AND id = :id")
_FORGET_KEY = Sql("DELETE FROM stream_key WHERE organization_id = :organization_id AND stream_id = :id")
_RESEAL = Sql("UPDATE webhook_endpoint SET sealed = :sealed WHERE organization_id = :organization_id AND id = :id")
_TEST = Sql("UPDATE webhook_endpoint SET test_id = :test_id WHERE organization_id = :organization_id AND id = :id")
_REPLAY = Sql(
    "UPDATE webhook_endpoint SET log_id = :log_id, leaf_index = :leaf_index, attempts = 0, run_at = NULL,"
    " failing_since = NULL, disabled_at = NULL, disabled_why = ''"
    " WHERE organization_id = :organization_id AND id = :id"
)


@dataclass(frozen=True, slots=True)
class Secret:
    """What signs; one that was replaced signs until `until`."""

    text: str
    until: datetime | None = None

    def __repr__(self) -> str:
        return "Secret()"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A webhook with its address and secrets readable."""

    id: uuid.UUID
    url: str
    secrets: tuple[Secret, ...]
    types: tuple[str, ...]
    created_at: datetime
    position: Position
    test_id: uuid.UUID | None
    attempts: int
    run_at: datetime | None
    failing_since: datetime | None
    disabled_at: datetime | None
    disabled_why: str
    last_id: uuid.UUID | None
    last_at: datetime | None
    last_status: int | None
    last_error: str
    delivered_at: datetime | None
    delivered: int

    @property
    def state(self) -> str:
        """How it fares."""
        return "disabled" if self.disabled_at is not None else "failing" if self.failing_since is not None else "active"

    def signing(self, now: datetime) -> list[str]:
        """The secrets that sign now, the newest first."""
        return [one.text for one in self.secrets if one.until is None or now < one.until]

    def wants(self, change: rules.Change) -> bool:
        """Whether it asked for changes of this type."""
        noun = change.type.partition(".")[0]
        return not self.types or change.type in self.types or f"{noun}.{EVERY}" in self.types


def check_types(types: Sequence[str]) -> tuple[str, ...]:
    """Types as they are stored; BadInput for one that no change can have."""
    for one in types:
        noun, dot, verb = one.partition(".")
        if noun not in rules.NOUNS or not dot or not (verb == EVERY or verb.replace("_", "").isalpha()):
            known = ", ".join(f"{noun}.{EVERY}" for noun in sorted(rules.NOUNS))
            raise BadInput(f"A type is written noun.past_verb, such as consent.withdrawn, or: {known}.", field="types")
    return tuple(sorted(set(types)))


def add(
    tx: Tx,
    keyring: Keyring,
    organization_id: uuid.UUID,
    url: str,
    types: tuple[str, ...],
    after: Position | None,
    now: datetime,
) -> Endpoint:
    """A webhook that is told of changes behind `after`, or from now on; the URL was checked before."""
    if len(tx.all(_EVERY, {"organization_id": organization_id})) >= MOST:
        raise Conflict(f"An organization has at most {MOST} webhooks; remove one that is not used.")
    position = after if after is not None else queries.end(tx, organization_id)
    identity = new_stream_id()
    stream = ledger.new_stream(tx, keyring, organization_id, identity)
    row = WebhookEndpoint(
        organization_id=organization_id,
        id=identity,
        sealed=_seal(stream.key, organization_id, identity, url, (Secret(new_secret()),)),
        types=" ".join(types),
        created_at=now,
        log_id=position.log_id,
        leaf_index=position.leaf_index,
    )
    tx.session.add(row)
    tx.flush()
    organizations.record(tx, keyring, organization_id, "webhook.added", {"webhook": str(identity)}, now)
    return find(tx, keyring, organization_id, identity)


def every(tx: Tx, keyring: Keyring, organization_id: uuid.UUID) -> list[Endpoint]:
    """Every webhook, oldest first."""
    rows = tx.all(_EVERY, {"organization_id": organization_id})
    return [endpoint_from(keyring, organization_id, row) for row in rows]


def find(tx: Tx, keyring: Keyring, organization_id: uuid.UUID, identity: uuid.UUID) -> Endpoint:
    """The webhook of this id; NotFound otherwise."""
    return _found(keyring, organization_id, tx.one(_ONE, {"organization_id": organization_id, "id": identity}))


def remove(tx: Tx, keyring: Keyring, organization_id: uuid.UUID, identity: uuid.UUID, now: datetime) -> None:
    """Nobody is told there any more; address and secrets are gone."""
    place = {"organization_id": organization_id, "id": identity}
    if tx.run(_REMOVE, place) != 1:
        raise NotFound("There is no such webhook.")
    tx.run(_FORGET_KEY, place)
    organizations.record(tx, keyring, organization_id, "webhook.removed", {"webhook": str(identity)}, now)


def rotate(tx: Tx, keyring: Keyring, organization_id: uuid.UUID, identity: uuid.UUID, now: datetime) -> Endpoint:
    """A new secret signs; the one before it signs as well for a day, older ones no more."""
    place = {"organization_id": organization_id, "id": identity}
    row = tx.one(_LOCKED, place)
    before = _found(keyring, organization_id, row)
    secrets = (Secret(new_secret()), Secret(before.secrets[0].text, now + BOTH_SIGN_FOR))
    key = keyring.stream_key(organization_id, bytes(row[-1])) if row is not None else b""
    tx.run(_RESEAL, place | {"sealed": _seal(key, organization_id, identity, before.url, secrets)})
    organizations.record(tx, keyring, organization_id, "webhook.rotated", {"webhook": str(identity)}, now)
    return find(tx, keyring, organization_id, identity)


def ask_test(tx: Tx, organization_id: uuid.UUID, identity: uuid.UUID, now: datetime) -> uuid.UUID:
    """A test message waits to be sent once, also to a webhook that is switched off; its id comes back."""
    test_id = new_id(now)
    if tx.run(_TEST, {"organization_id": organization_id, "id": identity, "test_id": test_id}) != 1:
        raise NotFound("There is no such webhook.")
    return test_id


def replay(
    tx: Tx, keyring: Keyring, organization_id: uuid.UUID, identity: uuid.UUID, after: Position | None
) -> Endpoint:
    """Told anew from behind `after`, or on from where it stood; switched on again if it was off."""
    place = {"organization_id": organization_id, "id": identity}
    position = after or _found(keyring, organization_id, tx.one(_LOCKED, place)).position
    tx.run(_REPLAY, place | position._asdict())
    return find(tx, keyring, organization_id, identity)


def endpoint_from(keyring: Keyring, organization_id: uuid.UUID, row: Sequence[Any]) -> Endpoint:
    """The webhook behind a row."""
    identity, key = as_id(row[0]), keyring.stream_key(organization_id, bytes(row[18]))
    kept = json.loads(keys.open_facts(key, bytes(row[1]), organization_id, identity, PLACE))
    return Endpoint(
        identity,
        kept["url"],
        tuple(
            Secret(one["text"], datetime.fromisoformat(one["until"]) if one["until"] else None)
            for one in kept["secrets"]
        ),
        tuple(row[2].split()),
        as_instant(row[3]),
        Position(row[4], row[5]),
        _id(row[6]),
        row[7],
        _at(row[8]),
        _at(row[9]),
        _at(row[10]),
        row[11],
        _id(row[12]),
        _at(row[13]),
        row[14],
        row[15],
        _at(row[16]),
        row[17],
    )


def _found(keyring: Keyring, organization_id: uuid.UUID, row: Sequence[Any] | None) -> Endpoint:
    if row is None:
        raise NotFound("There is no such webhook.")
    return endpoint_from(keyring, organization_id, row)


def _seal(key: bytes, organization_id: uuid.UUID, identity: uuid.UUID, url: str, secrets: Sequence[Secret]) -> bytes:
    kept = {
        "url": url,
        "secrets": [
            {"text": one.text, "until": one.until.isoformat() if one.until is not None else None} for one in secrets
        ],
    }
    return keys.seal_facts(key, json.dumps(kept).encode(), organization_id, identity, PLACE)


def _id(value: Any) -> uuid.UUID | None:
    return None if value is None else as_id(value)


def _at(value: Any) -> datetime | None:
    return None if value is None else as_instant(value)
