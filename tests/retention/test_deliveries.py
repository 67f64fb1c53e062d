"""What was sent when to whom goes after the time that VSH-30 settles; what the ledger says of people stays."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from consent import clock
from consent.db import Sql
from consent.db.types import stored_text
from consent.house import House
from consent.ids import new_id
from consent.ledger import jobs, verify
from consent.outbox import message_log
from consent.retention import deliveries
from tests.conftest import FOUNDED
from tests.retention.support import disposed, rows
from tests.support.plans import plan
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.twilio import Twilio
from tests.support.valley import PERSON, TEXTS, Tenant

OTHER = "+15095550177"
ZONE = ZoneInfo("America/Los_Angeles")
TWO_YEARS = timedelta(days=731)
_COUNTS = Sql(
    "SELECT (SELECT count(*) FROM message_log WHERE organization_id = :organization_id),"
    " (SELECT count(*) FROM delivery_status WHERE organization_id = :organization_id),"
    " (SELECT count(*) FROM decision WHERE organization_id = :organization_id)"
)
_BATCHES = Sql("SELECT category, state, count FROM disposal_batch WHERE organization_id = :organization_id")
_JOBS = Sql("SELECT count(*) FROM job WHERE organization_id = :organization_id AND queue = 'sms' AND outcome = 'sent'")

Forget = Callable[[], int]


@pytest.fixture
def forget(house: House, valley: Tenant) -> Forget:
    """One round of the timed job."""
    return lambda: deliveries.forget(house.db, house.keyring, house.governing, valley.id, clock.now())


@pytest.fixture
def left(house: House, valley: Tenant) -> Callable[[], tuple[int, int, int]]:
    """How many messages, reports and decisions are there."""

    def count() -> tuple[int, int, int]:
        ((messages, reports, decisions),) = rows(house, valley, _COUNTS)
        return messages, reports, decisions

    return count


Left = Callable[[], tuple[int, int, int]]


def sent(systems: Systems, time: Time, address: str = PERSON, **changes: Any) -> None:
    """A system asked, sent and told."""
    told = {"program": TEXTS, "message_class": "outage", "channel": "sms", "address": address}
    decision = systems.decide(address=address)
    answer = systems.post("messages", told | {"sent_at": time.at.isoformat(), "decision": decision["id"]} | changes)
    assert answer.status_code == 201, answer.get_data(as_text=True)


def test_they_go_on_their_day_by_the_organizations_calendar_and_not_a_day_earlier(
    house: House, valley: Tenant, systems: Systems, twilio: Twilio, time: Time, forget: Forget, left: Left,
    deliver: Callable[[], list[str]],
) -> None:  # fmt: skip
    systems.consent()
    time.at = datetime(2027, 2, 28, 23, 30, tzinfo=ZONE)  # in UTC it is March already
    sent(systems, time)
    twilio.text("STOP")
    assert deliver()
    twilio.status("OUT0", "delivered")
    twilio.status("SM77", "delivered")  # of a message that another system sent
    assert left() == (2, 2, 1)
    before = systems.history()
    time.at = datetime(2029, 2, 26, 23, 50, tzinfo=ZONE)
    assert (forget(), left(), disposed(house, valley)) == (0, (2, 2, 1), [])
    time.at = datetime(2029, 2, 27, 0, 10, tzinfo=ZONE)  # the day before the last lawful one
    assert (forget(), left()) == (5, (0, 0, 0))
    told = disposed(house, valley)
    assert sorted(one["count"] for one in told) == [1, 2, 2]
    assert {(one["category"], one["store"]) for one in told} == {("delivery-metadata", "own")}
    assert all("VSH-30" in one["rests_on"] for one in told)
    assert [tuple(row[:2]) for row in rows(house, valley, _BATCHES)] == [("delivery-metadata", "done")] * 3
    assert (forget(), len(disposed(house, valley))) == (0, 3)
    # Entries stay, and every no, and that the outbox has done its work.
    assert [one["entry"] for one in systems.history()] == [one["entry"] for one in before]
    assert not systems.may() and rows(house, valley, _JOBS)[0][0] == 1
    jobs.seal_organization(house.db, house.keyring, valley.id, clock.now())
    with house.db.read(valley.id) as tx:
        assert not list(verify.verify(tx, house.keyring, valley.id, clock.now()).findings)


def test_stopped_between_two_batches_it_goes_on_and_tells_nothing_twice(
    house: House, valley: Tenant, systems: Systems, time: Time, forget: Forget, left: Left,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(deliveries, "AT_ONCE", 2)
    for _ in range(5):
        sent(systems, time)
    time.at += TWO_YEARS
    write, batches = house.db.write, iter(range(2))

    def dies(*work: Any, **more: Any) -> Any:
        if next(batches, None) is None:
            raise KeyboardInterrupt
        return write(*work, **more)

    with monkeypatch.context() as patch:
        patch.setattr(house.db, "write", dies)
        with pytest.raises(KeyboardInterrupt):
            forget()
    assert left() == (1, 0, 5)
    assert forget() == 6
    counts = [one["count"] for one in disposed(house, valley)]
    assert (counts[:2], sorted(counts[2:])) == ([2, 2], [1, 1, 2, 2])
    sent(systems, time)
    assert (forget(), left()) == (0, (1, 0, 1))


def test_an_open_request_for_access_keeps_what_is_of_its_person_alone(
    house: House, systems: Systems, twilio: Twilio, time: Time, forget: Forget, left: Left,
    deliver: Callable[[], list[str]],
) -> None:  # fmt: skip
    twilio.text("STOP")
    twilio.text("STOP", OTHER)
    assert len(deliver()) == 2
    for number in range(2):
        twilio.status(f"OUT{number}", "delivered")
    for address in (PERSON, OTHER):
        systems.decide(address=address)
    time.at += TWO_YEARS
    systems.opened()
    assert (forget(), left()) == (3, (1, 1, 1))  # a report stays with its message
    assert (forget(), left()) == (0, (1, 1, 1))


@pytest.mark.parametrize(
    ("kind", "ground"), [("legal", "dispute-resolution"), ("incident", "security"), ("request", "dispute-resolution")]
)
def test_a_hold_keeps_them_until_it_is_released(
    house: House, valley: Tenant, systems: Systems, time: Time, forget: Forget, left: Left, kind: str, ground: str
) -> None:
    systems.consent(person="customer-7")
    record = {
        "category": "support-notes", "store": "own", "reference": "note-1", "collected_at": clock.now().isoformat(),
        "purpose": "support", "source": "automatic", "person": "customer-7",
    }  # fmt: skip
    assert systems.post("records", record).status_code == 201
    sent(systems, time)
    sent(systems, time, OTHER)
    systems.decide(address=OTHER, person="customer-7")
    time.at += TWO_YEARS
    held = systems.post(
        "holds",
        {"kind": kind, "ground": ground, "reason": "A claim.", "owner": "Ana", "person": "customer-7"}
        | {"until": "2029-06-30"},
    )
    assert held.status_code == 201, held.get_data(as_text=True)
    assert (forget(), left()) == (2, (1, 0, 2))
    assert systems.post(f"holds/{held.get_json()['id']}/release", {"reason": "It is settled."}).status_code == 200
    assert (forget(), left()) == (3, (0, 0, 0))


def test_a_hold_on_the_class_keeps_all_of_it(
    systems: Systems, twilio: Twilio, time: Time, forget: Forget, left: Left
) -> None:
    record = {
        "category": "delivery-metadata", "store": "own", "reference": "call-1", "collected_at": clock.now().isoformat(),
        "purpose": "support", "source": "automatic",
    }  # fmt: skip
    assert systems.post("records", record).status_code == 201
    sent(systems, time)
    twilio.status("SM77", "delivered")
    time.at += TWO_YEARS
    held = systems.post(
        "holds",
        {"kind": "legal", "ground": "dispute-resolution", "reason": "A claim.", "owner": "Ana", "until": "2029-06-30"}
        | {"query": {"category": "delivery-metadata", "store": "own"}},
    )
    assert held.status_code == 201, held.get_data(as_text=True)
    assert (forget(), left()) == (0, (1, 1, 1))


def test_what_no_period_is_settled_for_stays(house: House, valet: Tenant, time: Time) -> None:
    """1VALET says of no class that it is what was sent when."""
    told = message_log.Sent(new_id(time.at), "sms", 7, time.at, "service", "outage")
    house.db.write(lambda tx: message_log.record(tx, valet.id, told), valet.id)
    time.at += 20 * TWO_YEARS
    assert deliveries.forget(house.db, house.keyring, house.governing, valet.id, clock.now()) == 0
    assert tuple(rows(house, valet, _COUNTS)[0]) == (1, 0, 0)


@pytest.mark.parametrize(
    ("sql", "sqlite", "postgresql"),
    [
        (deliveries._MESSAGES, "ix_message_log_sent", "ix_message_log_sent"),
        (deliveries._DECISIONS, "sqlite_autoindex_decision_1", "pk_decision"),
        (deliveries._REPORTS, "ix_delivery_status_reported", "ix_delivery_status_reported"),
    ],
)
def test_the_oldest_are_found_by_an_index(house: House, valley: Tenant, sql: Sql, sqlite: str, postgresql: str) -> None:
    """None of the three tables is read from its beginning, nor sorted as a whole."""
    some: dict[str, object] = {"organization_id": valley.id, "account": valley.id, "id": valley.id, "most": 1}
    some |= {"before_id": valley.id, "before": stored_text(FOUNDED), "at": stored_text(FOUNDED)}
    some |= {"status": "", "tag": b""}
    told = house.db.write(lambda tx: plan(tx, sql, some), valley.id)
    assert (postgresql if house.db.is_postgresql else sqlite) in told
    assert "SCAN " not in told and "USE TEMP B-TREE FOR ORDER BY" not in told
