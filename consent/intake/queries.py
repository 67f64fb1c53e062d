"""Mails that wait for somebody, and one of them with its words."""

import json
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from consent.db import Sql, Tx
from consent.db.types import as_id, as_instant
from consent.intake.reading import Letter
from consent.ledger import keys
from consent.ledger.keys import Keyring
from consent.subjects import service as subjects
from consent.subjects.addresses import canonical

SEALED = "inbound-mail"  # the place in the sealed part's authenticated data, and the key where nobody is known

_COLUMNS = (
    "id, contact_point_id, entry_id, verdict, asks, request_id, received_at, arrived_at, sealed, language, state,"
    " settled_as"
)
_WAITING = Sql(
    f"SELECT {_COLUMNS} FROM inbound_mail"  # noqa: S608 - fixed columns
    " WHERE organization_id = :organization_id AND state = 'waiting' AND received_at >= :since"
    " ORDER BY received_at, id LIMIT :most"
)
_ONE = Sql(f"SELECT {_COLUMNS} FROM inbound_mail WHERE organization_id = :organization_id AND id = :id")  # noqa: S608
_COUNT = Sql("SELECT count(*) FROM inbound_mail WHERE organization_id = :organization_id AND state = 'waiting'")


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as whoever reads it sees it; `sender` is masked, None where nobody is known or they are erased."""

    id: uuid.UUID
    contact_point_id: uuid.UUID | None
    entry_id: uuid.UUID
    verdict: str
    asks: tuple[str, ...]
    request_id: uuid.UUID | None
    received_at: datetime
    arrived_at: datetime
    language: str
    state: str
    settled_as: str
    sender: str | None
    letter: Letter = field(repr=False)
    notes: tuple[str, ...] = ()


def mail_to_read(
    tx: Tx, keyring: Keyring, organization_id: uuid.UUID, since: datetime, most: int = 50
) -> tuple[Mail, ...]:
    """What no rule could read or answer, the oldest first: its clock runs already."""
    rows = tx.all(_WAITING, {"organization_id": organization_id, "since": since, "most": most})
    return tuple(_mail(tx, keyring, organization_id, row) for row in rows)


def waiting(tx: Tx, organization_id: uuid.UUID) -> int:
    """How many wait."""
    row = tx.one(_COUNT, {"organization_id": organization_id})
    return int(row[0]) if row is not None else 0


def one(tx: Tx, keyring: Keyring, organization_id: uuid.UUID, identity: uuid.UUID) -> Mail | None:
    """One mail, or None."""
    row = tx.one(_ONE, {"organization_id": organization_id, "id": identity})
    return None if row is None else _mail(tx, keyring, organization_id, row)


def _mail(tx: Tx, keyring: Keyring, organization_id: uuid.UUID, row: tuple[Any, ...]) -> Mail:
    identity, contact_id = as_id(row[0]), None if row[1] is None else as_id(row[1])
    contact = subjects.by_id(tx, keyring, organization_id, contact_id) if contact_id is not None else None
    key = keyring.key_for(organization_id, SEALED) if contact_id is None else contact and contact.key
    said: dict[str, Any] = {"subject": "", "text": "", "notes": []}
    if key and row[8] is not None:
        said = json.loads(keys.open_facts(key, bytes(row[8]), organization_id, identity, SEALED))
    sender = canonical("email", contact.address) if contact is not None and contact.address is not None else None
    notes = tuple(said["notes"])
    received_at = as_instant(row[6])
    return Mail(
        identity,
        contact_id,
        as_id(row[2]),
        row[3],
        tuple(row[4].split()),
        None if row[5] is None else as_id(row[5]),
        received_at,
        as_instant(row[7]),
        row[9],
        row[10],
        row[11],
        sender.masked if sender is not None else None,
        Letter(sender, said["subject"], said["text"], received_at, "", notes=notes),
        notes,
    )
