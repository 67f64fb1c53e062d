"""Presses as the person, staff and the company's systems see them."""

import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from consent.db import Sql, Tx
from consent.db.types import as_id, as_instant
from consent.ledger import bodies
from consent.ledger import queries as entries
from consent.ledger.bodies import instant
from consent.preferences.unsubscribe.rules import ONE_MAIL, Figures, Press

_COLUMNS = "id, contact_point_id, happened_at, how, programs, noticed_at, why, people, undone_at"
_RECENT = Sql(
    "SELECT id, contact_point_id, happened_at, how, mail_tag, network_tag, noticed_at FROM unsubscription"
    " WHERE organization_id = :organization_id AND happened_at > :since"
)
# SQLite would rather look through all presses of late.
BY_CONTACT = "INDEXED BY ix_unsubscription_contact"
_OF_CONTACT_TEXT = (
    f"SELECT {_COLUMNS} FROM unsubscription {{index}} WHERE organization_id = :organization_id"  # noqa: S608 - fixed columns
    " AND contact_point_id = :contact_point_id AND noticed_at IS NOT NULL AND undone_at IS NULL"
    " AND happened_at > :since ORDER BY happened_at DESC"
)
_OF_CONTACT = Sql(_OF_CONTACT_TEXT.format(index=BY_CONTACT), postgresql=_OF_CONTACT_TEXT.format(index=""))
# Is a contact point asked about anything? As a part of another statement, which says where its id stands.
ASKED_ABOUT = (
    "EXISTS (SELECT 1 FROM unsubscription u {index} WHERE u.organization_id = :organization_id"
    " AND u.contact_point_id = {id} AND u.noticed_at IS NOT NULL AND u.undone_at IS NULL AND u.happened_at > :since)"
)
_LISTED = (
    f"SELECT {_COLUMNS} FROM unsubscription WHERE organization_id = :organization_id AND id < :before"  # noqa: S608
    "{noticed} ORDER BY id DESC LIMIT :most"
)
_ALL = Sql(_LISTED.format(noticed=""))
_NOTICED = Sql(_LISTED.format(noticed=" AND noticed_at IS NOT NULL"))
NEWEST = uuid.UUID(int=2**128 - 1)


@dataclass(frozen=True, slots=True)
class Questioned:
    """An opt-out that came in a burst, as the person is asked about it."""

    id: uuid.UUID
    contact_point_id: uuid.UUID
    happened_at: datetime
    programs: tuple[str, ...]
    sentence: str = ""  # what is agreed to by taking it back, in the language of the page


@dataclass(frozen=True, slots=True)
class Seen:
    """A burst as staff see it: what was ended, when, for how many, and how many of them have taken it back since.

    `id` is that of its first press; `mail_of` is when the mail was made in which all of them were pressed.
    """

    id: uuid.UUID
    why: str
    programs: tuple[str, ...]
    since: datetime
    until: datetime
    people: int
    undone: int
    mail_of: datetime | None = None


def recent(tx: Tx, organization_id: uuid.UUID, since: datetime) -> tuple[list[Press], set[uuid.UUID]]:
    """Presses since then, and which of them have been noticed already."""
    rows = tx.all(_RECENT, {"organization_id": organization_id, "since": since})
    presses = [
        Press(as_id(id_), as_id(contact), as_instant(at), how, _bytes(mail), _bytes(network))
        for id_, contact, at, how, mail, network, _ in rows
    ]
    return presses, {as_id(row[0]) for row in rows if row[6] is not None}


def questioned(
    tx: Tx, organization_id: uuid.UUID, contact_point_ids: Iterable[uuid.UUID | None], figures: Figures, now: datetime
) -> list[Questioned]:
    """What these contact points are asked about, newest first; over when the grace period is over."""
    asked = [about(organization_id, one, figures, now) for one in contact_point_ids if one is not None]
    return [
        Questioned(as_id(row[0]), as_id(row[1]), as_instant(row[2]), tuple(json.loads(row[4])))
        for rows in tx.gather(*asked)
        for row in rows
    ]


def about(
    organization_id: uuid.UUID, contact_point_id: uuid.UUID, figures: Figures, now: datetime
) -> tuple[Sql, dict[str, object]]:
    """What to ask for the presses this contact point is asked about; no row, and it is asked about nothing."""
    place = {"organization_id": organization_id, "contact_point_id": contact_point_id}
    return _OF_CONTACT, {**place, "since": now - figures.grace}


def listed(
    tx: Tx, organization_id: uuid.UUID, *, noticed: bool, before: uuid.UUID = NEWEST, most: int = 50
) -> tuple[list[dict[str, Any]], uuid.UUID | None]:
    """Presses, newest first; the second value continues the list."""
    asked = {"organization_id": organization_id, "before": before, "most": most + 1}
    rows = tx.all(_NOTICED if noticed else _ALL, asked)
    return [_shown(row) for row in rows[:most]], as_id(rows[most - 1][0]) if len(rows) > most else None


def seen(tx: Tx, organization_id: uuid.UUID, figures: Figures, *, most: int = 1000) -> list[Seen]:
    """The bursts among the newest presses that were noticed, the newest first."""
    rows = tx.all(_NOTICED, {"organization_id": organization_id, "before": NEWEST, "most": most})
    found: dict[tuple[str, str], list[Seen]] = {}
    for id_, _, happened_at, _, programs, _, why, _, undone_at in reversed(rows):
        at, undone = as_instant(happened_at), int(undone_at is not None)
        same = found.setdefault((why, programs), [])
        if same and at - same[-1].until <= figures.longest:
            same[-1] = replace(same[-1], until=at, people=same[-1].people + 1, undone=same[-1].undone + undone)
        else:
            same.append(Seen(as_id(id_), why, tuple(json.loads(programs)), at, at, 1, undone))
    told = [_with_mail(tx, organization_id, one) for each in found.values() for one in each]
    return sorted(told, key=lambda one: one.since, reverse=True)


def _with_mail(tx: Tx, organization_id: uuid.UUID, one: Seen) -> Seen:
    """With the day of the mail, where one mail was the cause."""
    stored = entries.event(tx, organization_id, one.id) if one.why == ONE_MAIL else None
    mail_of = bodies.parse(stored.body).data.get("mail_of") if stored is not None else None
    return replace(one, mail_of=datetime.fromisoformat(str(mail_of))) if mail_of else one


def _shown(row: tuple[Any, ...]) -> dict[str, Any]:
    id_, contact, at, how, programs, noticed_at, why, people, undone_at = row
    shown: dict[str, Any] = {
        "id": str(as_id(id_)),
        "contact_point": str(as_id(contact)),
        "happened_at": instant(as_instant(at)),
        "how": how,
        "programs": json.loads(programs),
    }
    if noticed_at is not None:
        shown |= {"noticed_at": instant(as_instant(noticed_at)), "burst": {"by": why, "people": people}}
    if undone_at is not None:
        shown["undone_at"] = instant(as_instant(undone_at))
    return shown


def _bytes(stored: Any) -> bytes | None:
    return None if stored is None else bytes(stored)
