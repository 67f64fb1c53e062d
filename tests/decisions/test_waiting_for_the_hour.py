"""The outbox holds what sells until its hour, and sends it then if it may still go."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from consent import clock
from consent.db import Tx
from consent.decisions.outgoing import may_go
from consent.house import House
from consent.ids import new_id
from consent.organizations import service as organizations
from consent.outbox import jobs as outbox_jobs
from consent.outbox import message_log, queries
from consent.outbox import service as outbox
from consent.outbox.message_log import Sent
from consent.sms import delivery
from consent.subjects import service as subjects
from consent.subjects.addresses import of_person
from consent.timed import sending as timed_sending
from consent.web import metrics
from tests.conftest import FOUNDED
from tests.support.organizations import VALTT, found_shipped
from tests.support.sending import SendingGateway
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.valley import Tenant

Run = Callable[[], list[str]]
NEW_YORK, MIAMI, FREE = "+12125550142", "+13055550142", "+18005550142"
NIGHT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)  # 22:00 in New York
MORNING = datetime(2026, 11, 22, 13, 0, tzinfo=UTC)
WORDING = {"text": "I agree to get offers of Valtt by text. Not required to buy anything.", "language": "en"}


@pytest.fixture
def valtt(house: House, client: FlaskClient, time: Time) -> Iterator[Systems]:
    """Valtt, beside Valley in the house; three numbers have agreed to its offers."""
    systems = Systems(client, found_shipped(house, VALTT, FOUNDED))
    for address in (NEW_YORK, MIAMI, FREE):
        agreed = {"address": address, "wording": WORDING, "occurred_at": "2026-11-20T12:00:00-05:00"}
        systems.consent(program="offers", **agreed)
    yield systems


@pytest.fixture
def run(house: House, valtt: Systems, sending: SendingGateway) -> Run:
    """Sends what is due for Valtt and tells all texts sent so far."""
    carrier = outbox_jobs.Carrier(
        house.db,
        house.keyring,
        None,  # type: ignore[arg-type]  # the fake gateway makes no calls
        lambda tx, job, whither, now: may_go(tx, house.governing, job, whither, now),
        lambda *told: delivery.refused(house.db, house.keyring, house.governing, *told),
        sending.load,
        "tests",
    )

    def send() -> list[str]:
        while outbox_jobs.deliver(carrier, valtt.tenant.id, clock.now):
            pass
        return sending.texts

    return send


def enqueue(house: House, tenant: Tenant, now: datetime, address: str = NEW_YORK, **more: Any) -> UUID:
    """An offer waits in the outbox."""
    tagged = subjects.tagged(house.keyring, tenant.id, of_person("sms", address))
    with house.db.read(tenant.id) as tx:
        (account,) = organizations.accounts(tx, house.keyring, tenant.id)

    def work(tx: Tx) -> UUID:
        contact = subjects.contact(tx, house.keyring, tenant.id, tagged, now)
        payload = {"account": str(account.id), "from": tenant.number, "to": address, "text": "Ten per cent off."}
        draft = outbox.Draft(outbox.SMS, "offer", None, payload, contact.id, "offers", "offer", **more)
        return outbox.enqueue(tx, tenant.id, contact.stream.key, draft, now)

    return house.db.write(work, tenant.id)


def state(house: House, tenant: Tenant) -> dict[str, Any]:
    """The one job, as it stands."""
    names = ("waiting", "sent", "expired", "refused", "dead", "cancelled")
    with house.db.read(tenant.id) as tx:
        (job,) = queries.jobs(tx, tenant.id, names)
    return job


def test_an_offer_at_night_is_held_and_goes_at_the_opening_minute(
    house: House, valtt: Systems, run: Run, time: Time
) -> None:
    time.at = NIGHT
    enqueue(house, valtt.tenant, NIGHT)
    assert run() == []
    job = state(house, valtt.tenant)
    assert (job["outcome"], job["last_error"], job["attempts"]) == (
        "waiting",
        "waits for the hour at which it may go",
        0,
    )
    assert datetime.fromisoformat(job["run_at"]) == MORNING
    time.at = MORNING - timedelta(minutes=1)
    assert run() == []
    time.at = MORNING
    assert run() == ["Ten per cent off."]
    assert (state(house, valtt.tenant)["outcome"], state(house, valtt.tenant)["attempts"]) == ("sent", 1)


def test_what_would_be_too_late_by_then_expires_now(house: House, valtt: Systems, run: Run, time: Time) -> None:
    time.at = NIGHT
    enqueue(house, valtt.tenant, NIGHT, expires_at=MORNING - timedelta(minutes=1))
    assert run() == []
    assert state(house, valtt.tenant)["outcome"] == "expired"


def test_an_offer_to_a_number_without_a_zone_is_refused(house: House, valtt: Systems, run: Run, time: Time) -> None:
    enqueue(house, valtt.tenant, time.at, FREE)
    assert run() == []
    job = state(house, valtt.tenant)
    assert (job["outcome"], job["last_error"]) == ("refused", "nobody knows at what hour it may go")


def test_a_stop_takes_back_what_waits_for_its_hour(
    house: House, client: FlaskClient, valtt: Systems, run: Run, time: Time
) -> None:
    time.at = NIGHT
    enqueue(house, valtt.tenant, NIGHT)
    run()
    assert valtt.tenant.gateway(client).text("STOP", From=NEW_YORK).status_code == 200
    time.at = MORNING
    assert "Ten per cent off." not in run()


def test_the_answer_to_a_stop_goes_at_night(client: FlaskClient, valtt: Systems, run: Run, time: Time) -> None:
    time.at = NIGHT
    valtt.tenant.gateway(client).text("STOP", From=NEW_YORK)
    assert len(run()) == 1


def test_the_fourth_offer_of_a_day_waits_for_the_cap(house: House, valtt: Systems, run: Run, time: Time) -> None:
    tag64 = subjects.tagged(house.keyring, valtt.tenant.id, of_person("sms", MIAMI)).tag64
    for minutes in (1, 2, 3):
        at = time.at - timedelta(minutes=minutes)
        one = Sent(new_id(at), "sms", tag64, at, "offers", "offer")
        house.db.write(lambda tx, one=one: message_log.record(tx, valtt.tenant.id, one), valtt.tenant.id)  # type: ignore[misc]
    oldest = time.at - timedelta(minutes=3)
    enqueue(house, valtt.tenant, time.at, MIAMI)
    assert run() == []
    assert datetime.fromisoformat(state(house, valtt.tenant)["run_at"]) == oldest + timedelta(hours=24)


def test_the_text_that_fills_a_cap_is_no_incident(house: House, valtt: Systems, run: Run, time: Time) -> None:
    before = metrics.SENT_AFTER_REVOCATION._value.get()
    for number in range(3):
        enqueue(house, valtt.tenant, time.at - timedelta(seconds=number), MIAMI)
    assert len(run()) == 3
    assert metrics.SENT_AFTER_REVOCATION._value.get() == before
    enqueue(house, valtt.tenant, time.at, MIAMI)
    assert len(run()) == 3  # our own texts are counted


def test_a_stop_put_aside_while_texts_go_out_holds_the_rest_of_the_round(
    house: House, valtt: Systems, sending: SendingGateway, time: Time
) -> None:
    time.at = MORNING
    for address in (NEW_YORK, MIAMI):
        enqueue(house, valtt.tenant, MORNING, address)
    spool = house.spooling.spool

    def load(name: str, settings: Mapping[str, Any]) -> Any:
        spool.append(b"a call that could not be put on record", clock.now(), lane=1, proved=True)
        return sending

    carrier = outbox_jobs.Carrier(house.db, house.keyring, None, timed_sending.leave(house), None, load, "tests")  # type: ignore[arg-type]
    outbox_jobs.deliver(carrier, valtt.tenant.id, clock.now)
    assert len(sending.sent) == 1
    spool.done([one.seq for one in spool.next(10)])
    outbox_jobs.deliver(carrier, valtt.tenant.id, clock.now)
    assert len(sending.sent) == 1
    time.go(seconds=3)
    outbox_jobs.deliver(carrier, valtt.tenant.id, clock.now)
    assert len(sending.sent) == 2
