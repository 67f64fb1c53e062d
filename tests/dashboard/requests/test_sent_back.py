"""What went back is seen by who decided, what waits for an officer by the officer, and nothing is told early."""

from collections.abc import Callable

import pytest
from flask import Flask

from consent.dashboard.requests.letters import catalogue
from consent.decisions.history import NOTES_OF_STAFF
from consent.house import House
from consent.staff.roles import Role
from tests.support import staff
from tests.support.at_the_desk import LIST, At
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.valley import Tenant

LETTER = {"how": "letter", "arrived_on": "2026-11-20", "address": "ana@customer.example", "language": "en"}
WHY = "Look at the invoices once more"


@pytest.fixture
def sits(app: Flask, house: House, valley: Tenant, time: Time) -> Callable[..., At]:
    """Somebody of a role at their browser."""
    return lambda role, name: At(app, staff.member(house, valley.id, time.now(), role, name))


def test_what_was_decided_waits_for_an_officer_and_what_went_back_says_why(
    sits: Callable[..., At], systems: Systems
) -> None:
    clerk, officer = sits(Role.CLERK, "Cleo Clerk"), sits(Role.OFFICER, "Otto Officer")
    sits(Role.AUDITOR, "Audra Auditor")
    entered = clerk.browser.post(
        f"{LIST}/new", data=LETTER | {"csrf": clerk.who.csrf(), "wish": "deletion", "words": "x"}
    )
    where = entered.headers["Location"]
    assert "Audra Auditor" not in clerk.reads(where) and "Otto Officer" in clerk.reads(where)
    clerk.presses(where, "assignment", to="me")
    clerk.presses(where, "verification", methods="in-person")
    clerk.writes(where, "received", told="mail")
    assert where in clerk.reads(f"{LIST}?next=decide") and where not in clerk.reads(f"{LIST}?next=approve")
    assert where not in officer.reads("/staff/approvals")
    clerk.presses(where, "usual-decision")
    assert where not in clerk.reads(f"{LIST}?next=decide") and where in clerk.reads(f"{LIST}?next=approve")
    assert where in officer.reads("/staff/approvals")
    assert f"{LIST}?next=approve" in officer.reads("/staff/home")
    page = clerk.reads(where)
    assert f"{where}/letters/done" not in page and f"{where}/letters/refused" not in page
    early = clerk.browser.get(f"{where}/letters/done")
    assert early.status_code == 409 and "once the request is closed" in early.get_data(as_text=True)
    assert "Now press Approve" in officer.reads(f"{where}?done=fresh")
    officer.presses(where, "return", why=WHY)
    page = clerk.reads(where)
    assert "An officer sent it back:" in page and WHY in page.partition("What happened so far")[0]
    assert WHY in page.partition("What happened so far")[2] and "Now press" not in clerk.reads(f"{where}?done=fresh")
    assert WHY not in page.partition("What is held here")[2].partition("What happened so far")[0]
    assert "Sent back: decide anew" in clerk.reads(LIST)
    assert where in clerk.reads(f"{LIST}?next=decide") and where not in officer.reads("/staff/approvals")
    assert clerk.browser.post(f"{where}/withdrawal", data={"csrf": clerk.who.csrf()}).status_code == 422
    clerk.presses(where, "usual-decision")
    assert "An officer sent it back:" not in clerk.reads(where)
    officer.presses(where, "approval")
    assert f"{where}/letters/done" not in clerk.reads(where)
    page = clerk.reads(where)
    assert " do&#34;" not in page and "in_progress" not in page and "own ·" not in page


def test_a_letter_tells_an_outcome_only_once_it_is_one() -> None:
    early = {(key, state) for key in catalogue.BY_KEY for state in ("in_progress", "approved", "fulfilled", "denied")
             if catalogue.too_early(key, state, in_words=False)}  # fmt: skip
    assert early == {(key, state) for key in ("done", "later", "refused", "marketing")
                     for state in ("in_progress", "approved")} | {
        ("done", "denied"), ("later", "denied"), ("marketing", "denied")}  # fmt: skip
    assert not catalogue.too_early("done", "approved", in_words=True)
    assert "privacy_request.extended" not in NOTES_OF_STAFF  # why it takes longer was written to the person
