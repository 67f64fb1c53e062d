"""A hold keeps what a deletion would erase: before it is decided, when it is approved, begun, and carried out."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from consent.house import House
from consent.privacy_requests import casework
from consent.privacy_requests.casework import Outcome
from consent.privacy_requests.moves import NotNow
from consent.privacy_requests.tasks import carrying
from consent.retention import on_requests
from tests.casework.conftest import CLERK, OFFICER
from tests.privacy_requests.tasks.test_carrying import ALL_GO, Works, do, works
from tests.privacy_requests.tasks.test_stores import fill, left
from tests.retention.support import Shelves
from tests.support.systems import Json, Systems
from tests.support.time import Time
from tests.support.valley import PERSON, Tenant

assert works  # the fixture
NOBODYS = {"jurisdiction": None, "role": None, "source": None, "site": None}
HOLD = {"ground": "dispute-resolution", "until": "2029-06-30"}


@pytest.fixture
def shelves(systems: Systems, crm: sa.Engine, works: Works) -> Shelves:
    """Somebody with an account in the customer database, and a record of a call about which there may be a dispute."""
    fill(crm)
    works.stores()
    systems.consent(person="customer-77")
    return Shelves(systems)


def registered(shelves: Shelves, **more: object) -> Json:
    return shelves.register(**{"category": "message-text-in-out", "person": "customer-77"} | NOBODYS | more)


def held(response: object) -> Json:
    assert response.status_code == 201, response.get_json()  # type: ignore[attr-defined]
    body: Json = response.get_json()  # type: ignore[attr-defined]
    return body


def test_nothing_goes_on_which_a_hold_was_placed_after_the_approval_and_it_goes_once_that_is_released(
    works: Works, shelves: Shelves, crm: sa.Engine, house: House, valley: Tenant, time: Time
) -> None:
    registered(shelves)
    before = left(crm)
    request_id = works.approved(*do(*ALL_GO))
    hold = held(shelves.hold(person="customer-77", **HOLD))
    works.go_on()
    assert works.state(request_id) == "in_progress" and not works.tasks(request_id) and left(crm) == before
    assert works.office.steps(request_id)[-1] == "sent_back"
    case = works.office.case(request_id)
    with house.db.read(valley.id) as tx:
        rulebook = house.governing.now(valley.id, time.now()).rulebook
        stands = on_requests.held(tx, house.keyring, rulebook, case, ALL_GO, time.now())
    assert {one: (each.ground, str(each.until)) for one, each in stands.items()} == dict.fromkeys(
        ALL_GO, ("dispute-resolution", "2029-06-30")
    )
    now = time.now()
    works.office.do(casework.decide, request_id, CLERK, now, list(do(*ALL_GO)))
    with pytest.raises(NotNow, match="account-contact"):
        works.office.do(casework.approve, request_id, OFFICER, now, streams=2, held=stands)
    kept = [Outcome(one, "keep", "dispute-resolution", keep_until=stands[one].until) for one in ALL_GO]
    works.office.do(casework.decide, request_id, CLERK, now, kept)
    works.office.do(casework.approve, request_id, OFFICER, now, streams=2, held=stands)
    works.go_on()
    assert works.state(request_id) == "fulfilled" and left(crm) == before
    assert shelves.systems.post(f"holds/{hold['id']}/release", {"reason": "Settled."}).status_code in (200, 204)
    again = works.approved(*do(*ALL_GO))
    works.go_on()
    assert works.tasks(again)["crm", "account-contact"].state == "done" and left(crm) != before


def test_a_task_waits_for_a_hold_that_was_placed_after_it_was_begun(
    works: Works, shelves: Shelves, crm: sa.Engine, house: House, valley: Tenant, time: Time
) -> None:
    registered(shelves)
    before = left(crm)
    request_id = works.approved(*do(*ALL_GO))
    carrying.go_on(works.carrier, valley.id, time.now())
    hold = held(shelves.hold(person="customer-77", **HOLD))
    works.go_on()
    task = works.tasks(request_id)["crm", "account-contact"]
    assert (task.state, task.last_error) == ("waiting", "held") and left(crm) == before
    assert shelves.systems.post(f"holds/{hold['id']}/release", {"reason": "Settled."}).status_code in (200, 204)
    works.go_on(timedelta(minutes=6))
    assert works.tasks(request_id)["crm", "account-contact"].state == "done" and left(crm) != before


def test_a_hold_on_one_record_keeps_its_class_of_data_and_one_of_somebody_else_keeps_nothing(
    works: Works, shelves: Shelves, house: House, valley: Tenant, time: Time
) -> None:
    record = registered(shelves)
    registered(shelves, person="customer-78")
    held(shelves.hold(person="customer-78", **HOLD))
    request_id = works.office.open("deletion", time.now(), PERSON)
    case, rulebook = works.office.case(request_id), house.governing.now(valley.id, time.now()).rulebook

    def stands() -> dict[str, str]:
        with house.db.read(valley.id) as tx:
            found = on_requests.held(tx, house.keyring, rulebook, case, ALL_GO, time.now())
        return {name: one.ground for name, one in found.items()}

    assert stands() == {}
    held(shelves.hold(record=record["id"], **HOLD))
    named = ("message-text-in-out", "mobile-number", "consent-records")  # what is under the key of the texts stays, too
    assert stands() == dict.fromkeys(named, "dispute-resolution")
    time.go(days=5 * 365)
    assert stands() == {}
