"""What a text asks for beyond texts waits for somebody: other channels, a wrong number, a request."""

import json

import pytest

from consent.db import Sql
from consent.db.types import as_id
from consent.house import House
from consent.ledger import keys
from consent.outbox.service import JOB
from consent.sms import arrivals
from consent.sms.rules import Classified, Intent
from tests.support.systems import Systems
from tests.support.twilio import Twilio
from tests.support.valley import PUBLIC_URL, Tenant

ALL, WRONG, ERASE, BOTH = "stop it all", "not me", "wipe my data", "stop and wipe"
MEANS = {
    ALL: Classified(Intent.STOP, "All contact is refused.", everything=True),
    WRONG: Classified(Intent.STOP, "The number is not that person's.", wrong_number=True),
    ERASE: Classified(Intent.OTHER, "Data is to be deleted.", erasure=True),
    BOTH: Classified(Intent.STOP, "Data is to be deleted, and no more texts.", erasure=True),
}


@pytest.fixture(autouse=True)
def wording(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wordings with a settled meaning, whatever the rules for sentences say today."""
    known = arrivals.classify
    monkeypatch.setattr(arrivals, "classify", lambda text, *more: MEANS.get(text) or known(text, *more))


def sent(house: House, valley: Tenant, kind: str) -> list[str]:
    """The texts of this kind that wait to be sent, the oldest first."""
    asked = Sql(
        "SELECT j.id, j.payload, k.wrapped_key FROM job j JOIN stream_key k ON k.organization_id = j.organization_id"
        " AND k.stream_id = j.contact_point_id WHERE j.kind = :kind ORDER BY j.created_at, j.id"
    )
    with house.db.read(valley.id) as tx:
        rows = tx.all(asked, {"kind": kind})
    opened = []
    for id_, payload, wrapped in rows:
        key = house.keyring.stream_key(valley.id, bytes(wrapped))
        opened.append(json.loads(keys.open_facts(key, bytes(payload), valley.id, as_id(id_), JOB))["text"])
    return opened


def test_stop_everything_ends_texts_at_once_and_leaves_the_other_channels_to_somebody(
    systems: Systems, twilio: Twilio
) -> None:
    """T-08: the due date is that of a revocation received on Saturday 2026-11-21."""
    systems.consent()
    twilio.text(ALL)
    assert not systems.may()
    (task,) = systems.get("revocations").get_json()["revocations"]
    assert (task["kind"], task["how"], task["missing"]) == ("everything", "text", ["person:other-channels"])
    assert {"email", "voice", "sms"} <= set(task["channels"])
    assert task["due"] == "2026-12-07"
    done = systems.post(
        f"revocations/{task['id']}/confirmations", {"sender": "person:other-channels", "entered_by": "Ana"}
    )
    assert done.get_json()["state"] == "closed"


def test_a_wrong_number_stops_and_waits_for_somebody(systems: Systems, twilio: Twilio) -> None:
    systems.consent()
    twilio.text(WRONG)
    assert not systems.may()
    (task,) = systems.get("revocations").get_json()["revocations"]
    assert (task["kind"], task["missing"]) == ("wrong-number", ["person:whose-number"])
    stop = next(one for one in systems.history() if one["type"] == "consent.withdrawn")
    assert stop["data"]["wrong_number"] is True


def test_the_same_text_again_leaves_one_task(systems: Systems, twilio: Twilio) -> None:
    for _ in range(2):
        twilio.text(ALL, sid="SM1")
    assert len(systems.get("revocations").get_json()["revocations"]) == 1


def test_delete_my_data_opens_a_request_dated_at_its_arrival_and_stops_nothing(
    systems: Systems, twilio: Twilio
) -> None:
    """T-17."""
    systems.consent()
    twilio.text(ERASE)
    (asked,) = systems.get("privacy-requests").get_json()["privacy_requests"]
    arrived = next(one for one in systems.history() if one["type"] == "message.received")
    assert (asked["type"], asked["state"], asked["how"]) == ("deletion", "open", "text")
    assert asked["received_at"] == arrived["occurred_at"]
    assert asked["due"] is not None
    assert asked["binding"]
    assert len(asked["steps"]) > 1
    assert systems.may()


def test_a_second_wording_joins_the_open_request_and_the_same_message_never_opens_two(
    systems: Systems, twilio: Twilio
) -> None:
    twilio.text(ERASE, sid="SM1")
    twilio.text(ERASE, sid="SM1")
    twilio.text(BOTH)
    assert len(systems.get("privacy-requests").get_json()["privacy_requests"]) == 1
    types = [one["type"] for one in systems.history()]
    assert types.count("privacy_request.opened") == 1
    assert types.count("privacy_request.joined") == 1
    assert not systems.may()


def test_two_people_have_a_request_each(systems: Systems, twilio: Twilio) -> None:
    twilio.text(ERASE)
    twilio.text(ERASE, "+15095550143")
    listed = systems.get("privacy-requests?limit=1").get_json()
    rest = systems.get(f"privacy-requests?cursor={listed['next']}").get_json()
    assert len(listed["privacy_requests"]) == len(rest["privacy_requests"]) == 1
    assert systems.get("privacy-requests?cursor=x").status_code == 400


def test_asking_what_is_held_opens_a_request_and_says_so_once_in_the_texts_language(
    systems: Systems, twilio: Twilio, house: House, valley: Tenant
) -> None:
    twilio.text("¿Qué datos tienen sobre mí?")
    twilio.text("What data do you have on me?")
    twilio.text("please correct my address")
    twilio.text("my name is wrong", "+15095550143")
    listed = systems.get("privacy-requests").get_json()["privacy_requests"]
    assert sorted(one["type"] for one in listed) == ["access", "correction", "correction"]
    assert {one["how"] for one in listed} == {"text"}
    said = sent(house, valley, "reply.request")
    assert len(said) == 3
    assert said[0].startswith("Valley Smart Homes: tenemos su solicitud")
    assert all(one["reference"] in " ".join(said) for one in listed)
    assert all(said[0].endswith(f"{PUBLIC_URL}/valley-smart-homes/requests/status") for one in said)


def test_whoever_refused_texts_gets_none_about_a_request_and_a_stop_gets_its_confirmation_alone(
    systems: Systems, twilio: Twilio, house: House, valley: Tenant
) -> None:
    twilio.text("stop texting me and send me a copy of my data")
    twilio.text("please correct my address")
    assert len(systems.get("privacy-requests").get_json()["privacy_requests"]) == 2
    assert sent(house, valley, "reply.request") == []
