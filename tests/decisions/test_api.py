"""POST /api/v1/decisions: the gate's answer, its reasons, and the record of it."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest

from consent.db import Sql
from consent.house import House
from tests.support.statements import seen
from tests.support.systems import Systems, codes
from tests.support.time import Time
from tests.support.twilio import Twilio
from tests.support.valley import PERSON, Tenant, question

COUNT = Sql("SELECT count(*) FROM decision WHERE organization_id = :organization_id")


def stored(house: House, valley: Tenant) -> int:
    with house.db.read(valley.id) as tx:
        row = tx.one(COUNT, {"organization_id": valley.id})
    assert row is not None
    return int(row[0])


def test_without_consent_the_answer_is_no_and_names_commitment_and_law(systems: Systems) -> None:
    decision = systems.decide()
    assert decision["answer"] == "deny"
    assert codes(decision) == ["no-consent"]
    reason = decision["reasons"][0]
    assert reason["commitment"] == "VSH-17"
    assert reason["law"].startswith("US-TCPA")
    assert reason["clause"]


def test_with_consent_the_answer_is_yes_resting_on_its_entry(systems: Systems, time: Time) -> None:
    consent = systems.consent()
    decision = systems.decide()
    assert decision["answer"] == "allow"
    assert codes(decision)[0] == "consent-given"
    assert decision["reasons"][0]["entry"] == consent["entry"] == decision["position"]["entry"]
    assert decision["position"]["log"] == "consent.example/log/valley-smart-homes/1"
    assert (decision["policy"], decision["policy_version"]) == ("privacy-policy", "2025-01-02")
    valid = datetime.fromisoformat(decision["valid_until"])
    assert timedelta(seconds=59) < valid - time.at <= timedelta(seconds=60)


def test_a_decision_is_stored_and_readable_with_what_it_rested_on(systems: Systems, twilio: Twilio) -> None:
    systems.consent()
    decided = systems.decide()
    twilio.text("STOP")
    kept = systems.get(f"decisions/{decided['id']}").get_json()
    links = [reason.pop("see", None) for reason in kept["reasons"]]
    assert {name: kept[name] for name in decided} == decided
    assert links[0] == "https://consent.example/valley-smart-homes/privacy/trace#VSH-17"
    assert kept["asked"]["message_class"] == "outage"
    assert kept["standing"]["consents"][0]["state"] == "given"
    assert PERSON[1:] not in str(kept)


def test_store_false_explains_and_keeps_nothing(house: House, valley: Tenant, systems: Systems) -> None:
    systems.consent()
    before = stored(house, valley)
    with seen(house.db) as statements:
        explained = systems.decide(store=False)
    assert explained["id"] is None
    assert explained["answer"] == "allow"
    assert statements.changes == []
    assert stored(house, valley) == before
    kept = systems.decide()
    assert {name: kept[name] for name in ("answer", "reasons", "position")} == {
        name: explained[name] for name in ("answer", "reasons", "position")
    }
    assert stored(house, valley) == before + 1


def test_a_decision_costs_one_commit(house: House, systems: Systems) -> None:
    systems.decide()
    with seen(house.db) as statements:
        systems.decide()
    assert statements.commits == 1
    assert len(statements.changes) == 1


def test_a_repeat_with_the_same_key_gets_the_same_decision(house: House, valley: Tenant, systems: Systems) -> None:
    first = systems.post("decisions", question(), Idempotency_Key="k")
    systems.consent()
    again = systems.post("decisions", question(), Idempotency_Key="k")
    assert first.data == again.data
    assert again.headers["Idempotent-Replayed"] == "true"
    assert stored(house, valley) == 1
    assert systems.post("decisions", question(message_class="invoice"), Idempotency_Key="k").status_code == 422


def test_a_kept_yes_is_not_repeated_after_a_stop(systems: Systems, twilio: Twilio) -> None:
    systems.consent()
    first = systems.post("decisions", question(), Idempotency_Key="k").get_json()
    twilio.text("STOP")
    again = systems.post("decisions", question(), Idempotency_Key="k")
    assert (first["answer"], again.get_json()["answer"]) == ("allow", "deny")
    assert "Idempotent-Replayed" not in again.headers
    assert systems.post("decisions", question(), Idempotency_Key="k").get_json() == again.get_json()


def test_a_kept_yes_is_not_repeated_when_it_may_not_be_relied_on_any_more(systems: Systems, time: Time) -> None:
    systems.consent()
    first = systems.post("decisions", question(), Idempotency_Key="k").get_json()
    time.go(seconds=61)
    again = systems.post("decisions", question(), Idempotency_Key="k").get_json()
    assert again["answer"] == "allow"
    assert again["valid_until"] > first["valid_until"]


def test_no_consent_of_a_fast_clock_outlives_a_stop(systems: Systems, twilio: Twilio, time: Time) -> None:
    systems.consent(occurred_at=(time.at + timedelta(minutes=9)).isoformat())
    assert systems.may()
    time.go(seconds=1)
    twilio.text("STOP")
    assert not systems.may()


def test_the_past_is_not_decided_again(systems: Systems, time: Time) -> None:
    past = (time.at - timedelta(hours=1)).isoformat()
    answer = systems.post("decisions", question(at=past))
    assert answer.status_code == 422
    assert answer.get_json()["field"] == "at"


def test_a_moment_ahead_may_be_asked_about(systems: Systems, time: Time) -> None:
    systems.consent()
    assert systems.may(at=(time.at + timedelta(days=3)).isoformat())


def test_a_decision_nobody_made_is_not_found(systems: Systems) -> None:
    assert systems.get(f"decisions/{uuid.uuid4()}").status_code == 404


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"program": None}, "program"),
        ({"message_class": None}, "message_class"),
        ({"channel": None}, "channel"),
        ({"address": None}, "address"),
        ({"address": "5550142"}, "address"),
        ({"channel": "none"}, "channel"),
        ({"at": "2026-11-22"}, "at"),
        ({"store": "no"}, "store"),
        ({"content": 5}, "content"),
        ({"surprise": True}, "surprise"),
    ],
)
def test_what_cannot_be_used_is_named(systems: Systems, changes: dict[str, Any], field: str) -> None:
    answer = systems.post("decisions", question(**changes))
    assert answer.status_code == 422
    assert answer.get_json()["field"] == field


@pytest.mark.parametrize(
    "changes", [{"program": "nothing"}, {"message_class": "nothing"}, {"message_class": "promotion"}]
)
def test_what_the_organization_does_not_know_is_denied(systems: Systems, changes: dict[str, Any]) -> None:
    systems.consent()
    decision = systems.decide(**changes)
    assert decision["answer"] == "deny"
    assert decision["reasons"]


def test_a_named_person_answers_for_themselves(systems: Systems) -> None:
    systems.consent(person="customer-1")
    assert systems.may(person="customer-1")
    assert not systems.may(person="customer-2")


def test_a_shared_number_is_silent_when_one_of_its_people_says_no(systems: Systems) -> None:
    systems.consent(person="customer-1")
    systems.consent(person="customer-2", state="refused", occurred_at="2026-11-20T20:00:00Z")
    decision = systems.decide()
    assert (decision["answer"], codes(decision)[0]) == ("deny", "persons-disagree")
