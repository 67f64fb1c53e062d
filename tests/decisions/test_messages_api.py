"""POST /api/v1/messages: what was sent is on record, and what should not have been sent shows."""

import io
from datetime import timedelta
from typing import Any

import pytest

from consent.db import Sql
from consent.house import House
from consent.web import logs, metrics
from tests.support.statements import seen
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.twilio import Twilio
from tests.support.valley import PERSON, TEXTS, Tenant, make_key

COUNT = Sql("SELECT count(*) FROM message_log WHERE organization_id = :org")
OTHER = "+15095550143"


def sent(time: Time, **changes: Any) -> dict[str, Any]:
    """A message as a sender reports it, sent a moment ago."""
    told: dict[str, Any] = {
        "program": TEXTS,
        "message_class": "outage",
        "channel": "sms",
        "address": PERSON,
        "sent_at": time.at.isoformat(),
    }
    return {name: value for name, value in (told | changes).items() if value is not None}


def flags(systems: Systems, body: dict[str, Any]) -> list[str]:
    response = systems.post("messages", body)
    assert response.status_code == 201, response.get_data(as_text=True)
    found: list[str] = response.get_json()["flags"]
    return found


def rows(house: House, valley: Tenant) -> int:
    with house.db.read(valley.id) as tx:
        found = tx.one(COUNT, {"org": valley.id})
    return int(found[0]) if found else 0


def after_revocation() -> float:
    return metrics.SENT_AFTER_REVOCATION._value.get()


def test_a_message_that_its_decision_bears_has_no_flag(
    house: House, valley: Tenant, systems: Systems, time: Time
) -> None:
    systems.consent()
    decision = systems.decide()
    answer = systems.post("messages", sent(time, decision=decision["id"], provider_id="SM1", segments=2))
    assert answer.status_code == 201
    assert set(answer.get_json()) == {"id", "flags"}
    assert answer.get_json()["flags"] == []
    assert rows(house, valley) == 1


@pytest.mark.parametrize("decision", [None, "00000000-0000-7000-8000-000000000001"])
def test_without_a_decision_it_is_recorded_and_flagged(
    house: House, valley: Tenant, systems: Systems, time: Time, decision: str | None
) -> None:
    assert flags(systems, sent(time, decision=decision)) == ["no-decision"]
    assert rows(house, valley) == 1


def test_a_denied_decision_is_flagged(systems: Systems, time: Time) -> None:
    assert flags(systems, sent(time, decision=systems.decide()["id"])) == ["decision-denied"]


def test_a_decision_is_not_relied_on_for_longer_than_it_says(systems: Systems, time: Time) -> None:
    systems.consent()
    decision = systems.decide()["id"]
    late = sent(time, decision=decision, sent_at=(time.at + timedelta(minutes=4)).isoformat())
    assert flags(systems, late) == ["decision-expired"]
    early = sent(time, decision=decision, sent_at=(time.at - timedelta(minutes=4)).isoformat())
    assert flags(systems, early) == ["decision-expired"]


@pytest.mark.parametrize("changes", [{"address": OTHER}, {"message_class": "promotion"}, {"program": "other"}])
def test_a_decision_about_something_else_is_flagged(systems: Systems, time: Time, changes: dict[str, str]) -> None:
    systems.consent()
    assert "address-differs" in flags(systems, sent(time, decision=systems.decide()["id"], **changes))


def test_a_message_after_a_stop_is_flagged_and_counted(systems: Systems, twilio: Twilio, time: Time) -> None:
    systems.consent()
    decision = systems.decide()["id"]
    before = after_revocation()
    assert flags(systems, sent(time, decision=decision)) == []
    twilio.text("STOP")
    lines = io.StringIO()
    logs.configure("INFO", lines)
    try:
        assert flags(systems, sent(time, decision=decision)) == ["after-revocation"]
    finally:
        logs.configure("WARNING")
    assert after_revocation() == before + 1
    logged = lines.getvalue()
    assert "sent_after_revocation" in logged
    assert PERSON[1:] not in logged


def test_a_message_that_left_before_the_stop_is_no_incident_however_late_it_is_told(
    systems: Systems, twilio: Twilio, time: Time
) -> None:
    systems.consent()
    told = sent(time, decision=systems.decide()["id"])
    time.at += timedelta(seconds=5)
    twilio.text("STOP")
    assert flags(systems, told) == []


def test_a_message_between_stop_and_start_is_an_incident_also_when_told_after_the_start(
    systems: Systems, twilio: Twilio, time: Time
) -> None:
    systems.consent()
    twilio.text("STOP")
    told = sent(time)
    time.at += timedelta(seconds=5)
    twilio.text("START")
    assert systems.may()
    assert flags(systems, told) == ["no-decision", "after-revocation"]


