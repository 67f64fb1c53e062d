"""Who watches a contact point is set, and somebody says that they looked: both stand in the ledger."""

from datetime import date, datetime, tzinfo
from typing import Any
from uuid import UUID

from consent.dashboard.contacts.register import RECORDING, SAFEGUARD, SCOPE, Place, Watch
from consent.db import Sql, Tx
from consent.db.types import as_id, as_instant
from consent.errors import BadInput, Conflict, Filled
from consent.ledger.keys import Keyring
from consent.staff import accounts, events
from consent.staff.doors import Member
from consent.web.messages import N_

REVIEWED = (SAFEGUARD, RECORDING, SCOPE)  # somebody answers for these, and each review names its evidence
NO_DAYS = N_("Give a number of days from 1 to %(most)s.")
NO_EVIDENCE = N_("Say what was looked at and where the proof lies.")
NOBODY_WATCHES = N_("Nobody watches this contact point yet: say first who does.")
NOBODY_ANSWERS = N_("Nobody answers for this yet: say first who does.")
NO_MEMBER = N_("Choose somebody of the staff.")
_LIST = Sql(
    "SELECT contact, watched_by, every_days, watched_since, checked_at, checked_by FROM watched_contact"
    " WHERE organization_id = :organization_id"
)
_WATCH = Sql(
    "INSERT INTO watched_contact (organization_id, contact, watched_by, every_days, watched_since, entry_id)"
    " VALUES (:organization_id, :contact, :by, :days, :today, :entry)"
    " ON CONFLICT (organization_id, contact) DO UPDATE SET watched_by = excluded.watched_by,"
    " every_days = excluded.every_days, entry_id = excluded.entry_id"
)
_CHECK = Sql(
    "UPDATE watched_contact SET checked_at = :now, checked_by = :by, entry_id = :entry"
    " WHERE organization_id = :organization_id AND contact = :contact"
)


def watches(tx: Tx, organization_id: UUID, zone: tzinfo) -> dict[str, Watch]:
    """Who watches what, by the key of the contact point."""
    return {row[0]: _watch(row, zone) for row in tx.all(_LIST, {"organization_id": organization_id})}


def watch(
    tx: Tx, keyring: Keyring, member: Member, place: Place, by: UUID, every_days: int, today: date, now: datetime
) -> None:
    """From here on this member of the staff looks there, so often; when somebody last looked stays as it was."""
    if not 1 <= every_days <= place.most_days:
        raise BadInput(Filled(NO_DAYS, most=place.most_days), field="every_days")
    account = accounts.by_id(tx, keyring, member.organization_id, by)
    if account is None or account.state != "active":
        raise BadInput(NO_MEMBER, field="watched_by")
    data: dict[str, object] = {"account": str(by), "every_days": every_days}
    entry = _record(tx, keyring, member, "watched", place, data, now)
    row = {"contact": place.key, "by": by, "days": every_days, "today": today.isoformat(), "entry": entry}
    tx.run(_WATCH, {"organization_id": member.organization_id} | row)


def check(tx: Tx, keyring: Keyring, member: Member, place: Place, now: datetime, note: str = "") -> None:
    """Somebody has looked there now; a review needs its evidence in words. Conflict while nobody watches it."""
    reviewed = place.kind in REVIEWED
    if reviewed and not note.strip():
        raise BadInput(NO_EVIDENCE, field="note")
    entry = _record(tx, keyring, member, "checked", place, {"account": str(member.id)}, now, note)
    row = {"contact": place.key, "by": member.id, "now": now, "entry": entry}
    if tx.run(_CHECK, {"organization_id": member.organization_id} | row) == 0:
        raise Conflict(NOBODY_ANSWERS if reviewed else NOBODY_WATCHES)


def _record(
    tx: Tx, keyring: Keyring, member: Member, what: str, place: Place, data: dict[str, object], now: datetime,
    note: str = "",
) -> UUID:  # fmt: skip
    family = place.kind if place.kind in REVIEWED else "contact"
    told = {"kind": place.kind, family: place.value, "named_by": list(place.named_by)} | data
    entry = events.record(
        tx, keyring, member.organization_id, f"{family}.{what}", told, now, name=member.name, note=note.strip() or None
    )
    return entry.event_id


def _watch(row: tuple[Any, ...], zone: tzinfo) -> Watch:
    checked = as_instant(row[4]).astimezone(zone).date() if row[4] is not None else None
    by = as_id(row[5]) if row[5] is not None else None
    return Watch(as_id(row[1]), int(row[2]), date.fromisoformat(str(row[3])), checked, by)
