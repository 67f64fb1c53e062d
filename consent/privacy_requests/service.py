"""Open a privacy request, dated at the arrival of what asks for it."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from consent.db import Sql, Tx
from consent.db.types import as_id, as_instant
from consent.ids import new_id
from consent.ledger import keys
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.policies.answers.asking import Pauses, Timetable
from consent.policies.answers.forbidden import PEOPLE
from consent.policies.answers.openings import OF_CHILDREN
from consent.policies.answers.requests import Asker
from consent.policies.kinds.shapes import as_list
from consent.policies.rulebook import Rulebook
from consent.privacy_requests import rules, steps
from consent.privacy_requests.rules import UNDER_WAY
from consent.subjects import service as subjects

__all__ = ["Asked", "Opened", "asker_of", "follow_code", "open", "seal", "timetable", "words_of"]

# The places of sealed texts in their authenticated data.
WORDS, REPRESENTATIVE, EXTENSION = "words", "representative", "extension"

NO_DATE = "No promise and no law sets a date here."
_INSERT = Sql(
    "INSERT INTO privacy_request (organization_id, id, request_type, state, how, contact_point_id, entry_id,"
    " source_event_id, received_at, due_on, binding, steps, place, role, ground, reference, verified_at, acted_at,"
    " sealed_words, answer_by, acknowledge_by, language, representative, sealed_representative, about_request_id)"
    " VALUES (:organization_id, :id, :request_type, 'open', :how, :contact_point_id, :entry_id,"
    " :source_event_id, :received_at, :due_on, :binding, :steps, :place, :role, :ground, :reference, :verified_at,"
    " :acted_at, :sealed_words, :due_on, :acknowledge_by, :language, :representative, :sealed_representative,"
    " :about_request_id)"
)
_UNDER_WAY = Sql(
    "SELECT id, reference, due_on, verified_at, sealed_words, joined_on, received_at FROM privacy_request"  # noqa: S608 - a fixed condition
    " WHERE organization_id = :organization_id"
    f" AND contact_point_id = :contact_point_id AND request_type = :request_type AND {UNDER_WAY}"
)
_JOIN = Sql(
    "UPDATE privacy_request SET version = version + 1,"
    " verified_at = coalesce(verified_at, :verified_at), sealed_words = :sealed_words,"
    " reference = coalesce(reference, :reference), joined_on = coalesce(:joined_on, joined_on)"
    " WHERE organization_id = :organization_id AND id = :id",
    postgresql="UPDATE privacy_request SET version = version + 1,"
    " verified_at = coalesce(verified_at, CAST(:verified_at AS timestamptz)), sealed_words = :sealed_words,"
    " reference = coalesce(reference, :reference), joined_on = coalesce(CAST(:joined_on AS date), joined_on)"
    " WHERE organization_id = :organization_id AND id = :id",
)


# It came through the door before what was entered first: its day counts.
_EARLIER = Sql(
    "UPDATE privacy_request SET received_at = :received_at, due_on = :due, binding = :binding, steps = :steps,"
    " acknowledge_by = :acknowledge_by, answer_by = CASE WHEN extended_due_on IS NULL THEN :due ELSE answer_by END,"
    " escalated = '' WHERE organization_id = :organization_id AND id = :id",
    postgresql="UPDATE privacy_request SET received_at = :received_at, due_on = CAST(:due AS date), binding = :binding,"
    " steps = :steps, acknowledge_by = CAST(:acknowledge_by AS date), escalated = '',"
    " answer_by = CASE WHEN extended_due_on IS NULL THEN CAST(:due AS date) ELSE answer_by END"
    " WHERE organization_id = :organization_id AND id = :id",
)
_ACKNOWLEDGED = Sql(
    "UPDATE privacy_request SET acknowledged_at = coalesce(acknowledged_at, :at), version = version + 1"
    " WHERE organization_id = :organization_id AND id = :id",
    postgresql="UPDATE privacy_request SET acknowledged_at = coalesce(acknowledged_at, CAST(:at AS timestamptz)),"
    " version = version + 1 WHERE organization_id = :organization_id AND id = :id",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked, by which way it came, when it arrived, and the entry of the message that asks it.

    `place` and `role` are None where they were not asked. `acted_at`: what can be done at once has been done.
    """

    request_type: str
    how: str
    received_at: datetime
    source_event_id: uuid.UUID | None = None
    source: str = "system"
    place: str | None = None
    role: str | None = None
    ground: str | None = None
    verified_at: datetime | None = None
    acted_at: datetime | None = None
    words: str | None = field(default=None, repr=False)
    entered_by: str | None = field(default=None, repr=False)
    language: str | None = None  # in which the person is written to
    representative: str | None = None  # in what quality somebody asks for another: agent, attorney, parent …
    represented_by: str | None = field(default=None, repr=False)  # who that is, in words
    about: uuid.UUID | None = None  # the request that an appeal or complaint is about


