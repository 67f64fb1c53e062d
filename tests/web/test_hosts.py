"""Staff on a host of their own: their pages are nowhere else, and nothing else is there (S21)."""

from dataclasses import replace

import pytest

from consent import config
from consent.app import create_app
from consent.errors import SetupProblem
from consent.house import House
from tests.support import staff
from tests.support.time import Time
from tests.support.valley import PUBLIC_URL, Tenant

STAFF_URL = "https://staff.consent.example"
GIVEN = {"CONSENT_PUBLIC_URL": PUBLIC_URL}


def test_each_page_answers_on_its_own_host_alone(house: House, valley: Tenant, time: Time) -> None:
    house.config = replace(house.config, staff_url=STAFF_URL)
    app = create_app(house)
    client = app.test_client()
    for path, public, own in (
        ("/staff/sign-in", 404, 200),
        ("/staff/nothing", 404, 404),
        ("/staffed", 404, 404),
        ("/valley-smart-homes/privacy", 200, 404),
        ("/api/v1/decisions", 405, 404),
        ("/", 200, 303),
        ("/healthz", 200, 200),
    ):
        assert client.get(path, base_url=PUBLIC_URL).status_code == public, path
        assert client.get(path, base_url=STAFF_URL).status_code == own, path
    assert client.get(path, base_url="https://STAFF.consent.example").status_code == 200
    member = staff.member(house, valley.id, time.now())
    browser = app.test_client()
    browser.set_cookie("staff", member.cookie, domain="staff.consent.example")
    page = browser.get("/staff/policies", base_url=STAFF_URL)
    assert f'href="{PUBLIC_URL}/valley-smart-homes/privacy/trace"' in page.get_data(as_text=True)
    form = {"csrf": member.csrf(browser), "channel": "sms", "address": ""}
    for origin, status in ((STAFF_URL, 422), (PUBLIC_URL, 403)):
        sent = browser.post("/staff/people", base_url=STAFF_URL, data=form, headers={"Origin": origin})
        assert sent.status_code == status


def test_without_a_host_of_their_own_staff_share_the_public_one(house: House) -> None:
    assert create_app(house).test_client().get("/staff/sign-in", base_url=PUBLIC_URL).status_code == 200


@pytest.mark.parametrize("url", [PUBLIC_URL, f"{PUBLIC_URL}/staff", "https://staff.example/x", "staff.example"])
def test_a_staff_address_that_is_none_is_refused_at_start(url: str) -> None:
    with pytest.raises(SetupProblem, match="CONSENT_STAFF_URL"):
        config.load(GIVEN | {"CONSENT_STAFF_URL": url})
    assert config.load(GIVEN | {"CONSENT_STAFF_URL": STAFF_URL}).staff_address == STAFF_URL
    assert config.load(GIVEN).staff_address == PUBLIC_URL
