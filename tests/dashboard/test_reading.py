"""Texts that no rule understood: one after the other, by one button, and never into a consent."""

import re

from tests.dashboard.conftest import Browser
from tests.support.systems import Systems, codes
from tests.support.twilio import Twilio
from tests.support.valley import PERSON

LIST = "/staff/review"
UNCLEAR = "hmm, and <script>alert(1)</script>"


def shown(page: str) -> str:
    """The id of the text that the page asks about."""
    found = re.search(r'action="/staff/review/([0-9a-f-]{36})" id="answer"', page)
    assert found is not None, page
    return found[1]


def test_a_text_is_read_by_one_button_and_the_next_one_follows(
    officer: Browser, twilio: Twilio, systems: Systems
) -> None:
    systems.consent()
    twilio.text("hello, is it open today?", sid="SM1")
    twilio.text(UNCLEAR, sid="SM2")
    first = officer.get(LIST)
    assert "hello, is it open today?" in first and PERSON not in first
    answered = officer.post(f"{LIST}/{shown(first)}", outcome="other")
    assert answered.status_code == 303
    second = officer.get(answered.headers["Location"])
    assert "Noted: not a stop" in second
    assert "&lt;script&gt;alert(1)" in second and "<script>alert" not in second
    assert "hello, is it open today?" in second  # what was said before it
    officer.post(f"{LIST}/{shown(second)}", outcome="stop")
    assert "Nothing to read" in officer.get(LIST)
    assert codes(systems.decide())[0] == "suppressed"
    assert systems.history()[0]["facts"]["staff"] == officer.seated.name


def test_what_was_let_pass_can_be_corrected_to_a_stop_and_no_stop_to_anything(
    officer: Browser, twilio: Twilio, systems: Systems
) -> None:
    systems.consent()
    twilio.text("no thanks", sid="SM1")
    text = shown(officer.get(LIST))
    assert officer.post(f"{LIST}/{text}/correction", outcome="stop").status_code == 404  # nobody has read it yet
    officer.post(f"{LIST}/{text}", outcome="other")
    assert systems.decide()["answer"] == "allow"
    assert officer.post(f"{LIST}/{text}/correction", outcome="stop").status_code == 303
    assert codes(systems.decide())[0] == "suppressed"
    for outcome in ("other", "stop", "given"):
        assert officer.post(f"{LIST}/{text}/correction", outcome=outcome).status_code in (400, 409)
    assert codes(systems.decide())[0] == "suppressed"


def test_the_second_who_answers_is_told_and_changes_nothing(officer: Browser, twilio: Twilio, systems: Systems) -> None:
    systems.consent()
    twilio.text("no thanks", sid="SM1")
    text = shown(officer.get(LIST))
    officer.post(f"{LIST}/{text}", outcome="other")
    again = officer.post(f"{LIST}/{text}", outcome="stop")
    assert again.status_code == 409
    assert "Somebody has read this text already" in again.get_data(as_text=True)
    assert systems.decide()["answer"] == "allow"


def test_the_page_says_what_a_stop_ends_and_holds_no_button_that_agrees(
    officer: Browser, twilio: Twilio, systems: Systems
) -> None:
    systems.consent()
    twilio.text("no thanks", sid="SM1")
    page = officer.get(LIST)
    assert "A stop ends, from the moment it was written:" in page
    assert set(re.findall(r'name="outcome" value="(\w+)"', page)) == {"stop", "other"}
    assert officer.post(f"{LIST}/{shown(page)}", outcome="given").status_code == 400
