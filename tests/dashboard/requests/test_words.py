"""The desk says what it means: of whom, how many of what, which step, and on which clause something rests."""

import re

import pytest
from flask import Flask

from consent.house import House
from consent.privacy_requests.answers.words import CATEGORIES, CATEGORIES_FOR_STAFF
from consent.staff.roles import Role
from tests.support import staff
from tests.support.at_the_desk import LIST, At
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.twilio import Twilio
from tests.support.valley import PERSON, Tenant

LETTER = {"wish": "deletion", "how": "letter", "arrived_on": "2026-11-20", "address": PERSON, "language": "en"}
CLAUSE = '<a class="whole" href="/valley-smart-homes/privacy/trace#VSH-59">VSH-59</a>'


@pytest.fixture
def clerk(app: Flask, house: House, valley: Tenant, time: Time) -> At:
    """Somebody who works on requests."""
    return At(app, staff.member(house, valley.id, time.now(), Role.CLERK, "Cleo"))


@pytest.fixture
def where(clerk: At, systems: Systems, twilio: Twilio) -> str:
    """A deletion of somebody who said yes and wrote two texts."""
    systems.consent(occurred_at="2026-11-19T10:15:00-08:00")
    for words in ("When do you open?", "And on Sunday?"):
        twilio.text(words)
    answer = clerk.browser.post(f"{LIST}/new", data={"csrf": clerk.who.csrf()} | LETTER)
    return str(answer.headers["Location"])


def test_each_number_has_its_word_and_each_clause_leads_to_its_trace(clerk: At, where: str) -> None:
    page = clerk.reads(where)
    held = page.partition('id="held-title"')[2].partition("</section>")[0]
    assert "Messages from the person · 2 records" in held and re.search(r"Address or number · 1 record\b(?!s)", held)
    usual = page.partition('id="decision-title"')[2].partition("</section>")[0]
    assert CLAUSE in usual and not re.search(r'<span class="quiet( whole)?">\d+</span>', usual)
    clerk.presses(where, "verification", methods="in-person")
    clerk.presses(where, "assignment", to="me")
    clerk.writes(where, "received", told="call")
    clerk.presses(where, "usual-decision")
    decided = clerk.reads(where).partition('id="decision-title"')[2].partition("</section>")[0]
    assert CLAUSE in decided
    french = clerk.reads(f"{where}?lang=fr")
    assert "Messages de la personne · 2 enregistrements" in french


def test_what_is_decided_about_names_how_many_records_there_are(clerk: At) -> None:
    sent = {"csrf": clerk.who.csrf()} | LETTER | {"address": "ana@customer.example"}
    where = str(clerk.browser.post(f"{LIST}/new", data=sent).headers["Location"])
    clerk.presses(where, "verification", methods="in-person")
    for page in (clerk.reads(where), clerk.reads(f"{where}/decision")):
        assert 'Address or number <span class="quiet whole">1 record</span>' in page


def test_staff_are_never_you(clerk: At, where: str) -> None:
    changed = {key: said for key, said in CATEGORIES.items() if re.search(r"\b(you|us)\b", said)}
    assert set(changed) == {"settings", "messages-received", "messages-sent", "suppression-list"}
    assert not [said for said in CATEGORIES_FOR_STAFF.values() if re.search(r"\b(you|us)\b", said)]
    for page in (clerk.reads(where), clerk.reads(f"{where}/decision")):
        assert not [said for said in changed.values() if said in page]


def test_a_step_of_the_list_is_named_in_the_timeline(clerk: At, where: str) -> None:
    clerk.presses(where, "checks", item="looked-up")
    assert "<strong>Done: Look up what is held, and from whom each item came</strong>" in clerk.reads(where)
    assert "A step of the list was done" not in clerk.reads(where)


def test_only_whoever_decided_reads_that_another_has_to_approve(
    clerk: At, app: Flask, house: House, valley: Tenant, time: Time, where: str
) -> None:
    first, second = (
        At(app, staff.member(house, valley.id, time.now(), Role.OFFICER, name)) for name in ("Otto", "Olga")
    )
    clerk.presses(where, "verification", methods="in-person")
    first.presses(where, "assignment", to="me")
    if "Acknowledge it" in first.reads(where):
        first.writes(where, "received", told="call")
    first.presses(where, "usual-decision")
    said = "You decided this yourself: where it erases more than one history"
    assert said in first.reads(where)
    assert "What is deleted cannot be brought back." in second.reads(where) and said not in second.reads(where)
