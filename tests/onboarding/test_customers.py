"""Customers are taken on once they have said that they decide about their own users' data; staff see who decides."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consent.db import Sql
from consent.house import House
from consent.ledger.bodies import parse
from consent.review.rules import evidence_of_entry
from consent.staff.roles import Role
from tests.conftest import FOUNDED
from tests.policies.packs_vox import rulebook
from tests.support import staff
from tests.support.organizations import VOX, found_shipped
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.valley import Tenant

_EVENTS = Sql("SELECT body FROM ledger_event WHERE organization_id = :id")


@pytest.fixture
def vox(house: House, client: FlaskClient) -> Systems:
    """Voxvalley's own systems."""
    return Systems(client, found_shipped(house, VOX, FOUNDED))


def test_vox_04_the_role_for_each_class_of_data_and_service_is_told(vox: Systems) -> None:
    told = vox.get("customers/roles").get_json()
    roles = {one["category"]: one for one in told["roles"]}
    assert roles["call-content"] == {
        "category": "call-content", "service": "cloud-services", "role": "processor", "rests_on": "VOX-04",
        "decides": "customer",
    }  # fmt: skip
    assert (roles["identity-contact"]["role"], roles["identity-contact"]["rests_on"]) == ("controller", "VOX-04")
    assert (roles["browser-type"]["role"], roles["browser-type"]["rests_on"]) == ("controller", None)
    assert [one["commitment"] for one in told["acknowledges"]] == ["VOX-05"]
    assert "publish-own-policy-encouraged" in told["reminders"]


def test_vox_05_a_customer_is_taken_on_with_its_acknowledgement_under_the_version_in_force_and_once(
    vox: Systems, house: House, app: Flask, time: Time
) -> None:
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("acknowledged", {"customer": "c-1", "acknowledged": False}),
        ("acknowledged", {"customer": "c-1"}),
        ("customer", {"acknowledged": True}),
        ("acknowledged_at", {"customer": "c-1", "acknowledged": True, "acknowledged_at": "2199-01-01T00:00:00Z"}),
    ]
    for field, said in wrong:
        refused = vox.post("customers", said)
        assert (refused.status_code, field in refused.get_data(as_text=True)) == (422, True), said
    assert "VOX-05" in vox.post("customers", wrong[0][1]).get_json()["detail"]
    assert vox.get("customers").get_json() == {"customers": []}
    said = {"customer": "c-1", "acknowledged": True, "acknowledged_at": "2026-11-20T10:00:00Z", "entered_by": "Ana"}
    first, again = vox.post("customers", said), vox.post("customers", said)
    assert (first.status_code, again.status_code, first.get_json()["entry"]) == (201, 200, again.get_json()["entry"])
    assert first.get_json()["policy_version"] == "2020-02-18"
    (listed,) = vox.get("customers").get_json()["customers"]
    assert (listed["id"], listed["acknowledged_at"]) == (first.get_json()["id"], "2026-11-20T10:00:00.000Z")
    with house.db.read(vox.tenant.id) as tx:
        leaves = [parse(bytes(row[0])) for row in tx.all(_EVENTS, {"id": vox.tenant.id})]
    (entry,) = [one for one in leaves if one.type == "customer.taken_on"]
    assert entry.data["rests_on"] == ["VOX-05", "VOX-04"]
    assert "call-content" in entry.data["processor_of"]  # type: ignore[operator]
    found = set(evidence_of_entry(rulebook().versions, entry.type, entry.channel, (), entry.data))
    assert ("VOX-05", "E-CONSENT") in found
    officer = staff.member(house, vox.tenant.id, time.now(), Role.VIEWER).client(app)
    page = officer.get("/staff/customers").get_data(as_text=True)
    for text in ("Processor: somebody else decides", "VOX-04", "VOX-05", listed["id"], "2020-02-18"):
        assert text in page, text


def test_where_no_promise_speaks_of_customers_nobody_is_taken_on(
    systems: Systems, house: House, valley: Tenant, app: Flask, time: Time
) -> None:
    assert systems.post("customers", {"customer": "c-1", "acknowledged": True}).status_code == 409
    told = systems.get("customers/roles").get_json()
    assert {one["role"] for one in told["roles"]} == {"controller"} and told["acknowledges"] == []
    officer = staff.member(house, valley.id, time.now(), Role.OFFICER).client(app)
    assert "No commitment of the policy speaks of customers" in officer.get("/staff/customers").get_data(as_text=True)
