"""Values that somebody had corrected: what a file brings later does not overwrite them, and waits for a person."""

import dataclasses
import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from consent.db import Sql, Tx
from consent.db.types import as_id, as_instant
from consent.errors import BadInput, NotFound
from consent.ids import new_id
from consent.ledger import keys
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring

MOST = 64  # contact points that are asked about at once
KEPT, TAKEN = "kept", "taken"
VALUE = "corrected"  # the place in the sealed value's authenticated data
# Fields of a file of consents that a correction can be about.
ADDRESS, PERSON = "address", "person"

_PUT = Sql(
    "INSERT INTO corrected_value (organization_id, contact_point_id, field, request_id, value_tag, sealed_value,"
    " corrected_at) VALUES (:organization_id, :contact_point_id, :field, :request_id, :value_tag, :sealed_value, :now)"
    " ON CONFLICT (organization_id, contact_point_id, field) DO UPDATE SET request_id = excluded.request_id,"
    " value_tag = excluded.value_tag, sealed_value = excluded.sealed_value, corrected_at = excluded.corrected_at"
)
_IDS = ", ".join(f":id_{place}" for place in range(MOST))
_KEPT = Sql(
    "SELECT contact_point_id, field, value_tag FROM corrected_value"  # noqa: S608 - fixed names of parameters
    f" WHERE organization_id = :organization_id AND contact_point_id IN ({_IDS})"
)
_CONFLICT = Sql(
    "INSERT INTO correction_conflict (organization_id, id, contact_point_id, field, source, value_tag, sealed_value,"
    " found_at) VALUES (:organization_id, :id, :contact_point_id, :field, :source, :value_tag, :sealed_value, :now)"
    " ON CONFLICT (organization_id, contact_point_id, field, value_tag) DO NOTHING"
)
_WAITING = Sql(
    "SELECT c.id, c.contact_point_id, c.field, c.source, c.sealed_value, c.found_at, k.wrapped_key"
    " FROM correction_conflict c LEFT JOIN stream_key k ON k.organization_id = c.organization_id"
    " AND k.stream_id = c.contact_point_id"
    " WHERE c.organization_id = :organization_id AND c.settled_at IS NULL ORDER BY c.found_at, c.id LIMIT :most"
)
_ONE = Sql(
    "SELECT contact_point_id, field FROM correction_conflict"
    " WHERE organization_id = :organization_id AND id = :id AND settled_at IS NULL"
)
_SETTLE = Sql(
    "UPDATE correction_conflict SET settled_at = :now, settled_as = :settled_as, settled_by = :by"
    " WHERE organization_id = :organization_id AND id = :id AND settled_at IS NULL"
)
_DROP = Sql(
    "DELETE FROM corrected_value WHERE organization_id = :organization_id"
    " AND contact_point_id = :contact_point_id AND field = :field"
)


class Kept(NamedTuple):
    """What stands for a field since it was corrected, by the keyed tag of its value."""

    contact_point_id: uuid.UUID
    field: str
    value_tag: bytes


@dataclasses.dataclass(frozen=True, slots=True)
class Brought:
    """What a source brought against a corrected value, and waits; the value is readable for whoever decides."""

    id: uuid.UUID
    contact_point_id: uuid.UUID
    field: str
    source: str
    value: str = dataclasses.field(repr=False)
    found_at: datetime


def tag_of(keyring: Keyring, organization_id: uuid.UUID, name: str, value: str) -> bytes:
    """By which the same value is known again without being read."""
    said = " ".join(value.casefold().split())
    return keyring.payload_tag(organization_id, f"corrected|{name}|{said}".encode())


def keep(
    tx: Tx, keyring: Keyring, stream: ledger.Stream, request_id: uuid.UUID, name: str, value: str, now: datetime
) -> None:
    """From now on this stands for the field of this contact point, whatever a file brings."""
    organization_id = _organization(tx)
    place = {"organization_id": organization_id, "contact_point_id": stream.id, "field": name}
    sealed = keys.seal_facts(stream.key, value.encode(), organization_id, stream.id, f"{VALUE}|{name}")
    more = {"request_id": request_id, "value_tag": tag_of(keyring, organization_id, name, value), "now": now}
    tx.run(_PUT, place | more | {"sealed_value": sealed})


