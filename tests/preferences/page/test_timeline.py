"""The timeline of the page, whatever happened at the address, on both databases."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from consent import clock
from consent.house import House
from tests.preferences.page.visiting import Browser
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.twilio import Twilio
from tests.support.valley import PERSON, TEXTS, Tenant

BASE = "/valley-smart-homes/preferences"
HISTORY = f"{BASE}/history"


@pytest.fixture
def browser(client: FlaskClient, house: House, valley: Tenant) -> Browser:
    return Browser(client, house, valley)


def test_an_answer_that_went_out_stands_in_the_timeline_though_it_cites_no_policy(
    browser: Browser, systems: Systems, twilio: Twilio, deliver: Callable[[], list[str]]
) -> None:
    systems.consent()
    twilio.text("HELP")
    deliver()
    browser.proves("phone", PERSON)
    answer = browser.client.get(HISTORY)
    assert answer.status_code == 200
    assert "A text came from this number." in answer.get_data(as_text=True)


def _handed_over(systems: Systems, time: Time, kind: str) -> str:
    """Somebody agreed by name, and a day later the number is reported to be somebody else's; the old entry."""
    systems.consent(person="acct-1")
    old: str = systems.history()[0]["entry"]
    time.go(days=1)
    told = {"channel": "sms", "address": PERSON, "kind": kind, "occurred_at": clock.now().isoformat()}
    assert systems.post("contact-points/lifecycle", told | {"source": "staff"}).status_code < 300
    time.go(days=40)
    return old


def test_messages_to_whoever_had_the_number_are_not_told_to_whoever_has_it(
    browser: Browser, systems: Systems, time: Time
) -> None:
    def happens(kind: str) -> None:
        """One message is held back, and one is sent: the gate's word, and a report of the sender."""
        systems.decide(message_class="outage")
        sent = {"program": TEXTS, "message_class": kind, "channel": "sms", "address": PERSON}
        assert systems.post("messages", sent | {"sent_at": clock.now().isoformat()}).status_code < 300

    happens("outage")
    _handed_over(systems, time, "changed")
    browser.proves("phone", PERSON)
    timeline, file = browser.client.get(HISTORY).get_data(as_text=True), f"{HISTORY}.json"
    assert ("was held back" in timeline, "was sent to you" in timeline) == (False, False)
    assert '"message.' not in browser.client.get(file).get_data(as_text=True)
    assert "to you was" not in browser.client.get(f"{HISTORY}.html").get_data(as_text=True)
    happens("scheduling")
    timeline = browser.client.get(HISTORY).get_data(as_text=True)
    assert ("was held back" in timeline, "was sent to you" in timeline) == (True, True)
    told = browser.client.get(file).get_data(as_text=True)
    assert (told.count('"message.sent"'), told.count('"message.held-back"')) == (1, 1)


@pytest.mark.parametrize("kind", ["changed", "reassigned"])
def test_whoever_has_the_number_now_sees_nothing_of_whoever_had_it(
    browser: Browser, systems: Systems, time: Time, kind: str
) -> None:
    old = _handed_over(systems, time, kind)
    browser.proves("phone", PERSON)
    assert "You agreed to this." not in browser.client.get(HISTORY).get_data(as_text=True)
    kept = browser.client.get(f"{HISTORY}.json")
    assert kept.status_code == 200
    assert "acct-1" not in kept.get_data(as_text=True)
    assert '"consent.given"' not in kept.get_data(as_text=True)
    assert browser.client.get(f"/valley-smart-homes/preferences/receipts/{old}").status_code == 404
    assert browser.client.get(f"/valley-smart-homes/preferences/receipts/{old}/file").status_code == 404


def test_what_the_new_holder_agrees_to_is_not_on_record_for_the_former_one(
    browser: Browser, systems: Systems, time: Time
) -> None:
    _handed_over(systems, time, "reassigned")
    browser.proves("phone", PERSON)
    time.go(minutes=1)
    browser.follows(browser.presses(BASE, browser.looks(), **{f"sms:{TEXTS}": "on"}))
    newest = systems.history()[0]
    assert (newest["type"], newest["data"].get("person")) == ("consent.given", None)
    assert "You agreed to this." in browser.client.get(HISTORY).get_data(as_text=True)


def test_nobody_becomes_the_former_holder_by_an_account_number(browser: Browser, systems: Systems, time: Time) -> None:
    _handed_over(systems, time, "reassigned")
    browser.proves("phone", PERSON)
    form = browser.form(f"{BASE}/person", browser.client.get(f"{BASE}/person").get_data(as_text=True))
    answer = browser.client.post(f"{BASE}/person", data=form | {"reference": "acct-1"})
    assert answer.status_code == 422


def test_a_report_that_was_wrong_takes_nothing_from_the_holder(browser: Browser, systems: Systems, time: Time) -> None:
    old = _handed_over(systems, time, "changed")
    told = {"channel": "sms", "address": PERSON, "kind": "confirmed", "occurred_at": clock.now().isoformat()}
    assert systems.post("contact-points/lifecycle", told | {"source": "staff"}).status_code < 300
    browser.proves("phone", PERSON)
    assert browser.client.get(f"{BASE}/receipts/{old}").status_code == 200
