"""A form, a question by text, and the yes that alone agrees: repeated, reordered, late, stopped, from elsewhere."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from consent import clock
from consent.gateways.sms.base import InboundMessage
from consent.house import House
from consent.ledger import jobs, verify
from consent.organizations import service as organizations
from consent.policies.organization import parse_organization
from consent.preferences import rebuild
from consent.preferences.wordings import hash_text
from consent.sms import service
from consent.sms.rules import Intent, classify
from consent.verification import pages as verification_pages
from consent.verification import rules
from tests.support.asking_pack import AUTOMATED, asking_pack
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.twilio import Twilio
from tests.support.valley import NUMBER, PACK, PERSON, PUBLIC_URL, Tenant, found_tenant

Deliver = Callable[[], list[str]]
PROGRAM = f"/valtt/programs/{AUTOMATED}"
OTHER_PERSON = "+15095550143"


class Browser(FlaskClient):
    """Somebody who came by the public address."""

    def open(self, *args: Any, **more: Any) -> TestResponse:
        return super().open(*args, **{"base_url": PUBLIC_URL} | more)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Everybody in these tests comes by the public address."""
    app.test_client_class = Browser
    return app.test_client()


@pytest.fixture
def valley(house: House, time: Time, tmp_path: Path) -> Tenant:
    """Here the organization whose automated offers ask for a yes by text."""
    return found_tenant(house, time.now(), asking_pack(tmp_path, ""))


def ask(client: FlaskClient, number: str = "509-555-0142", **changes: str) -> TestResponse:
    """The box is ticked, the number typed, the form sent."""
    page = client.get(PROGRAM).get_data(as_text=True)
    hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page))
    return client.post(PROGRAM, data=hidden | {"agree": "sms", "age": "yes", "contact": number} | changes)


def may(systems: Systems, address: str = PERSON) -> bool:
    facts = {"jurisdiction": "US-WA", "registered": True}
    return systems.may(program=AUTOMATED, message_class="offer", address=address, facts=facts)


def types(systems: Systems) -> list[str]:
    """What is on record for the number, oldest first."""
    return [one["type"] for one in reversed(systems.history())]


def sound(house: House, valley: Tenant) -> bool:
    """What is stored is the fold of the history, and the ledger holds."""
    jobs.seal_organization(house.db, house.keyring, valley.id, clock.now())
    with house.db.read(valley.id) as tx:
        assert list(rebuild.check(tx, valley.id)) == []
        report = verify.verify(tx, house.keyring, valley.id, clock.now(), folds=[rebuild.check])
    return not report.findings


def test_a_yes_to_the_question_agrees_with_evidence_of_its_own(
    client: FlaskClient, house: House, valley: Tenant, systems: Systems, twilio: Twilio, deliver: Deliver, time: Time
) -> None:
    assert ask(client).location == f"{PROGRAM}/asked"
    assert "0142" in client.get(f"{PROGRAM}/asked").text
    assert not may(systems)
    [asked] = deliver()
    assert "Reply YES to get Automated Offer Texts" in asked
    assert not may(systems)
    time.go(minutes=3)
    twilio.text("Yes!")
    assert may(systems)
    assert types(systems)[:2] == ["consent.requested", "notice.shown"]
    given, requested = [
        next(one for one in systems.history() if one["type"] == type_)
        for type_ in ("consent.given", "consent.requested")
    ]
    assert given["data"]["method"] == "double-opt-in"
    assert given["data"]["confirms"] == requested["entry"]
    text = re.search(r"<strong>Text messages\.</strong> <span>([^<]+)</span>", client.get(PROGRAM).text)
    assert text is not None
    assert given["data"]["wording_sha256"] == hash_text(text[1].replace("&#39;", "'"))
    assert given["data"]["wording_sha256"] == requested["data"]["wording_sha256"]
    [start] = deliver()[1:]
    assert start.startswith("Valtt: You are signed up for Automated Offer Texts.")
    assert systems.get("reviews").get_json()["texts"] == []
    assert sound(house, valley)


