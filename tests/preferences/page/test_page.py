"""The page itself: what it shows to whom, and what its forms do."""

import re

import pytest
from flask.testing import FlaskClient

from consent.house import House
from tests.preferences.page.visiting import Browser
from tests.support.statements import seen
from tests.support.systems import Systems, codes
from tests.support.time import Time
from tests.support.twilio import Twilio
from tests.support.valley import PERSON, TEXTS, Tenant

BASE = "/valley-smart-homes/preferences"
SWITCH = f"sms:{TEXTS}"


@pytest.fixture
def visitor(client: FlaskClient, house: House, valley: Tenant) -> Browser:
    """Somebody's browser, without a visit yet."""
    return Browser(client, house, valley)


@pytest.fixture
def proven(visitor: Browser) -> Browser:
    """Who has shown that the number of PERSON is theirs."""
    visitor.proves("phone", PERSON)
    return visitor


def test_without_a_visit_the_way_leads_to_the_code(visitor: Browser) -> None:
    answer = visitor.client.get(BASE)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{BASE}/code")
    assert visitor.client.get("/nobody/preferences").status_code == 404


def test_it_says_what_each_program_is_since_when_and_how(proven: Browser, systems: Systems) -> None:
    systems.consent()
    page = proven.looks()
    for words in (
        "Texts about your account",
        "Message frequency may vary.",
        "November 20, 2026",
        "on a form on the web",
    ):
        assert words in page, words
    assert "/valley-smart-homes/privacy/2025-01-02?policy=privacy-policy" in page
    assert PERSON not in page
    assert proven.form(BASE, page)[SWITCH] == "on"


def test_nothing_is_ticked_that_nobody_chose(proven: Browser) -> None:
    assert proven.form(BASE, proven.looks())[SWITCH] == "off"


def test_what_is_required_stands_there_with_its_clause_and_no_switch(proven: Browser) -> None:
    page = proven.looks()
    assert "Always on" in page
    assert "#VSH-39" in page
    assert 'name="voice:service-calls"' not in page


def test_a_ban_says_that_there_is_nothing_to_agree_to(proven: Browser) -> None:
    page = proven.looks()
    assert "sends no promotion this way, so there is nothing to agree to" in page
    assert "#VSH-26" in page


def test_what_is_saved_is_told_at_the_top_with_its_receipt(proven: Browser, systems: Systems) -> None:
    page = proven.looks()
    shown = proven.follows(proven.presses(BASE, page, **{SWITCH: "on"}))
    assert "Done. It holds from now on." in shown
    assert f"{BASE}/receipts/{systems.history()[0]['entry']}" in shown
    assert systems.may()


def test_a_second_click_a_reload_and_the_back_button_write_nothing(
    proven: Browser, house: House, systems: Systems
) -> None:
    page = proven.looks()
    proven.presses(BASE, page, **{SWITCH: "on"})
    with seen(house.db) as statements:
        again = proven.follows(proven.presses(BASE, page, **{SWITCH: "on"}))
    assert statements.changes == []
    assert "Done. It holds from now on." in again
    assert len(systems.history()) == 1


def test_the_digits_of_a_mark_are_nobodys_card(proven: Browser, systems: Systems) -> None:
    mark = "4111-1111-1111-1111-ab"  # chance may write one
    answer = proven.presses(BASE, proven.looks(), act=mark, **{SWITCH: "on"})
    assert (answer.status_code, f"act={mark}" in answer.headers["Location"]) == (303, True)
    assert [one["data"]["act"] for one in systems.history()] == [mark]


def test_looking_writes_nothing(proven: Browser, house: House) -> None:
    with seen(house.db) as statements:
        for more in ("", "?act=" + "x" * 22, "?again=stale", "?act=%00", "?lang=fr"):
            proven.looks(more)
        for verb in ("head", "options"):
            getattr(proven.client, verb)(BASE)
    assert statements.changes == []


