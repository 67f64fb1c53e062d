"""Texts of messages go after the time that VSH-30 settles, whoever wrote them; entries stay, and so do their seals."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from consent import clock
from consent.db import Sql
from consent.db.types import as_id
from consent.house import House
from consent.ids import oldest_id
from consent.ledger import jobs, verify
from consent.ledger import service as ledger
from consent.retention import texts
from tests.retention.support import disposed, rows
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.twilio import Twilio
from tests.support.valley import Tenant

OTHER = "+15095550177"
TWO_YEARS = timedelta(days=731)
_SENT = Sql("SELECT length(payload) FROM job WHERE organization_id = :organization_id AND queue = 'sms' ORDER BY id")
_BATCHES = Sql("SELECT category, state, count FROM disposal_batch WHERE organization_id = :organization_id")
_THROUGH = Sql("SELECT texts_through FROM retention_walk WHERE organization_id = :organization_id")
_STREAM = Sql(
    "SELECT stream_id FROM ledger_event WHERE organization_id = :organization_id ORDER BY event_id DESC LIMIT 1"
)
_NAMED = Sql("SELECT DISTINCT person_id FROM preference WHERE organization_id = :organization_id")

Forget = Callable[[], int]


@pytest.fixture
def forget(house: House, valley: Tenant) -> Forget:
    """One round of the timed job."""
    return lambda: texts.forget(house.db, house.keyring, house.governing, valley.id, clock.now())


def said(systems: Systems) -> list[str]:
    return [str(one["facts"]["msg_text"]) for one in systems.history() if "msg_text" in one["facts"]]


def findings(house: House, valley: Tenant) -> list[Any]:
    jobs.seal_organization(house.db, house.keyring, valley.id, clock.now())
    with house.db.read(valley.id) as tx:
        return list(verify.verify(tx, house.keyring, valley.id, clock.now()).findings)


def test_texts_go_after_two_years_and_their_entries_stay(
    house: House,
    valley: Tenant,
    systems: Systems,
    twilio: Twilio,
    deliver: Callable[[], list[str]],
    time: Time,
    forget: Forget,
) -> None:
    systems.consent()
    twilio.text("please leave me alone, STOP")
    assert deliver()
    time.at += TWO_YEARS - timedelta(days=4)
    twilio.text("hello again")
    assert (forget(), disposed(house, valley)) == (0, [])  # on the last day but three nothing has gone
    time.at += timedelta(days=4)
    assert forget() == 3  # what came, what was answered, and the answer among what was sent
    (stop,) = [one for one in systems.history() if one["type"] == "consent.withdrawn"]
    assert stop["facts"].keys() == {"address", "provider_msg_id"} and stop["data"]["intent"] == "stop"
    assert said(systems) == ["hello again"]
    assert next(row[0] for row in rows(house, valley, _SENT)) == 0
    assert not systems.may()
    told = disposed(house, valley)
    assert {(one["category"], one["store"]) for one in told} == {("message-text-in-out", "own")}
    assert sum(one["count"] for one in told) == 3 and all("VSH-30" in one["rests_on"] for one in told)
    assert [(row[0], row[1]) for row in rows(house, valley, _BATCHES)] == [("message-text-in-out", "done")] * 2
    assert forget() == 0
    assert not findings(house, valley)


def test_a_round_goes_on_where_the_last_one_ended(
    house: House, valley: Tenant, twilio: Twilio, time: Time, forget: Forget, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texts, "AT_ONCE", 2)
    for number in range(5):
        twilio.text(f"hello {number}")
    time.at += TWO_YEARS
    assert forget() == 5
    ((through,),) = rows(house, valley, _THROUGH)
    assert as_id(through) > oldest_id(clock.now() - TWO_YEARS - timedelta(minutes=1))
    twilio.text("news")
    assert forget() == 0
    time.at += TWO_YEARS
    assert forget() == 1


def test_an_open_request_for_access_keeps_the_texts_of_its_person_alone(
    house: House, valley: Tenant, systems: Systems, twilio: Twilio, time: Time, forget: Forget
) -> None:
    twilio.text("mine")
    twilio.text("somebody else's", OTHER)
    time.at += TWO_YEARS
    systems.opened()
    assert forget() == 1
    assert said(systems) == ["mine"]


def test_a_hold_on_a_person_keeps_their_texts_until_it_is_released(
    house: House, valley: Tenant, systems: Systems, twilio: Twilio, time: Time, forget: Forget
) -> None:
    systems.consent(person="customer-7")
    record = {
        "category": "support-notes", "store": "own", "reference": "note-1", "collected_at": clock.now().isoformat(),
        "purpose": "support", "source": "automatic", "person": "customer-7",
    }  # fmt: skip
    assert systems.post("records", record).status_code == 201
    twilio.text("mine")
    time.at += TWO_YEARS
    held = systems.post(
        "holds",
        {"kind": "legal", "ground": "dispute-resolution", "reason": "A claim.", "owner": "Ana", "person": "customer-7"}
        | {"until": "2029-06-30"},
    )
    assert held.status_code == 201, held.get_data(as_text=True)
    assert (forget(), said(systems)) == (0, ["mine"])
    assert not [row for row in rows(house, valley, _THROUGH) if row[0]]  # looked at again
    assert systems.post(f"holds/{held.get_json()['id']}/release", {"reason": "It is settled."}).status_code == 200
    assert (forget(), said(systems)) == (1, [])


def test_a_note_of_staff_is_no_text_of_a_message(
    house: House, valley: Tenant, twilio: Twilio, time: Time, forget: Forget
) -> None:
    twilio.text("hello")
    stream = as_id(rows(house, valley, _STREAM)[0][0])

    def note(tx: Any) -> None:
        log = ledger.log_of(tx, valley.id)
        event = ledger.Event("privacy_request.correction_settled", "staff", message="because it was wrong")
        ledger.append(tx, log, ledger.stream(tx, house.keyring, valley.id, stream), event, clock.now())

    house.db.write(note, valley.id)
    time.at += TWO_YEARS
    assert forget() == 1
