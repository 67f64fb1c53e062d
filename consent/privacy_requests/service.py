"""Open a privacy request, dated at the arrival of what asks for it."""

import json
import uuid
from dataclasses import dataclass
from datetime import datetime

from consent.db import Sql, Tx
from consent.db.types import as_id
from consent.ids import new_id
from consent.ledger import service as ledger
from consent.policies.answers.requests import Asker
from consent.policies.kinds.shapes import as_list
from consent.policies.rulebook import Rulebook
from consent.privacy_requests.rules import UNDER_WAY
from consent.subjects import service as subjects

__all__ = ["Asked", "Opened", "open"]

_INSERT = Sql(
    "INSERT INTO privacy_request (organization_id, id, request_type, state, how, contact_point_id, entry_id,"
    " source_event_id, received_at, due_on, binding, steps) VALUES (:organization_id, :id, :request_type, 'open', :how,"
    " :contact_point_id, :entry_id, :source_event_id, :received_at, :due_on, :binding, :steps)"
)
_UNDER_WAY = Sql(
    "SELECT id FROM privacy_request WHERE organization_id = :organization_id"  # noqa: S608 - a fixed condition
    f" AND contact_point_id = :contact_point_id AND request_type = :request_type AND {UNDER_WAY}"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked, by which way it came, when it arrived, and the entry of the message that asks it."""

    request_type: str
    how: str
    received_at: datetime
    source_event_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """The request; `is_new` is False where the words joined one that is under way."""

    id: uuid.UUID
    is_new: bool


def open(tx: Tx, log: ledger.Log, rulebook: Rulebook, contact: subjects.Contact, asked: Asked, now: datetime) -> Opened:
    """The request is open and dated, or the words joined the one of this type that is under way for this person.

    The contact point is locked by whoever made `contact`, so two messages at once never open two.
    """
    place = {"organization_id": log.organization_id, "contact_point_id": contact.id}
    known = tx.one(_UNDER_WAY, place | {"request_type": asked.request_type})
    data = {"type": asked.request_type, "how": asked.how}
    if asked.source_event_id is not None:
        data["message"] = str(asked.source_event_id)
    if known is not None:
        request_id = as_id(known[0])
        joined = ledger.Event("privacy_request.joined", "system", data=data | {"request": str(request_id)})
        ledger.append(tx, log, contact.stream, joined, now)
        return Opened(request_id, False)
    request_id = new_id(now)
    times = rulebook.requests.timetable(asked.request_type, asked.received_at, _anybody(rulebook))
    data |= {"request": str(request_id), "due": times.due.isoformat() if times.due else ""}
    event = ledger.Event("privacy_request.opened", "system", data=data, occurred_at=asked.received_at)
    entry = ledger.append(tx, log, contact.stream, event, now)
    tx.later(
        _INSERT,
        place
        | {
            "id": request_id,
            "request_type": asked.request_type,
            "how": asked.how,
            "entry_id": entry.event_id,
            "source_event_id": asked.source_event_id,
            "received_at": asked.received_at,
            "due_on": times.due,
            "binding": times.binding or "",
            "steps": json.dumps(times.steps or ("No promise and no law sets a date here.",)),
        },
    )
    return Opened(request_id, True)


def _anybody(rulebook: Rulebook) -> Asker:
    """Nobody knows yet who asks and from where, so the earliest date that could bind counts."""
    return Asker(frozenset(role for one in rulebook.promises for role in as_list(one.parameters.get("persons"))))
