"""Agreeing on the page of a program: nothing is ticked, nothing is bundled, the address is proven first."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from consent.house import House
from consent.preferences.opt_in import pages
from consent.preferences.wordings import hash_text
from consent.subjects import service as subjects
from consent.subjects.addresses import canonical
from consent.verification.visits import Level, Place, Visit
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.twilio import Twilio
from tests.support.valley import PERSON, PUBLIC_URL, TEXTS, Tenant
from tests.support.visiting import Visitor

PROGRAM = f"/valley-smart-homes/programs/{TEXTS}"
Prove = Callable[..., None]


class Browser(FlaskClient):
    """Somebody who came by the public address."""

    def open(self, *args: Any, **more: Any) -> TestResponse:
        return super().open(*args, **{"base_url": PUBLIC_URL} | more)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Everybody in these tests comes by the public address, as cookies of a visit demand."""
    app.test_client_class = Browser
    return app.test_client()


@pytest.fixture
def prove(house: House, valley: Tenant, time: Time, monkeypatch: pytest.MonkeyPatch) -> Prove:
    """Somebody has shown that this number is theirs."""

    def shown(channel: str = "sms", address: str = PERSON, level: Level = Level.CODE) -> None:
        tagged = subjects.tagged(house.keyring, valley.id, canonical(channel, address))
        places = (Place(tagged, None),)
        visit = Visit(uuid4(), valley.id, level, places, tagged.address.masked, "en", None, time.now())
        monkeypatch.setattr(pages.visits, "current", lambda *_: visit)

    return shown


def form(client: FlaskClient, address: str = PROGRAM) -> dict[str, Any]:
    """What the form of this page would send with nothing ticked."""
    page = client.get(address).get_data(as_text=True)
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page))


def tick(client: FlaskClient, **changes: Any) -> TestResponse:
    """The box is ticked and the form sent."""
    return client.post(PROGRAM, data=form(client) | {"agree": "sms", "age": "yes"} | changes)


def agree(client: FlaskClient) -> TestResponse:
    """The button on the last page is pressed."""
    return client.post(f"{PROGRAM}/confirm", data={"csrf": form(client, f"{PROGRAM}/confirm")["csrf"]})


def history(systems: Systems) -> list[dict[str, Any]]:
    """What is on record for the number, newest first."""
    found = systems.post("contact-points/lookup", {"channel": "sms", "address": PERSON})
    if found.status_code == 404:
        return []
    return list(systems.get(f"contact-points/{found.get_json()['id']}/history").get_json()["events"])


def test_no_box_is_ticked_and_each_program_has_its_own(client: FlaskClient) -> None:
    page = client.get(PROGRAM).get_data(as_text=True)
    assert page.count('name="agree"') == 1
    assert "checked" not in page
    assert "required" not in re.sub(r"<style.*", "", page)
    assert 'type="email"' not in page
    assert 'name="name"' not in page


def test_vsh_24_and_vsh_31_agreeing_is_recorded_whole_with_what_was_shown(
    client: FlaskClient, systems: Systems, prove: Prove
) -> None:
    prove()
    assert tick(client).location == f"{PROGRAM}/confirm"
    assert history(systems) == []
    assert agree(client).location == f"{PROGRAM}/agreed"
    events = history(systems)
    assert [one["type"] for one in events] == ["notice.shown", "consent.given"]
    shown, given = events
    assert {"VSH-24", "VSH-31", "VSH-19"} <= set(shown["data"]["rests_on"])
    assert shown["data"]["surface"] == "opt-in-form"
    assert given["data"]["method"] == "web-form"
    assert given["data"]["policy_version"] == "2025-01-02"
    text = re.search(r"<strong>Text messages\.</strong> <span>([^<]+)</span>", client.get(PROGRAM).text)
    assert text is not None
    assert given["data"]["wording_sha256"] == hash_text(text[1].replace("&amp;", "&"))
    assert systems.decide()["answer"] == "allow"
    assert "0142" in client.get(f"{PROGRAM}/agreed").get_data(as_text=True)


