"""Messages in the timeline: what was sent or held back, with why, among the entries, page by page, each to its own."""

import json
import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from consent import clock
from consent.house import House
from consent.preferences.page import history
from consent.retention import deliveries
from tests.preferences.page.visiting import Browser
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.valley import PERSON, TEXTS, Tenant

BASE = "/valley-smart-homes/preferences"
HELD_BACK = "A message to you was held back."
SENT = "A message was sent to you."
WENT = "are deleted once their time is over"
_OLDER = re.compile(r'history\?before=([^"&]+)')


@pytest.fixture
def visitor(client: FlaskClient, house: House, valley: Tenant) -> Browser:
    """Who has shown that the number of PERSON is theirs."""
    browser = Browser(client, house, valley)
    browser.proves("phone", PERSON)
    return browser


def report(systems: Systems, time: Time, **more: str) -> None:
    """A system reports that it sent a text."""
    sent = {
        "program": TEXTS,
        "message_class": "outage",
        "channel": "sms",
        "address": PERSON,
        "sent_at": time.at.isoformat(),
    }
    answer = systems.post("messages", sent | more)
    assert answer.status_code in (200, 201), answer.get_data(as_text=True)


def shown(visitor: Browser, more: str = "") -> str:
    answer = visitor.client.get(f"{BASE}/history{more}")
    assert answer.status_code == 200, answer.status_code
    return answer.get_data(as_text=True)


def test_what_was_held_back_is_told_with_its_reason_and_clause(visitor: Browser, systems: Systems) -> None:
    assert systems.decide()["answer"] == "deny"
    page = shown(visitor)
    assert HELD_BACK in page
    assert "You had not agreed to it." in page
    assert re.search(r'href="/valley-smart-homes/privacy/[^"]+#VSH-\d+"', page)
    assert "Vous n" in shown(visitor, "?lang=fr")


def test_what_was_sent_is_told_once_and_a_yes_alone_is_not(visitor: Browser, systems: Systems, time: Time) -> None:
    systems.consent()
    decision = systems.decide()
    assert SENT not in shown(visitor)
    report(systems, time, decision=decision["id"])
    page = shown(visitor)
    assert page.count(SENT) == 1
    assert "You had agreed to it." in page


def test_a_message_that_went_against_a_no_is_called_a_mistake(visitor: Browser, systems: Systems, time: Time) -> None:
    systems.consent(state="withdrawn")
    report(systems, time)
    assert "although you had said no. That was a mistake." in shown(visitor)


def test_decisions_about_others_at_the_address_are_not_told(visitor: Browser, systems: Systems) -> None:
    for person in ("customer-1", "customer-2"):
        systems.consent(person=person, state="refused")
        systems.decide(person=person)
    assert HELD_BACK not in shown(visitor)


def test_pages_of_the_timeline_tell_everything_once(visitor: Browser, systems: Systems, time: Time) -> None:
    for turn in range(2 * history.MOST):
        time.go(seconds=5)
        if turn % 3:
            systems.decide(message_class="outage")
        else:
            systems.consent(state="refused", occurred_at=time.at.isoformat())
    wanted, page, told = history.MOST * 2, "", 0
    first = page = shown(visitor)
    for _ in range(5):
        told += page.count("<h2>")
        older = _OLDER.search(page)
        if older is None:
            break
        page = shown(visitor, f"?before={older[1]}")
    assert told == wanted
    assert first.count("<h2>") == history.MOST
    assert (HELD_BACK in page, "You said no to this." in page) == (True, True)


@pytest.mark.parametrize("before", ["1-1", "1.2.3", "1.1." + "0" * 32, f"1.{'9' * 18}.{'0' * 32}-1.1.{'0' * 32}", "²"])
def test_a_forged_place_in_the_timeline_is_no_page(visitor: Browser, before: str) -> None:
    assert visitor.client.get(f"{BASE}/history?before={before}").status_code == 404


def test_the_files_tell_messages_too(visitor: Browser, systems: Systems, time: Time) -> None:
    systems.consent()
    time.go(seconds=5)
    report(systems, time, decision=systems.decide()["id"])
    time.go(seconds=5)
    systems.consent(state="withdrawn", occurred_at=time.at.isoformat())
    time.go(seconds=5)
    systems.decide()
    entries = json.loads(visitor.client.get(f"{BASE}/history.json").get_data(as_text=True))["entries"]
    assert [one["type"] for one in entries] == [
        "message.held-back",
        "consent.withdrawn",
        "message.sent",
        "consent.given",
    ]
    assert entries[0]["data"]["reasons"][0]["code"] == "consent-withdrawn"
    assert entries[2]["programs"] == [TEXTS]
    page = visitor.client.get(f"{BASE}/history.html").get_data(as_text=True)
    for words in ("A message to you was held back", "You had switched it off.", "A message was sent to you"):
        assert words in page, words


def test_the_end_says_that_old_records_went_when_last_and_by_which_words(
    house: House, valley: Tenant, client: FlaskClient, systems: Systems, time: Time
) -> None:
    assert systems.decide()["answer"] == "deny"
    time.at += timedelta(days=731)
    systems.consent()
    browser = Browser(client, house, valley)
    browser.proves("phone", PERSON)
    assert HELD_BACK in shown(browser) and WENT not in shown(browser)
    assert deliveries.forget(house.db, house.keyring, house.governing, valley.id, clock.now()) == 1
    page = shown(browser)
    assert HELD_BACK not in page and "You agreed to this." in page
    note = page[page.index(WENT) :]
    assert "November 21, 2028" in note and "Delivery status, times and routing" in note and "#VSH-30" in note
    assert "État de remise, heures et acheminement" in shown(browser, "?lang=fr")
    for number in range(history.MOST):
        systems.consent(state="withdrawn" if number % 2 else "given")
    assert WENT not in shown(browser)  # it stands at the end
    older = _OLDER.search(shown(browser))
    assert older is not None and WENT in shown(browser, f"?before={older[1]}")
