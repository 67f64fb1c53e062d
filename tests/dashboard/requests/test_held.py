"""Whoever decides a deletion sees which holds stand, and nobody approves what a hold keeps."""

from collections.abc import Callable

import pytest
from flask import Flask

from consent.house import House
from consent.staff.roles import Role
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
