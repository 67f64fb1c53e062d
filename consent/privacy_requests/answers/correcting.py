"""What stands and what shall stand, written down, carried to every store, and kept from being brought back."""

import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from consent.db import Sql, Tx
from consent.errors import BadInput
from consent.gateways.stores.base import Action
from consent.ledger import keys
from consent.policies.kinds.shapes import as_list
from consent.policies.rulebook import Rulebook
from consent.privacy_requests.answers import corrected
from consent.privacy_requests.casework import Case, Desk, Hand, cases, corrections, outcomes, receiving
from consent.privacy_requests.moves import NotNow
from consent.privacy_requests.tasks import service as tasks
from consent.privacy_requests.tasks.rules import Planned
from consent.subjects import service as subjects
from consent.subjects.addresses import canonical

LONGEST, MOST = 500, 50  # characters of a value, changes of one request
NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")
# The location that emergency services are sent to is changed by a person, who says so; nobody else can (VSH-46, T-52).
EMERGENCY, LOCATION = "emergency-calling", "registered-location"
_PLACE = re.compile(r"(?:^|[-_.])(?:address|street|city|town|postal|postcode|zip|unit|suite|location)(?:$|[-_.])")
_NO_PLACE = re.compile(r"(?:^|[-_.])(?:e?mail|ip|mac|web|device)(?:$|[-_.])")

_CLEAR = Sql("DELETE FROM correction_change WHERE organization_id = :organization_id AND request_id = :request_id")
_INSERT = Sql(
    "INSERT INTO correction_change (organization_id, request_id, category, field, sealed_stood, sealed_shall)"
    " VALUES (:organization_id, :request_id, :category, :field, :sealed_stood, :sealed_shall)"
)
_ALL = Sql(
    "SELECT category, field, sealed_stood, sealed_shall FROM correction_change"
    " WHERE organization_id = :organization_id AND request_id = :request_id ORDER BY category, field"
)


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a class of data: what stood there, where that is known, and what shall stand there."""

    category: str
    name: str
    stood: str = field(repr=False)
    shall: str = field(repr=False)


def write_down(
    tx: Tx, desk: Desk, request_id: uuid.UUID, by: Hand, now: datetime, changes: Sequence[Change], *,
    version: int | None = None,
) -> Case:  # fmt: skip
    """These changes are what the request asks for, sealed under the person's key; the ones before are gone.

    Raises BadInput for what cannot be carried to a store, NotNow once it is being carried out.
    """
    case = cases.take(tx, desk, request_id, version)
    if not case.under_way or case.begun_at is not None:
        raise NotNow("It is being carried out or over: what shall stand there is settled.")
    contact = subjects.by_id(tx, desk.keyring, case.organization_id, case.contact_point_id)
    if contact is None or contact.key is None:
        raise NotNow("The person of this request is no longer on record.")
    ready = _checked(changes, contact.channel)
    place: dict[str, object] = {"organization_id": case.organization_id, "request_id": case.id}
    tx.run(_CLEAR, place)
    for one in ready:
        row = place | {"category": one.category, "field": one.name}
        row["sealed_stood"] = _seal(contact.key, case, one, "stood", one.stood) if one.stood else None
        row["sealed_shall"] = _seal(contact.key, case, one, "shall", one.shall)
        tx.run(_INSERT, row)
    return receiving.check(tx, desk, request_id, by, now, corrections.ITEM)


def of(tx: Tx, desk: Desk, case: Case) -> tuple[Change, ...]:
    """What was written down; nothing once the person is erased."""
    contact = subjects.by_id(tx, desk.keyring, case.organization_id, case.contact_point_id)
    if contact is None or contact.key is None:
        return ()
    rows = tx.all(_ALL, {"organization_id": case.organization_id, "request_id": case.id})
    return tuple(
        Change(
            category,
            name,
            _open(contact.key, case, category, name, "stood", stood) if stood is not None else "",
            _open(contact.key, case, category, name, "shall", shall),
        )
        for category, name, stood, shall in rows
    )


def begin(tx: Tx, desk: Desk, case: Case, now: datetime) -> int:
    """Every store that holds it has its task, and no file brings the old value back; returns how many tasks there are.

    A changed place of somebody who may call emergency services is a task of its own, which a person confirms.
    """
    granted = {one.outcome.category for one in outcomes.of(tx, case.organization_id, case.id)
               if one.outcome.what == "do"}  # fmt: skip
    changes = [one for one in of(tx, desk, case) if one.category in granted]
    if granted and not changes:
        raise NotNow(corrections.UNWRITTEN)
    said: dict[str, dict[str, str]] = {}
    stream = cases.stream_of(tx, desk, case)
    for one in changes:
        said.setdefault(one.category, {})[one.name] = one.shall
        corrected.keep(tx, desk.keyring, stream, case.id, one.name, one.shall, now)
    planned = tasks.plan_corrections(tx, desk.keyring, case.id, said, now)
    urgent = (Planned(EMERGENCY, LOCATION, Action.CORRECT, "by_hand"),) if in_emergencies(desk.rulebook, said) else ()
    tasks.add(tx, case.id, urgent, now)
    return len(planned) + len(urgent)


def in_emergencies(rulebook: Rulebook, said: Mapping[str, Iterable[str]]) -> bool:
    """Does a place change where the policy promises that emergency services are sent to the right one?"""
    promised = any("emergency-location" in as_list(one.parameters.get("purposes")) for one in rulebook.promises)
    return promised and any(_is_place(category, name) for category, names in said.items() for name in names)


def _is_place(category: str, name: str) -> bool:
    if category == LOCATION:
        return True
    return bool(_PLACE.search(name)) and not _NO_PLACE.search(name)


def _checked(changes: Sequence[Change], channel: str) -> list[Change]:
    if not 1 <= len(changes) <= MOST:
        raise BadInput(f"Write down what changes: at least one field, at most {MOST}.", field="changes")
    seen, ready = set[tuple[str, str]](), []
    for one in changes:
        if not NAME.fullmatch(one.name) or not NAME.fullmatch(one.category):
            raise BadInput("A field and its class of data are named by lower-case letters, digits, - _ and .",
                           field="name")  # fmt: skip
        shall, stood = one.shall.strip(), one.stood.strip()
        if not shall or len(shall) > LONGEST or len(stood) > LONGEST:
            raise BadInput(f"Say what shall stand there, in at most {LONGEST} characters.", field=one.name)
        if (one.category, one.name) in seen:
            raise BadInput("Each field is changed once.", field=one.name)
        seen.add((one.category, one.name))
        if one.name == corrected.ADDRESS and channel in ("sms", "voice", "email"):
            other = "email" if "@" in shall else "sms"
            shall = canonical(other, shall).value
        ready.append(Change(one.category, one.name, stood, shall))
    return ready


def _seal(key: bytes, case: Case, one: Change, which: str, value: str) -> bytes:
    return keys.seal_facts(key, value.encode(), case.organization_id, case.id, f"{which}|{one.category}|{one.name}")


def _open(key: bytes, case: Case, category: str, name: str, which: str, sealed: bytes) -> str:
    place = f"{which}|{category}|{name}"
    return keys.open_facts(key, bytes(sealed), case.organization_id, case.id, place).decode()
