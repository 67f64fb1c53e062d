"""The settings form against two tabs and against links, and what a browser keeps of a visit."""

import re

import pytest
from flask.testing import FlaskClient

from consent.house import House
from tests.preferences.page.visiting import Browser
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.valley import PERSON, TEXTS, Tenant

BASE = "/valley-smart-homes/preferences"
SETTINGS = f"{BASE}/settings"
SWITCH = f"sms:{TEXTS}"
OTHER = "+15095550177"
ADA = "ada@people.example"
OFTEN = "often:marketing-email"


@pytest.fixture
def browser(client: FlaskClient, house: House, valley: Tenant) -> Browser:
    return Browser(client, house, valley)


def set_for(systems: Systems, address: str, channel: str) -> dict[str, object]:
    found: dict[str, object] = systems.get(f"contact-points/{systems.lookup(address, channel)}/settings").get_json()
    return found


def test_a_link_ends_and_shortens_no_pause_and_makes_one_longer(browser: Browser, systems: Systems) -> None:
    systems.consent()
    browser.proves("phone", PERSON)
    browser.follows(browser.presses(SETTINGS, browser.looks(), pause="2027-06-01"))
    browser.comes_by_link(systems.lookup())
    for less in ({"pause": "2026-11-23"}, {"end_pause": "1"}):
        answer = browser.presses(SETTINGS, browser.looks(), **less)
        assert answer.headers["Location"].endswith("/preferences/code")
    assert str(set_for(systems, PERSON, "sms")["paused_until"]).startswith("2027-06-01")
    browser.follows(browser.presses(SETTINGS, browser.looks(), pause="2027-07-01"))
    assert str(set_for(systems, PERSON, "sms")["paused_until"]).startswith("2027-07-01")


def test_a_link_loosens_no_frequency(browser: Browser, systems: Systems) -> None:
    systems.consent(program="marketing-email", channel="email", address=ADA)
    browser.comes_by_link(systems.lookup(ADA, "email"))
    browser.follows(browser.presses(SETTINGS, browser.looks(), **{OFTEN: "1/P30D"}))
    for more in ("1/P7D", "any"):
        answer = browser.presses(SETTINGS, browser.looks(), **{OFTEN: more})
        assert answer.headers["Location"].endswith("/preferences/code")
    assert set_for(systems, ADA, "email")["frequencies"] == {"marketing-email": "1/P30D"}


def test_a_second_tab_takes_back_nothing_that_it_did_not_show(browser: Browser, systems: Systems, time: Time) -> None:
    systems.consent(program="marketing-email", channel="email", address=ADA)
    browser.proves("email", ADA)
    left_open = browser.looks()
    browser.follows(browser.presses(SETTINGS, browser.looks(), pause="2027-06-01", **{OFTEN: "1/P30D"}))
    time.go(minutes=1)
    browser.follows(browser.presses(SETTINGS, left_open, language="es", **{OFTEN: "any"}))
    held = set_for(systems, ADA, "email")
    assert (held["language"], held["frequencies"]) == ("es", {"marketing-email": "1/P30D"})
    assert str(held["paused_until"]).startswith("2027-06-01")
    again = browser.follows(browser.presses(SETTINGS, left_open, pause="2026-12-24"))
    assert "Something on this page changed" in again
    assert str(set_for(systems, ADA, "email")["paused_until"]).startswith("2027-06-01")


def test_what_was_chosen_for_one_address_is_marked_for_no_other(browser: Browser, systems: Systems, time: Time) -> None:
    systems.consent(state="withdrawn")
    browser.comes_by_link(systems.lookup())
    browser.presses(BASE, browser.looks(), **{SWITCH: "on"})
    browser.proves("phone", OTHER)
    assert browser.form(BASE, browser.looks())[SWITCH] == "off"
    browser.proves("phone", PERSON)
    assert browser.form(BASE, browser.looks())[SWITCH] == "on"
    time.go(minutes=29)
    browser.proves("phone", PERSON)
    browser.presses(f"{BASE}/leave", browser.looks())
    browser.proves("phone", PERSON)
    assert browser.form(BASE, browser.looks())[SWITCH] == "off"


def test_what_one_of_a_household_did_is_neither_shown_to_another_nor_undone_by_them(
    browser: Browser, systems: Systems
) -> None:
    systems.consent(person="acct-1")
    systems.consent(person="acct-2", occurred_at="2026-11-20T11:15:00-08:00")

    def comes(reference: str) -> None:
        browser.proves("phone", PERSON)
        form = browser.form(f"{BASE}/person", browser.client.get(f"{BASE}/person").get_data(as_text=True))
        assert browser.client.post(f"{BASE}/person", data=form | {"reference": reference}).status_code == 303

    comes("acct-1")
    answer = browser.presses(f"{BASE}/stop", browser.looks(), scope="everything")
    first = browser.follows(answer)
    assert "Undo this" in first
    mark = re.search(r"act=([\w-]{22})", answer.headers["Location"])
    assert mark is not None
    comes("acct-2")
    assert "Undo this" not in browser.looks(f"?act={mark[1]}")
    assert "again=late" in browser.presses(f"{BASE}/undo", first).headers["Location"]
    assert not systems.may()
