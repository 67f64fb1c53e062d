"""What is left of somebody who was erased waits for an event that nobody can tell: somebody sets its day, on record."""

from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consent import clock
from consent.db import Sql, Tx
from consent.db.types import as_id
from consent.house import House
from consent.ledger import erasing
from consent.ledger import service as ledger
from consent.staff.roles import Role
from tests.conftest import FOUNDED
from tests.dashboard.conftest import Browser
from tests.retention.support import Shelves, rows
from tests.support import staff
from tests.support.organizations import VALET, found_shipped
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.valley import Tenant

PAGE = "/staff/retention/stranded"
PERSON_OF = Sql("SELECT person_id FROM held_record WHERE organization_id = :organization_id ORDER BY id LIMIT 1")


@pytest.fixture
def valet(house: House) -> Tenant:
    """1VALET, served in this house."""
    return found_shipped(house, VALET, FOUNDED)


def test_what_waits_of_an_erased_person_is_shown_and_counts_from_the_day_that_somebody_sets(
    house: House, valet: Tenant, client: FlaskClient, app: Flask, time: Time
) -> None:
    shelves = Shelves(Systems(client, valet))
    kept = shelves.reference_data(collected_at="2025-06-15T12:00:00-04:00")
    shelves.reference_data(person="tenant-8")
    clerk, officer = (
        Browser(one, one.client(app))
        for one in (staff.member(house, valet.id, time.now(), role) for role in (Role.CLERK, Role.OFFICER))
    )
    assert "Nothing waits for such an event" in officer.get(PAGE)
    person = erased(house, valet)
    page = officer.get(PAGE)
    assert "What an entry system compares with" in page and '<option value="permanent-vacate">' in page
    form = {"event": "permanent-vacate", "day": "2026-11-01", "reason": "The lease ended in October."}
    assert clerk.post(f"{PAGE}/{person}", **form).status_code == 403
    for change, said in (
        ({"event": "fiscal-year-end"}, "Choose the event"),
        ({"day": "2027-01-01"}, "today or an earlier one"),
        ({"day": "soon"}, "Give a day"),
        ({"reason": " "}, "Say why"),
    ):
        refused = officer.post(f"{PAGE}/{person}", **form | change)
        assert (refused.status_code, said in refused.get_data(as_text=True)) == (422, True), change
    assert officer.post(f"{PAGE}/{UUID(int=5)}", **form).status_code == 404
    assert shelves.read(kept)["state"] == "waiting"
    assert officer.post(f"{PAGE}/{person}", **form).status_code == 303
    assert (shelves.read(kept)["state"], shelves.read(kept)["due_on"]) == ("running", "2027-01-30")
    assert "Nothing waits for such an event" in officer.get(PAGE)
    assert officer.post(f"{PAGE}/{person}", **form).status_code == 404
    time.go(minutes=6)
    assert 'action="/staff/again"' in officer.post(f"{PAGE}/{person}", **form).get_data(as_text=True)


def erased(house: House, valet: Tenant) -> str:
    """The person of the first record is erased, and is nobody whom a system could name."""
    person = as_id(rows(house, valet, PERSON_OF)[0][0])

    def work(tx: Tx) -> None:
        log = ledger.log_of(tx, valet.id)
        assert log is not None
        erasing.erase(tx, house.keyring, log, person, UUID(int=7), clock.now())

    house.db.write(work, valet.id)
    return str(person)
