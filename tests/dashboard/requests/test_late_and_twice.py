"""What comes late, twice or from two hands at once: the first day counts, nothing is shown or ended unasked."""

# ruff: noqa: F811

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from consent.house import House
from consent.staff.roles import Role
from tests.dashboard.requests.test_pages import LIST, clerk, desk, entered, knows, send, text  # noqa: F401
from tests.support import staff
from tests.support.staff import Seated
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.valley import PERSON, Tenant


def test_what_came_first_sets_the_date_whatever_was_entered_first(
    desk: FlaskClient, send: Callable[..., tuple[int, str, str]], systems: Systems
) -> None:
    where = entered(send)
    assert "in 29 days" in text(desk, where)
    assert entered(send, arrived_on="2026-10-01", words="Delete it, as I wrote before") == where
    page = text(desk, where)
    assert "Overdue" in page and "October 31, 2026" in page
    (asked,) = systems.get("privacy-requests").get_json()["privacy_requests"]
    assert (asked["received_at"], asked["due"], asked["overdue"]) == ("2026-10-01T07:00:00.000Z", "2026-10-31", True)
    assert entered(send, arrived_on="2026-11-19", words="Once more") == where
    assert systems.get("privacy-requests").get_json()["privacy_requests"][0]["due"] == "2026-10-31"


def test_numbers_in_what_they_wrote_are_masked_until_somebody_says_why_they_need_them(
    desk: FlaskClient, app: Flask, house: House, valley: Tenant, time: Time,
    send: Callable[..., tuple[int, str, str]],
) -> None:  # fmt: skip
    where = entered(send, words=f"It is {PERSON}, or ada@people.example")
    viewer = staff.member(house, valley.id, time.now(), Role.VIEWER).client(app)
    for page in (text(desk, where), text(viewer, where)):
        assert "It is [masked], or [masked]" in page and PERSON not in page and "ada@" not in page
    shown = send(f"{where}/address", why="they moved", reason="request")
    assert (shown[0], "or ada@people.example" in shown[1]) == (200, True)


def test_a_request_is_taken_back_with_a_reason_and_never_on_one_press(
    desk: FlaskClient, send: Callable[..., tuple[int, str, str]]
) -> None:
    where = entered(send)
    sent = knows(text(desk, where))
    assert send(f"{where}/withdrawal", **sent)[0] == 422
    assert "New" in text(desk, where)
    assert send(f"{where}/withdrawal", why="They rang and said so", **sent)[0] == 303
    assert "Taken back" in text(desk, where)


def test_who_comes_second_with_many_sees_which_were_changed_and_the_others_are_done(
    desk: FlaskClient, send: Callable[..., tuple[int, str, str]], clerk: Seated
) -> None:
    both = [entered(send).rpartition("/")[2], entered(send, address="ada@people.example").rpartition("/")[2]]
    first, second = (f"{one}:1" for one in both)
    assert send(f"{LIST}/bulk", act="assign", step="do", request=first)[0] == 303
    sent = {"csrf": clerk.csrf(desk), "act": "acknowledge", "step": "do", "request": [first, second]}
    answer = desk.post(f"{LIST}/bulk", data=sent)
    page = answer.get_data(as_text=True)
    assert (answer.status_code, page.count("Somebody changed it meanwhile")) == (409, 2)  # above, and at the first
    assert "Receipt was acknowledged" in text(desk, f"{LIST}/{both[1]}")
    assert "Receipt was acknowledged" not in text(desk, f"{LIST}/{both[0]}")
