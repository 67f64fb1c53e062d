"""An event came earlier than it was told: one proposes it, another approves, and records count from that day."""

from flask import Flask
from flask.testing import FlaskClient

from consent.db import Sql
from consent.house import House
from consent.staff import approvals
from consent.staff.roles import Role
from tests.dashboard.conftest import Browser
from tests.dashboard.test_stranded import valet  # noqa: F401 - 1VALET, served in this house
from tests.retention.support import OLD, Shelves, events, rows
from tests.staff.test_approvals import decide
from tests.support import staff
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.valley import Tenant

PAGE = "/staff/retention/corrections"
WRONG = "2026-11-10T12:00:00-05:00"
WAITING = Sql("SELECT id FROM staff_approval WHERE organization_id = :organization_id AND state = 'waiting'")


def test_an_earlier_day_counts_once_a_second_person_has_approved_it_and_the_ledger_keeps_both(
    house: House, valet: Tenant, client: FlaskClient, app: Flask, time: Time  # noqa: F811 - the fixture
) -> None:  # fmt: skip
    shelves = Shelves(Systems(client, valet))
    one, two, other = shelves.reference_data(), shelves.reference_data(), shelves.reference_data(person="tenant-8")
    shelves.happened("vacated", WRONG)
    shelves.happened("vacated", WRONG, person="tenant-8")
    shelves.happened("vacated", OLD)
    assert shelves.read(one)["due_on"] == "2027-02-08"  # telling it again moves nothing earlier
    seats = [staff.member(house, valet.id, time.now(), Role.OFFICER) for _ in range(2)]
    officer = Browser(seats[0], seats[0].client(app))
    shown = officer.get(f"{PAGE}?record={one['id']}")
    assert '<option value="permanent-vacate">' in shown
    form = {"record": one["id"], "event": "permanent-vacate", "day": "2026-10-20", "reason": "The keys came back."}
    for change, status, said in (
        ({"day": "2026-11-10"}, 422, "Give a day before"),
        ({"event": "account-end"}, 422, "Choose the event"),
        ({"reason": ""}, 422, "Say why"),
        ({"record": "nothing"}, 404, "no such record"),
    ):
        refused = officer.post(PAGE, **form | change)
        assert (refused.status_code, said in refused.get_data(as_text=True)) == (status, True), change
    assert officer.post(PAGE, **form).status_code == 303
    assert "It waits for a second person" in officer.get(f"{PAGE}?record={one['id']}")
    done = f"{PAGE}/{one['id']}"
    assert officer.post(done).status_code == 409
    assert shelves.read(one)["due_on"] == "2027-02-08"
    ((waiting,),) = rows(house, valet, WAITING)
    decide(house, seats[1], approvals.as_id(waiting), time.now())
    assert officer.post(done).status_code == 303
    assert [shelves.read(each)["due_on"] for each in (one, two, other)] == ["2027-01-18", "2027-01-18", "2027-02-08"]
    assert shelves.reference_data()["due_on"] == "2027-01-18"  # what is registered later, too
    told = [each["data"] for each in events(house, valet) if each["type"] == "record.clock_corrected"]
    assert [(each["instead_of"][:10], each["happened_at"][:10], each["records"]) for each in told] == [
        ("2026-11-10", "2026-10-20", 2)
    ]
    assert officer.post(done).status_code == 409
