"""Make organizations, their API keys and their gateway accounts; find who stands at a door."""

import hashlib
import json
import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from consent.db import Sql, Tx
from consent.db.types import as_id, as_instant
from consent.errors import BadInput, NotFound
from consent.gateways.email.registry import MAILERS
from consent.ids import new_id, new_stream_id
from consent.ledger import keys
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.organizations.models import ApiKey, GatewayAccount, Organization

KEY_PREFIX = "ck_"
COLLECTIONS = (
    "consents",
    "contact-points",
    "do-not-call",
    "decisions",
    "customers",
    "disclosures",
    "receipts",
    "messages",
    "privacy-requests",
    "records",
    "holds",
    "policies",
    "commitments",
    "imports",
    "changes",
    "proofs",
    "webhooks",
    "reviews",
    "revocations",
    "incidents",
    "carrier",
)
SCOPES = tuple(f"{name}:{what}" for name in COLLECTIONS for what in ("read", "write"))
SETTINGS = "settings"  # the place in sealed account settings' authenticated data

_KEY_AT_DOOR = Sql("SELECT organization_id, id, scopes FROM api_key WHERE key_hash = :hash AND revoked_at IS NULL")
_ACCOUNT_AT_DOOR = Sql(
    "SELECT organization_id, id, gateway, can_send, sealed_settings FROM gateway_account"
    " WHERE endpoint_hash = :hash AND closed_at IS NULL"
)
_ORGANIZATION = Sql("SELECT organization_id, slug, name, zone FROM organization WHERE slug = :slug")
_ORGANIZATIONS = Sql("SELECT organization_id, slug, name, zone FROM organization ORDER BY name")
_ACCOUNTS = Sql(
    "SELECT id, gateway, can_send, name, sealed_settings, closed_at FROM gateway_account"
    " WHERE organization_id = :organization_id ORDER BY created_at, id"
)
_KEYS = Sql(
    "SELECT id, hint, name, scopes, created_at, revoked_at FROM api_key"
    " WHERE organization_id = :organization_id ORDER BY created_at"
)
_KEY_BY_ID = Sql(
    "SELECT scopes FROM api_key WHERE organization_id = :organization_id AND id = :id AND revoked_at IS NULL"
)
_REVOKE = Sql(
    "UPDATE api_key SET revoked_at = :now WHERE organization_id = :organization_id AND id = :id AND revoked_at IS NULL"
)
_STREAM_KEY = Sql(
    "SELECT wrapped_key FROM stream_key WHERE organization_id = :organization_id AND stream_id = :stream_id"
)


@dataclass(frozen=True, slots=True)
class Tenant:
    """An organization as the rest of the house needs it."""

    id: uuid.UUID
    slug: str
    name: str
    zone: str


@dataclass(frozen=True, slots=True)
class KeyAtDoor:
    """The API key that was presented."""

    organization_id: uuid.UUID
    id: uuid.UUID
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class AccountAtDoor:
    """The gateway account whose webhook address was called."""

    organization_id: uuid.UUID
    id: uuid.UUID
    gateway: str
    can_send: bool
    settings: Mapping[str, Any]
    numbers: Mapping[str, str]  # number -> who confirms a STOP to it: self or gateway


@dataclass(frozen=True, slots=True)
class Account:
    """A gateway account as operators and the outbox need it."""

    id: uuid.UUID
    gateway: str
    can_send: bool
    name: str
    settings: Mapping[str, Any]
    numbers: Mapping[str, str]
    endpoint: str
    closed_at: datetime | None
    recipient: str | None = None  # who gets what goes by it, by the register of the policy


def create_organization(
    tx: Tx, keyring: Keyring, *, slug: str, name: str, zone: str, origin: str, now: datetime, id: uuid.UUID
) -> Tenant:
    """The organization exists, with its first log open and `log.opened` as the log's first event."""
    tx.enter(id)
    if tx.one(_ORGANIZATION, {"slug": slug}) is not None:
        raise BadInput("An organization of this name exists already.", field="slug")
    tx.session.add(Organization(organization_id=id, slug=slug, name=name, zone=zone, created_at=now))
    tx.flush()
    log = ledger.open_log(tx, id, 1, origin, now)
    stream = ledger.new_stream(tx, keyring, id, id)
    ledger.append(tx, log, stream, ledger.Event("log.opened", "system", data={"epoch": 1}), now)
    return Tenant(id, slug, name, zone)


