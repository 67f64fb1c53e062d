"""The pages of the desk over HTTP: what each shows, what each form does, and what is said of what cannot be used."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consent.app import House
from consent.staff.roles import Role
from tests.support import staff
from tests.support.staff import Seated
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.valley import PERSON, Tenant

LIST = "/staff/requests"
LETTER = {
    "how": "letter",
    "arrived_on": "2026-11-20",
    "address": PERSON,
    "language": "en",
    "words": "Delete <b>all</b>",
}


@pytest.fixture
def clerk(house: House, valley: Tenant, time: Time) -> Seated:
    """Somebody who works on requests at Valley."""
    return staff.member(house, valley.id, time.now(), Role.CLERK, "Cleo Clerk")


@pytest.fixture
def send(app: Flask, clerk: Seated) -> Callable[..., tuple[int, str, str]]:
    """The clerk's browser: sends a form and tells status, text and where it leads."""
    browser = clerk.client(app)

    def post(path: str, **sent: str) -> tuple[int, str, str]:
        answer = browser.post(path, data={"csrf": clerk.csrf(browser)} | sent)
        return answer.status_code, answer.get_data(as_text=True), answer.headers.get("Location", "")

    return post


@pytest.fixture
def desk(app: Flask, clerk: Seated) -> FlaskClient:
    """The clerk's browser."""
    return clerk.client(app)


def text(client: FlaskClient, path: str, status: int = 200) -> str:
    """The page there."""
    answer = client.get(path)
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def entered(send: Callable[..., tuple[int, str, str]], **changed: str) -> str:
    """A deletion that came by letter; where its page is."""
    status, page, where = send(f"{LIST}/new", wish="deletion", **(LETTER | changed))
    assert status == 303, page
    return where


def test_a_letter_is_entered_at_its_arrival_and_stands_in_the_queue_masked(
    desk: FlaskClient, send: Callable[..., tuple[int, str, str]], systems: Systems
) -> None:
    where = entered(send)
    opened = systems.history()[0]
    assert (opened["source"], opened["facts"]["staff"]) == ("staff", "Cleo Clerk")
    assert opened["occurred_at"].startswith("2026-11-20T08:00:00")  # midnight in Washington
    page = text(desk, where)
    for said in ("Deletion", "•••• 0142", "Letter", "Delete &lt;b&gt;all&lt;/b&gt;", "The request arrived"):
        assert said in page, said
    queue = text(desk, LIST)
    assert where in queue
    assert "•••• 0142" in queue
    assert "in 29 days" in queue
    assert PERSON not in page + queue


def test_entering_says_what_is_wrong_at_its_field_and_keeps_what_was_typed(
    desk: FlaskClient, send: Callable[..., tuple[int, str, str]], systems: Systems
) -> None:
    assert "Correction" in text(desk, f"{LIST}/new")
    assert 'name="address"' in text(desk, f"{LIST}/new?wish=deletion")
    text(desk, f"{LIST}/new?wish=nothing-of-the-kind", 404)
    sent = LETTER | {"arrived_on": "2027-01-01", "address": "0142"}
    status, page, _ = send(f"{LIST}/new", wish="deletion", **sent)
    assert status == 422
    assert page.index('href="#arrived_on"') < page.index('href="#address"')
    assert 'aria-describedby="arrived_on-hint arrived_on-wrong" aria-invalid="true"' in page
    assert 'value="0142"' in page
    assert "Delete &lt;b&gt;all&lt;/b&gt;" in page
    assert systems.get("privacy-requests").get_json()["privacy_requests"] == []


def test_a_search_leads_to_the_request_and_no_address_stands_in_an_address(
    desk: FlaskClient, send: Callable[..., tuple[int, str, str]], systems: Systems
) -> None:
    where = entered(send)
    reference = systems.get("privacy-requests").get_json()["privacy_requests"][0]["reference"]
    assert send(f"{LIST}/search", sought=f" {reference.lower()} ")[2] == where
    status, _, found = send(f"{LIST}/search", sought="509 555 0142")
    assert status == 303
    assert re.fullmatch(rf"{LIST}\?contact=[0-9a-f-]{{36}}", found)
    assert where in text(desk, found)
    status, page, _ = send(f"{LIST}/search", sought="509 555 0199")
    assert (status, "0199" in page) == (422, False)
