"""The gate asks the hours and the caps: what sells waits for its hour, what serves does not."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from consent.house import House
from consent.ids import new_id
from consent.outbox import message_log
from consent.outbox.message_log import Sent
from consent.subjects import service as subjects
from consent.subjects.addresses import of_person
from tests.conftest import FOUNDED
from tests.support.organizations import VALTT, found_shipped
from tests.support.statements import seen
from tests.support.systems import Systems, codes
from tests.support.time import Time
from tests.support.valley import Tenant

NEW_YORK, MIAMI, SEATTLE, FREE = "+12125550142", "+13055550142", "+12065550142", "+18005550142"
EVENING = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)  # 20:30 in New York, 17:30 in Seattle
NIGHT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)  # 22:00 in New York
OFFER = {"program": "offers", "message_class": "offer", "channel": "sms"}
WORDING = {
    "text": "I agree to get offers of Valtt by text. Not required to buy anything. Reply STOP to end.",
    "language": "en",
}


@pytest.fixture
def valtt(house: House, client: FlaskClient, time: Time) -> Iterator[Systems]:
    """Valtt, beside Valley in the house: it sells by text."""
    tenant = found_shipped(house, VALTT, FOUNDED)
    yield Systems(client, tenant)


def agree(valtt: Systems, address: str) -> None:
    valtt.consent(program="offers", address=address, wording=WORDING, occurred_at="2026-11-20T12:00:00-05:00")


def ask(valtt: Systems, address: str, **changes: Any) -> dict[str, Any]:
    return valtt.decide(**(OFFER | {"address": address} | changes))


def sent(house: House, tenant: Tenant, address: str, at: datetime, **changes: Any) -> None:
    """A message of that time stands in the log."""
    tag64 = subjects.tagged(house.keyring, tenant.id, of_person("sms", address)).tag64
    one = Sent(new_id(at), "sms", tag64, at, changes.get("program", "offers"), changes.get("message_class", "offer"))
    house.db.write(lambda tx: message_log.record(tx, tenant.id, one), tenant.id)


def test_inside_the_hours_an_agreed_offer_goes(valtt: Systems, time: Time) -> None:
    agree(valtt, NEW_YORK)
    decision = ask(valtt, NEW_YORK)
    assert decision["answer"] == "allow"
    assert "next_allowed" not in decision


def test_outside_of_the_hours_it_waits_and_the_answer_says_until_when(valtt: Systems, time: Time) -> None:
    agree(valtt, NEW_YORK)
    time.at = NIGHT
    decision = ask(valtt, NEW_YORK)
    assert (decision["answer"], codes(decision)) == ("deny", ["outside-hours"])
    (reason,) = decision["reasons"]
    assert reason["law"] == "US-QH"
    assert reason["text"] == "It is 22:00 in America/New_York; the hours there are 08:00-21:00."
    assert datetime.fromisoformat(decision["next_allowed"]) == datetime(2026, 11, 22, 13, 0, tzinfo=UTC)


def test_the_hours_of_the_state_bind_an_organization_that_is_elsewhere(valtt: Systems, time: Time) -> None:
    agree(valtt, MIAMI)
    time.at = EVENING
    decision = ask(valtt, MIAMI)
    assert [one["law"] for one in decision["reasons"]] == ["US-FL-QH"]
    agree(valtt, NEW_YORK)
    assert ask(valtt, NEW_YORK)["answer"] == "allow"  # New York has the federal hours, until 21:00


def test_a_number_without_a_zone_gets_no_offer_at_any_time(valtt: Systems, time: Time) -> None:
    agree(valtt, FREE)
    decision = ask(valtt, FREE)
    assert (codes(decision), "next_allowed" in decision) == (["hours-unknown"], False)


def test_a_known_place_widens_the_zones(valtt: Systems, time: Time) -> None:
    agree(valtt, SEATTLE)
    time.at = EVENING
    assert ask(valtt, SEATTLE)["answer"] == "allow"
    decision = ask(valtt, SEATTLE, facts={"jurisdiction": "US-FL"})
    assert {one["law"] for one in decision["reasons"]} == {"US-FL-QH"}


def test_what_does_not_sell_is_never_asked_for_the_time(valtt: Systems, time: Time) -> None:
    time.at = NIGHT
    valtt.consent(program="service-texts", address=NEW_YORK, wording=WORDING, occurred_at="2026-11-20T12:00:00-05:00")
    asked = {"program": "service-texts", "message_class": "service-related", "channel": "sms", "address": NEW_YORK}
    assert valtt.decide(**asked, facts={"reference": "order 4711"})["answer"] == "allow"


def test_where_more_than_time_stands_against_it_no_time_is_named(valtt: Systems, time: Time) -> None:
    time.at = NIGHT
    decision = ask(valtt, NEW_YORK)
    assert codes(decision)[-1] == "outside-hours"
    assert "no-consent" in codes(decision)
    assert "next_allowed" not in decision


def test_a_yes_is_not_relied_on_beyond_the_closing_minute(valtt: Systems, time: Time) -> None:
    agree(valtt, NEW_YORK)
    time.at = datetime(2026, 11, 22, 1, 59, 40, tzinfo=UTC)
    decision = ask(valtt, NEW_YORK)
    assert decision["answer"] == "allow"
    assert datetime.fromisoformat(decision["valid_until"]) == datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


def test_a_question_about_later_is_answered_by_the_clock_of_then(valtt: Systems, time: Time) -> None:
    agree(valtt, NEW_YORK)
    assert ask(valtt, NEW_YORK, at="2026-11-22T03:00:00Z")["answer"] == "deny"
    time.at = NIGHT
    assert ask(valtt, NEW_YORK, at="2026-11-22T14:00:00Z")["answer"] == "allow"


def test_a_stored_decision_keeps_the_zones_and_no_number(valtt: Systems, time: Time) -> None:
    agree(valtt, NEW_YORK)
    time.at = NIGHT
    kept = valtt.get(f"decisions/{ask(valtt, NEW_YORK)['id']}").get_json()
    assert kept["standing"]["where"] == [{"places": ["US-NY"], "zones": ["America/New_York"]}]
    assert datetime.fromisoformat(kept["next_allowed"]) == datetime(2026, 11, 22, 13, 0, tzinfo=UTC)
    assert NEW_YORK[1:] not in str(kept)


def test_the_fourth_offer_of_a_day_waits_in_florida(house: House, valtt: Systems, time: Time) -> None:
    agree(valtt, MIAMI)
    first = time.at - timedelta(hours=20)
    for hours in (0, 1, 2):
        sent(house, valtt.tenant, MIAMI, first + timedelta(hours=hours))
        expected = "allow" if hours < 2 else "deny"
        assert ask(valtt, MIAMI)["answer"] == expected
    decision = ask(valtt, MIAMI)
    (reason,) = decision["reasons"]
    assert (reason["code"], reason["law"]) == ("too-many", "US-FL-QH")
    assert reason["text"] == ("Within 24 hours 3 sales messages about the same subject went there, and at most 3 may.")
    assert datetime.fromisoformat(decision["next_allowed"]) == first + timedelta(hours=24)
    time.at = first + timedelta(hours=24)
    assert ask(valtt, MIAMI)["answer"] == "allow"


def test_the_cap_and_the_hours_together_name_the_first_open_time(house: House, valtt: Systems, time: Time) -> None:
    agree(valtt, MIAMI)
    for minutes in (0, 1, 2):
        sent(house, valtt.tenant, MIAMI, EVENING - timedelta(minutes=minutes))
    time.at = EVENING + timedelta(hours=18)  # the cap ends at 20:28 local time, when Florida has closed
    decision = ask(valtt, MIAMI)
    assert codes(decision) == ["too-many"]
    assert datetime.fromisoformat(decision["next_allowed"]) == datetime(2026, 11, 23, 13, 0, tzinfo=UTC)


def test_only_sales_messages_of_the_same_subject_count(house: House, valtt: Systems, time: Time) -> None:
    agree(valtt, MIAMI)
    for number in range(5):
        at = time.at - timedelta(hours=2, minutes=number)
        sent(house, valtt.tenant, MIAMI, at, program="service-texts", message_class="service-related")
        sent(house, valtt.tenant, MIAMI, at, program="automated-offer-texts")
    assert ask(valtt, MIAMI)["answer"] == "allow"
    portland = "+15035550142"  # Oregon counts every sales message
    agree(valtt, portland)
    for number in range(3):
        sent(house, valtt.tenant, portland, time.at - timedelta(minutes=number), program="automated-offer-texts")
    assert [one["law"] for one in ask(valtt, portland)["reasons"]] == ["US-OR-QH"]


def test_where_no_cap_binds_nothing_is_counted(house: House, valtt: Systems, time: Time) -> None:
    agree(valtt, NEW_YORK)
    for number in range(5):
        sent(house, valtt.tenant, NEW_YORK, time.at - timedelta(minutes=number))
    with seen(house.db) as statements:
        assert ask(valtt, NEW_YORK, store=False)["answer"] == "allow"
    assert not [one for one in statements if "message_log" in one]
