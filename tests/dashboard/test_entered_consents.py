"""S39: a consent that staff enter needs what proves it and a second person; nobody makes one alone."""

import io
from collections.abc import Callable
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from consent.house import House
from consent.staff.roles import Role
from consent.timed import entered
from tests.dashboard.conftest import Browser
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.twilio import Twilio
from tests.support.valley import TEXTS, WORDING, Tenant

PAPER = b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF"
SAID = {"program": TEXTS, "method": "paper", "acted_at": "2026-11-21T08:50", "wording": WORDING, "language": "en"}


@pytest.fixture
def stopped(systems: Systems, twilio: Twilio, time: Time) -> UUID:
    """Somebody who said stop before they signed a form at the counter."""
    contact = UUID(systems.consent()["contact_point"])
    assert twilio.text("STOP").status_code == 200
    time.go(minutes=30)
    return contact


def enter(
    browser: Browser, contact: UUID, content: bytes = PAPER, name: str = "form.pdf", **changed: str
) -> TestResponse:
    file = (io.BytesIO(content), name, "application/pdf")
    return browser.post(f"/staff/people/{contact}/consents/new", **(SAID | {"file": file} | changed))


def approval_of(browser: Browser) -> str:
    page = browser.get("/staff/approvals")
    return page.partition("/staff/consents/")[2].partition('"')[0]


def test_what_a_person_signed_is_recorded_once_a_second_person_has_looked(
    seat: Callable[..., Browser], systems: Systems, stopped: UUID, time: Time
) -> None:
    clerk, officer = seat(Role.CLERK, name="Cleo Clerk"), seat(Role.OFFICER, name="Omar Officer")
    assert f"/staff/people/{stopped}/consents/new" in clerk.get(f"/staff/people/{stopped}")
    signed_at = "2026-11-21T09:20"  # by the clock of Washington: after the STOP
    answer = enter(clerk, stopped, acted_at=signed_at)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    path = answer.headers["Location"]
    assert not systems.may(), "nothing is sent on it before somebody has looked"
    assert "It waits for a second person" in clerk.get(path) and approval_of(officer) == path.rpartition("/")[2]
    assert clerk.post(f"{path}/file").status_code == 403
    file = officer.post(f"{path}/file")
    assert (file.status_code, file.data) == (200, PAPER) and "sandbox" in file.headers["Content-Security-Policy"]
    assert officer.post(f"{path}/decision", answer="perhaps").status_code == 422
    assert officer.post(f"{path}/decision", answer="allow").status_code == 303
    assert "It is recorded, with the names of both" in officer.get(path)
    assert systems.may()
    newest = next(one for one in systems.history() if one["type"] == "consent.given")
    assert (newest["source"], newest["facts"]["staff"], newest["data"]["method"]) == ("staff", "Cleo Clerk", "paper")
    assert newest["data"]["proposed_by"] == str(clerk.seated.id)
    assert newest["data"]["approved_by"] == str(officer.seated.id)
    assert newest["data"]["proof_type"] == "application/pdf" and newest["occurred_at"].startswith("2026-11-21T17:20")
    assert officer.post(f"{path}/decision", answer="allow").status_code == 409


def test_s39_whoever_allows_it_has_opened_what_proves_it(
    seat: Callable[..., Browser], systems: Systems, stopped: UUID
) -> None:
    clerk, officer, other = seat(Role.CLERK), seat(Role.OFFICER), seat(Role.OFFICER)
    path = enter(clerk, stopped, acted_at="2026-11-21T09:20").headers["Location"]
    assert other.post(f"{path}/file").status_code == 200, "that a third one looked counts for nobody else"
    refused = officer.post(f"{path}/decision", answer="allow")
    assert refused.status_code == 409 and "look at what proves it first" in refused.get_data(as_text=True)
    assert "It waits for a second person" in officer.get(path) and not systems.may()
    assert officer.post(f"{path}/file").status_code == 200
    assert officer.post(f"{path}/decision", answer="allow").status_code == 303 and systems.may()


def test_nobody_allows_what_they_entered_and_what_is_declined_leaves_nothing(
    seat: Callable[..., Browser], house: House, systems: Systems, stopped: UUID, valley: Tenant
) -> None:
    one, other = seat(Role.OFFICER), seat(Role.OFFICER)
    path = enter(one, stopped).headers["Location"]
    assert one.post(f"{path}/decision", answer="allow").status_code == 403
    assert one.post(f"{path}/decision", answer="record").status_code == 409
    page = other.get("/staff/approvals")
    approval = one.get(path).partition("/staff/approvals/")[2].partition("/return")[0]
    assert 'value="allow"' not in page
    assert other.post(f"/staff/approvals/{approval}", answer="allow").status_code == 409, "decided where it is seen"
    assert other.post(f"{path}/decision", answer="decline").status_code == 303
    assert "given up" in one.get(path) and not systems.may()
    entered.forget_given_up(house)
    assert other.post(f"{path}/file").status_code == 404
    again = enter(one, stopped).headers["Location"]
    approval = one.get(again).partition("/staff/approvals/")[2].partition("/return")[0]
    assert one.post(f"/staff/approvals/{approval}/return").status_code == 303
    assert other.post(f"{again}/decision", answer="allow").status_code == 409 and not systems.may()


def test_without_proof_words_or_time_nothing_is_entered_and_an_older_form_ends_no_stop(
    seat: Callable[..., Browser], systems: Systems, stopped: UUID
) -> None:
    clerk, officer = seat(Role.CLERK), seat(Role.OFFICER)
    for changed, field in (
        ({"program": "nothing"}, "program"), ({"method": "staff"}, "method"), ({"wording": " "}, "wording"),
        ({"acted_at": "2027-01-01T10:00"}, "acted_at"), ({"language": "tlh"}, "language"),
    ):  # fmt: skip
        answer = enter(clerk, stopped, **changed)
        assert answer.status_code == 422 and f'href="#{field}"' in answer.get_data(as_text=True), changed
    for content in (b"", b"no paper at all"):
        answer = enter(clerk, stopped, content)
        assert answer.status_code == 422 and 'href="#file"' in answer.get_data(as_text=True)
    assert "/staff/consents/" not in officer.get("/staff/approvals")
    path = enter(clerk, stopped).headers["Location"]  # signed ten minutes before the STOP
    assert officer.post(f"{path}/file").status_code == 200
    assert officer.post(f"{path}/decision", answer="allow").status_code == 303
    assert not systems.may()
    assert seat(Role.VIEWER).client.get(f"/staff/people/{stopped}/consents/new").status_code == 403
