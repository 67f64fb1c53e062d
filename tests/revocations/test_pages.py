"""The staff's pages of revocations: a token of the sign-in guards each form, what is entered holds at once."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from consent.house import House
from consent.revocations import pages, rules
from consent.staff.roles import Role
from tests.support import staff
from tests.support.systems import Systems, codes
from tests.support.time import Time
from tests.support.valley import PERSON, Tenant

LIST = "/staff/revocations"


def token(client: FlaskClient, path: str = LIST) -> str:
    """The token that the form of this page carries."""
    return staff.token_in(client.get(path).get_data(as_text=True))


def letter(client: FlaskClient, **changes: str) -> TestResponse:
    """The filled form is sent."""
    filled = {
        "csrf": token(client, f"{LIST}/new"),
        "address": PERSON,
        "channel": "sms",
        "received_at": "2026-11-20T12:00",
        "how": "letter",
        "words": "Leave me <b>alone</b>",
        "note": "folder 7",
    }
    return client.post(LIST, data=filled | changes)


@pytest.fixture
def seated(app: Flask, house: House, valley: Tenant, time: Time) -> FlaskClient:
    """A clerk of Valley's who has signed in."""
    return staff.member(house, valley.id, time.now(), Role.CLERK, "Ané").client(app)


def test_a_stranger_is_asked_to_sign_in_and_sees_nothing_else(client: FlaskClient, systems: Systems) -> None:
    systems.post("revocations", {"address": PERSON, "channels": ["sms"], "received_at": "2026-11-20T12:00:00Z",
                                 "how": "call", "entered_by": "Ana"})  # fmt: skip
    for path in (LIST, f"{LIST}/new"):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/staff/sign-in?then={path}")
        assert "0142" not in client.get(path, follow_redirects=True).get_data(as_text=True)


def test_what_is_entered_holds_at_once_by_the_clock_of_the_organization(seated: FlaskClient, systems: Systems) -> None:
    systems.consent(occurred_at="2026-11-19T10:15:00-08:00")
    assert letter(seated).status_code == 303
    assert codes(systems.decide())[0] == "suppressed"
    newest = systems.history()[0]
    assert (newest["source"], newest["facts"]["staff"]) == ("staff", "Ané")
    assert newest["occurred_at"].startswith("2026-11-20T20:00:00")  # noon in Washington


def test_the_list_shows_when_it_is_due_and_confirming_closes_it(seated: FlaskClient, systems: Systems) -> None:
    letter(seated)
    page = seated.get(LIST).get_data(as_text=True)
    assert "2026-12-07" in page
    assert PERSON not in page
    (one,) = systems.get("revocations").get_json()["revocations"]
    form = {"csrf": token(seated), "sender": one["missing"][0]}
    assert seated.post(f"{LIST}/{one['id']}/confirmations", data=form).status_code == 303
    assert "Nothing is open" in seated.get(LIST).get_data(as_text=True)


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"address": ""}, "address"), ({"address": "nobody"}, "address"), ({"received_at": "soon"}, "received_at"),
     ({"received_at": "0001-01-01T00:00"}, "received_at"),
     ({"received_at": "2027-01-01T00:00"}, "received_at"), ({"how": "pigeon"}, "how"),
     ({"channel": "fax"}, "channel"), ({"note": "x" * 1001}, "note")],
)  # fmt: skip
def test_a_slip_is_marked_at_its_field_and_nothing_is_lost_or_entered(
    seated: FlaskClient, systems: Systems, changes: dict[str, str], field: str
) -> None:
    answer = letter(seated, **changes)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'id="{field}-wrong"' in page and f'href="#{field}"' in page
    assert f'aria-describedby="{field}-wrong"' in page
    assert "Leave me &lt;b&gt;alone" in page
    assert systems.get("revocations").get_json()["revocations"] == []


def test_what_no_keyboard_makes_is_left_out_of_what_is_kept(seated: FlaskClient, systems: Systems) -> None:
    assert letter(seated, words="no\x00 more\r\nplease", entered_by="Somebody else").status_code == 303
    facts = systems.history()[0]["facts"]
    assert (facts["msg_text"], facts["staff"]) == ("no more\nplease", "An\u00e9")


def test_the_form_offers_every_way_that_the_api_knows() -> None:
    assert set(pages.HOWS) == set(rules.HOWS)


@pytest.mark.parametrize("csrf", ["", "x" * 43])
def test_a_form_without_the_token_of_the_session_does_nothing(seated: FlaskClient, systems: Systems, csrf: str) -> None:
    assert letter(seated, csrf=csrf).status_code == 403
    assert systems.get("revocations").get_json()["revocations"] == []


def test_a_form_sent_from_another_site_does_nothing(seated: FlaskClient, systems: Systems) -> None:
    form = {
        "csrf": token(seated),
        "address": PERSON,
        "received_at": "2026-11-20T12:00",
        "how": "call",
    }
    answer = seated.post(LIST, data=form, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert systems.get("revocations").get_json()["revocations"] == []


@pytest.mark.parametrize(("language", "said"), [("fr", "Saisir une révocation"), ("es", "Registrar una revocación")])
def test_the_pages_speak_the_language_of_the_reader(seated: FlaskClient, language: str, said: str) -> None:
    assert said in seated.get(f"{LIST}/new?lang={language}").get_data(as_text=True)
