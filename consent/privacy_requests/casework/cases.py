"""One request as whoever works on it reads it, and the one way in which it changes."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from consent.db import Sql, Tx
from consent.db.types import as_id, as_instant
from consent.errors import Conflict, NotFound
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.policies.rulebook import Rulebook
from consent.privacy_requests import moves, steps
from consent.subjects import service as subjects
from consent.web.messages import N_

COLUMNS = (
    "id, request_type, state, version, contact_point_id, received_at, due_on, answer_by, acknowledge_by,"
    " acknowledged_at, extended_due_on, paused_since, pauses, assigned_to, routed_to, fallback_on, place, role, ground,"
    " verified_at, representative, about_request_id, decided_at, decided_by, approved_at, approved_by, begun_at,"
    " closed_at, denied_ground, recheck_on, reference, language, how, binding, acted_at, escalated, entry_id,"
    " reopened_at"
)
_SELECT = f"SELECT {COLUMNS} FROM privacy_request WHERE organization_id = :organization_id AND id = :id"  # noqa: S608
_READ = Sql(_SELECT)
_LOCK = Sql(_SELECT, postgresql=_SELECT + " FOR UPDATE")
# Columns that a verb may set; each statement below is made of these names alone.
_SETTABLE = frozenset(
    {
        "answer_by", "acknowledged_at", "extended_due_on", "extended_at", "sealed_extension", "paused_since", "pauses",
        "assigned_to", "routed_to", "fallback_on", "verified_at", "representative", "sealed_representative",
        "decided_at", "decided_by", "approved_at", "approved_by", "begun_at", "closed_at", "denied_ground",
        "recheck_on", "due_on", "binding", "escalated", "reduced_at", "reopened_at",
    }
)  # fmt: skip
_STATEMENTS: dict[tuple[str, ...], Sql] = {}


class Changed(Conflict):
    """Somebody else changed the request since it was shown; `facts` say what was done, when and by whom."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What work on requests stands on: the keys, the open log, and the rulebook that judges the request."""

    keyring: Keyring
    log: ledger.Log
    rulebook: Rulebook


@dataclass(frozen=True, slots=True)
class Hand:
    """Who acts: a member of staff by id and name, or a job, a system or the person themselves, without an id."""

    member_id: uuid.UUID | None = None
    name: str | None = field(default=None, repr=False)
    source: str = "staff"


SYSTEM = Hand(source="system")


@dataclass(frozen=True, slots=True)
class Case:
    """One request, as it stood when it was read."""

    organization_id: uuid.UUID
    id: uuid.UUID
    request_type: str
    state: str
    version: int
    contact_point_id: uuid.UUID
    received_at: datetime
    due_on: date | None
    answer_by: date | None
    acknowledge_by: date | None
    acknowledged_at: datetime | None
    extended_due_on: date | None
    paused_since: date | None
    pauses: tuple[tuple[date, date], ...]
    assigned_to: uuid.UUID | None
    routed_to: str | None
    fallback_on: date | None
    place: str | None
    role: str | None
    ground: str | None
    verified_at: datetime | None
    representative: str | None
    about_request_id: uuid.UUID | None
    decided_at: datetime | None
    decided_by: uuid.UUID | None
    approved_at: datetime | None
    approved_by: uuid.UUID | None
    begun_at: datetime | None
    closed_at: datetime | None
    denied_ground: str | None
    recheck_on: date | None
    reference: str
    language: str | None
    how: str
    binding: str
    acted_at: datetime | None
    escalated: str
    entry_id: uuid.UUID
    reopened_at: datetime | None

    @property
    def counts_from(self) -> datetime:
        """From when its dates count, and by the rules of which day it is judged: its arrival, or its last opening."""
        return self.reopened_at or self.received_at

    @property
    def under_way(self) -> bool:
        """Is it still to be answered?"""
        return self.state in (moves.OPEN, moves.IN_PROGRESS, moves.APPROVED)


def load(tx: Tx, organization_id: uuid.UUID, request_id: uuid.UUID) -> Case:
    """The request; NotFound for an id nobody has, or a stranger's."""
    return _found(tx, _READ, organization_id, request_id)


def take(tx: Tx, desk: Desk, request_id: uuid.UUID, version: int | None = None) -> Case:
    """The request, locked until the transaction ends; Changed where it is no longer the version that was shown."""
    seen = load(tx, desk.log.organization_id, request_id)
    stream_of(tx, desk, seen)  # the stream before the row, as whoever opens or joins a request does
    case = _found(tx, _LOCK, seen.organization_id, request_id)
    if version is not None and version != case.version:
        raise _changed(tx, case)
    return case