def test_from_a_link_to_everything_off_in_two_presses(visitor: Browser, systems: Systems) -> None:
    systems.consent()
    visitor.comes_by_link(systems.lookup())
    page = visitor.looks()
    shown = visitor.follows(visitor.presses(f"{BASE}/stop", page, scope="everything"))
    assert codes(systems.decide())[0] == "suppressed"
    assert f"{BASE}/receipts/" in shown
    assert "Everything is stopped." in shown
    assert systems.preferences(channel="voice")["stopped"]  # who stops by text hears no calls either


def test_a_link_shows_nothing_personal(visitor: Browser, systems: Systems) -> None:
    systems.consent()
    visitor.comes_by_link(systems.lookup())
    page = visitor.looks()
    for words in ("November", "on a form", PERSON, "0142<", "history"):
        assert words not in page, words


def test_switching_on_from_a_link_asks_for_a_code_and_keeps_what_was_chosen(
    visitor: Browser, systems: Systems, time: Time
) -> None:
    systems.consent(state="withdrawn")
    visitor.comes_by_link(systems.lookup())
    answer = visitor.presses(BASE, visitor.looks(), **{SWITCH: "on"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{BASE}/code")
    assert not systems.may()
    visitor.proves("phone", PERSON)
    page = visitor.looks()
    assert "What you chose before the code is marked below" in page
    assert visitor.form(BASE, page)[SWITCH] == "on"
    time.go(minutes=1)
    visitor.follows(visitor.presses(BASE, page))
    assert systems.may()


def test_a_phone_that_said_stop_is_shown_the_undo_that_works_and_no_code_that_never_arrives(
    visitor: Browser, systems: Systems, twilio: Twilio
) -> None:
    systems.consent()
    visitor.comes_by_link(systems.lookup())
    some = visitor.follows(visitor.presses(BASE, visitor.looks(), **{f"sms:{TEXTS}": "off"}))
    assert ("Undo this" in some, "text START" in some) == (True, False)
    stopped = visitor.follows(visitor.presses(f"{BASE}/stop", some, scope="everything"))
    assert ("Undo this" in stopped, "so a code cannot arrive there" in stopped) == (False, True)
    number = re.search(r"To undo this, text START to <span class=\"whole\">([^<]+)</span>", stopped)
    assert number is not None
    assert "+1" + re.sub(r"\D", "", number[1]) == twilio.number
    twilio.text("START")
    again = visitor.looks()
    assert ("Everything is stopped." in again, "so a code cannot arrive there" in again) == (False, False)


def test_undo_gives_back_at_level_code_and_asks_for_one_before(proven: Browser, systems: Systems) -> None:
    systems.consent()
    stopped = proven.follows(proven.presses(f"{BASE}/stop", proven.looks(), scope="everything"))
    back = proven.follows(proven.presses(f"{BASE}/undo", stopped))
    assert "As it was before" in back
    assert systems.may()
    assert "Undo this" not in back
    by_link = Browser(proven.client, proven.house, proven.tenant)
    by_link.comes_by_link(systems.lookup())
    page = by_link.follows(by_link.presses(BASE, by_link.looks(), **{f"sms:{TEXTS}": "off"}))
    answer = by_link.presses(f"{BASE}/undo", page)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{BASE}/code")
    assert not systems.may()


@pytest.mark.parametrize(
    "change",
    [{"act": "short"}, {"act": "x" * 100_000}, {"was": "nonsense"}, {SWITCH: "maybe"}, {"../etc": "on"},
     {"sms:‮": "on"}],
)  # fmt: skip
def test_a_tampered_form_changes_nothing_and_is_answered_kindly(
    proven: Browser, house: House, change: dict[str, str]
) -> None:
    page = proven.looks()
    with seen(house.db) as statements:
        answer = proven.presses(BASE, page, **change)
    assert (answer.status_code, statements.changes) == (422, [])
    assert 'role="alert"' in answer.get_data(as_text=True)


def test_a_program_that_is_gone_is_no_reason_to_switch_anything_on(proven: Browser, systems: Systems) -> None:
    shown = proven.follows(proven.presses(BASE, proven.looks(), **{"sms:gone": "on", SWITCH: "on"}))
    assert "Nothing was switched on" not in shown or not systems.may()


def test_a_form_of_somebody_else_is_refused(proven: Browser) -> None:
    page = proven.looks()
    assert proven.presses(BASE, page, csrf="x" * 43).status_code == 403
    assert proven.presses(f"{BASE}/stop", page, csrf="", scope="everything").status_code == 403


def test_several_persons_at_one_number_see_their_own(visitor: Browser, systems: Systems) -> None:
    systems.consent(person="customer-1")
    systems.consent(person="customer-2", occurred_at="2026-11-19T10:15:00-08:00")
    visitor.proves("phone", PERSON)
    page = visitor.looks()
    assert "Several people use this address." in page
    assert "November" not in page
    shown = visitor.follows(visitor.presses(BASE, page, **{SWITCH: "off"}))
    assert "Switched off" in shown
    for person in ("customer-1", "customer-2"):
        assert not systems.may(person=person)


@pytest.mark.parametrize("language", ["fr", "es"])
def test_the_page_speaks_the_language_of_its_reader(proven: Browser, language: str) -> None:
    assert f'<html lang="{language}">' in proven.looks(f"?lang={language}")


def test_the_timeline_shows_what_was_agreed_to_and_its_receipt(proven: Browser, systems: Systems) -> None:
    answer = systems.consent()
    proven.follows(proven.presses(f"{BASE}/stop", proven.looks(), scope="everything"))
    page = proven.client.get(f"{BASE}/history").get_data(as_text=True)
    for words in ("You agreed to this.", "You stopped everything on this channel.", "Not required to buy anything."):
        assert words in page, words
    assert f"{BASE}/receipts/{answer['entry']}" in page
    assert page.index("You stopped everything") < page.index("You agreed to this.")
    assert proven.client.get(f"{BASE}/history?before=nonsense").status_code == 404


def test_the_timeline_leaves_out_what_belongs_to_others(visitor: Browser, systems: Systems) -> None:
    mine, theirs = systems.consent(person="customer-1"), systems.consent(person="customer-2")
    nobodys = systems.consent(state="withdrawn", occurred_at="2026-11-21T08:00:00-08:00")
    visitor.proves("phone", PERSON)
    page = visitor.client.get(f"{BASE}/history").get_data(as_text=True)
    assert nobodys["entry"] in page
    assert mine["entry"] not in page
    assert theirs["entry"] not in page


def test_the_timeline_asks_for_a_code(visitor: Browser, systems: Systems) -> None:
    systems.consent()
    visitor.comes_by_link(systems.lookup())
    answer = visitor.client.get(f"{BASE}/history")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{BASE}/code")


def test_a_pause_holds_from_a_link_and_ends_only_after_a_code(visitor: Browser, systems: Systems) -> None:
    systems.consent()
    visitor.comes_by_link(systems.lookup())
    paused = visitor.follows(visitor.presses(f"{BASE}/settings", visitor.looks(), pause="2026-12-24"))
    assert "Paused until" in paused
    assert not systems.may()
    answer = visitor.presses(f"{BASE}/settings", paused, end_pause="1")
    assert answer.headers["Location"] == f"{BASE}/code"
    visitor.proves("phone", PERSON)
    visitor.follows(visitor.presses(f"{BASE}/settings", visitor.looks(), end_pause="1"))
    assert systems.may()


@pytest.mark.parametrize("day", ["2020-01-01", "2099-01-01", "soon", "2026-13-40"])
def test_a_day_that_cannot_be_is_said_at_its_field(proven: Browser, house: House, day: str) -> None:
    page = proven.looks()
    with seen(house.db) as statements:
        answer = proven.presses(f"{BASE}/settings", page, pause=day)
    assert (answer.status_code, statements.changes) == (422, [])
    assert 'aria-invalid="true"' in answer.get_data(as_text=True)