def kept(tx: Tx, organization_id: uuid.UUID, contact_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, dict[str, bytes]]:
    """Which fields of these contact points were corrected, with the tag of what stands there now."""
    found: dict[uuid.UUID, dict[str, bytes]] = {}
    wanted = list(contact_ids)
    for start in range(0, len(wanted), MOST):
        part = wanted[start : start + MOST]
        asked = {f"id_{place}": part[min(place, len(part) - 1)] for place in range(MOST)}
        for row in tx.all(_KEPT, {"organization_id": organization_id, **asked}):
            one = Kept(as_id(row[0]), row[1], bytes(row[2]))
            found.setdefault(one.contact_point_id, {})[one.field] = one.value_tag
    return found


def brought(
    tx: Tx, keyring: Keyring, log: ledger.Log, stream: ledger.Stream, name: str, value: str, source: str, now: datetime
) -> bool:
    """What a source brought against the corrected value waits for a person, and the organization's systems are told.

    The second time the same comes it changes nothing; True where it is new.
    """
    row: dict[str, object] = {
        "organization_id": log.organization_id,
        "id": new_id(now),
        "contact_point_id": stream.id,
        "field": name,
        "source": source,
        "value_tag": tag_of(keyring, log.organization_id, name, value),
        "sealed_value": keys.seal_facts(stream.key, value.encode(), log.organization_id, stream.id, f"{VALUE}|{name}"),
        "now": now,
    }
    if not tx.run(_CONFLICT, row):
        return False
    data: dict[str, object] = {"field": name, "kind": "correction-conflict", "source": source}
    ledger.append(tx, log, stream, ledger.Event("privacy_request.correction_kept", "import", data=data), now)
    return True


def waiting(tx: Tx, keyring: Keyring, organization_id: uuid.UUID, most: int = 100) -> Sequence[Brought]:
    """What waits for a person, the oldest first."""
    found = []
    for id_, contact, name, source, sealed, at, wrapped in tx.all(
        _WAITING, {"organization_id": organization_id, "most": most}
    ):
        if wrapped is None:
            continue
        key = keyring.stream_key(organization_id, bytes(wrapped))
        value = keys.open_facts(key, bytes(sealed), organization_id, as_id(contact), f"{VALUE}|{name}").decode()
        found.append(Brought(as_id(id_), as_id(contact), name, source, value, as_instant(at)))
    return found


def settle(
    tx: Tx, keyring: Keyring, conflict_id: uuid.UUID, settled_as: str, by: uuid.UUID | None, now: datetime, *,
    why: str = "",
) -> None:  # fmt: skip
    """A person decided: the corrected value is `kept`, or the one that came is `taken` and protected no more.

    `why` is sealed with the entry.
    """
    if settled_as not in (KEPT, TAKEN):
        raise BadInput("Decide which of the two values stays: kept or taken.", field="settled_as")
    organization_id = _organization(tx)
    place = {"organization_id": organization_id, "id": conflict_id}
    row, log = tx.one(_ONE, place), ledger.log_of(tx, organization_id)
    if row is None or log is None:
        raise NotFound("There is nothing of this kind to be decided any more.")
    contact = as_id(row[0])
    stream = ledger.stream(tx, keyring, organization_id, contact)
    tx.run(_SETTLE, place | {"now": now, "settled_as": settled_as, "by": by})
    if settled_as == TAKEN:
        tx.run(_DROP, {"organization_id": organization_id, "contact_point_id": contact, "field": row[1]})
    data: dict[str, object] = {"field": row[1], "outcome": settled_as, "kind": "correction-conflict"}
    event = ledger.Event("privacy_request.correction_settled", "staff", data=data, message=why or None)
    ledger.append(tx, log, stream, event, now)


def _organization(tx: Tx) -> uuid.UUID:
    if tx.organization_id is None:
        raise BadInput("Corrections belong to an organization.")
    return tx.organization_id