def move(
    tx: Tx, desk: Desk, case: Case, verb: str, by: Hand, now: datetime, *,
    values: Mapping[str, object] | None = None, data: Mapping[str, object] | None = None, words: str | None = None,
) -> Case:  # fmt: skip
    """The step is taken: the row moved on, one entry in the ledger, one line in the timeline; the request as it is now.

    `data` are facts without anything personal; `words` are sealed with the entry. Raises NotNow, Changed.
    """
    state = moves.to(verb, case.state)
    told = {"request": str(case.id), "type": case.request_type, "state": state} | dict(data or {})
    event = ledger.Event(
        f"privacy_request.{moves.ENTRIES[verb]}", by.source, "none", (), told, None, {"staff": by.name}, words
    )
    entry = ledger.append(tx, desk.log, stream_of(tx, desk, case), event, now)
    changed = tx.run(
        _statement(tuple(sorted(values or {}))),
        {"organization_id": case.organization_id, "id": case.id, "from_state": case.state, "to_state": state}
        | {"version": case.version}
        | dict(values or {}),
    )
    if changed != 1:
        raise _changed(tx, case)
    # What a step rests on is for whoever proves it; the timeline tells what was done.
    facts = {name: said for name, said in told.items() if name not in ("request", "type", "rests_on")}
    steps.add(tx, case.organization_id, case.id, moves.ENTRIES[verb], now, by.member_id, entry.event_id, facts)
    return load(tx, case.organization_id, case.id)


def stream_of(tx: Tx, desk: Desk, case: Case) -> ledger.Stream:
    """The stream of the person's contact point; once that is erased, the request's own."""
    contact = subjects.by_id(tx, desk.keyring, case.organization_id, case.contact_point_id)
    erased = contact is None or contact.key is None
    return ledger.stream(tx, desk.keyring, case.organization_id, case.id if erased else case.contact_point_id)


def _found(tx: Tx, sql: Sql, organization_id: uuid.UUID, request_id: uuid.UUID) -> Case:
    row = tx.one(sql, {"organization_id": organization_id, "id": request_id})
    if row is None:
        raise NotFound(N_("There is no such request here."))
    return case_of(organization_id, row)


def case_of(organization_id: uuid.UUID, row: tuple[object, ...]) -> Case:
    """The request behind a row of COLUMNS."""
    named = dict(zip(COLUMNS.split(", "), row, strict=True))
    shown: dict[str, object] = {}
    for name, value in named.items():
        if name == "pauses":
            shown[name] = tuple((date.fromisoformat(a), date.fromisoformat(b)) for a, b in json.loads(str(value)))
        elif value is None:
            shown[name] = None
        elif name in _IDS:
            shown[name] = as_id(value)  # type: ignore[arg-type]
        elif name in _DAYS:
            shown[name] = date.fromisoformat(str(value))
        elif name.endswith("_at"):
            shown[name] = as_instant(value)  # type: ignore[arg-type]
        else:
            shown[name] = value
    shown["reference"] = shown["reference"] or ""
    return Case(organization_id, **shown)  # type: ignore[arg-type]


_IDS = frozenset({"id", "contact_point_id", "assigned_to", "about_request_id", "decided_by", "approved_by", "entry_id"})
_DAYS = frozenset(
    {"due_on", "answer_by", "acknowledge_by", "extended_due_on", "paused_since", "fallback_on", "recheck_on"}
)


def _statement(columns: tuple[str, ...]) -> Sql:
    known = _STATEMENTS.get(columns)
    if known is None:
        if not _SETTABLE.issuperset(columns):
            raise ValueError(f"no verb sets {sorted(set(columns) - _SETTABLE)}")
        more = "".join(f", {one} = :{one}" for one in columns)
        known = _STATEMENTS[columns] = Sql(
            f"UPDATE privacy_request SET state = :to_state, version = version + 1{more}"  # noqa: S608 - names of ours
            " WHERE organization_id = :organization_id AND id = :id AND state = :from_state AND version = :version"
        )
    return known


def _changed(tx: Tx, case: Case) -> Changed:
    last = steps.last(tx, case.organization_id, case.id)
    return Changed(
        "The request changed since you opened it. Look at what is new, then do this again if it is still right.",
        version=case.version,
        step=last.kind if last else "",
        at=last.at if last else None,
        by=last.by_member if last else None,
    )
