"""Staff look at what is about people for a reason of the policy; where a clause is against it, they are refused."""

from uuid import UUID, uuid4

import pytest
from flask import Flask

from consent import clock
from consent.db import Tx
from consent.house import House
from consent.privacy_requests.models import PrivacyRequest
from consent.staff.roles import Role
from tests.conftest import Prepared
from tests.dashboard.conftest import Browser
from tests.support import staff
from tests.support.organizations import VALET, VOX, Five, consent_to
from tests.support.systems import Systems
from tests.support.time import Time

MAIL = "ana@customer.example"


@pytest.fixture
def prepared(prepared_five: Prepared) -> Prepared:
    """The house of these tests has five organizations in it."""
    return prepared_five


def known(systems: Systems, program: str, channel: str) -> str:
    made = systems.post("consents", consent_to(program, channel, MAIL))
    assert made.status_code == 201, made.get_data(as_text=True)
    contact: str = made.get_json()["contact_point"]
    return contact


def seated(house: House, app: Flask, systems: Systems, time: Time) -> Browser:
    one = staff.member(house, systems.tenant.id, time.now(), Role.OFFICER)
    return Browser(one, one.client(app))


def test_vox_32_the_data_of_debugging_is_seen_for_debugging_under_an_open_request_alone(
    five: Five, house: House, app: Flask, time: Time
) -> None:
    systems = five[VOX]
    contact, officer = known(systems, "promotional-email", "email"), seated(house, app, systems, time)
    path = f"/staff/people/{contact}"
    seen = officer.post(f"{path}/address", why="a letter came back", reason="contact")
    assert (seen.status_code, MAIL in seen.get_data(as_text=True)) == (200, True)
    newest = systems.history(MAIL, "email")[0]
    assert (newest["type"], newest["data"]["rests_on"]) == ("access.viewed", ["VOX-32", "VOX-31"])
    page = officer.get(f"{path}/evidence")
    assert ('value="debugging"' in page, 'value="authority"' in page) == (True, False)
    assert officer.post(f"{path}/evidence", why="claim 4711", reason="authority").status_code == 422
    refused = officer.post(f"{path}/evidence", why="calls break off", reason="debugging")
    said = refused.get_data(as_text=True)
    assert (refused.status_code, "while a ticket is open" in said, "VOX-32" in said) == (403, True, True)
    newest = systems.history(MAIL, "email")[0]
    assert (newest["type"], newest["data"]["rests_on"]) == ("access.refused", ["VOX-32"])
    _asked(house, systems.tenant.id, contact)
    made = officer.post(f"{path}/evidence", why="calls break off", reason="debugging")
    assert (made.status_code, made.content_type) == (200, "application/zip")
    newest = systems.history(MAIL, "email")[0]
    assert (newest["type"], newest["data"]["reason"]) == ("evidence.packed", "debugging")
    trail = officer.get("/staff/audit?reason=debugging")
    assert [one in trail for one in ("evidence.packed", "access.refused", ">access.viewed</code>")] == [
        True, True, False,
    ]  # fmt: skip
    officer.get("/staff/audit?reason=%22", 422)


def test_1v_31_each_look_rests_on_the_promise_that_few_people_see_such_data(
    five: Five, house: House, app: Flask, time: Time
) -> None:
    systems = five[VALET]
    contact, officer = known(systems, "information", "email"), seated(house, app, systems, time)
    assert officer.post(f"/staff/people/{contact}/address", why="to write back", reason="contact").status_code == 200
    newest = systems.history(MAIL, "email")[0]
    assert (newest["data"]["reason"], newest["data"]["rests_on"]) == ("contact", ["1V-31"])


def _asked(house: House, organization_id: UUID, contact: str) -> None:
    """A request of that person is under way."""

    def work(tx: Tx) -> None:
        row = PrivacyRequest(
            organization_id=organization_id, id=uuid4(), request_type="access", state="in_progress", how="web",
            contact_point_id=UUID(contact), entry_id=uuid4(), received_at=clock.now(), binding="", steps="[]",
        )  # fmt: skip
        tx.session.add(row)
        tx.flush()

    house.db.write(work, organization_id)
