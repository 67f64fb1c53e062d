"""The stores of an organization: added, listed, found at their door, removed. How they are reached stays encrypted."""

import json
import re
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from consent.db import Sql, Tx
from consent.db.types import as_id
from consent.errors import BadInput, Conflict, NotFound
from consent.gateways.stores import registry
from consent.gateways.stores.base import Store
from consent.gateways.stores.description import parse
from consent.gateways.stores.webhook import Wires
from consent.ids import new_stream_id
from consent.ledger import keys
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.organizations import service as organizations
from consent.privacy_requests.tasks.models import DataStore
from consent.privacy_requests.tasks.rules import OWN

PLACE = "store"  # the place in sealed settings' authenticated data
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
MOST = 50  # stores of one organization

_COLUMNS = "s.organization_id, s.id, s.kind, s.name, s.sealed_settings"
_EVERY = Sql(
    f"SELECT {_COLUMNS}, k.wrapped_key FROM data_store s"  # noqa: S608 - fixed columns
    " JOIN stream_key k ON k.organization_id = s.organization_id AND k.stream_id = s.id"
    " WHERE s.organization_id = :organization_id ORDER BY s.name"
)
_AT_DOOR = Sql(f"SELECT {_COLUMNS} FROM data_store s WHERE s.endpoint_hash = :hash")  # noqa: S608 - fixed columns
_KEY = Sql("SELECT wrapped_key FROM stream_key WHERE organization_id = :organization_id AND stream_id = :id")
_REMOVE = Sql("DELETE FROM data_store WHERE organization_id = :organization_id AND id = :id")
_FORGET_KEY = Sql("DELETE FROM stream_key WHERE organization_id = :organization_id AND stream_id = :id")
_OPEN_TASKS = Sql(
    "SELECT count(*) FROM request_task WHERE organization_id = :organization_id AND store = :name"
    " AND state NOT IN ('done', 'cancelled')"
)


@dataclass(frozen=True, slots=True)
class Account:
    """One store with its settings readable."""

    organization_id: uuid.UUID
    id: uuid.UUID
    kind: str
    name: str
    settings: Mapping[str, Any] = field(repr=False)
    endpoint: str = field(repr=False)

    def store(self, wires: Wires) -> Store:
        """The store behind it."""
        return registry.load(self.kind, self.name, self.settings, self.endpoint, wires)


def add(
    tx: Tx, keyring: Keyring, organization_id: uuid.UUID, kind: str, name: str, settings: Mapping[str, Any],
    now: datetime,
) -> Account:  # fmt: skip
    """The store is on the list; `settings` were checked by `registry.settings_of`."""
    if not NAME.fullmatch(name) or name == OWN:
        raise BadInput("A store's name is small letters, digits and hyphens, as billing-archive.", field="name")
    known = every(tx, keyring, organization_id)
    if any(one.name == name for one in known):
        raise Conflict("A store of this name is on the list already.")
    if len(known) >= MOST:
        raise Conflict(f"An organization has at most {MOST} stores.")
    endpoint, store_id = secrets.token_urlsafe(24), new_stream_id()
    stream = ledger.new_stream(tx, keyring, organization_id, store_id)
    plain = json.dumps({"settings": dict(settings), "endpoint": endpoint}, ensure_ascii=False).encode()
    row = DataStore(
        organization_id=organization_id,
        id=store_id,
        kind=kind,
        name=name,
        endpoint_hash=organizations.door_hash(endpoint),
        sealed_settings=keys.seal_facts(stream.key, plain, organization_id, store_id, PLACE),
        created_at=now,
    )
    tx.session.add(row)
    tx.flush()
    organizations.record(tx, keyring, organization_id, "store.added", {"store": name, "kind": kind}, now)
    return Account(organization_id, store_id, kind, name, dict(settings), endpoint)


def every(tx: Tx, keyring: Keyring, organization_id: uuid.UUID) -> list[Account]:
    """Every store on the list, by name."""
    return [_read(keyring, row, row[5]) for row in tx.all(_EVERY, {"organization_id": organization_id})]


def categories_of(account: Account) -> tuple[str, ...]:
    """The classes of data it holds, as its settings say."""
    if account.kind == "sql":
        return tuple(dict.fromkeys(one.category for one in parse(str(account.settings["description"]))))
    return tuple(account.settings["categories"])


def instructions(tx: Tx, keyring: Keyring, organization_id: uuid.UUID, language: str) -> dict[str, str]:
    """What somebody has to do in each system that only a person can reach, in that language."""
    told = {one.name: one.settings.get("instruction") for one in every(tx, keyring, organization_id)}
    return {name: str(said[language]) for name, said in told.items() if isinstance(said, dict) and language in said}


def find(tx: Tx, keyring: Keyring, organization_id: uuid.UUID, name: str) -> Account:
    """The store of this name; NotFound otherwise."""
    for one in every(tx, keyring, organization_id):
        if one.name == name:
            return one
    raise NotFound("There is no store of this name. See: consent stores list")


def at_door(tx: Tx, keyring: Keyring, endpoint: str) -> Account | None:
    """Whose receipts arrive at this address, or None for one nobody has."""
    hashed = organizations.door_hash(endpoint)
    tx.present(hashed)
    row = tx.one(_AT_DOOR, {"hash": hashed})
    if row is None:
        return None
    tx.enter(as_id(row[0]))
    wrapped = tx.one(_KEY, {"organization_id": as_id(row[0]), "id": as_id(row[1])})
    return None if wrapped is None else _read(keyring, row, wrapped[0])


def remove(tx: Tx, keyring: Keyring, organization_id: uuid.UUID, name: str, now: datetime) -> None:
    """The store is on the list no more. Conflict while a request still waits for its receipt."""
    found = find(tx, keyring, organization_id, name)
    waiting = tx.one(_OPEN_TASKS, {"organization_id": organization_id, "name": name})
    if waiting is not None and waiting[0]:
        raise Conflict(f"{waiting[0]} tasks of this store are not done yet; requests would wait for them for ever.")
    place = {"organization_id": organization_id, "id": found.id}
    tx.run(_REMOVE, place)
    tx.run(_FORGET_KEY, place)
    organizations.record(tx, keyring, organization_id, "store.removed", {"store": name, "kind": found.kind}, now)


def _read(keyring: Keyring, row: tuple[Any, ...], wrapped: bytes) -> Account:
    organization_id, store_id = as_id(row[0]), as_id(row[1])
    key = keyring.stream_key(organization_id, bytes(wrapped))
    kept = json.loads(keys.open_facts(key, bytes(row[4]), organization_id, store_id, PLACE))
    return Account(organization_id, store_id, row[2], row[3], kept["settings"], kept["endpoint"])