@dataclass(frozen=True, slots=True)
class Opened:
    """The request; `is_new` is False where the words joined one that is under way.

    `held_back`: nothing was written, since a visit has added to it today already.
    """

    id: uuid.UUID
    is_new: bool
    reference: str = ""
    due: date | None = None
    held_back: bool = False


def open(tx: Tx, log: ledger.Log, rulebook: Rulebook, contact: subjects.Contact, asked: Asked, now: datetime) -> Opened:
    """The request is open and dated, or the words joined the one of this type that is under way for this person.

    The contact point is locked by whoever made `contact`, so two messages at once never open two.
    """
    if asked.words:
        asked = replace(asked, words=rulebook.forbidden.clean(asked.words, PEOPLE).text)
    place = {"organization_id": log.organization_id, "contact_point_id": contact.id}
    known = tx.one(_UNDER_WAY, place | {"request_type": asked.request_type})
    data: dict[str, object] = {"type": asked.request_type, "how": asked.how}
    data |= {name: said for name in ("place", "role", "ground") if (said := getattr(asked, name))}
    if asked.verified_at is not None:
        data["verified"] = True
    if asked.source_event_id is not None:
        data["message"] = str(asked.source_event_id)
    if known is not None:
        return _join(tx, log, rulebook, contact, asked, known, data, now)
    request_id, reference = new_id(now), rules.new_reference()
    times = timetable(rulebook, asked)
    data |= {"request": str(request_id), "due": times.due.isoformat() if times.due else ""}
    if times.binding:
        data["binding"] = times.binding  # the promise or law whose date it is
    if times.acknowledge_by is not None:
        data["acknowledge_by"] = times.acknowledge_by.isoformat()
    facts = {"staff": asked.entered_by}
    event = ledger.Event(
        "privacy_request.opened", asked.source, "none", (), data, asked.received_at, facts, asked.words
    )
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
            "steps": json.dumps((*(times.steps or (NO_DATE,)), _by_which_rules(rulebook))),
            "place": asked.place,
            "role": asked.role,
            "ground": asked.ground,
            "reference": reference,
            "verified_at": asked.verified_at,
            "acted_at": asked.acted_at,
            "sealed_words": seal(contact.stream.key, log.organization_id, request_id, asked.words),
            "acknowledge_by": times.acknowledge_by,
            "language": asked.language,
            "representative": asked.representative,
            "sealed_representative": seal(
                contact.stream.key, log.organization_id, request_id, asked.represented_by, REPRESENTATIVE
            ),
            "about_request_id": asked.about,
        },
    )
    steps.add(tx, log.organization_id, request_id, "opened", asked.received_at, None, entry.event_id, _shown(data))
    return Opened(request_id, True, reference, times.due)


def timetable(rulebook: Rulebook, asked: Asked, *, pauses: Pauses = (), extension: bool = False) -> Timetable:
    """By when it is answered; where nobody said who asks from where, by the earliest date that could bind."""
    times = rulebook.requests.timetable(
        asked.request_type, asked.received_at, asker_of(rulebook, asked.place, asked.role),
        verified_at=asked.verified_at, pauses=pauses, extension=extension,
    )  # fmt: skip
    if times.due is None and asked.request_type == OF_CHILDREN:
        return rulebook.requests.removal_of_a_minor(asked.received_at)
    return times


def asker_of(rulebook: Rulebook, place: str | None, role: str | None) -> Asker:
    """Who asks: anybody at all where neither place nor role is known."""
    if place is None and role is None:
        return _anybody(rulebook)
    return Asker(frozenset((role,)) if role else _anybody(rulebook).roles, place)


def follow_code(keyring: Keyring, organization_id: uuid.UUID, reference: str) -> str:
    """The code with which somebody who knows the reference follows the request."""
    return rules.code_of(keyring.payload_tag(organization_id, f"request-code|{reference}".encode()))


def words_of(
    key: bytes, organization_id: uuid.UUID, request_id: uuid.UUID, sealed: bytes | None, place: str = WORDS
) -> str:
    """What was written, for whoever works on the request."""
    return "" if sealed is None else keys.open_facts(key, bytes(sealed), organization_id, request_id, place).decode()