def test_the_proof_holds_the_address_of_the_person_and_not_of_our_proxy(
    client: FlaskClient, systems: Systems, prove: Prove
) -> None:
    prove()
    tick(client)
    token = {"csrf": form(client, f"{PROGRAM}/confirm")["csrf"]}
    client.post(f"{PROGRAM}/confirm", data=token, headers={"X-Forwarded-For": "198.51.100.9, 203.0.113.7"})
    assert history(systems)[-1]["facts"]["ip"] == "203.0.113.7"


def test_a_second_click_and_the_back_button_record_nothing_more(
    client: FlaskClient, systems: Systems, prove: Prove
) -> None:
    prove()
    tick(client)
    token = {"csrf": form(client, f"{PROGRAM}/confirm")["csrf"]}
    for _ in range(3):
        assert client.post(f"{PROGRAM}/confirm", data=token).location == f"{PROGRAM}/agreed"
    assert len(history(systems)) == 2


def test_without_a_code_nobody_agrees(client: FlaskClient, systems: Systems, prove: Prove) -> None:
    assert tick(client).location == "/valley-smart-homes/preferences/code"
    token = form(client)["csrf"]
    assert client.post(f"{PROGRAM}/confirm", data={"csrf": token}).location.endswith("/preferences/code")
    for other in ({"level": Level.LINK}, {"channel": "email", "address": "ana@customer.example"}):
        prove(**other)
        assert client.post(f"{PROGRAM}/confirm", data={"csrf": token}).location.endswith("/preferences/code")
    assert history(systems) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"agree": ""}, "Tick a box to agree"),
        ({"agree": "email"}, "Tick a box to agree"),
        ({"age": ""}, "Only people of that age"),
        ({"shown-sms": "x" * 43}, "The words beside the box have changed"),
        ({"agree": "\u202esms"}, "Tick a box to agree"),
        ({"agree": "x" * 100_000}, "Tick a box to agree"),
    ],
)
def test_what_cannot_be_used_is_said_and_nothing_is_kept(
    client: FlaskClient, changes: dict[str, str], said: str
) -> None:
    answer = tick(client, **changes)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert said in page
    assert 'role="alert"' in page
    assert client.get(f"{PROGRAM}/confirm").location == PROGRAM


def test_a_form_without_the_sessions_token_is_refused(client: FlaskClient, prove: Prove) -> None:
    prove()
    assert tick(client, csrf="x").status_code == 403
    assert client.post(f"{PROGRAM}/confirm").status_code == 403


def test_a_wording_changed_meanwhile_agrees_to_nothing(
    client: FlaskClient, systems: Systems, prove: Prove, monkeypatch: pytest.MonkeyPatch
) -> None:
    prove()
    tick(client)
    token = form(client, f"{PROGRAM}/confirm")["csrf"]
    monkeypatch.setattr(pages.agreeing, "still_said", lambda *_: False)
    answer = client.post(f"{PROGRAM}/confirm", data={"csrf": token})
    assert (answer.status_code, "have changed" in answer.get_data(as_text=True)) == (422, True)
    assert history(systems) == []


def test_a_stop_ends_what_the_form_gave(client: FlaskClient, systems: Systems, prove: Prove, twilio: Twilio) -> None:
    prove()
    tick(client)
    agree(client)
    twilio.text("STOP")
    assert systems.decide()["answer"] == "deny"


def test_looking_at_every_page_of_it_changes_nothing(client: FlaskClient, systems: Systems, prove: Prove) -> None:
    prove()
    tick(client)
    for path in ("", "/confirm", "/agreed"):
        for verb in ("GET", "HEAD", "OPTIONS"):
            client.open(PROGRAM + path, method=verb)
    assert history(systems) == []


def test_from_the_box_over_the_code_to_the_consent(
    client: FlaskClient, house: House, valley: Tenant, systems: Systems
) -> None:
    visitor = Visitor(client, house, valley)
    assert tick(client).location == "/valley-smart-homes/preferences/code"
    visitor.ask(PERSON)
    assert history(systems) == []
    assert visitor.post("/enter", code=visitor.code()).headers["Location"] == f"{PROGRAM}/confirm"
    assert "0142" in client.get(f"{PROGRAM}/confirm").get_data(as_text=True)
    assert history(systems) == []
    assert agree(client).location == f"{PROGRAM}/agreed"
    assert systems.decide()["answer"] == "allow"
