"""The desk says what is so: what was decided is not called done, and a tick names the fact behind it."""

# ruff: noqa: F811

import re

import pytest
from flask import Flask

from consent.dashboard.requests import naming
from consent.house import House
from consent.privacy_requests.answers.words import OUTCOMES
from consent.staff.roles import Role
from tests.dashboard.requests.test_words import clerk, where  # noqa: F401
from tests.support import staff
from tests.support.at_the_desk import At
from tests.support.time import Time
from tests.support.valley import Tenant


def words_of(page: str, section: str) -> str:
    """What stands in that section of the page, as plain words."""
    part = page.partition(f'id="{section}-title"')[2].partition("</section>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", part.partition(">")[2]).split())


@pytest.fixture
def decided(clerk: At, where: str) -> str:
    """The deletion, decided as usual and not approved yet."""
    clerk.presses(where, "verification", methods="in-person")
    clerk.presses(where, "assignment", to="me")
    if "Acknowledge it" in clerk.reads(where):
        clerk.writes(where, "received", told="call")
    clerk.presses(where, "usual-decision")
    return where


def test_what_was_decided_is_not_called_done_before_it_is(clerk: At, decided: str) -> None:
    page = clerk.reads(decided)
    said = words_of(page, "timeline")
    assert "Text of messages in both directions: To be deleted" in said and ": Done" not in said
    table = words_of(page, "decision")
    assert "To be deleted" in table and not re.search(r"\bDeleted\b", table)
    assert "\u00c0 supprimer" in words_of(clerk.reads(f"{decided}?lang=fr"), "timeline")


@pytest.mark.parametrize("kind", ["deletion", "access", "correction", "complaint"])
@pytest.mark.parametrize("what", OUTCOMES)
def test_every_outcome_has_words_for_what_is_to_become_of_it(app: Flask, kind: str, what: str) -> None:
    with app.test_request_context():
        said = naming.planned(what, kind)
    assert said == "Put off" if what == "defer" else "o be " in said
    if what == "do":
        ends = {"deletion": "deleted", "access": "handed over", "correction": "corrected", "complaint": "done"}
        assert said == f"To be {ends[kind]}"


def test_a_look_up_that_the_decision_ticked_says_so(clerk: At, decided: str) -> None:
    fact = "looked up when it was decided: what is held was listed on this page"
    assert fact in words_of(clerk.reads(decided), "checks")


def test_a_look_up_that_somebody_ticked_says_only_when(clerk: At, where: str) -> None:
    clerk.presses(where, "checks", item="looked-up")
    checks = words_of(clerk.reads(where), "checks")
    assert "looked up when" not in checks


def test_without_a_mailbox_nobody_is_told_to_write_and_the_telling_is_announced(
    clerk: At, where: str, app: Flask, house: House, valley: Tenant, time: Time
) -> None:
    clerk.presses(where, "assignment", to="me")
    if "Acknowledge it" in clerk.reads(where):
        clerk.writes(where, "received", told="call")
    said = words_of(clerk.reads(where), "next")
    assert "ask them by letter or telephone" in said and "The quickest way" not in said
    clerk.presses(where, "verification", methods="in-person")
    clerk.presses(where, "usual-decision")
    officer = At(app, staff.member(house, valley.id, time.now(), Role.OFFICER, "Otto"))
    officer.presses(where, "approval")
    said = words_of(clerk.reads(where), "next")
    assert said.endswith(
        "There is no e-mail address: after that somebody tells the person, and confirms it here. Look again"
    )
