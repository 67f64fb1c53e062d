"""The requests of the demo: opened, acknowledged, decided and closed by the verbs that staff use."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from consent.dashboard.requests import queue
from consent.dashboard.requests.filters import Filters
from consent.dashboard.requests.queue import NO_ID
from consent.db import Database, Tx
from consent.deadlines import zones
from consent.deadlines.zones import local_date
from consent.ledger.keys import Keyring
from consent.policies.answers.asking import Item
from consent.policies.governing import Governing
from consent.privacy_requests import casework, service
from consent.privacy_requests.casework import Desk, Hand, letters
from consent.privacy_requests.service import Asked
from consent.privacy_requests.tasks import people
from consent.staff import accounts
from consent.staff.roles import Role
from consent.subjects import service as subjects
from consent.subjects.addresses import canonical

# What is on record of somebody who has done nothing but ask.
HELD = ({"category": "contact-point"},)


@dataclass(frozen=True, slots=True)
class Office:
    """Who works on the requests of the demo, and with what."""

    db: Database
    keyring: Keyring
    organization_id: uuid.UUID
    clerk: Hand
    officer: Hand


def plant(
    db: Database, keyring: Keyring, organization_id: uuid.UUID, rows: Sequence[Mapping[str, Any]], now: datetime
) -> int:
    """Every request of the seed is on record, with what was done about it; how many there are."""
    with db.read(organization_id) as tx:
        known = {one.role: Hand(one.id, one.name) for one in accounts.every(tx, keyring, organization_id)}
    office = Office(db, keyring, organization_id, known[Role.CLERK], known[Role.OFFICER])
    governing = Governing(db)
    for row in rows:
        arrived = now - timedelta(days=row["days_ago"])
        in_force = governing.at(organization_id, arrived)
        work = Desk(keyring, in_force.log, in_force.rulebook)
        db.write(lambda tx, row=row, work=work, at=arrived: _plant(tx, office, work, row, at, now), organization_id)  # type: ignore[misc]
    return len(rows)


def first_deletion(
    db: Database, keyring: Keyring, organization_id: uuid.UUID, zone: str, now: datetime
) -> dict[str, str] | None:
    """The deletion that the queue shows first, as it shows it: the one to try. None where none is under way."""
    today = local_date(now, zones.zone(zone))
    with db.read(organization_id) as tx:
        rows, _ = queue.page(tx, keyring, organization_id, Filters(request_type="deletion"), NO_ID, today, most=1)
    if not rows or rows[0].left:  # one that is answered and waits for a person comes after everything under way
        return None
    return {"id": str(rows[0].id), "reference": rows[0].reference or "", "who": rows[0].who or ""}


def _plant(tx: Tx, office: Office, work: Desk, row: Mapping[str, Any], arrived: datetime, now: datetime) -> None:
    """One request with its steps, in one transaction."""
    channel = "email" if "@" in row["address"] else "sms"
    tagged = subjects.tagged(office.keyring, office.organization_id, canonical(channel, row["address"]))
    contact = subjects.contact(tx, office.keyring, office.organization_id, tagged, now)
    asked = Asked(
        row["type"], row["how"], arrived, source="page" if row["how"] == "form" else "staff",
        verified_at=arrived if row.get("verified") else None, words=row.get("words"),
        entered_by=None if row["how"] == "form" else office.clerk.name, language=row.get("language", "en"),
        place=row.get("place"), role=row.get("role"), ground=row.get("ground"),
        representative=row.get("representative"), represented_by=row.get("represented_by"),
    )  # fmt: skip
    opened = service.open(tx, work.log, work.rulebook, contact, asked, now)
    tx.flush()
    for step in row.get("steps", ()):
        _take(tx, office, work, opened.id, step, row, now)


def _take(
    tx: Tx, office: Office, work: Desk, request_id: uuid.UUID, step: str, row: Mapping[str, Any], now: datetime
) -> None:
    """One step of it; `check payment` ticks that line of its list."""
    clerk, officer = office.clerk, office.officer
    step, _, item = step.partition(" ")
    if step == "assign":
        casework.assign(tx, work, request_id, clerk, now, clerk.member_id)
    elif step == "acknowledge":
        casework.acknowledge(tx, work, request_id, clerk, now, told=letters.TOLD[2])
    elif step == "verify":
        casework.verify(tx, work, request_id, clerk, now, ["in-person"], shown=row.get("shown", ()))
    elif step == "route":
        casework.route(tx, work, request_id, clerk, now, told=letters.TOLD[2])
    elif step == "check":
        casework.check(tx, work, request_id, clerk, now, item, facts={})
    elif step == "decide":
        case = casework.load(tx, office.organization_id, request_id)
        outcomes = casework.proposed(work.rulebook, case, _held(row, now), now)
        casework.decide(tx, work, request_id, clerk, now, outcomes, categories=[one.category for one in outcomes])
    elif step == "approve":
        streams = people.histories(tx, office.keyring, office.organization_id, request_id)
        casework.approve(tx, work, request_id, officer, now, streams=streams)
    elif step == "close":
        casework.fulfil(tx, work, request_id, officer, now)
    else:
        casework.revoke(tx, work, request_id, clerk, now)


def _held(row: Mapping[str, Any], now: datetime) -> tuple[Item, ...]:
    """What a search found: each class with its source, and why somebody wants to keep it, where anything does."""

    def until(one: Mapping[str, Any]) -> date | None:
        return now.date() + timedelta(days=one["kept_for_days"]) if "kept_for_days" in one else None

    return tuple(
        Item(
            one["category"], one.get("source"), frozenset(one.get("grounds", ())), until(one),
            open_gates=frozenset(one.get("running", ())), recorded=one.get("recorded"),
        )
        for one in row.get("held", HELD)
    )  # fmt: skip
