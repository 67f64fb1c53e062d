"""Which of the five organizations the rules of telephone carriers bind: nobody else's staff sees anything of them."""

import pytest
from flask import Flask

from consent.house import House
from consent.staff.roles import Role
from tests.conftest import Prepared
from tests.support import staff
from tests.support.organizations import Five
from tests.support.time import Time

HOME = "/staff/carrier"


@pytest.fixture
def prepared(prepared_five: Prepared) -> Prepared:
    """The house of these tests has five organizations in it."""
    return prepared_five


def test_who_is_no_carrier_sees_nothing_of_it(house: House, app: Flask, five: Five, time: Time) -> None:
    shown = {}
    for slug, systems in five.items():
        client = staff.member(house, systems.tenant.id, time.now(), Role.OFFICER).client(app)
        shown[slug] = (HOME in client.get("/staff/home").text, client.get(HOME).status_code)
        assert client.get(f"{HOME}/people").status_code == shown[slug][1]
        asked = {"use": "cpni-for-own-communications-services", "channel": "email", "address": "ben@customer.example"}
        status = 200 if shown[slug][0] else 404
        assert systems.post("carrier/approvals/decisions", asked).status_code == status
        told = {"what": "password", "changed_at": "2026-11-21T16:00:00Z", "channel": "email",
                "address": "ben@customer.example"}  # fmt: skip
        assert systems.post("carrier/account-changes", told).status_code == (201 if shown[slug][0] else 404)
    carriers = {"valley-smart-homes", "voxvalley"}
    assert shown == {slug: (True, 200) if slug in carriers else (False, 404) for slug in five}
