"""Somebody reads what no rule understood: a stop counts from when it was written, anything else lifts the hold."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask

from consent.house import House
from consent.preferences import rebuild
from tests.sms.test_held import wording  # noqa: F401 - two wordings with a settled meaning
from tests.support.systems import Systems, codes
from tests.support.time import Time
from tests.support.twilio import Twilio
from tests.support.valley import Tenant


def waiting(systems: Systems) -> list[dict[str, Any]]:
    """What the list of texts to be read shows."""
    texts: list[dict[str, Any]] = systems.get("reviews").get_json()["texts"]
    return texts


def decision(text: str, outcome: str) -> dict[str, str]:
    """Somebody's answer."""
    return {"text": text, "outcome": outcome, "reason": "read twice", "decided_by": "Ana, support"}


def test_the_list_shows_the_words_and_whether_sending_is_held(systems: Systems, twilio: Twilio) -> None:
    twilio.text("ugh not again")
    twilio.text("the blue one please", "+15095550143")
    shown = [(one["text"], one["held"], one["intent"]) for one in waiting(systems)]
    assert shown == [("ugh not again", True, "ambiguous"), ("the blue one please", False, "other")]
    assert "+1509" not in str([one["masked"] for one in waiting(systems)])


@pytest.mark.parametrize("outcome", ["other", "help"])
def test_a_text_that_was_no_refusal_holds_nothing_back_any_more(
    house: House, valley: Tenant, systems: Systems, twilio: Twilio, outcome: str
) -> None:
    systems.consent()
    twilio.text("ugh not again")
    (held,) = waiting(systems)
    assert systems.post("reviews", decision(held["id"], outcome)).status_code == 201
    assert systems.may()
    assert waiting(systems) == []
    newest = systems.history()[0]
    assert (newest["type"], newest["data"]["settles"]) == ("suppression.released", held["id"])
    assert newest["facts"] == {"staff": "Ana, support", "reason": "read twice"}
    with house.db.read(valley.id) as tx:
        assert list(rebuild.check(tx, valley.id)) == []


def test_one_text_that_was_read_does_not_answer_for_another(systems: Systems, twilio: Twilio) -> None:
    systems.consent()
    for _ in range(2):
        twilio.text("ugh not again")
    first, _second = waiting(systems)
    systems.post("reviews", decision(first["id"], "other"))
    assert codes(systems.decide()) == ["held-for-review"]


def test_a_text_that_was_a_stop_counts_from_when_it_was_written(
    house: House, valley: Tenant, systems: Systems, twilio: Twilio, time: Time
) -> None:
    systems.consent()
    twilio.text("ugh not again")
    (held,) = waiting(systems)
    time.go(hours=5)
    assert systems.post("reviews", decision(held["id"], "stop")).status_code == 201
    assert codes(systems.decide())[0] == "suppressed"
    newest = next(one for one in systems.history() if one["type"] == "consent.withdrawn")
    assert newest["data"]["method"] == "ambiguous-review"
    assert systems.preferences()["stopped_since"] == next(
        one["occurred_at"] for one in systems.history() if one["type"] == "suppression.held"
    )
    assert systems.preferences()["held_for_review"] is False
    with house.db.read(valley.id) as tx:
        assert list(rebuild.check(tx, valley.id)) == []


def test_a_consent_given_after_the_text_outlives_the_stop_it_turns_out_to_be(
    systems: Systems, twilio: Twilio, time: Time
) -> None:
    twilio.text("ugh not again")
    time.go(hours=1)
    systems.consent(occurred_at=time.at.isoformat())
    (held,) = waiting(systems)
    time.go(hours=1)
    systems.post("reviews", decision(held["id"], "stop"))
    assert systems.may()


def test_a_stop_found_by_somebody_is_not_confirmed_to_the_person(
    systems: Systems, twilio: Twilio, deliver: Any
) -> None:
    systems.consent()
    twilio.text("ugh not again")
    systems.post("reviews", decision(waiting(systems)[0]["id"], "stop"))
    assert deliver() == []


def test_whoever_comes_second_is_told_what_was_decided(systems: Systems, twilio: Twilio) -> None:
    systems.consent()
    twilio.text("ugh not again")
    (held,) = waiting(systems)
    systems.post("reviews", decision(held["id"], "stop"))
    again = systems.post("reviews", decision(held["id"], "other"))
    assert again.status_code == 409
    assert '"stop"' in again.get_json()["detail"]
    assert not systems.may()


def test_of_two_answers_at_once_one_counts(app: Flask, valley: Tenant, systems: Systems, twilio: Twilio) -> None:
    systems.consent()
    twilio.text("ugh not again")
    (held,) = waiting(systems)
    callers = [Systems(app.test_client(), valley) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        answers = list(
            pool.map(
                lambda one: one[0].post("reviews", decision(held["id"], one[1])).status_code,
                zip(callers, ("stop", "other"), strict=True),
            )
        )
    assert sorted(answers) == [201, 409]
    assert sum("outcome" in one["data"] for one in systems.history()) == 1


@pytest.mark.parametrize("text", ["0199c0de-0000-7000-8000-000000000009", "not an id"])
def test_a_text_that_is_not_there_is_refused(systems: Systems, text: str) -> None:
    assert systems.post("reviews", decision(text, "stop")).status_code in (404, 422)


def test_a_keyword_waits_for_nobody(systems: Systems, twilio: Twilio) -> None:
    twilio.text("STOP")
    entry = systems.history()[0]["entry"]
    assert systems.post("reviews", decision(entry, "other")).status_code == 404
    assert not systems.may()


def test_a_cursor_from_elsewhere_is_refused(systems: Systems) -> None:
    assert systems.get("reviews?cursor=x").status_code == 400
