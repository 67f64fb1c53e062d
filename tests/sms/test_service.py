"""Receiving a text, through the door: unknown people, odd texts, repeats, and two deliveries at once."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask

from consent.db import Sql
from consent.house import House
from tests.support.databases import ON_SQLITE
from tests.support.systems import Systems, codes
from tests.support.time import Time
from tests.support.twilio import Twilio
from tests.support.valley import PERSON, PUBLIC_URL, TOKEN, Tenant, make_account

Deliver = Callable[[], list[str]]
UNKNOWN = "+15095550199"
REVIEWS = Sql("SELECT outcome, review FROM inbound WHERE organization_id = :organization_id ORDER BY first_seen_at")
CONFLICTS = Sql("SELECT count(*) FROM inbound_conflict WHERE organization_id = :organization_id")


def reviews(house: House, valley: Tenant) -> list[tuple[str, str]]:
    """What became of each text, oldest first."""
    with house.db.read(valley.id) as tx:
        return [(row[0], row[1]) for row in tx.all(REVIEWS, {"organization_id": valley.id})]


def test_stop_is_honoured_for_a_number_nobody_knows(systems: Systems, twilio: Twilio, deliver: Deliver) -> None:
    twilio.text("STOP", UNKNOWN)
    assert systems.preferences(UNKNOWN)["stopped"] is True
    decision = systems.decide(address=UNKNOWN)
    assert (decision["answer"], codes(decision)[0]) == ("deny", "suppressed")
    assert len(deliver()) == 1


def test_a_consent_older_than_the_stop_of_an_unknown_number_unlocks_nothing(systems: Systems, twilio: Twilio) -> None:
    twilio.text("STOP", UNKNOWN)
    systems.consent(address=UNKNOWN)  # given yesterday, entered today
    assert not systems.may(address=UNKNOWN)


def test_a_consent_after_the_stop_unlocks(systems: Systems, twilio: Twilio, time: Time) -> None:
    twilio.text("STOP", UNKNOWN)
    time.go(hours=2)
    systems.consent(address=UNKNOWN, occurred_at=time.at.isoformat())
    assert systems.may(address=UNKNOWN)


@pytest.mark.parametrize(
    "sender", ["12345", "Bank-Alerts", "+999", "whatsapp:+15095550142", "rcs:+15095550142", "x" * 100]
)
def test_a_sender_that_is_no_number_is_kept_and_may_stop(twilio: Twilio, systems: Systems, sender: str) -> None:
    systems.consent()
    assert twilio.text("STOP", sender).status_code == 200
    assert systems.may() is (not sender.endswith(PERSON))


@pytest.mark.parametrize(
    "said", ["", " ", "\n\n", "👍", "🚧🚧🚧", "\u202ePOTS\u202c on the stove?", "a" * 10_240, "é" * 5_000, "ستوب"]
)
def test_an_odd_text_is_stored_for_a_person_and_changes_nothing(
    house: House, valley: Tenant, systems: Systems, twilio: Twilio, deliver: Deliver, said: str
) -> None:
    systems.consent()
    assert twilio.text(said).status_code == 200
    assert reviews(house, valley) == [("other", "open")]
    newest = systems.history()[0]
    assert (newest["type"], newest["facts"]["msg_text"]) == ("message.received", said)
    assert systems.may()
    assert deliver() == []


def test_a_keyword_needs_no_person_to_read_it(house: House, valley: Tenant, twilio: Twilio) -> None:
    for said in ("STOP", "HELP", "START", "what?"):
        twilio.text(said)
    assert reviews(house, valley) == [("stop", "none"), ("help", "none"), ("start", "none"), ("other", "open")]


def test_another_text_under_a_known_id_is_kept_for_a_person_and_changes_nothing(
    house: House, valley: Tenant, systems: Systems, twilio: Twilio, deliver: Deliver
) -> None:
    systems.consent()
    twilio.text("hello", sid="SM1")
    for _ in range(2):
        assert twilio.text("STOP", sid="SM1").status_code == 200
    assert systems.may()
    assert reviews(house, valley) == [("other", "open")]
    with house.db.read(valley.id) as tx:
        assert tx.one(CONFLICTS, {"organization_id": valley.id}) == (1,)
    assert deliver() == []


def test_two_deliveries_of_one_message_at_once_are_one_message(
    app: Flask, valley: Tenant, systems: Systems, twilio: Twilio, deliver: Deliver
) -> None:
    systems.consent()
    message = twilio.message("STOP")
    answers = _at_once(app, valley, [message] * 6)
    assert answers == [200] * 6
    assert sum(event["type"] == "consent.withdrawn" for event in systems.history()) == 1
    assert len(deliver()) == 1


def test_stop_and_start_at_the_same_instant_end_stopped(
    app: Flask, valley: Tenant, systems: Systems, twilio: Twilio, time: Time
) -> None:
    systems.consent()
    twilio.text("STOP")
    time.freeze()
    for said in ("START", "STOP", "START"):
        twilio.text(said)
    assert not systems.may()


def test_stop_and_start_at_once_end_in_one_of_the_two_and_the_record_agrees(
    app: Flask, valley: Tenant, systems: Systems, twilio: Twilio
) -> None:
    systems.consent()
    twilio.text("STOP")
    answers = _at_once(app, valley, [twilio.message(said) for said in ("START", "STOP", "START", "STOP")])
    assert answers == [200] * 4
    # A START that came while nothing was stopped is a text received; where a STOP of before arrives later, it counts.
    words = [event for event in systems.history() if event["data"].get("intent") in ("start", "stop")]
    newest = max(words, key=lambda event: (event["occurred_at"], event["data"]["intent"] == "stop"))
    assert systems.may() is (newest["data"]["intent"] == "start")


def test_many_people_at_once_are_all_silent_afterwards(
    app: Flask, valley: Tenant, systems: Systems, twilio: Twilio
) -> None:
    people = [f"+1509555{number:04}" for number in range(120, 136)]
    for person in people:
        systems.consent(address=person)
    answers = _at_once(app, valley, [twilio.message("STOP", person) for person in people])
    assert answers == [200] * len(people)
    assert not any(systems.may(address=person) for person in people)


def test_an_account_that_cannot_send_answers_inline_once_and_a_repeat_gets_nothing(
    house: House, valley: Tenant, systems: Systems, twilio: Twilio, deliver: Deliver, time: Time
) -> None:
    twilio.path = f"/webhooks/sms/{make_account(house, valley.id, time.now(), can_send=False)}"
    systems.consent()
    message = twilio.message("STOP")
    first, again = twilio.post(message), twilio.post(message)
    assert b"<Message>Valley Smart Homes: You are unsubscribed" in first.data
    assert b"<Message>" not in again.data
    assert b"<Message>" not in twilio.text("STOP").data
    assert b"<Message>" in twilio.text("HELP").data
    assert deliver() == []


def test_where_the_gateway_confirms_a_stop_we_do_not(
    house: House, valley: Tenant, systems: Systems, twilio: Twilio, deliver: Deliver, time: Time
) -> None:
    twilio.path = f"/webhooks/sms/{make_account(house, valley.id, time.now(), stop_reply='gateway')}"
    systems.consent()
    twilio.text("STOP")
    assert not systems.may()
    assert deliver() == []
    twilio.text("HELP")
    assert len(deliver()) == 1


BY_TWILIO = ("STOP", "stop", " Stop\n", "STOPALL", "Unsubscribe", "cancel", "END", "quit", "revoke", "OptOut")
BY_NOBODY = ("STOOOP", "s t o p", "Stop.", "STOP please", "ｓｔｏｐ", "stop all", "opt out", "BAJA", "arrêt", "remove")


@pytest.mark.parametrize(
    ("said", "confirmed"),
    [(one, 0) for one in BY_TWILIO] + [(one, 1) for one in BY_NOBODY],
)
def test_a_gateway_that_confirms_knows_its_own_words_alone_and_the_rest_is_confirmed_by_us_once(
    house: House,
    valley: Tenant,
    systems: Systems,
    twilio: Twilio,
    deliver: Deliver,
    time: Time,
    said: str,
    confirmed: int,
) -> None:
    twilio.path = f"/webhooks/sms/{make_account(house, valley.id, time.now(), stop_reply='gateway')}"
    systems.consent()
    for _ in range(2):
        twilio.text(said)
    assert not systems.may()
    assert len(deliver()) == confirmed


@pytest.mark.parametrize(("said", "confirmed"), [("STOP", 0), ("stop", 0), ("END", 1), ("unsubscribe", 1)])
def test_the_toll_free_network_knows_stop_and_no_other_word(
    house: House,
    valley: Tenant,
    systems: Systems,
    twilio: Twilio,
    deliver: Deliver,
    time: Time,
    said: str,
    confirmed: int,
) -> None:
    toll_free = "+18335550100"
    endpoint = make_account(house, valley.id, time.now(), stop_reply="gateway", number=toll_free)
    twilio.path = f"/webhooks/sms/{endpoint}"
    systems.consent()
    twilio.text(said, To=toll_free)
    assert not systems.may()
    assert len(deliver()) == confirmed


def test_what_we_confirm_for_a_gateway_leaves_within_five_minutes_or_not_at_all(
    house: House, valley: Tenant, systems: Systems, twilio: Twilio, deliver: Deliver, time: Time
) -> None:
    twilio.path = f"/webhooks/sms/{make_account(house, valley.id, time.now(), stop_reply='gateway')}"
    systems.consent()
    twilio.text("STOOOP")
    time.go(minutes=5, seconds=1)
    assert deliver() == []


def test_a_stop_that_the_gateway_took_for_a_question_is_confirmed_by_us(
    house: House, valley: Tenant, systems: Systems, twilio: Twilio, deliver: Deliver, time: Time
) -> None:
    twilio.path = f"/webhooks/sms/{make_account(house, valley.id, time.now(), stop_reply='gateway')}"
    systems.consent()
    twilio.text("help me, stop texting me", OptOutType="HELP")
    assert not systems.may()
    assert len(deliver()) == 1


@pytest.mark.parametrize(("word", "said"), [("STOP", "STOP"), ("HELP", "HELP"), ("START", "START"), ("STOP", "arrêt")])
def test_what_the_gateway_has_answered_is_recorded_in_silence(
    systems: Systems, twilio: Twilio, deliver: Deliver, word: str, said: str
) -> None:
    systems.consent()
    answer = twilio.text(said, OptOutType=word)
    assert b"<Message>" not in answer.data
    assert deliver() == []
    assert systems.may() is (word != "STOP")


def test_a_text_to_a_number_nobody_registered_still_stops(systems: Systems, twilio: Twilio) -> None:
    systems.consent()
    assert twilio.text("STOP", To="+15095550188").status_code == 200
    assert not systems.may()


def test_our_own_text_coming_back_is_never_answered(systems: Systems, twilio: Twilio, deliver: Deliver) -> None:
    twilio.text("STOP", twilio.number)
    twilio.text("HELP", PERSON, Direction="outbound-api")
    assert deliver() == []


def test_pictures_come_with_a_text_and_stop_counts_there_too(systems: Systems, twilio: Twilio) -> None:
    systems.consent()
    media = {"NumMedia": "1", "MediaUrl0": "https://api.twilio.example/x", "MediaContentType0": "image/png"}
    twilio.text("STOP", sid="MM1", **media)
    assert not systems.may()


CARD = "4111 1111 1111 1111"


@ON_SQLITE
def test_a_card_number_stands_nowhere_not_even_in_the_file(
    house: House, valley: Tenant, systems: Systems, twilio: Twilio, database_url: str, tmp_path: Path
) -> None:
    twilio.text(f"Please charge {CARD}, cvv 737, thank you")
    newest = systems.history()[0]
    assert "1111" not in str(newest["facts"])
    assert "737" not in newest["facts"]["msg_text"]
    assert newest["facts"]["msg_text"].startswith("Please charge ")
    kinds = [one["kind"] for one in newest["data"]["masked"]]
    assert any("card" in kind for kind in kinds)
    assert {name for one in newest["data"]["masked"] for name in one} == {"kind", "at", "length"}
    for file in tmp_path.rglob("*"):
        if file.is_file():
            kept = file.read_bytes()
            assert CARD.encode() not in kept, file
            assert CARD.replace(" ", "").encode() not in kept, file


def test_a_card_number_is_masked_on_both_databases(house: House, systems: Systems, twilio: Twilio) -> None:
    twilio.text(f"card {CARD} stop")
    assert "1111" not in str(systems.history())


def _at_once(app: Flask, valley: Tenant, messages: list[dict[str, str]]) -> list[int]:
    """All messages are posted in the same moment, each by a caller of its own."""
    ready = threading.Barrier(len(messages))

    def post(message: dict[str, str]) -> int:
        path = f"/webhooks/sms/{valley.endpoint}"
        gateway = Twilio(app.test_client(), PUBLIC_URL, path, TOKEN, valley.number)
        ready.wait(10)
        return gateway.post(message).status_code

    with ThreadPoolExecutor(len(messages)) as pool:
        return list(pool.map(post, messages))
