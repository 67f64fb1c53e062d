"""What became of a number, told at the API and by gateways, and what the gate makes of it."""

import json
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner

from consent.cli import main
from consent.house import House
from consent.preferences import numbers, rebuild
from tests.support.statements import seen
from tests.support.systems import Json, Systems, codes
from tests.support.time import Time
from tests.support.twilio import Twilio
from tests.support.valley import PERSON, TEXTS, Tenant


def became(systems: Systems, kind: str, **changes: Any) -> Json:
    told = {"channel": "sms", "address": PERSON, "kind": kind, "source": "staff", "occurred_at": "2026-11-21T17:00:00Z"}
    answer = systems.post("contact-points/lifecycle", told | changes)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    body: Json = answer.get_json()
    return body


@pytest.mark.parametrize("kind", sorted(numbers.GONE))
def test_t_07_nothing_goes_to_a_number_that_changed_hands(systems: Systems, kind: str) -> None:
    systems.consent()
    entries = became(systems, kind)["entries"]
    decision = systems.decide()
    assert (decision["answer"], codes(decision)) == ("deny", ["number-changed-hands", "no-consent"])
    assert decision["reasons"][0]["entry"] in entries
    assert decision["reasons"][0]["commitment"] == "VSH-17"
    assert systems.get(f"decisions/{decision['id']}").get_json()["standing"]["number"]["holder"]["kind"] == kind


def test_a_number_that_changed_hands_gets_no_bill_of_the_holder_before_by_call_either(systems: Systems) -> None:
    asked = {"program": "service-calls", "message_class": "scheduling", "channel": "voice"}
    assert systems.may(**asked)
    became(systems, "reassigned")
    assert codes(systems.decide(**asked)) == ["number-changed-hands"]
    became(systems, "confirmed", occurred_at="2026-11-21T17:00:01Z")
    assert systems.may(**asked)


def test_t_07_a_later_consent_opens_the_number_again(systems: Systems, time: Time) -> None:
    became(systems, "reassigned")
    systems.consent(occurred_at=time.now().isoformat())
    assert systems.may()


def test_t_07_a_ported_number_needs_a_new_consent(systems: Systems) -> None:
    systems.consent()
    became(systems, "ported")
    assert codes(systems.decide()) == ["number-ported"]


def test_a_stop_outlives_a_change_of_hands(systems: Systems, twilio: Twilio) -> None:
    systems.consent()
    twilio.text("STOP")
    became(systems, "reassigned")
    assert codes(systems.decide())[0] == "suppressed"
    twilio.text("START")
    assert not systems.may()


@pytest.mark.parametrize(("code", "kind"), [("21614", "not-textable"), ("30006", "not-textable"), ("30005", "invalid")])
def test_a_number_a_gateway_cannot_reach_gets_no_more_texts(
    systems: Systems, twilio: Twilio, code: str, kind: str
) -> None:
    systems.consent()
    twilio.status("SM1", "undelivered", ErrorCode=code)
    decision = systems.decide()
    assert codes(decision) == ["number-not-textable"]
    found = systems.post("contact-points/lookup", {"channel": "sms", "address": PERSON}).get_json()
    assert found["number"]["reach"]["kind"] == kind
    assert systems.preferences()["number"] == found["number"]
    became(systems, "confirmed", occurred_at="2026-11-21T17:00:01Z")
    assert systems.may()


def test_a_landline_may_still_be_called(systems: Systems) -> None:
    became(systems, "landline")
    assert codes(systems.decide())[0] == "number-not-textable"
    assert systems.may(program="service-calls", message_class="scheduling", channel="voice")


def test_what_is_folded_is_what_the_ledger_says(house: House, valley: Tenant, systems: Systems) -> None:
    systems.consent()
    became(systems, "reassigned")
    became(systems, "landline")
    with house.db.read(valley.id) as tx:
        assert list(rebuild.check(tx, valley.id)) == []


def test_an_answered_yes_of_the_database_ends_the_consent(systems: Systems) -> None:
    systems.consent()
    asked = {"address": PERSON, "answer": "yes", "consent_date": "2026-11-20", "queried_at": "2026-11-21T17:00:00Z"}
    assert systems.post("contact-points/reassigned-queries", asked).status_code == 201
    assert codes(systems.decide())[0] == "number-changed-hands"


def test_a_decision_is_still_one_read(house: House, systems: Systems) -> None:
    systems.consent()
    became(systems, "landline")
    with seen(house.db) as statements:
        systems.decide()
    assert [one for one in statements if "FROM preference" in one] != []
    assert len([one for one in statements if one.startswith("SELECT") and "set_config" not in one]) == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "lost"}, "kind"),
        ({"address": "5550142"}, "address"),
        ({"channel": "email"}, "channel"),
        ({"occurred_at": "2026-11-21"}, "occurred_at"),
        ({"occurred_at": "2027-01-01T00:00:00Z"}, "occurred_at"),
        ({"source": "rumour"}, "source"),
    ],
)
def test_what_cannot_be_told_of_a_number_is_named(systems: Systems, changes: Json, field: str) -> None:
    told = {"channel": "sms", "address": PERSON, "kind": "ported", "source": "staff"}
    answer = systems.post("contact-points/lifecycle", told | {"occurred_at": "2026-11-21T17:00:00Z"} | changes)
    assert (answer.status_code, answer.get_json()["field"]) == (422, field)


def test_a_request_by_call_ends_selling_by_text_and_call_and_nothing_else(systems: Systems, time: Time) -> None:
    asked = {"address": PERSON, "received_at": time.now().isoformat(), "how": "call", "entered_by": "clerk-1"}
    systems.consent()
    assert len(systems.post("do-not-call/requests", asked).get_json()["entries"]) == 2
    assert systems.may()
    for channel in ("sms", "voice"):
        decision = systems.decide(program="marketing-calls", message_class="promotion", channel=channel)
        assert "on-do-not-call-list" in codes(decision)
    time.go(seconds=timedelta(days=6 * 365).total_seconds())
    kept = systems.decide(program="marketing-calls", message_class="promotion", channel="voice")
    assert "on-do-not-call-list" in codes(kept)


def test_the_dump_shows_what_became_of_a_number(
    house: House, valley: Tenant, systems: Systems, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONSENT_DATA_DIR", str(house.config.data_dir))
    monkeypatch.setenv("CONSENT_DATABASE_URL", house.config.database_url)
    systems.consent()
    became(systems, "landline")
    asked = {"address": PERSON, "received_at": time.now().isoformat(), "how": "letter"}
    systems.post("do-not-call/requests", asked)
    done = CliRunner().invoke(main, ["preferences", "dump"])
    by_channel = {line["channel"]: line for line in map(json.loads, done.stdout.splitlines())}
    assert by_channel["sms"]["number"] == {"reach": "landline"}
    assert (by_channel["sms"]["program"], by_channel["sms"]["state"]) == (TEXTS, "given")
    assert by_channel["voice"]["suppressions"] == [{"channel": "voice", "list": "do-not-call"}]
    assert by_channel["voice"]["program"] is None
