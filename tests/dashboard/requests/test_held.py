"""Whoever decides a deletion sees which holds stand, and nobody approves what a hold keeps."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlmodel import col, select

from consent.house import House
from consent.privacy_requests.tasks import accounts
from consent.privacy_requests.tasks.models import RequestTask
from consent.staff.roles import Role
from consent.timed import requests
from tests.retention.support import Shelves
from tests.support import staff
from tests.support.at_the_desk import LIST, At, hidden
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.valley import PERSON, Tenant

LETTER = {"how": "letter", "arrived_on": "2026-11-20", "address": PERSON, "language": "en"}
RECORD = {"category": "message-text-in-out", "jurisdiction": None, "role": None, "source": None, "site": None}


@pytest.fixture
def sits(app: Flask, house: House, valley: Tenant, time: Time) -> Callable[..., At]:
    """Somebody of a role at their browser."""
    return lambda role, name: At(app, staff.member(house, valley.id, time.now(), role, name))


def test_a_hold_is_shown_before_the_decision_and_one_placed_after_it_meets_the_approval(
    sits: Callable[..., At], systems: Systems
) -> None:
    clerk, officer, shelves = sits(Role.CLERK, "Cleo Clerk"), sits(Role.OFFICER, "Otto Officer"), Shelves(systems)
    systems.consent(person="customer-77")
    shelves.register(person="customer-77", **RECORD)
    sent = LETTER | {"csrf": clerk.who.csrf(), "wish": "deletion", "words": "x"}
    where = clerk.browser.post(f"{LIST}/new", data=sent).headers["Location"]
    clerk.presses(where, "verification", methods="in-person")
    clerk.writes(where, "received", told="call")
    clerk.decides(where, "do")
    assert "A hold stands" not in clerk.reads(where)
    hold = shelves.hold(person="customer-77", ground="dispute-resolution", until="2029-06-30")
    assert hold.status_code == 201, hold.get_json()
    assert "A hold stands until" in officer.reads(where)
    known = {"csrf": officer.who.csrf(), "version": hidden(officer.reads(where), "version")}
    refused = officer.browser.post(f"{where}/approval", data=known)
    assert refused.status_code == 409 and "A hold stands on this" in refused.get_data(as_text=True)
    officer.presses(where, "return", why="A hold was placed")
    page = clerk.reads(f"{where}/decision")
    assert "A hold stands until" in page and 'value="keep:dispute-resolution" selected' in page
    clerk.decides(where, "keep", day="2029-06-30")
    officer.presses(where, "approval")
    assert "A hold stands on this" not in officer.reads(where)


def test_nobody_says_that_it_is_gone_while_a_hold_keeps_it(
    sits: Callable[..., At], systems: Systems, house: House, valley: Tenant, time: Time
) -> None:
    """The hold was placed after the approval: what is to be done by hand was not done yet, and must not be."""
    settings: dict[str, Any] = {
        "categories": [RECORD["category"]],
        "instruction": {"en": "Shred", "fr": "x", "es": "x"},
    }
    house.db.write(
        lambda tx: accounts.add(tx, house.keyring, valley.id, "manual", "paper", settings, time.now()), valley.id
    )
    clerk, officer, shelves = sits(Role.CLERK, "Cleo Clerk"), sits(Role.OFFICER, "Otto Officer"), Shelves(systems)
    systems.consent(person="customer-77")
    record = shelves.register(person="customer-77", **RECORD)
    sent = LETTER | {"csrf": clerk.who.csrf(), "wish": "deletion", "words": "x"}
    where = clerk.browser.post(f"{LIST}/new", data=sent).headers["Location"]
    clerk.presses(where, "verification", methods="in-person")
    clerk.writes(where, "received", told="call")
    clerk.decides(where, "do")
    officer.presses(where, "approval")
    requests.carry_out(house)
    placed = shelves.hold(record=record["id"], ground="dispute-resolution", until="2029-06-30")
    assert placed.status_code == 201, placed.get_json()
    hold = placed.get_json()["id"]
    [task] = [str(one.id) for one in tasks_of(house, valley) if one.store == "paper"]
    known = {"csrf": clerk.who.csrf(), "words": "Shredded", "count": "2"}
    refused = clerk.browser.post(f"{where}/tasks/{task}/confirmation", data=known)
    assert refused.status_code == 409
    assert "A hold stands on this" in refused.get_data(as_text=True)
    [waits] = [one for one in tasks_of(house, valley) if one.store == "paper"]
    assert waits.done_at is None
    assert systems.post(f"holds/{hold}/release", {"reason": "It is over."}).status_code == 200
    assert clerk.browser.post(f"{where}/tasks/{task}/confirmation", data=known).status_code == 303


def tasks_of(house: House, valley: Tenant) -> list[RequestTask]:
    with house.db.read(valley.id) as tx:
        return list(tx.session.exec(select(RequestTask).where(col(RequestTask.organization_id) == valley.id)))
