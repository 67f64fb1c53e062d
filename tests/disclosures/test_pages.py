"""Who gets data, as everybody and as the staff read it."""

from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from consent.house import House
from consent.staff.roles import Role
from tests.disclosures.test_api import platform, told
from tests.support import staff
from tests.support.organizations import found_shipped
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.valley import Tenant


def test_vox_42_the_list_of_subprocessors_is_open_to_all_with_name_purpose_place_and_day(
    house: House, client: FlaskClient, time: Time
) -> None:
    found_shipped(house, "voxvalley", time.now())
    page = client.get("/voxvalley/sub-processors").get_data(as_text=True)
    assert "Amazon Web Services, Inc." in page and "United States" in page
    assert "stores what customers keep there" in page
    assert page.count("Amazon Web Services, Inc.</h3>") == 1  # what the list has, the policy's names do not repeat
    assert "Only data that identifies nobody" in page.partition("Advertising companies")[2].partition("</li>")[0]
    assert "This list last changed:" in page and "February 18, 2020" in page
    french = client.get("/voxvalley/sub-processors?lang=fr").get_data(as_text=True)
    assert "États-Unis" in french and "conserve ce que les clients" in french
    spanish = client.get("/voxvalley/sub-processors?lang=es").get_data(as_text=True)
    assert "Estados Unidos" in spanish and "lleva los registros" in spanish


def test_where_no_list_is_promised_the_page_tells_whom_the_policy_names(client: FlaskClient, valley: Tenant) -> None:
    page = client.get(f"/{valley.slug}/sub-processors").get_data(as_text=True)
    assert "Messaging platforms" in page and "VSH-29" in page
    assert "Sub-processors</h2>" not in page
    police = page.partition("Authorities with a valid legal process")[2].partition("</li>")[0]
    assert "operations" not in police  # which is what vendors are for
    assert client.get("/nobody-at-all/sub-processors").status_code == 404


def test_the_staff_read_why_somebody_gets_data_and_what_went(
    app: Flask, house: House, valley: Tenant, systems: Systems, time: Time
) -> None:
    told(systems)
    told(systems, 200, purpose="marketing")
    told(systems, purpose="marketing", has_gone=True, reference="found in an audit")
    seated = staff.member(house, valley.id, time.now(), Role.AUDITOR)
    browser = seated.client(app)
    register = browser.get("/staff/recipients").get_data(as_text=True)
    assert "Messaging platforms" in register and "VSH-29" in register and "January 12, 2027" in register
    page = browser.get("/staff/recipients/messaging-platforms").get_data(as_text=True)
    for word in ("Went", "Held back", "Went against a promise", "Sample contract 1"):
        assert word in page
    assert browser.get("/staff/recipients/nobody").status_code == 404
    clerk = staff.member(house, valley.id, time.now(), Role.VIEWER).client(app)
    assert clerk.get("/staff/recipients").status_code == 403


def test_a_contract_that_nobody_read_again_comes_first(
    app: Flask, house: House, valley: Tenant, time: Time, systems: Systems
) -> None:
    time.go(days=60)  # past January 12, 2027
    lines: list[dict[str, Any]] = systems.get("disclosures/recipients").get_json()["recipients"]
    overdue = {one["recipient"] for one in lines if one.get("contract", {}).get("review_overdue")}
    assert overdue == {"messaging-platforms", "aggregators"}
    browser = staff.member(house, valley.id, time.now(), Role.OFFICER).client(app)
    register = browser.get("/staff/recipients").get_data(as_text=True)
    assert "to be read again since" in register
    assert register.index("Message aggregators") < register.index("Wireless carriers")
    assert platform()["recipient"] == "messaging-platforms"