def test_a_message_of_an_unknown_program_after_a_stop_is_an_incident(
    systems: Systems, twilio: Twilio, time: Time
) -> None:
    assert flags(systems, sent(time, program="mystery")) == ["no-decision"]
    twilio.text("STOP")
    assert flags(systems, sent(time, program="mystery")) == ["no-decision", "after-revocation"]


def test_the_same_providers_id_is_logged_and_counted_once(
    house: House, valley: Tenant, systems: Systems, twilio: Twilio, time: Time
) -> None:
    twilio.text("STOP")
    before = after_revocation()
    first = systems.post("messages", sent(time, provider_id="SM1")).get_json()
    again = systems.post("messages", sent(time, provider_id="SM1", message_class="promotion")).get_json()
    assert again == first
    assert (rows(house, valley), after_revocation()) == (1, before + 1)


def test_the_same_idempotency_key_logs_once(house: House, valley: Tenant, systems: Systems, time: Time) -> None:
    body = sent(time)
    first = systems.post("messages", body, Idempotency_Key="m1")
    assert systems.post("messages", body, Idempotency_Key="m1").get_json() == first.get_json()
    assert rows(house, valley) == 1


def test_many_are_logged_in_order(house: House, valley: Tenant, systems: Systems, twilio: Twilio, time: Time) -> None:
    twilio.text("STOP")
    many = [sent(time, address=f"+1509555{number:04}", provider_id=f"SM{number}") for number in range(100, 150)]
    many += [sent(time, provider_id="S1"), sent(time, provider_id="S1")]
    answer = systems.post("messages", {"messages": many})
    assert answer.status_code == 201
    told = answer.get_json()["messages"]
    assert len(told) == 52
    assert told[-1] == told[-2]
    assert [one["flags"] for one in told[:3]] == [["no-decision"]] * 3
    assert told[42]["flags"] == ["no-decision", "after-revocation"]  # +15095550142
    assert rows(house, valley) == 51


def test_ten_thousand_at_once_are_one_commit(house: House, systems: Systems, time: Time) -> None:
    short = {"program": "p", "message_class": "c", "channel": "sms", "sent_at": "2026-11-21T16:59:00Z"}
    many = [short | {"address": f"+1509555{number:04}"} for number in range(10_000)]
    with seen(house.db) as statements:
        answer = systems.post("messages", {"messages": many})
    assert answer.status_code == 201, answer.get_data(as_text=True)
    assert len(answer.get_json()["messages"]) == 10_000
    assert statements.commits == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"messages": []}, "messages"),
        ({"messages": [{}]}, "messages.0.address"),
        ({"messages": [1]}, "messages.0"),
        ({"program": TEXTS, "messages": []}, "messages"),
        ({}, "address"),
    ],
)
def test_what_is_neither_one_nor_many_is_refused(
    house: House, valley: Tenant, systems: Systems, body: dict[str, Any], field: str
) -> None:
    answer = systems.post("messages", body)
    assert answer.status_code == 422
    assert field in {one["field"] for one in answer.get_json()["errors"]}
    assert rows(house, valley) == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"address": "12"}, "address"),
        ({"sent_at": "2026-11-21T19:00:00Z"}, "sent_at"),
        ({"sent_at": "yesterday"}, "sent_at"),
        ({"segments": 0}, "segments"),
        ({"decision": "x"}, "decision"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_one_bad_message_refuses_them_all_and_is_named_by_its_place(
    house: House, valley: Tenant, systems: Systems, time: Time, changes: dict[str, Any], field: str
) -> None:
    for body, named in (
        (sent(time, **changes), field),
        ({"messages": [sent(time), sent(time, **changes)]}, f"messages.1.{field}"),
    ):
        answer = systems.post("messages", body)
        assert answer.status_code == 422
        assert answer.get_json()["field"] == named
    assert rows(house, valley) == 0


def test_ten_thousand_and_one_are_refused(systems: Systems) -> None:
    short = {"program": "p", "message_class": "c", "channel": "sms", "sent_at": "2026-11-21T16:59:00Z"}
    answer = systems.post("messages", {"messages": [short | {"address": PERSON}] * 10_001})
    assert answer.status_code == 422
    assert answer.get_json()["field"] == "messages"


def test_a_key_of_another_scope_logs_nothing(house: House, valley: Tenant, systems: Systems, time: Time) -> None:
    systems.key = make_key(house, valley.id, time.at, "decisions:write")
    assert systems.post("messages", sent(time)).status_code == 403