@pytest.mark.parametrize("said", ["SÍ", "y.\n--\nSent from my phone"])
def test_every_word_of_the_pack_agrees_however_it_is_typed(
    client: FlaskClient, systems: Systems, twilio: Twilio, deliver: Deliver, said: str
) -> None:
    ask(client)
    deliver()
    twilio.text(said)
    assert may(systems)


def test_anything_else_gives_nothing(client: FlaskClient, systems: Systems, twilio: Twilio, deliver: Deliver) -> None:
    ask(client)
    deliver()
    for said in ("no", "yes but not now", "ok", "YES?NO", "1", "yess", "👍", "y" * 200):
        twilio.text(said)
    assert not may(systems)
    assert "consent.given" not in types(systems)


def test_twilios_own_reading_of_yes_does_not_stand_against_it(
    client: FlaskClient, systems: Systems, twilio: Twilio, deliver: Deliver
) -> None:
    ask(client)
    deliver()
    twilio.text("YES", OptOutType="START")
    assert may(systems)
    assert len(deliver()) == 1


def test_a_yes_nobody_asked_for_is_a_text_like_any_other(systems: Systems, twilio: Twilio, deliver: Deliver) -> None:
    twilio.text("YES")
    twilio.text("YES")
    assert types(systems) == ["message.received", "message.received"]
    assert deliver() == []
    assert len(systems.get("reviews").get_json()["texts"]) == 2


def test_before_the_question_has_left_a_yes_gives_nothing(
    client: FlaskClient, systems: Systems, twilio: Twilio, deliver: Deliver
) -> None:
    ask(client)
    twilio.text("YES")
    assert not may(systems)


@pytest.mark.parametrize(("after", "agrees"), [(timedelta(hours=23), True), (timedelta(hours=24, minutes=1), False)])
def test_the_question_is_open_as_long_as_the_pack_says(
    client: FlaskClient, systems: Systems, twilio: Twilio, deliver: Deliver, time: Time, after: timedelta, agrees: bool
) -> None:
    ask(client)
    deliver()
    time.go(seconds=after.total_seconds())
    twilio.text("YES")
    assert may(systems) is agrees


def test_a_stop_beats_the_yes_in_either_order_of_arrival(
    client: FlaskClient, house: House, valley: Tenant, systems: Systems, twilio: Twilio, deliver: Deliver, time: Time
) -> None:
    ask(client)
    deliver()
    time.go(minutes=1)
    twilio.text("STOP")
    time.go(minutes=1)
    twilio.text("YES")
    assert not may(systems)
    assert "consent.given" not in types(systems)
    assert sound(house, valley)


@pytest.mark.parametrize("order", [("STOP", "YES"), ("YES", "STOP")])
def test_a_stop_written_before_the_yes_beats_it_whichever_arrives_first(
    client: FlaskClient,
    house: House,
    valley: Tenant,
    systems: Systems,
    deliver: Deliver,
    time: Time,
    order: tuple[str, str],
) -> None:
    ask(client)
    deliver()
    start, minutes = time.now(), {"STOP": 1, "YES": 2}
    time.go(hours=1)
    with house.db.read(valley.id) as tx:
        (account,) = organizations.accounts(tx, house.keyring, valley.id)
    here = service.Account(valley.id, account.id, account.gateway, can_send=True)
    in_force = house.governing.at(valley.id, time.at)
    for said in order:
        at = start + timedelta(minutes=minutes[said])
        message = InboundMessage("sinch", said, said, PERSON, NUMBER, said, received_at=at)
        text = service.prepare(house.keyring, here, in_force.rulebook, message)
        house.db.write(
            lambda tx, text=text: service.receive(
                tx, house.keyring, in_force.log, in_force.rulebook, here, text, time.now()
            ),
            valley.id,
        )
    assert not may(systems)
    assert sound(house, valley)


