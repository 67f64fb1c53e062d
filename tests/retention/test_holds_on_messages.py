"""A hold on somebody of whom nothing but messages is held: it stands, keeps them, and lets them go at its end."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from consent import clock
from consent.db import Sql
from consent.db.types import stored_text
from consent.house import House
from consent.retention import deliveries, disposing, jobs, own_reach, texts
from consent.staff.roles import Role
from tests.conftest import FOUNDED
from tests.retention.support import Shelves, disposed, rows
from tests.support import staff
from tests.support.plans import plan
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.twilio import Twilio
from tests.support.valley import PERSON, TEXTS, Tenant

OTHER = "+15095550177"
TWO_YEARS = timedelta(days=731)
HOLD = {"kind": "legal", "ground": "dispute-resolution", "reason": "A claim.", "owner": "Ana", "until": "2029-06-30"}
_LEFT = Sql("SELECT count(*) FROM message_log WHERE organization_id = :organization_id")
_HOLDS = Sql("SELECT count(*) FROM retention_hold WHERE organization_id = :organization_id")

Forget = Callable[[], tuple[int, int]]


@pytest.fixture
def forget(house: House, valley: Tenant) -> Forget:
    """One round of the timed jobs: how many texts, and rows of what was sent, went."""

    def round() -> tuple[int, int]:
        place = (house.db, house.keyring, house.governing, valley.id, clock.now())
        return texts.forget(*place), deliveries.forget(*place)

    return round


def left(house: House, tenant: Tenant, systems: Systems) -> tuple[int, int]:
    """How many texts that are of the first person, and messages that left, are still there."""
    said = [one for one in systems.history() if "msg_text" in one["facts"]]
    return len(said), rows(house, tenant, _LEFT)[0][0]


def written(systems: Systems, twilio: Twilio, time: Time) -> None:
    """One who is known by a name and one who is not; each wrote a text and was sent one."""
    systems.consent(person="customer-7")
    told = {"program": TEXTS, "message_class": "outage", "channel": "sms", "sent_at": time.at.isoformat()}
    for address in (PERSON, OTHER):
        twilio.text("hello", address)
        assert systems.post("messages", told | {"address": address}).status_code == 201


def placed(systems: Systems, **said: Any) -> TestResponse:
    return systems.post("holds", HOLD | said)


def test_it_keeps_their_messages_until_it_is_released(
    house: House, valley: Tenant, systems: Systems, twilio: Twilio, time: Time, forget: Forget
) -> None:
    written(systems, twilio, time)
    time.at += TWO_YEARS
    made = placed(systems, person="customer-7")
    assert made.status_code == 201, made.text
    hold = made.get_json()
    assert (hold["records"], hold["already_left"], hold["not_held"]) == (2, 0, [])
    assert forget() == (1, 1)  # the other's
    assert (left(house, valley, systems), forget()) == ((1, 1), (0, 0))
    runner = disposing.Runner(house.db, house.keyring, house.governing, lambda *_: None, lambda: 0.5, "me")
    assert disposing.run(runner, valley.id, clock.now).disposed == 0
    assert jobs.look_again(house.db, house.keyring, house.governing, valley.id, clock.now()) == 0
    for _ in range(2):  # pressed twice it is released once
        assert systems.post(f"holds/{hold['id']}/release", {"reason": "Settled."}).status_code == 200
    assert forget() == (1, 1)
    assert left(house, valley, systems) == (0, 0)
    assert all("VSH-30" in one["rests_on"] for one in disposed(house, valley))


@pytest.mark.parametrize(("category", "keeps"), [("delivery-metadata", (0, 2)), ("message-text-in-out", (1, 0))])
def test_a_hold_on_a_class_of_which_nothing_is_registered_keeps_that_class_alone(
    house: House, valley: Tenant, systems: Systems, twilio: Twilio, time: Time, forget: Forget, category: str,
    keeps: tuple[int, int],
) -> None:  # fmt: skip
    written(systems, twilio, time)
    time.at += TWO_YEARS
    made = placed(systems, query={"category": category, "store": "own"})
    assert (made.status_code, made.get_json()["records"]) == (201, 2), made.text
    forget()
    assert left(house, valley, systems) == keeps


def test_what_a_query_rules_out_is_not_reached(systems: Systems, twilio: Twilio, time: Time) -> None:
    written(systems, twilio, time)
    for query in (
        {"category": "delivery-metadata", "site": "building-9"},
        {"category": "delivery-metadata", "store": "shelf"},
        {"category": "delivery-metadata", "collected_until": "2020-01-01T00:00:00Z"},
        {"category": "message-text-in-out", "collected_from": "2031-01-01T00:00:00Z"},
        {"category": "support-notes"},
    ):
        refused = placed(systems, query=query)
        assert (refused.status_code, refused.get_json()["field"]) == (422, "query"), query


def test_a_ground_that_no_promise_knows_is_refused_for_messages_too_and_nobody_elses_person_is_reached(
    house: House, valley: Tenant, systems: Systems, twilio: Twilio, time: Time, shelves: Shelves
) -> None:
    written(systems, twilio, time)
    refused = placed(systems, person="customer-7", ground="whim")
    assert (refused.status_code, refused.get_json()["field"]) == (422, "ground")
    assert placed(shelves.systems, person="customer-7").status_code == 422
    for unknown in ("customer-8", str(uuid4()), PERSON):
        assert placed(systems, person=unknown).status_code == 422
    assert rows(house, valley, _HOLDS)[0][0] == 0


def test_staff_place_and_release_it_on_their_page(
    house: House, app: Flask, valley: Tenant, systems: Systems, twilio: Twilio, time: Time, forget: Forget
) -> None:
    written(systems, twilio, time)
    time.at += TWO_YEARS
    who = staff.member(house, valley.id, time.now(), Role.OFFICER)
    client, page = who.client(app), "/staff/retention/holds"
    form = {"csrf": who.csrf(), "kind": "legal", "ground": "dispute-resolution", "reason": "A claim.",
            "until": "2029-06-30"}  # fmt: skip
    assert client.post(page, data=form).status_code == 422
    assert client.post(page, data=form | {"person": "nobody"}).status_code == 404
    made = client.post(page, data=form | {"person": "customer-7"})
    assert made.status_code == 303, made.text
    assert "All of one person" in client.get(page).text
    assert (forget(), left(house, valley, systems)) == ((1, 1), (1, 1))
    (hold,) = json.loads(systems.get("holds").text)["holds"]
    released = client.post(f"{page}/{hold['id']}/release", data={"csrf": who.csrf(), "reason": "Settled."})
    assert released.status_code == 303
    assert (forget(), left(house, valley, systems)) == ((1, 1), (0, 0))


@pytest.mark.parametrize(
    "sql",
    [own_reach._AT, own_reach._SENT_TO, own_reach._SAID_AT, own_reach._SENT_BETWEEN, own_reach._SAID_BETWEEN],
    ids=["at", "sent-to", "said-at", "sent-between", "said-between"],
)
def test_what_it_reaches_is_found_by_an_index(house: House, valley: Tenant, sql: Sql) -> None:
    """Who places a hold has the settings of the organization to itself meanwhile: no table is read as a whole."""
    at = stored_text(FOUNDED)
    some: dict[str, object] = {"organization_id": valley.id, "person": valley.id, "id": valley.id, "channel": "sms"}
    some |= {"tag64": 7, "begins": at, "ends": at, "first": valley.id, "last": valley.id}
    assert "SCAN " not in house.db.write(lambda tx: plan(tx, sql, some), valley.id).replace("SCAN CONSTANT", "")
