"""One number: everything on record and why, masked until somebody says why not."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

from consent import clock
from consent.house import House
from consent.retention import deliveries
from consent.staff.roles import Role
from tests.dashboard.conftest import Browser
from tests.decisions.test_choices_api import VISITOR, pressed
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.twilio import Twilio
from tests.support.valley import PERSON, Tenant

LIST = "/staff/people"


def test_a_number_is_found_whole_and_stands_in_no_address(officer: Browser, systems: Systems) -> None:
    systems.consent()
    found = officer.post(LIST, channel="sms", address="+1 (509) 555-0142")
    assert found.status_code == 303
    assert re.fullmatch(r"/staff/people/[0-9a-f-]{36}", found.headers["Location"])
    for wrong, status in (("0142", 404), ("+15095550199", 404), ("", 422), ("9" * 400, 422)):
        answer = officer.post(LIST, channel="sms", address=wrong)
        assert answer.status_code == status
        assert 'role="alert"' in answer.get_data(as_text=True)
        assert not wrong or f'value="{wrong}"' not in answer.get_data(as_text=True)


def test_what_was_chosen_in_a_browser_is_said_in_words(officer: Browser, systems: Systems) -> None:
    pressed(systems)
    page = officer.get(f"/staff/people/{systems.lookup(VISITOR, 'web')}?lang=fr")
    assert "Compter les visites et l’utilisation du site · Site web" in page and ">cookies.website" not in page


def test_the_page_tells_what_holds_what_may_go_and_why_without_the_address(
    officer: Browser, systems: Systems, twilio: Twilio
) -> None:
    systems.consent()
    before = systems.history()
    path = officer.post(LIST, channel="sms", address=PERSON).headers["Location"]
    page = officer.get(path)
    assert "may go" in page and PERSON not in page and "•••• 0142" in page
    twilio.text("STOP please <b>now</b>", sid="SM1")
    page = officer.get(path)
    assert "Stopped" in page and "&lt;b&gt;now" in page
    entry = re.search(r'href="#e-([0-9a-f-]{36})"', page)
    assert entry is not None and f'id="e-{entry[1]}"' in page
    assert "/valley-smart-homes/privacy/trace#VSH-" in page
    assert len(systems.history()) == len(before) + 1  # looking wrote nothing
    assert PERSON not in page
    spanish = officer.get(f"{path}?lang=es")  # how it was said, and by whom it came, are no codes there
    assert "<dd>en un formulario web</dd>" in spanish and "· Una pasarela</dd>" in spanish
    assert ">web-form<" not in spanish and "· webhook<" not in spanish


def test_the_whole_address_needs_a_reason_and_leaves_an_entry(
    officer: Browser, seat: Callable[..., Browser], systems: Systems
) -> None:
    systems.consent()
    path = officer.post(LIST, channel="sms", address=PERSON).headers["Location"]
    for wrong, sent in (
        ("why", {"why": " ", "reason": "contact"}),
        ("reason", {"why": "the letter names no number"}),
        ("reason", {"why": "the letter names no number", "reason": "curious"}),
    ):
        refused = officer.post(f"{path}/address", **sent)
        said = refused.get_data(as_text=True)
        assert (refused.status_code, f'href="#{wrong}"' in said, PERSON in said) == (422, True, False), sent
    seen = officer.post(f"{path}/address", why="the letter names no number", reason="contact")
    assert PERSON in seen.get_data(as_text=True)
    newest = systems.history()[0]
    assert (newest["type"], newest["facts"]["staff"]) == ("access.viewed", officer.seated.name)
    assert (newest["facts"]["note"], newest["data"]["reason"]) == ("the letter names no number", "contact")
    auditor = seat(Role.AUDITOR)
    assert auditor.client.get(path).status_code == 200
    assert auditor.post(f"{path}/address", why="curious", reason="review").status_code == 403


def test_a_browser_is_found_by_the_id_a_site_gave_it(officer: Browser, systems: Systems) -> None:
    visitor = "9c1f4e7a-2b36-4d58-8a0e-5f7d13c2b694"
    no = {"visitor": visitor, "surface": "website", "choices": {"analytics": False}, "policy_version": "2025-01-02"}
    assert systems.post("trackers/choices", no).status_code == 201
    found = officer.post(LIST, channel="web", address=visitor)
    assert found.status_code == 303
    page = officer.get(found.headers["Location"])
    assert "Counting visits and how the site is used · Website" in page and visitor not in page


def test_a_foreign_person_is_missing_like_one_that_never_was(officer: Browser, house: House, valley: Tenant) -> None:
    officer.get(f"{LIST}/{uuid4()}", 404)
    officer.get(f"{LIST}/{valley.id}", 404)


def test_t_80_what_staff_write_loses_the_card_before_it_is_kept(officer: Browser, systems: Systems) -> None:
    systems.consent()
    path = officer.post(LIST, channel="sms", address=PERSON).headers["Location"]
    officer.post(f"{path}/address", why="they read out 4111 1111 1111 1111, cvv 987", reason="complaint")
    note = systems.history()[0]["facts"]["note"]
    assert note.startswith("they read out •••• ") and "987" not in note


def test_the_page_says_that_records_of_messages_went_and_by_which_promise(
    house: House, valley: Tenant, seat: Callable[..., Browser], systems: Systems, time: Time
) -> None:
    systems.decide()
    systems.consent()
    time.at += timedelta(days=731)
    assert deliveries.forget(house.db, house.keyring, house.governing, valley.id, clock.now()) == 1
    officer = seat()
    page = officer.get(officer.post(LIST, channel="sms", address=PERSON).headers["Location"])
    assert "No message was sent or held back." in page
    note = page[page.index("are deleted once their time is over") :]
    assert "delivery-metadata · VSH-30" in note