def test_a_yes_then_a_stop_ends_it(
    client: FlaskClient, house: House, valley: Tenant, systems: Systems, twilio: Twilio, deliver: Deliver, time: Time
) -> None:
    ask(client)
    deliver()
    twilio.text("YES")
    time.go(minutes=1)
    twilio.text("STOP")
    assert not may(systems)
    assert sound(house, valley)


def test_a_repeated_webhook_agrees_once_and_a_second_yes_adds_nothing(
    client: FlaskClient, systems: Systems, twilio: Twilio, deliver: Deliver
) -> None:
    ask(client)
    deliver()
    for _ in range(3):
        twilio.text("YES", sid="SM" + "7" * 32)
    assert types(systems).count("consent.given") == 1
    twilio.text("YES")
    assert types(systems).count("consent.given") == 1
    assert len(deliver()) == 2


def test_a_yes_from_another_number_agrees_for_neither(
    client: FlaskClient, systems: Systems, twilio: Twilio, deliver: Deliver
) -> None:
    ask(client)
    deliver()
    twilio.text("YES", OTHER_PERSON)
    assert (may(systems), may(systems, OTHER_PERSON)) == (False, False)


def test_a_number_that_said_stop_is_sent_no_question_and_the_page_looks_the_same(
    client: FlaskClient, systems: Systems, twilio: Twilio, deliver: Deliver
) -> None:
    before = ask(client, "509-555-0143")
    seen = client.get(f"{PROGRAM}/asked").text
    assert len(deliver()) == 1
    twilio.text("STOP")
    sent = len(deliver())
    again = ask(client)
    assert (again.status_code, again.location) == (before.status_code, before.location)
    assert client.get(f"{PROGRAM}/asked").text.replace("0142", "0143") == seen
    assert len(deliver()) == sent
    twilio.text("YES")
    assert not may(systems)


def test_a_double_click_asks_once(client: FlaskClient, systems: Systems, twilio: Twilio, deliver: Deliver) -> None:
    for _ in range(3):
        ask(client)
    assert len(deliver()) == 1
    twilio.text("YES")
    assert may(systems)


def test_what_cannot_be_used_is_said_and_nothing_goes_out(client: FlaskClient, deliver: Deliver) -> None:
    for changes, said in (
        ({"contact": ""}, "Enter the phone number"),
        ({"contact": "ana@customer.example"}, "Enter the phone number"),
        ({"contact": "12"}, "cannot be right"),
        ({"contact": "x" * 100_000}, "too long"),
        ({"agree": ""}, "Tick a box"),
        ({"shown-sms": "x" * 43}, "have changed"),
    ):
        answer = ask(client, **changes)
        assert answer.status_code == 422
        assert said in answer.text
        assert 'role="alert"' in answer.text
    assert deliver() == []


def test_too_many_questions_are_held_back_with_the_codes(
    client: FlaskClient, systems: Systems, deliver: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification_pages, "LIMITS", rules.Limits(address=1))
    assert ask(client).status_code == 303
    answer = ask(client)
    assert (answer.status_code, "Retry-After" in answer.headers) == (429, True)
    assert types(systems) == ["consent.requested", "notice.shown"]


def test_looking_changes_nothing(client: FlaskClient, systems: Systems) -> None:
    ask(client)
    before = systems.history()
    for verb in ("GET", "HEAD", "OPTIONS"):
        client.open(f"{PROGRAM}/asked", method=verb)
    assert systems.history() == before


def test_the_words_of_a_shipped_pack_mean_nothing_by_themselves() -> None:
    shipped = [parse_organization(one.read_text("utf-8")) for one in PACK.parent.glob("*/organization.toml")]
    words = [
        word
        for pack in shipped
        for program in pack.programs
        if program.asking.double is not None
        for word in program.asking.double.words
    ]
    assert "YES" in words
    assert {classify(one).intent for one in words} == {Intent.OTHER}
