"""A correction over the pages: written down field by field, decided by that, approved, carried out by each system."""

from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa

from consent.dashboard.requests import changing
from consent.gateways.stores.webhook import Wires
from consent.house import House
from consent.privacy_requests import casework
from consent.privacy_requests.answers.correcting import Change
from consent.privacy_requests.tasks.shredding import Shredder
from consent.staff.roles import Role
from tests.casework.conftest import CLERK, Office
from tests.dashboard.conftest import Browser
from tests.privacy_requests.tasks.conftest import SETTING
from tests.privacy_requests.tasks.conftest import crm as crm
from tests.privacy_requests.tasks.conftest import peer as peer
from tests.privacy_requests.tasks.conftest import shredder as shredder
from tests.privacy_requests.tasks.conftest import wires as wires
from tests.privacy_requests.tasks.test_carrying import Works
from tests.privacy_requests.tasks.test_stores import TABLES, fill, left
from tests.support.time import Time
from tests.support.valley import PERSON, Tenant

FIELDS = {"category-0": "account-contact", "name-0": "Name", "stood-0": "Jo Doe", "shall-0": "Jo Roe"}


def test_a_correction_goes_from_the_form_to_every_system_and_cannot_be_approved_unwritten(
    house: House, valley: Tenant, shredder: Shredder, wires: Wires, crm: sa.Engine, time: Time,
    seat: Callable[..., Browser],
) -> None:  # fmt: skip
    works = Works(house, valley, Office(house, valley), shredder, wires, time)
    works.add("sql", "crm", url_setting=SETTING, description=TABLES)
    fill(crm)
    office, now = works.office, time.now()
    request_id = office.open("correction", now, PERSON)
    office.do(casework.verify, request_id, CLERK, now, ["code-to-contact-on-file"])
    page = f"/staff/requests/{request_id}"
    clerk, officer = seat(Role.CLERK), seat(Role.OFFICER)

    def sent(who: Browser, noun: str, **fields: str) -> tuple[int, str]:
        answer = who.post(f"{page}/{noun}", version=str(office.case(request_id).version), **fields)
        return answer.status_code, answer.get_data(as_text=True)

    assert sent(clerk, "assignment", to="me")[0] == 303
    office.do(casework.acknowledge, request_id, CLERK, now, told="call")
    assert "Write down what changes" in clerk.get(page)
    status, said = sent(clerk, "checks", item="change-written-down")
    assert status == 409 and "Write down first" in said  # a tick alone changes nothing
    status, said = sent(clerk, "decision", **{"what-0": "do:"})
    assert status == 422  # nothing is written down, so nothing can be decided
    form = clerk.get(f"{page}/changes")
    assert "emergency calls" in form and "Name of the field" in form
    status, said = sent(clerk, "changes", **{"category-0": "nowhere", "name-0": "name", "shall-0": "x"})
    assert status == 422 and 'href="#category-0"' in said
    assert sent(clerk, "changes", **FIELDS)[0] == 303
    form = clerk.get(f"{page}/changes")
    assert "J••• R•••" in form and "Roe" not in form + clerk.get(page)
    assert sent(clerk, "changes", **{"category-0": "account-contact", "name-0": "name"})[0] == 303  # it stays
    office.do(casework.decide, request_id, CLERK, now, [casework.Outcome("invoices", "do")])
    status, said = sent(officer, "approval")
    assert status == 409 and "Write down first" in said
    office.do(casework.send_back, request_id, CLERK, now, "another kind of data is written down")
    assert sent(clerk, "decision", **{"what-0": "do:"})[0] == 303
    assert sent(officer, "approval")[0] == 303
    works.go_on()
    works.go_on(timedelta(minutes=10))
    assert works.state(request_id) == "fulfilled"
    assert [name for number, name in left(crm) if number in (1, 3)] == ["Jo Roe", "Jo Roe"]
    assert "crm" in officer.get(page)
    assert clerk.get("/staff/requests/" + str(office.open("access", now, "other@person.example")) + "/changes", 404)


def test_what_is_written_down_stays_where_nothing_new_is_typed_and_each_field_is_there_once() -> None:
    before = (Change("invoices", "street", "1 Main", "2 Main"), Change("invoices", "city", "", "Spokane"))
    kept = {"category-0": "invoices", "name-0": "street", "category-1": "invoices", "name-1": "city"}
    assert changing.read(kept, before, ["invoices"])[0] == before
    assert changing.read(kept | {"out-0": "yes"}, before, ["invoices"])[0] == before[1:]
    again = kept | {"category-2": "invoices", "name-2": " CITY ", "shall-2": "Pullman"}
    assert changing.read(again, before, ["invoices"])[2] == {"name-2": changing.TWICE}
    moved = kept | {"name-0": "unit"}  # of another field nothing is known
    assert changing.read(moved, before, ["invoices"])[2] == {"shall-0": changing.SAY}
    assert changing.read({}, (), ["invoices"])[2] == {"category-0": changing.NOTHING}
    assert "Main" not in repr(changing.rows(before))
