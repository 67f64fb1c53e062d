"""The register of agents, and who of them stands at the door."""

import base64
import binascii
import hashlib
import re
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from consent.db import Sql, Tx
from consent.db.types import as_id, as_instant
from consent.drp.signed import LONGEST_ID
from consent.errors import BadInput, NotFound
from consent.ids import new_id
from consent.ledger.keys import Keyring
from consent.organizations import service as organizations

TOKEN_PREFIX = "drp_"  # noqa: S105 - what every token begins with
LONGEST_TOKEN = 100
# The directory's ids are capitals and underscores (section 3.05.1); digits occur in practice.
ID = re.compile(rf"[A-Za-z0-9_.-]{{1,{LONGEST_ID}}}")
# Encodings of points of small order, and of those that are no point: signatures under them prove nothing.
WEAK_KEYS = frozenset({bytes(32), b"\x01" + bytes(31), b"\xec" + b"\xff" * 30 + b"\x7f"})

_COLUMNS = "organization_id, id, agent_id, name, business_id, verify_key, added_at"
_OF_NAME = Sql(f"SELECT {_COLUMNS} FROM drp_agent WHERE agent_tag = :tag AND removed_at IS NULL")  # noqa: S608 - fixed
_BY_ID = Sql(
    f"SELECT {_COLUMNS} FROM drp_agent"  # noqa: S608 - fixed columns
    " WHERE organization_id = :organization_id AND id = :id AND removed_at IS NULL"
)
_NAME = Sql("SELECT name FROM drp_agent WHERE organization_id = :organization_id AND id = :id")
_EVERY = Sql(
    f"SELECT {_COLUMNS} FROM drp_agent"  # noqa: S608 - fixed columns
    " WHERE organization_id = :organization_id AND removed_at IS NULL ORDER BY added_at, id"
)
_ADD = Sql(
    "INSERT INTO drp_agent (organization_id, id, agent_tag, agent_id, name, business_id, verify_key, added_at)"
    " VALUES (:organization_id, :id, :tag, :agent_id, :name, :business_id, :key, :now)"
    " ON CONFLICT (organization_id, agent_tag) DO UPDATE SET name = excluded.name, removed_at = NULL,"
    " business_id = excluded.business_id, verify_key = excluded.verify_key, added_at = excluded.added_at"
)
_REMOVE = Sql(
    "UPDATE drp_agent SET removed_at = :now"
    " WHERE organization_id = :organization_id AND agent_tag = :tag AND removed_at IS NULL"
)
_FORGET_TOKEN = Sql(
    "DELETE FROM drp_token WHERE organization_id = :organization_id"
    " AND agent_id IN (SELECT id FROM drp_agent WHERE organization_id = :organization_id AND agent_tag = :tag)"
)
_TOKEN = Sql("SELECT organization_id, agent_id FROM drp_token WHERE token_hash = :hash")
# Only what was signed later than the last set-up counts: one that is sent again opens nothing.
_SET_TOKEN = Sql(
    "INSERT INTO drp_token (organization_id, agent_id, token_hash, issued_at, created_at)"
    " VALUES (:organization_id, :id, :hash, :issued_at, :now)"
    " ON CONFLICT (organization_id, agent_id) DO UPDATE SET token_hash = excluded.token_hash,"
    " issued_at = excluded.issued_at, created_at = excluded.created_at WHERE drp_token.issued_at < excluded.issued_at"
)


@dataclass(frozen=True, slots=True)
class Agent:
    """An agent that may ask at one organization."""

    organization_id: uuid.UUID
    id: uuid.UUID
    agent_id: str
    name: str
    business_id: str
    verify_key: bytes = field(repr=False)
    added_at: datetime


def business_id_of(slug: str) -> str:
    """What a directory calls the company unless the operator says otherwise."""
    return slug.upper().replace("-", "_")


def key_of(text: str) -> bytes:
    """The verify key as the directory writes it: base64 of 32 bytes."""
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != 32 or key in WEAK_KEYS:
        raise BadInput("The verify key is base64 of 32 bytes, as the directory of agents shows it.", field="verify_key")
    return key


