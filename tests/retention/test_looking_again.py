"""Dates follow holds and versions a part at a time, however many records there are."""

import pytest

from consent import clock
from consent.carrier import approvals
from consent.house import House
from consent.preferences.models import NOBODY
from consent.retention import holds, jobs, looking_again
from tests.retention.support import ONTARIO, Shelves
from tests.support.databases import ON_SQLITE
from tests.support.plans import plan
from tests.support.valley import Tenant


def test_a_hold_on_much_of_one_person_and_its_end_reach_all_of_it_some_at_a_time(
    house: House, valet: Tenant, shelves: Shelves, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holds, "SEEN", 2)
    monkeypatch.setattr(looking_again, "AT_ONCE", 2)
    made = [shelves.register(category="identifiers", jurisdiction=ONTARIO) for _ in range(5)]
    shelves.happened("account-ended", "2026-11-01T12:00:00-04:00")
    days = lambda: [one["dispose_on"] for one in shelves.systems.get("records").get_json()["records"]]  # noqa: E731
    before = days()
    job = lambda: jobs.look_again(house.db, house.keyring, house.governing, valet.id, clock.now())  # noqa: E731
    held = shelves.hold(person="tenant-7").get_json()
    assert (held["records"], days().count("2027-06-30")) == (5, 2)
    job()
    assert days() == ["2027-06-30"] * 5
    assert shelves.systems.post(f"holds/{held['id']}/release", {"reason": "It is over."}).status_code == 200
    assert days().count("2027-06-30") == 3
    job()
    assert days() == before
    again = shelves.systems.post(f"holds/{held['id']}/renewals", {"reason": "Once more."})
    assert (again.status_code, again.get_json()["detail"]) == (409, holds.RELEASED)
    assert len(made) == 5


@ON_SQLITE
def test_whoever_has_an_open_request_is_found_by_keys(house: House, valet: Tenant) -> None:
    """Reading all preferences for each of 10,000 requests kept every other writer waiting for eleven seconds."""
    asked = {"organization_id": valet.id, "nobody": NOBODY, "open": "a", "in_progress": "b", "approved": "c"}
    with house.db.read(valet.id) as tx:
        said = plan(tx, looking_again.ASKING, asked).splitlines()
    steps = [line for line in said if line.startswith(("SCAN", "SEARCH"))]
    assert [line.split()[1] for line in steps] == ["r", "c", "p"] and all(one.startswith("SEARCH") for one in steps)
    assert "id=?" in steps[1] and "tag64=?" in steps[2]


@ON_SQLITE
def test_where_else_a_customer_is_reached_is_found_by_an_index(house: House, valet: Tenant) -> None:
    asked = {"organization_id": valet.id, "channel": "sms", "tag64": 1}
    with house.db.read(valet.id) as tx:
        said = plan(tx, approvals.ELSEWHERE, asked)
    assert "ix_preference_named (organization_id=? AND person_id=?)" in said and "SCAN" not in said
