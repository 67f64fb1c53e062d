"""The page of a request begins with what is to be done and its dates; what is looked up seldom is folded."""

import re

import pytest
from flask import Flask

from consent.house import House
from consent.staff.roles import Role
from tests.support import staff
from tests.support.at_the_desk import LIST, At
from tests.support.time import Time
from tests.support.valley import PERSON, Tenant

LETTER = {"wish": "deletion", "how": "letter", "arrived_on": "2026-11-20", "address": PERSON, "language": "en"}
ORDER = ["next", "clock", "decision", "words", "person", "checks", "letters", "more", "timeline", "held", "often"]
FOLDED = {"letters", "more", "held", "often"}


@pytest.fixture
def clerk(app: Flask, house: House, valley: Tenant, time: Time) -> At:
    """Somebody who works on requests."""
    return At(app, staff.member(house, valley.id, time.now(), Role.CLERK, "Cleo"))


def entered(clerk: At, **changed: str) -> str:
    """A deletion; where its page is."""
    answer = clerk.browser.post(f"{LIST}/new", data={"csrf": clerk.who.csrf()} | LETTER | changed)
    return str(answer.headers["Location"])


def folded(page: str, section: str) -> bool:
    """Stands this section behind a fold that is closed?"""
    found = re.search(rf'<section[^>]* aria-labelledby="{section}-title">\s*(<details class="fold"( open)?>)?', page)
    assert found is not None, section
    return found[1] is not None and found[2] is None


def outside(page: str) -> str:
    """What of the clock is seen without opening anything."""
    clock = page.partition('id="clock-title"')[2].partition("</section>")[0]
    while (bare := re.sub(r"<details>((?!<details).)*?</details>", "", clock, flags=re.DOTALL)) != clock:
        clock = bare
    return clock


def test_what_is_to_be_done_comes_first_and_what_is_seldom_asked_last_and_folded(clerk: At) -> None:
    page = clerk.reads(entered(clerk))
    at = [page.index(f'id="{one}-title"') for one in ORDER]
    assert at == sorted(at)
    assert {one for one in ORDER if folded(page, one)} == FOLDED


@pytest.mark.parametrize(("arrived", "due"), [("2026-11-20", "December 20, 2026"), ("2026-10-01", "October 31, 2026")])
def test_the_date_that_binds_is_seen_at_once_also_when_it_is_past(clerk: At, arrived: str, due: str) -> None:
    seen = outside(clerk.reads(entered(clerk, arrived_on=arrived)))
    assert due in seen and "this date binds" in seen
    assert "It arrived" not in seen and "No pause" not in seen


def test_a_form_behind_a_fold_is_open_where_something_in_it_is_wrong(clerk: At) -> None:
    where = entered(clerk)
    page = clerk.reads(where)
    sent = {"csrf": clerk.who.csrf()} | {
        name: re.findall(rf'name="{name}" value="([^"]*)"', page)[0] for name in ("version", "seen")
    }
    wrong = clerk.browser.post(f"{where}/withdrawal", data=sent).get_data(as_text=True)
    assert not folded(wrong, "more") and "<details open>\n<summary>The person took it back" in wrong
    assert 'href="#withdrawal-why"' in wrong and 'id="withdrawal-why-wrong"' in wrong
    assert "<summary>Show the whole address" in wrong and "open>\n<summary>Show the whole" not in wrong
    assert folded(page, "more") and "<details>\n<summary>The person took it back" in page