def find(tx: Tx, slug: str) -> Tenant:
    """The organization of that short name; NotFound otherwise."""
    row = tx.one(_ORGANIZATION, {"slug": slug})
    if row is None:
        raise NotFound("There is no organization of this name. See: consent organizations list")
    return Tenant(as_id(row[0]), *row[1:])


def every(tx: Tx) -> list[Tenant]:
    """All organizations by name."""
    return [Tenant(as_id(row[0]), *row[1:]) for row in tx.all(_ORGANIZATIONS, {})]


def record(
    tx: Tx, keyring: Keyring, organization_id: uuid.UUID, type: str, data: Mapping[str, object], now: datetime
) -> ledger.Entry:
    """An event in the organization's own stream: its settings, keys and policies."""
    log = ledger.log_of(tx, organization_id)
    if log is None:
        raise NotFound("This organization has no open log.")
    stream = ledger.stream(tx, keyring, organization_id, organization_id)
    return ledger.append(tx, log, stream, ledger.Event(type, "system", data=data), now)


def create_key(
    tx: Tx, keyring: Keyring, organization_id: uuid.UUID, name: str, scopes: Sequence[str], now: datetime
) -> str:
    """A new API key, returned this once; only its hash is stored."""
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown or not scopes:
        wrong = f"{', '.join(unknown)} is no scope. " if unknown else ""
        raise BadInput(f"{wrong}Scopes are: {', '.join(SCOPES)}.", field="scopes")
    key = KEY_PREFIX + secrets.token_urlsafe(32)
    row = ApiKey(
        organization_id=organization_id,
        id=new_id(now),
        key_hash=door_hash(key),
        hint=key[:7],
        name=name,
        scopes=" ".join(sorted(set(scopes))),
        created_at=now,
    )
    tx.session.add(row)
    tx.flush()
    record(tx, keyring, organization_id, "key.created", {"key": str(row.id), "scopes": row.scopes}, now)
    return key


def revoke_key(tx: Tx, keyring: Keyring, organization_id: uuid.UUID, key_id: uuid.UUID, now: datetime) -> None:
    """The key opens nothing any more."""
    if tx.run(_REVOKE, {"organization_id": organization_id, "id": key_id, "now": now}) != 1:
        raise NotFound("There is no such key in use. See: consent keys list")
    record(tx, keyring, organization_id, "key.revoked", {"key": str(key_id)}, now)


def list_keys(tx: Tx, organization_id: uuid.UUID) -> list[dict[str, object]]:
    """Every key without its secret."""
    return [
        {
            "id": str(as_id(row[0])),
            "hint": row[1] + "…",
            "name": row[2],
            "scopes": row[3].split(),
            "created_at": as_instant(row[4]).isoformat(),
            "revoked_at": as_instant(row[5]).isoformat() if row[5] is not None else None,
        }
        for row in tx.all(_KEYS, {"organization_id": organization_id})
    ]


def key_at_door(tx: Tx, key: str) -> KeyAtDoor | None:
    """Whose key this is, or None for one nobody has (any more)."""
    hashed = door_hash(key)
    tx.present(hashed)
    row = tx.one(_KEY_AT_DOOR, {"hash": hashed})
    return None if row is None else KeyAtDoor(as_id(row[0]), as_id(row[1]), frozenset(row[2].split()))


def key_in_use(tx: Tx, organization_id: uuid.UUID, key_id: uuid.UUID) -> frozenset[str] | None:
    """The scopes of a key of this organization, or None for one that is revoked or not there."""
    row = tx.one(_KEY_BY_ID, {"organization_id": organization_id, "id": key_id})
    return None if row is None else frozenset(row[0].split())


