"""The staff's pages: a key opens them, a token of the session guards each form, what is entered holds at once."""

import re
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from consent.app import House, create_app
from consent.organizations import service as organizations
from consent.revocations import pages, rules
from consent.web import staff_session
from tests.support.systems import Systems, codes
from tests.support.time import Time
from tests.support.valley import PERSON, Tenant, make_key

LIST = "/staff/revocations"


def token(client: FlaskClient, path: str = LIST) -> str:
    """The token that the form of this page carries."""
    found = re.search(r'name="csrf" value="([^"]+)"', client.get(path).get_data(as_text=True))
    assert found is not None
    return found[1]


def sign_in(client: FlaskClient, key: str) -> TestResponse:
    """Somebody enters this key."""
    return client.post("/staff/sign-in", data={"csrf": token(client), "key": key})


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
        "entered_by": "Ana",
    }
    return client.post(LIST, data=filled | changes)


@pytest.fixture
def seated(client: FlaskClient, valley: Tenant) -> FlaskClient:
    """Somebody of Valley's staff who has signed in."""
    assert sign_in(client, valley.key).status_code == 303
    return client


def test_a_stranger_sees_the_sign_in_and_nothing_else(client: FlaskClient, systems: Systems) -> None:
    systems.post("revocations", {"address": PERSON, "channels": ["sms"], "received_at": "2026-11-20T12:00:00Z",
                                 "how": "call", "entered_by": "Ana"})  # fmt: skip
    for path in (LIST, f"{LIST}/new"):
        page = client.get(path).get_data(as_text=True)
        assert 'type="password"' in page
        assert "0142" not in page


def test_what_is_entered_holds_at_once_by_the_clock_of_the_organization(seated: FlaskClient, systems: Systems) -> None:
    systems.consent(occurred_at="2026-11-19T10:15:00-08:00")
    assert letter(seated).status_code == 303
    assert codes(systems.decide())[0] == "suppressed"
    newest = systems.history()[0]
    assert (newest["source"], newest["facts"]["staff"]) == ("staff", "Ana")
    assert newest["occurred_at"].startswith("2026-11-20T20:00:00")  # noon in Washington


def test_the_list_shows_when_it_is_due_and_confirming_closes_it(seated: FlaskClient, systems: Systems) -> None:
    letter(seated)
    page = seated.get(LIST).get_data(as_text=True)
    assert "2026-12-07" in page
    assert PERSON not in page
    (one,) = systems.get("revocations").get_json()["revocations"]
    form = {"csrf": token(seated), "sender": one["missing"][0], "entered_by": "Ana"}
    assert seated.post(f"{LIST}/{one['id']}/confirmations", data=form).status_code == 303
    assert "Nothing is open" in seated.get(LIST).get_data(as_text=True)


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"address": ""}, "address"), ({"address": "nobody"}, "address"), ({"received_at": "soon"}, "received_at"),
     ({"received_at": "0001-01-01T00:00"}, "received_at"),
     ({"received_at": "2027-01-01T00:00"}, "received_at"), ({"how": "pigeon"}, "how"),
     ({"entered_by": ""}, "entered_by"), ({"channel": "fax"}, "channel"), ({"note": "x" * 1001}, "note")],
)  # fmt: skip
def test_a_slip_is_marked_at_its_field_and_nothing_is_lost_or_entered(
    seated: FlaskClient, systems: Systems, changes: dict[str, str], field: str
) -> None:
    answer = letter(seated, **changes)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'id="{field}-wrong" role="alert"' in page
    assert f'aria-describedby="{field}-wrong"' in page
    assert "Leave me &lt;b&gt;alone" in page
    assert systems.get("revocations").get_json()["revocations"] == []


def test_what_no_keyboard_makes_is_left_out_of_what_is_kept(seated: FlaskClient, systems: Systems) -> None:
    assert letter(seated, words="no\x00 more\r\nplease", entered_by="Ane\u0301").status_code == 303
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
        "entered_by": "A",
    }
    answer = seated.post(LIST, data=form, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert systems.get("revocations").get_json()["revocations"] == []


def test_a_key_that_may_not_do_this_opens_nothing(
    client: FlaskClient, house: House, valley: Tenant, time: Time
) -> None:
    weak = make_key(house, valley.id, time.now(), "revocations:read")
    for key in (weak, "ck_" + "x" * 43, "", "ck_é"):
        assert sign_in(client, key).status_code == 403
    assert 'type="password"' in client.get(LIST).get_data(as_text=True)


def test_a_revoked_key_ends_the_session(seated: FlaskClient, house: House, valley: Tenant, time: Time) -> None:
    with house.db.read(valley.id) as tx:
        keys: list[Any] = organizations.list_keys(tx, valley.id)
    stale = token(seated)
    house.db.write(
        lambda tx: organizations.revoke_key(tx, house.keyring, valley.id, UUID(keys[0]["id"]), time.now()), valley.id
    )
    assert 'type="password"' in seated.get(LIST).get_data(as_text=True)
    form = {"csrf": stale, "address": PERSON, "received_at": "2026-11-20T12:00", "how": "call", "entered_by": "A"}
    assert seated.post(LIST, data=form).status_code == 403


def test_signing_out_ends_it_and_leaves_nothing_in_the_browser(seated: FlaskClient) -> None:
    answer = seated.post("/staff/sign-out", data={"csrf": token(seated)})
    assert (answer.status_code, answer.headers["Clear-Site-Data"]) == (303, '"cache", "storage"')
    assert 'type="password"' in seated.get(LIST).get_data(as_text=True)


def test_a_session_ends_by_itself_after_eight_hours(seated: FlaskClient, time: Time) -> None:
    time.go(hours=7, minutes=59)
    assert 'type="password"' not in seated.get(LIST).get_data(as_text=True)
    time.go(minutes=2)
    assert 'type="password"' in seated.get(LIST).get_data(as_text=True)


def test_signing_in_leads_to_our_own_page_whatever_is_asked(client: FlaskClient, valley: Tenant) -> None:
    form = {"csrf": token(client), "key": valley.key, "next": "https://elsewhere.example/"}
    answer = client.post("/staff/sign-in?next=https://elsewhere.example/", data=form)
    assert answer.headers["Location"] == LIST


def test_in_production_the_cookie_is_bound_to_the_host_and_hidden_from_scripts(house: House) -> None:
    config = replace(house.config, environment="production", public_url="https://consent.example")
    answer = create_app(replace(house, config=config)).test_client().get(LIST, base_url="https://consent.example")
    (cookie,) = answer.headers.getlist("Set-Cookie")
    name, _, rest = cookie.partition("=")
    assert name == "__Host-session"
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(rest.split("; "))
    assert "Domain" not in rest


def test_guessing_is_slowed_down(client: FlaskClient, valley: Tenant) -> None:
    answers = [sign_in(client, "ck_" + "x" * 43).status_code for _ in range(staff_session.ATTEMPTS + 1)]
    assert answers == [403] * staff_session.ATTEMPTS + [429]
    assert sign_in(client, valley.key).status_code == 429


def test_the_cookie_holds_no_key(seated: FlaskClient, valley: Tenant) -> None:
    with seated.session_transaction() as kept:
        assert set(kept) == {"organization", "key", "since", "csrf"}
        assert valley.key not in str(dict(kept))


@pytest.mark.parametrize(("language", "said"), [("fr", "Saisir une révocation"), ("es", "Registrar una revocación")])
def test_the_pages_speak_the_language_of_the_reader(seated: FlaskClient, language: str, said: str) -> None:
    assert said in seated.get(f"{LIST}/new?lang={language}").get_data(as_text=True)