def seal(
    key: bytes, organization_id: uuid.UUID, request_id: uuid.UUID, words: str | None, place: str = WORDS
) -> bytes | None:
    """The words under the key of the person's stream; `place` is what they are."""
    return keys.seal_facts(key, words.encode(), organization_id, request_id, place) if words else None


def acknowledged(
    tx: Tx, log: ledger.Log, contact: subjects.Contact, request_id: uuid.UUID, source: str, told: str, now: datetime
) -> None:
    """Its receipt is confirmed by what went out in this very transaction."""
    data: dict[str, object] = {"request": str(request_id), "told": told}
    event = ledger.Event("privacy_request.acknowledged", source, "none", (), data)
    entry = ledger.append(tx, log, contact.stream, event, now)
    tx.run(_ACKNOWLEDGED, {"organization_id": log.organization_id, "id": request_id, "at": now})
    steps.add(tx, log.organization_id, request_id, "acknowledged", now, None, entry.event_id, {"told": told})


def _join(
    tx: Tx,
    log: ledger.Log,
    rulebook: Rulebook,
    contact: subjects.Contact,
    asked: Asked,
    known: tuple[object, ...],
    data: dict[str, object],
    now: datetime,
) -> Opened:
    id_, reference, due, verified_at, sealed, joined, received_at = known
    request_id = as_id(id_)  # type: ignore[arg-type]
    before = words_of(contact.stream.key, log.organization_id, request_id, sealed)  # type: ignore[arg-type]
    due_on = None if due is None else date.fromisoformat(str(due))
    new_words = asked.words if asked.words and asked.words not in before else None
    opened = Opened(request_id, False, str(reference or rules.new_reference()), due_on)
    if not new_words and reference and asked.source == "page" and (verified_at is not None) >= bool(asked.verified_at):
        return opened  # the same form sent again says nothing new
    by_visit = asked.source == "page" and asked.verified_at is not None
    today = asked.received_at.date()
    if by_visit and verified_at is not None and joined is not None and date.fromisoformat(str(joined)) == today:
        return replace(opened, held_back=True)
    earlier = _earlier(rulebook, asked, as_instant(received_at), due_on)  # type: ignore[arg-type]
    if earlier is not None:
        opened = replace(opened, due=earlier.due)
        data = data | {"received": asked.received_at.date().isoformat(), "due": str(earlier.due)}
        place = {"organization_id": log.organization_id, "id": request_id, "received_at": asked.received_at}
        counted = {"due": earlier.due, "binding": earlier.binding or "", "acknowledge_by": earlier.acknowledge_by}
        counted["steps"] = json.dumps((*(earlier.steps or (NO_DATE,)), _by_which_rules(rulebook)))
        tx.run(_EARLIER, place | counted)
    event = ledger.Event(
        "privacy_request.joined",
        asked.source,
        "none",
        (),
        data | {"request": str(request_id)},
        None,
        {"staff": asked.entered_by},
        new_words,
    )
    entry = ledger.append(tx, log, contact.stream, event, now)
    steps.add(tx, log.organization_id, request_id, "joined", asked.received_at, None, entry.event_id, _shown(data))
    both = rules.joined(before, new_words, asked.received_at.date().isoformat()) if new_words else before
    tx.run(
        _JOIN,
        {
            "organization_id": log.organization_id,
            "id": request_id,
            "verified_at": asked.verified_at,
            "reference": opened.reference,
            "joined_on": today if by_visit else None,
            "sealed_words": seal(contact.stream.key, log.organization_id, request_id, both),
        },
    )
    return opened


def _earlier(rulebook: Rulebook, asked: Asked, received_at: datetime, due: date | None) -> Timetable | None:
    """The timetable of what came before the request that it joins, where that is due sooner; None otherwise."""
    if asked.received_at >= received_at:
        return None
    times = timetable(rulebook, asked)
    return times if times.due is not None and (due is None or times.due < due) else None


def _shown(data: Mapping[str, object]) -> dict[str, object]:
    """What the first line of the timeline says."""
    return {name: said for name, said in data.items() if name not in ("request", "type", "message", "binding")}


def _by_which_rules(rulebook: Rulebook) -> str:
    """So that the count can be made again: the exact rules, by the hash of all of them."""
    return f"Counted by the rules in force at its arrival ({rulebook.content_hash[:16]})."


def _anybody(rulebook: Rulebook) -> Asker:
    """Nobody knows yet who asks and from where, so the earliest date that could bind counts."""
    return Asker(frozenset(role for one in rulebook.promises for role in as_list(one.parameters.get("persons"))))
