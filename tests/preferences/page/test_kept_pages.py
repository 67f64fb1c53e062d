"""Pages that many are shown alike are kept: nobody is shown what is another's, and nobody what held before."""

import re

import pytest
from flask import Flask
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
OWN = ("csrf", "act", "shown")


@pytest.fixture
def ana(client: FlaskClient, house: House, valley: Tenant) -> Browser:
    """Who has shown that the number of PERSON is theirs."""
    browser = Browser(client, house, valley)
    browser.proves("phone", PERSON)
    return browser


@pytest.fixture
def ben(app: Flask, house: House, valley: Tenant) -> Browser:
    """Somebody with another number, in another browser."""
    browser = Browser(app.test_client(), house, valley)
    browser.proves("phone", OTHER)
    return browser


def rest(page: str) -> str:
    """The page without what is its reader's own."""
    for name in OWN:
        page = re.sub(rf'name="{name}" value="[^"]*"', f'name="{name}"', page)
    return re.sub("•••• [0-9]{4}", "", page)


def test_two_who_are_shown_the_same_are_each_shown_their_own(ana: Browser, ben: Browser, systems: Systems) -> None:
    for address in (PERSON, OTHER):
        systems.consent(address=address)
    pages = {"0142": ana.looks(), "0177": ben.looks()}
    assert rest(pages["0142"]) == rest(pages["0177"])
    for mine, others in (("0142", "0177"), ("0177", "0142")):
        assert mine in pages[mine] and others not in pages[mine]
    first, second = ana.form(BASE, pages["0142"]), ben.form(BASE, pages["0177"])
    assert first["csrf"] != second["csrf"] and first["act"] != second["act"]
    # Each form works in the browser that was shown it, and in no other.
    assert ben.client.post(BASE, data=first | {SWITCH: "off"}).status_code == 403
    assert "Done" in ben.follows(ben.client.post(BASE, data=second | {SWITCH: "off"}))
    assert (ben.form(BASE, ben.looks())[SWITCH], ana.form(BASE, ana.looks())[SWITCH]) == ("off", "on")


def test_each_look_has_a_mark_of_its_own(ana: Browser) -> None:
    assert len({ana.form(BASE, ana.looks())["act"] for _ in range(3)}) == 3


def test_every_form_of_a_page_carries_the_token_of_its_session(ana: Browser, ben: Browser) -> None:
    tokens = []
    for browser in (ana, ben):
        found = set(re.findall('name="csrf" value="([^"]*)"', browser.looks()))
        assert len(found) == 1
        tokens += found
    assert tokens[0] != tokens[1]


def test_what_holds_from_now_on_is_shown_from_now_on(ana: Browser, systems: Systems, time: Time) -> None:
    before = ana.looks()
    systems.consent()
    given = ana.looks()
    assert (ana.form(BASE, before)[SWITCH], ana.form(BASE, given)[SWITCH]) == ("off", "on")
    assert ana.form(BASE, before)["shown"] != ana.form(BASE, given)["shown"]
    ana.follows(ana.presses(SETTINGS, given, pause="2026-11-24"))
    assert "Paused until" in ana.looks()
    time.go(days=4)
    ana.proves("phone", PERSON)
    assert "Paused until" not in ana.looks()
    systems.consent(address=OTHER)  # somebody else's changes nothing here
    assert ana.form(BASE, ana.looks())[SWITCH] == "on"


def test_a_page_says_since_when_by_its_own_reader(ana: Browser, ben: Browser, systems: Systems, time: Time) -> None:
    systems.consent()
    time.go(days=2)
    systems.consent(address=OTHER, occurred_at="2026-11-23T08:00:00-08:00")
    ana.proves("phone", PERSON)
    ben.proves("phone", OTHER)
    assert "November 20, 2026" in ana.looks() and "November 23, 2026" not in ana.looks()
    assert "November 23, 2026" in ben.looks() and "November 20, 2026" not in ben.looks()