def add(
    tx: Tx, keyring: Keyring, tenant: organizations.Tenant, agent_id: str, name: str, business_id: str, key: bytes,
    now: datetime,
) -> None:  # fmt: skip
    """The agent may ask here, with this key and no other; a token that it had is void."""
    for value, what in ((agent_id, "agent_id"), (business_id, "business_id")):
        if not ID.fullmatch(value):
            raise BadInput("An id has up to 64 letters, digits, dots, hyphens and underscores.", field=what)
    if not 0 < len(name) <= 100 or not name.isprintable():
        raise BadInput("The name has between 1 and 100 printable characters.", field="name")
    place = {"organization_id": tenant.id, "tag": tag_of(agent_id)}
    tx.run(_FORGET_TOKEN, place)
    row = place | {"id": new_id(now), "agent_id": agent_id, "name": name, "business_id": business_id, "key": key}
    tx.run(_ADD, row | {"now": now})
    shown = base64.b64encode(key).decode()
    organizations.record(tx, keyring, tenant.id, "agent.added", {"agent": agent_id, "verify_key": shown}, now)


def remove(tx: Tx, keyring: Keyring, organization_id: uuid.UUID, agent_id: str, now: datetime) -> None:
    """The agent opens nothing any more; what it asked for people goes on."""
    place = {"organization_id": organization_id, "tag": tag_of(agent_id)}
    if tx.run(_REMOVE, place | {"now": now}) != 1:
        raise NotFound("There is no such agent. See: consent drp agents list")
    tx.run(_FORGET_TOKEN, place)
    organizations.record(tx, keyring, organization_id, "agent.removed", {"agent": agent_id}, now)


def every(tx: Tx, organization_id: uuid.UUID) -> list[Agent]:
    """Every agent that may ask at this organization."""
    return [_agent(row) for row in tx.all(_EVERY, {"organization_id": organization_id})]


def named(tx: Tx, agent_id: str) -> list[Agent]:
    """The agents of this name, one for each organization that knows it."""
    tag = tag_of(agent_id)
    tx.present(tag)
    return [_agent(row) for row in tx.all(_OF_NAME, {"tag": tag})]


def by_id(tx: Tx, organization_id: uuid.UUID, identity: uuid.UUID) -> Agent | None:
    """The agent, while it may ask."""
    row = tx.one(_BY_ID, {"organization_id": organization_id, "id": identity})
    return None if row is None else _agent(row)


def name_of(tx: Tx, organization_id: uuid.UUID, identity: uuid.UUID) -> str | None:
    """What people call the agent, also one that may not ask any more."""
    row = tx.one(_NAME, {"organization_id": organization_id, "id": identity})
    return None if row is None else str(row[0])


def at_door(tx: Tx, token: str) -> Agent | None:
    """Whose token this is, or None for one nobody has (any more)."""
    hashed = organizations.door_hash(token)
    tx.present(hashed)
    row = tx.one(_TOKEN, {"hash": hashed})
    if row is None:
        return None
    organization_id = as_id(row[0])
    tx.enter(organization_id)
    return by_id(tx, organization_id, as_id(row[1]))


def new_token() -> str:
    """A token as agents hold it: 256 random bits."""
    return TOKEN_PREFIX + secrets.token_urlsafe(32)


def set_token(tx: Tx, keyring: Keyring, agent: Agent, token: str, issued_at: datetime, now: datetime) -> bool:
    """From here on this token speaks for the agent; False where the message that asks for it is no newer one."""
    place = {"organization_id": agent.organization_id, "id": agent.id, "hash": organizations.door_hash(token)}
    if tx.run(_SET_TOKEN, place | {"issued_at": issued_at, "now": now}) != 1:
        return False
    organizations.record(tx, keyring, agent.organization_id, "agent.token_issued", {"agent": agent.agent_id}, now)
    return True


def mine(candidates: Sequence[Agent], business_id: str | None) -> Agent | None:
    """The one of them that was registered for this company."""
    return next((one for one in candidates if one.business_id == business_id), None)


def tag_of(agent_id: str) -> bytes:
    """The SHA-256 of an agent's public name: what its row is found by."""
    return hashlib.sha256(agent_id.encode("utf-8", "surrogatepass")).digest()


def _agent(row: tuple[object, ...]) -> Agent:
    organization_id, identity, agent_id, name, business_id, key, added_at = row
    return Agent(
        as_id(organization_id),  # type: ignore[arg-type]
        as_id(identity),  # type: ignore[arg-type]
        str(agent_id),
        str(name),
        str(business_id),
        bytes(key),  # type: ignore[call-overload]
        as_instant(added_at),  # type: ignore[arg-type]
    )
