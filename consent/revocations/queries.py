"""Revocations as the API and staff see them: what is missing, by when, and the arithmetic of the date."""

import json
import uuid
from datetime import date, datetime
from typing import Any

from consent.db import Sql, Tx
from consent.db.types import as_id, as_instant
from consent.deadlines import zones
from consent.deadlines.zones import local_date
from consent.ledger.bodies import instant
from consent.ledger.keys import Keyring
from consent.subjects import service as subjects
from consent.subjects.addresses import masked

_COLUMNS = (
    "id, kind, how, contact_point_id, entry_id, channels, programs, received_at, entered_at, due_on, steps, state,"
    " closed_at"
)
_ONE = Sql(f"SELECT {_COLUMNS} FROM revocation WHERE organization_id = :organization_id AND id = :id")  # noqa: S608
_LAST_DAY = "9999-12-31"
# What has no date comes last; ids break ties, so that a page continues where the one before ended.
_LIST = (
    f"SELECT {_COLUMNS} FROM revocation WHERE organization_id = :organization_id AND state = :state"  # noqa: S608
    " AND (coalesce(due_on, :last) > :day OR (coalesce(due_on, :last) = :day AND id > :after))"
    " ORDER BY coalesce(due_on, :last), id LIMIT :most"
)
_LISTED = Sql(_LIST, postgresql=_LIST.replace(":last", "CAST(:last AS date)").replace(":day", "CAST(:day AS date)"))
_SENDERS = Sql(
    "SELECT sender, name, state, how, confirmed_at FROM revocation_sender"
    " WHERE organization_id = :organization_id AND revocation_id = :id ORDER BY sender"
)
FIRST = ("0001-01-01", uuid.UUID(int=0))


def listed(
    tx: Tx,
    keyring: Keyring,
    organization_id: uuid.UUID,
    zone: str,
    now: datetime,
    *,
    state: str = "open",
    after: tuple[str, uuid.UUID] = FIRST,
    most: int = 50,
) -> tuple[list[dict[str, Any]], tuple[str, uuid.UUID] | None]:
    """Those in this state, the first due first; the second value continues the list."""
    asked = {"organization_id": organization_id, "state": state, "last": _LAST_DAY, "most": most + 1}
    rows = tx.all(_LISTED, asked | {"day": after[0], "after": after[1]})
    shown = [_shown(tx, keyring, organization_id, row, zone, now) for row in rows[:most]]
    if len(rows) <= most:
        return shown, None
    last = rows[most - 1]
    return shown, (str(last[9]) if last[9] is not None else _LAST_DAY, as_id(last[0]))


def one(
    tx: Tx, keyring: Keyring, organization_id: uuid.UUID, revocation_id: uuid.UUID, zone: str, now: datetime
) -> dict[str, Any] | None:
    """One of them, or None."""
    row = tx.one(_ONE, {"organization_id": organization_id, "id": revocation_id})
    return None if row is None else _shown(tx, keyring, organization_id, row, zone, now)


def _shown(
    tx: Tx, keyring: Keyring, organization_id: uuid.UUID, row: tuple[Any, ...], zone: str, now: datetime
) -> dict[str, Any]:
    identity, kind, how, contact_id, entry, channels, programs, received_at, entered_at, day, steps, state, closed = row
    contact = subjects.by_id(tx, keyring, organization_id, as_id(contact_id))
    senders = tx.all(_SENDERS, {"organization_id": organization_id, "id": identity})
    due = None if day is None else date.fromisoformat(str(day))
    found: dict[str, Any] = {
        "id": str(as_id(identity)),
        "kind": kind,
        "how": how,
        "state": state,
        "contact_point": str(as_id(contact_id)),
        "masked": masked(contact.channel, contact.address) if contact is not None and contact.address else None,
        "entry": str(as_id(entry)),
        "channels": channels.split(),
        "programs": json.loads(programs),
        "received_at": instant(as_instant(received_at)),
        "entered_at": instant(as_instant(entered_at)),
        "due": due.isoformat() if due is not None else None,
        "overdue": state == "open" and due is not None and local_date(now, zones.zone(zone)) > due,
        "steps": json.loads(steps),
        "senders": [
            {"sender": sender, "name": name, "state": stands, "how": by}
            | ({"confirmed_at": instant(as_instant(at))} if at is not None else {})
            for sender, name, stands, by, at in senders
        ],
        "missing": [sender for sender, _, stands, _, _ in senders if stands == "waiting"],
    }
    if closed is not None:
        found["closed_at"] = instant(as_instant(closed))
    return found