def create_account(
    tx: Tx,
    keyring: Keyring,
    organization_id: uuid.UUID,
    *,
    gateway: str,
    can_send: bool,
    name: str,
    settings: Mapping[str, Any],
    numbers: Mapping[str, str],
    now: datetime,
    recipient: str | None = None,
    grounds: Mapping[str, object] | None = None,
) -> str:
    """A gateway account; returns the random key that stands in its webhook address.

    `recipient` is who gets what goes by it, `grounds` what the entry says of why they may.
    """
    endpoint = secrets.token_urlsafe(24)
    account_id = new_stream_id()
    stream = ledger.new_stream(tx, keyring, organization_id, account_id)
    sealed = {"gateway": dict(settings), "numbers": dict(numbers), "endpoint": endpoint, "recipient": recipient}
    plain = json.dumps(sealed).encode()
    row = GatewayAccount(
        organization_id=organization_id,
        id=account_id,
        endpoint_hash=door_hash(endpoint),
        gateway=gateway,
        can_send=can_send,
        name=name,
        sealed_settings=keys.seal_facts(stream.key, plain, organization_id, account_id, SETTINGS),
        created_at=now,
    )
    tx.session.add(row)
    tx.flush()
    told: dict[str, object] = {"account": str(account_id), "gateway": gateway, **(grounds or {})}
    if recipient is not None:
        told["recipient"] = recipient
    record(tx, keyring, organization_id, "gateway.added", told, now)
    return endpoint


def account_at_door(tx: Tx, keyring: Keyring, endpoint: str) -> AccountAtDoor | None:
    """The account behind a webhook address, or None for an address nobody has."""
    hashed = door_hash(endpoint)
    tx.present(hashed)
    row = tx.one(_ACCOUNT_AT_DOOR, {"hash": hashed})
    if row is None:
        return None
    organization_id, account_id = as_id(row[0]), as_id(row[1])
    tx.enter(organization_id)
    kept = _settings(tx, keyring, organization_id, account_id, row[4])
    return AccountAtDoor(organization_id, account_id, row[2], bool(row[3]), kept["gateway"], kept["numbers"])


def accounts(tx: Tx, keyring: Keyring, organization_id: uuid.UUID) -> list[Account]:
    """Every account at a text gateway, settings readable."""
    return _accounts(tx, keyring, organization_id, mail=False)


def mail_accounts(tx: Tx, keyring: Keyring, organization_id: uuid.UUID) -> list[Account]:
    """Every account by which mail leaves or has left, settings readable; the last one that is open is used."""
    return _accounts(tx, keyring, organization_id, mail=True)


def _accounts(tx: Tx, keyring: Keyring, organization_id: uuid.UUID, *, mail: bool) -> list[Account]:
    found = []
    for account_id, gateway, can_send, name, sealed, closed_at in tx.all(
        _ACCOUNTS, {"organization_id": organization_id}
    ):
        if (gateway in MAILERS) is not mail:
            continue
        kept = _settings(tx, keyring, organization_id, as_id(account_id), sealed)
        found.append(
            Account(
                as_id(account_id),
                gateway,
                bool(can_send),
                name,
                kept["gateway"],
                kept["numbers"],
                kept["endpoint"],
                as_instant(closed_at) if closed_at is not None else None,
                kept.get("recipient"),
            )
        )
    return found


def door_hash(secret: str) -> bytes:
    """What is stored of a secret of 192 random bits or more: its SHA-256 (no salt is needed at that length)."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def _settings(
    tx: Tx, keyring: Keyring, organization_id: uuid.UUID, account_id: uuid.UUID, sealed: bytes
) -> Mapping[str, Any]:
    row = tx.one(_STREAM_KEY, {"organization_id": organization_id, "stream_id": account_id})
    if row is None or row[0] is None:
        raise NotFound("The key of this gateway account's settings is gone.")
    key = keyring.stream_key(organization_id, bytes(row[0]))
    settings: Mapping[str, Any] = json.loads(keys.open_facts(key, bytes(sealed), organization_id, account_id, SETTINGS))
    return settings
